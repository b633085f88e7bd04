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

// check completes what depends on several options.
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

// ownTransport is that of net/http, its proxies from the environment too, with connections of its own.
func ownTransport() http.RoundTripper {
	if t, ok := http.DefaultTransport.(*http.Transport); ok {
		return t.Clone()
	}
	return http.DefaultTransport
}

// WithDigest signs requests with an API key: the public key is the user name of HTTP digest, the private key
// the password, which is never sent.
func WithDigest(publicKey, privateKey string) Option {
	return withCredentials("WithDigest", &apiKey{publicKey, privateKey}, "public key", publicKey, "private key", privateKey)
}

// WithServiceAccount gets access tokens with a client id and secret when they are needed, renews them before
// they end, and revokes the last one in [Client.Close].
func WithServiceAccount(clientID, clientSecret string) Option {
	return withCredentials("WithServiceAccount", &serviceAccount{clientID, clientSecret}, "client id", clientID, "client secret", clientSecret)
}

// WithBearer sends an access token that the caller got elsewhere. It is neither renewed nor revoked.
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

// WithBaseURL sets where Atlas is, instead of [DefaultBaseURL]: an absolute URL up to what comes before
// /api/atlas, so with a path where a gateway has one. It must be https, but for loopback addresses.
func WithBaseURL(url string) Option {
	return func(c *config) error { c.base = url; return nil }
}

// WithPlainHTTP allows a base URL with http to hosts other than this one. Payloads and access tokens can be
// read on the way then. By default such URLs are refused.
func WithPlainHTTP() Option {
	return func(c *config) error { c.plainHTTP = true; return nil }
}

// WithAPIVersion selects the API version, "v2" or "v1.0". The default is v2.
func WithAPIVersion(apiVersion string) Option {
	return func(c *config) error {
		if _, known := doors[apiVersion]; !known {
			return wrongOption("WithAPIVersion", "unknown API version %s: it is %s or %s", redact.Value(apiVersion), schemas.V2, schemas.V1)
		}
		c.apiVersion = apiVersion
		return nil
	}
}

// WithUserAgent sets the header User-Agent. The default is "atlasint-client".
func WithUserAgent(product string) Option {
	return func(c *config) error {
		if product == "" || strings.ContainsFunc(product, func(r rune) bool { return r < ' ' || r > '~' }) {
			return wrongOption("WithUserAgent", "the user agent must be of printable ASCII characters, such as \"deploy/1.2\"")
		}
		c.userAgent = product
		return nil
	}
}

// WithTransport sends requests, those for tokens too, through t: for proxies, certificates of one's own, or
// tests. Credentials are added before it. The default is a transport as net/http has it by default.
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

// WithRetries sets how often a request is repeated at most; 0 is never. The default is 3.
//
// An attempt sends one request with credentials. If the server answers it with 401, because the nonce of a
// digest or the access token has expired, the attempt fetches a new one and sends one more. Requests for a
// nonce or a token come on top, at most two for each attempt.
//
// Repeated is what Atlas has put off: 429, and 503 with a Retry-After. GET, PUT and DELETE, of which a
// second one does no harm, are also repeated after 502, 503 and 504, after a lost connection, a cut-off
// answer or a timeout. A POST that may have arrived never is; one whose connection could not be made is.
//
// The wait is what Retry-After says, else RateLimit-Reset, else half a second, doubled each time, of which
// up to half is left off at random. A stated wait of 0 counts as none. A wait of more than two minutes, or past the context's deadline, is not
// begun: the call fails at once with what Atlas answered.
func WithRetries(n int) Option {
	return func(c *config) error {
		if n < 0 {
			return wrongOption("WithRetries", "the number of retries must not be negative, as %d is", n)
		}
		c.retries = n
		return nil
	}
}

// WithWait replaces how the client waits before it repeats a request: for tests that should not take the
// time, or to tell people of the wait. The function must return the context's error once that is done;
// any error of it ends the call.
func WithWait(wait func(ctx context.Context, d time.Duration) error) Option {
	return func(c *config) error {
		if wait == nil {
			return wrongOption("WithWait", "the function that waits is nil")
		}
		c.wait = wait
		return nil
	}
}

// WithChecker has every payload judged before it is sent. By default Atlas alone judges.
func WithChecker(checker Checker) Option {
	return func(c *config) error { c.checker = checker; return nil }
}
