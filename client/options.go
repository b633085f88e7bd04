package client

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/redact"
)

// Option changes a default of [New]. Its error is a [*UsageError].
type Option func(*config) error

type config struct {
	credentials credentials
	base        string // ends with a slash
	plainHTTP   bool
	apiVersion  string
	userAgent   string
	transport   http.RoundTripper
	timeout     time.Duration
	retries     int
	wait        func(context.Context, time.Duration) error
	checker     Checker
}

func defaults() config {
	return config{
		base:       DefaultBaseURL,
		apiVersion: schemas.V2,
		userAgent:  "atlasint-client",
		timeout:    30 * time.Second,
		retries:    3,
		wait:       sleep,
	}
}

// check validates and completes the settings that depend on several options.
func (c *config) check() error {
	if c.credentials == nil {
		return usage("there are no credentials: give WithDigest, WithServiceAccount or WithBearer")
	}
	base, err := parseBase(c.base, c.plainHTTP)
	if err != nil {
		return err
	}
	c.base = base
	if c.transport == nil {
		c.transport = ownTransport()
	}
	return nil
}

// ownTransport returns a copy of the default transport of net/http, with the proxies of the environment and with its
// own connections.
func ownTransport() http.RoundTripper {
	if t, ok := http.DefaultTransport.(*http.Transport); ok {
		return t.Clone()
	}
	return http.DefaultTransport
}

// WithDigest authenticates with an API key: the public key is the user name of HTTP digest, the private key
// the password, which is never sent.
func WithDigest(publicKey, privateKey string) Option {
	return withCredentials("WithDigest", &apiKey{publicKey, privateKey}, "public key", publicKey, "private key", privateKey)
}

// WithServiceAccount authenticates with the ID and secret of a service account. The client gets access tokens on
// demand, renews them before they expire, and revokes the last one in [Client.Close].
func WithServiceAccount(clientID, clientSecret string) Option {
	return withCredentials("WithServiceAccount", &serviceAccount{clientID, clientSecret}, "client id", clientID, "client secret", clientSecret)
}

// WithBearer authenticates with an existing access token. The client neither renews nor revokes it.
func WithBearer(token string) Option {
	return withCredentials("WithBearer", &bearer{token}, "access token", token)
}

// withCredentials checks the parts of credentials: names and values in turn.
func withCredentials(option string, given credentials, parts ...string) Option {
	return func(c *config) error {
		if c.credentials != nil {
			return wrongOption(option, "two sets of credentials are given: choose an API key, a service account or an access token")
		}
		for i := 0; i < len(parts); i += 2 {
			if err := checkCredential(option, parts[i], parts[i+1]); err != nil {
				return err
			}
		}
		c.credentials = given
		return nil
	}
}

// checkCredential never shows the value.
func checkCredential(option, name, value string) error {
	switch {
	case value == "":
		return wrongOption(option, "the %s is empty", name)
	case strings.TrimSpace(value) != value:
		return wrongOption(option, "the %s begins or ends with white space: is there a line end from a file in it?", name)
	case strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }):
		return wrongOption(option, "the %s holds characters that no key or token has, such as white space", name)
	}
	return nil
}

// WithBaseURL sets the URL of Atlas: an absolute URL up to, and without, /api/atlas, with the path of a gateway if
// there is one. It must be https, except for loopback addresses; see [WithPlainHTTP]. The default is [DefaultBaseURL].
func WithBaseURL(url string) Option {
	return func(c *config) error { c.base = url; return nil }
}

// WithPlainHTTP allows a base URL with http for hosts other than loopback. Others can then read payloads and access
// tokens on the network. By default New rejects such URLs.
func WithPlainHTTP() Option {
	return func(c *config) error { c.plainHTTP = true; return nil }
}

// WithAPIVersion selects the API version, "v2" or "v1.0". The default is v2.
func WithAPIVersion(apiVersion string) Option {
	return func(c *config) error {
		if _, known := endpointsByVersion[apiVersion]; !known {
			return wrongOption("WithAPIVersion", "unknown API version %s: it is %s or %s", redact.Value(apiVersion), schemas.V2, schemas.V1)
		}
		c.apiVersion = apiVersion
		return nil
	}
}

// WithUserAgent sets the User-Agent header, in printable ASCII. The default is "atlasint-client".
func WithUserAgent(product string) Option {
	return func(c *config) error {
		if product == "" || strings.ContainsFunc(product, func(r rune) bool { return r < ' ' || r > '~' }) {
			return wrongOption("WithUserAgent", "the user agent must be of printable ASCII characters, such as \"deploy/1.2\"")
		}
		c.userAgent = product
		return nil
	}
}

// WithTransport sets the transport of all requests, including those for tokens, for example for proxies, your own
// certificates or tests. The client adds credentials before it calls t. The default is a copy of
// [http.DefaultTransport].
func WithTransport(t http.RoundTripper) Option {
	return func(c *config) error {
		if t == nil {
			return wrongOption("WithTransport", "the transport is nil")
		}
		c.transport = t
		return nil
	}
}

// WithTimeout limits each attempt, from the connection to the last byte of the answer. The default is 30
// seconds. The context of a call limits all its attempts and waits together.
func WithTimeout(d time.Duration) Option {
	return func(c *config) error {
		if d <= 0 {
			return wrongOption("WithTimeout", "the timeout must be positive, not %s", d)
		}
		c.timeout = d
		return nil
	}
}

// WithRetries sets the maximum number of retries of a request; 0 turns retries off. The default is 3.
//
// An attempt sends one request with credentials. If the server answers it with 401, because the nonce of a
// digest or the access token has expired, the attempt fetches a new one and sends one more. Requests for a
// nonce or a token come on top, at most two for each attempt.
//
// The client retries every request after 429, and after 503 with a Retry-After. It retries GET, PUT and DELETE, which
// are safe to repeat, also after 502, 503 and 504, a lost connection, a cut-off answer or a timeout. It never retries
// a POST that may have arrived, but one without a connection.
//
// The wait before a retry is that of Retry-After, else of RateLimit-Reset, else half a second, doubled each time and
// shortened by up to half at random. A stated wait of 0 counts as none. If the wait is longer than two minutes or goes
// past the context's deadline, the call fails at once with the answer of Atlas.
func WithRetries(n int) Option {
	return func(c *config) error {
		if n < 0 {
			return wrongOption("WithRetries", "the number of retries must not be negative, as %d is", n)
		}
		c.retries = n
		return nil
	}
}

// WithWait replaces the wait before a retry: for tests without waits, or to report the wait to users. The function
// must return the context's error once the context is done; any error of it ends the call. By default the client
// sleeps.
func WithWait(wait func(ctx context.Context, d time.Duration) error) Option {
	return func(c *config) error {
		if wait == nil {
			return wrongOption("WithWait", "the function that waits is nil")
		}
		c.wait = wait
		return nil
	}
}

// WithChecker sets the validator of payloads before they are sent; nil means none. By default there is none.
func WithChecker(checker Checker) Option {
	return func(c *config) error { c.checker = checker; return nil }
}
