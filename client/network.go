package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"sync/atomic"
	"time"

	"github.com/atlasint/atlasint/internal/netcause"
	"github.com/atlasint/atlasint/internal/redact"
)

// transport sends requests to the server. It wraps its errors to distinguish them from those of signing.
type transport struct {
	base      http.RoundTripper
	userAgent string
	responded atomic.Bool // the server has responded
}

type transportFailure struct {
	err   error
	first bool // the server has not responded to any request before
}

func (e *transportFailure) Error() string { return e.err.Error() }
func (e *transportFailure) Unwrap() error { return e.err }

// RoundTrip implements http.RoundTripper. It sends the request at most once.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	var s singleAttempt
	r = r.Clone(s.trace(r.Context()))
	if r.Header.Get("User-Agent") == "" { // requests for tokens
		r.Header.Set("User-Agent", t.userAgent)
	}
	resp, err := t.base.RoundTrip(r)
	if s.stopped.Load() {
		err = errClosed
	}
	if err != nil {
		return nil, &transportFailure{err, !t.responded.Load()}
	}
	t.responded.Store(true)
	if resp.Request == nil { // the digest library reads it, and not every transport sets it
		resp.Request = r
	}
	return resp, nil
}

// singleAttempt prevents net/http from repeating a request, as it does with a GET after it loses a reused connection:
// the retries of this package would not count that request, and its digest signature is valid only once.
type singleAttempt struct{ sent, stopped atomic.Bool }

var errClosed = errors.New("the server closed it without a response")

// trace closes each connection that the request gets after it was sent once, before it is written again.
// HTTP/2 repeats only what the server has not processed, and shares its connections.
func (s *singleAttempt) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { s.sent.Store(true) },
		GotConn: func(info httptrace.GotConnInfo) {
			secure, _ := info.Conn.(*tls.Conn)
			if s.sent.Load() && (secure == nil || secure.ConnectionState().NegotiatedProtocol != "h2") {
				s.stopped.Store(true)
				_ = info.Conn.Close()
			}
		},
	})
}

// sendFailure returns the failure of a request without a complete response.
func (s *session) sendFailure(ctx context.Context, x *exchange, err error) *failure {
	var token *noTokenError
	withoutToken := errors.As(err, &token)
	switch {
	case ctx.Err() != nil:
		return x.canceledFailure(ctx, ctx.Err(), withoutToken)
	case withoutToken:
		return s.tokenFailure(x, token)
	case errors.Is(err, context.DeadlineExceeded):
		return x.timeoutFailure(err, s.options.Timeout)
	}
	return x.networkFailure(err)
}

// timeoutFailure returns the failure of an attempt that exceeded the timeout.
func (x *exchange) timeoutFailure(err error, limit time.Duration) *failure {
	return x.diagnosedFailure(err, diagnosis{
		reason: fmt.Sprintf("no response within %s", limit) + x.throughProxy(), hint: "try again, or allow more time with the option Timeout",
		option: "Timeout", retryable: true,
	})
}

// canceledFailure returns the failure of a call whose context is done. errors.Is finds the cause of the context.
func (x *exchange) canceledFailure(ctx context.Context, err error, unsent bool) *failure {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
		err = &contextCauseError{err, cause}
	}
	text := x.cleanText(err.Error()) // of the option Wait
	switch {
	case errors.Is(err, context.Canceled):
		text = "it was canceled"
	case errors.Is(err, context.DeadlineExceeded):
		text = "its deadline has passed"
	}
	f := &failure{err: x.transportError("the call was stopped: "+text, "").withCause(err), notDone: unsent}
	x.recordFailure(f)
	return f
}

// contextCauseError is a context's error with its cause, which the text does not contain.
type contextCauseError struct{ err, cause error }

func (e *contextCauseError) Error() string   { return e.err.Error() }
func (e *contextCauseError) Unwrap() []error { return []error{e.err, e.cause} }

// networkFailure returns the failure of an attempt without a complete response.
func (x *exchange) networkFailure(err error) *failure {
	d := x.diagnose(err)
	if !isProxyFailure(err) {
		d.reason += x.throughProxy()
	}
	return x.diagnosedFailure(err, d)
}

func (x *exchange) diagnosedFailure(err error, d diagnosis) *failure {
	transportErr := x.transportError(d.reason, d.hint).withCause(err)
	transportErr.SuggestedOption = d.option
	f := &failure{err: transportErr, notDone: d.notDone, retryable: d.retryable}
	var incomplete *incompleteError
	if errors.As(err, &incomplete) {
		f.status, f.header = incomplete.head.status, incomplete.head.header
	}
	x.recordFailure(f)
	return f
}

type diagnosis struct {
	reason, hint       string
	option             string // see SuggestedOption of [TransportError]
	notDone, retryable bool
}

