package client

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
)

// Options are the settings of a [Client]. Only Credentials are required; a field with its zero value has the default.
// Printing Options shows no credential.
type Options struct {
	// Credentials are an [APIKey], a [ServiceAccount] or an [AccessToken].
	Credentials Credentials

	// BaseURL is the URL of Atlas: an absolute URL up to, and without, /api/atlas, with the path of a gateway if there
	// is one. It must be https, except for loopback addresses; see PlainHTTP. The default is
	// https://cloud.mongodb.com, the commercial Atlas.
	BaseURL string
	// PlainHTTP allows a base URL with http for hosts other than loopback. Others can then read payloads and access
	// tokens on the network. By default [New] rejects such URLs.
	PlainHTTP bool

	// APIVersion is the API version, "v2" or "v1.0". The default is v2.
	APIVersion string
	// UserAgent is the User-Agent header, in printable ASCII. The default is "atlasint-client".
	UserAgent string
	// Transport sends all requests, including those for tokens. Set it for example for proxies, your own certificates
	// or tests. The client adds credentials before it calls the transport. The default is a copy of
	// [http.DefaultTransport].
	Transport http.RoundTripper

	// Timeout limits each attempt, from the connection to the last byte of the response. The default is 30 seconds. The
	// context of a call limits all its attempts and waits together.
	Timeout time.Duration

	// Retries is the maximum number of retries of a request; a negative number turns retries off. The default is 3.
	//
	// An attempt sends one request with credentials. If the server returns 401, because the nonce of a
	// digest or the access token has expired, the attempt fetches a new one and sends one more. Requests for a
	// nonce or a token are additional, at most two for each attempt.
	//
	// The client retries every request after 429, and after 503 with a Retry-After. It retries GET, PUT and DELETE,
	// which are safe to repeat, also after 502, 503 and 504, a lost connection, a cut-off response or a timeout. It
	// retries a POST after these only if no connection was made.
	//
	// The wait before a retry is that of Retry-After, else of RateLimit-Reset, else the period of the limit in a
	// RATE_LIMITED error, which is one minute for the token endpoint, else half a second, doubled each time and
	// shortened by up to half at random. A Retry-After or RateLimit-Reset of 0 counts as absent. If the wait is longer
	// than two minutes or goes past the context's deadline, the call fails at once with the response of Atlas.
	Retries int
	// Wait replaces the wait before a retry: for tests without waits, or to report the wait to users. The function
	// must return the context's error once the context is done; any error of it ends the call. By default the client
	// sleeps.
	Wait func(ctx context.Context, d time.Duration) error

	// Check validates payloads before they are sent. The operation is "create" or "update", as in package validate. The
	// client calls Check once for each operation and payload, on the goroutine of the caller, so it must be safe for
	// concurrent use if the client is used concurrently. If it returns an error, the payload is not sent, and the call
	// fails with a [*PayloadError] that wraps the error. The error must not contain secrets. By default payloads are
	// not validated.
	Check func(operation string, p Payload) error
}

// completed returns the options with their defaults, or a [*UsageError] for an invalid one.
func (o Options) completed() (Options, error) {
	o.BaseURL = cmp.Or(o.BaseURL, atlas.BaseURL)
	o.APIVersion = cmp.Or(o.APIVersion, schemas.V2)
	o.UserAgent = cmp.Or(o.UserAgent, "atlasint-client")
	o.Timeout = cmp.Or(o.Timeout, 30*time.Second)
	o.Retries = max(0, cmp.Or(o.Retries, 3))
	if err := o.check(); err != nil {
		return Options{}, err
	}
	base, err := parseBase(o.BaseURL, o.PlainHTTP)
	if err != nil {
		return Options{}, err
	}
	o.BaseURL = base
	if o.Transport == nil {
		o.Transport = ownTransport()
	}
	if o.Wait == nil {
		o.Wait = sleep
	}
	return o, nil
}

// check returns a [*UsageError] for the first invalid option except the base URL.
func (o Options) check() error {
	if err := o.Credentials.check(); err != nil {
		return err
	}
	_, known := endpointsByVersion[o.APIVersion]
	switch {
	case !known:
		return wrongOption("APIVersion", "use "+schemas.V2+" or "+schemas.V1, "unknown API version %s", redact.Value(o.APIVersion))
	case strings.ContainsFunc(o.UserAgent, func(r rune) bool { return r < ' ' || r > '~' }):
		return wrongOption("UserAgent", `use one such as "deploy/1.2"`, "the user agent must be of printable ASCII characters")
	case o.Timeout < 0:
		return wrongOption("Timeout", "", "the timeout must be positive, not %s", o.Timeout)
	}
	return nil
}

// ownTransport returns a copy of the default transport of net/http, with the proxies of the environment and with its
// own connections.
func ownTransport() http.RoundTripper {
	if t, ok := http.DefaultTransport.(*http.Transport); ok {
		own := t.Clone()
		own.OnProxyConnectResponse = checkProxy
		return own
	}
	return http.DefaultTransport
}