func (x *exchange) diagnose(err error) diagnosis {
	var (
		onWire *transportFailure
		op     *net.OpError
		proxy  *proxyError
	)
	kind := netcause.Of(err)
	switch {
	case errors.Is(err, errTooLarge):
		return diagnosis{reason: fmt.Sprintf("the response is larger than %d MiB", maxBody>>20), hint: "check the base URL"}
	case errors.As(err, &proxy):
		return proxy.diagnosis()
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return diagnosis{"no connection to " + x.proxyName() + ": " + x.causeText(kind, op.Err), "check the proxy and the network",
			"", true, kind != netcause.UnknownHost}
	case kind == netcause.UnknownHost:
		return diagnosis{"the host " + redact.Line(x.request.URL.Hostname()) + " can't be found", "check the base URL and the network",
			"", true, false}
	case kind == netcause.OtherHost, kind == netcause.Expired, kind == netcause.Untrusted:
		return certificateDiagnosis(kind, "the certificate of "+redact.Line(x.request.URL.Hostname()))
	case kind == netcause.NoTLS:
		return diagnosis{"the server does not support TLS", "check the base URL: the server may expect http", "", true, false}
	case kind == netcause.NoNames, errors.As(err, &op) && op.Op == "dial":
		return diagnosis{
			"no connection to " + redact.Line(x.request.URL.Host) + ": " + x.causeText(kind, err),
			"check the base URL and the network", "", true, true,
		}
	case kind == netcause.OnlyTLS:
		return diagnosis{expectsHTTPS, expectsHTTPSHint, "", true, false}
	case kind == netcause.NotHTTP:
		return diagnosis{"the response is not HTTP", "check the base URL", "", false, true}
	case errors.As(err, &onWire) && kind == netcause.Closed:
		return diagnosis{"the connection was lost: the server closed it", x.closedHint(onWire), "", false, true}
	case errors.As(err, &onWire):
		return diagnosis{"the connection was lost: " + x.causeText(kind, onWire), "try again", "", false, true}
	case isURLError(err):
		return diagnosis{"the server requires an unsupported kind of authentication",
			"check the base URL and the kind of credentials", "", true, false}
	}
	return diagnosis{"the response is incomplete: " + x.causeText(kind, err), "try again", "", false, true}
}

// expectsHTTPS is the reason for a server that got HTTP on a port for TLS, expectsHTTPSHint its hint.
const expectsHTTPS, expectsHTTPSHint = "the server expects https", "write https:// in the base URL"

// closedHint returns the hint for a connection that the server closed. Some servers with TLS do so after a request by
// http. A server that has responded before, or a proxy, is not one of them.
func (x *exchange) closedHint(failed *transportFailure) string {
	if failed.first && x.proxy == nil && netcause.MayExpectHTTPS(x.request.URL.Scheme, failed.err) {
		return "try again; if the server requires TLS, " + expectsHTTPSHint
	}
	return "try again"
}

// causeText returns the cause of a failed connection. The text of an error of unknown kind, such as one of the
// transport in the options, is kept without secrets.
func (x *exchange) causeText(kind netcause.Kind, err error) string {
	var op *net.OpError
	switch {
	case kind == netcause.Closed:
		return "the server closed the connection"
	case kind != netcause.Unknown:
		return kind.String()
	case errors.As(err, &op):
		return x.cleanText(op.Err.Error())
	}
	return x.cleanText(err.Error())
}

// certificateDiagnosis returns the diagnosis for the rejected certificate with that description.
func certificateDiagnosis(kind netcause.Kind, certificate string) diagnosis {
	switch kind {
	case netcause.OtherHost:
		return diagnosis{certificate + " is for another host", "check the base URL: use the host name in the certificate", "", true, false}
	case netcause.Expired:
		return diagnosis{certificate + " has expired or is not valid yet",
			"replace the certificate, or correct the clock of this machine", "", true, false}
	}
	return diagnosis{
		certificate + " is not trusted", "check the base URL, or trust your own certificate authority with the option Transport",
		"Transport", true, false,
	}
}

// isURLError reports whether err is an error of sending, not of reading the response.
func isURLError(err error) bool {
	var sending *url.Error
	return errors.As(err, &sending)
}

// atlasMedia matches the media types of Atlas, one for each version of a resource.
var atlasMedia = regexp.MustCompile(`^application/vnd\.atlas\.[0-9]{4}-[0-9]{2}-[0-9]{2}\+[a-z]{1,8}$`)

// contentOf returns the media type of a response in a form that is safe to show.
func (x *exchange) contentOf(resp response) string {
	media, _, err := mime.ParseMediaType(resp.header.Get("Content-Type"))
	switch {
	case len(resp.body) == 0:
		return "no body"
	case err != nil:
		return "content of an unknown type"
	case !atlasMedia.MatchString(media): // those of Atlas are longer
		media = redact.Plain(media)
	}
	return redact.Secrets(media, x.secretTexts())
}
