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
	"sync/atomic"
	"time"

	"github.com/atlasint/atlasint/internal/redact"
)

// wire is the way to the server. It marks its errors, so that they can be told from those of signing.
type wire struct {
	base      http.RoundTripper
	userAgent string
}

type wireError struct{ err error }

func (e *wireError) Error() string { return e.err.Error() }
func (e *wireError) Unwrap() error { return e.err }

// RoundTrip implements http.RoundTripper. It sends the request at most once.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	var s single
	r = r.Clone(s.trace(r.Context()))
	if r.Header.Get("User-Agent") == "" { // requests for tokens
		r.Header.Set("User-Agent", w.userAgent)
	}
	resp, err := w.base.RoundTrip(r)
	if s.stopped.Load() {
		err = errClosed
	}
	if err != nil {
		return nil, &wireError{err}
	}
	if resp.Request == nil { // the digest library looks into it, and not every transport sets it
		resp.Request = r
	}
	return resp, nil
}

// single keeps net/http from repeating a request by itself, which it does with a GET when a kept connection is
// lost: no retry of ours would count that request, and its digest signature is valid once.
type single struct{ sent, stopped atomic.Bool }

var errClosed = errors.New("the server closed it without an answer")

// trace closes each connection that the request is given after it was sent on one, before it is written there.
// HTTP/2 repeats only what the server has not processed, and shares its connections.
func (s *single) trace(ctx context.Context) context.Context {
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

// noAnswer tells why a request was not answered, or not in full.
func (c *session) noAnswer(ctx context.Context, x *exchange, err error) *failure {
	var token *tokenError
	withoutToken := errors.As(err, &token)
	switch {
	case ctx.Err() != nil:
		return x.stopped(ctx, ctx.Err(), withoutToken)
	case withoutToken:
		return c.noToken(x, token)
	case errors.Is(err, context.DeadlineExceeded):
		return x.late(err, c.config.timeout)
	}
	return x.lost(err)
}

// late is the failure of an attempt that took too long.
func (x *exchange) late(err error, limit time.Duration) *failure {
	return x.failed(err, diagnosis{
		reason: fmt.Sprintf("there was no answer within %s", limit), hint: "try again, or allow more time with WithTimeout",
		kind: HintTimeout, passing: true,
	})
}

// stopped is the failure of a call whose context is done. Who ended that for a cause of their own finds it.
func (x *exchange) stopped(ctx context.Context, err error, unsent bool) *failure {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
		err = &endedFor{err, cause}
	}
	f := &failure{err: x.transportError("the call was stopped: "+x.wash(err.Error()), "").wrap(err), unsent: unsent}
	x.note(f)
	return f
}

// endedFor is a context's error with its cause, of which the text says nothing.
type endedFor struct{ err, cause error }

func (e *endedFor) Error() string   { return e.err.Error() }
func (e *endedFor) Unwrap() []error { return []error{e.err, e.cause} }

// lost is the failure of an attempt without a whole answer.
func (x *exchange) lost(err error) *failure { return x.failed(err, x.diagnose(err)) }

func (x *exchange) failed(err error, d diagnosis) *failure {
	lost := x.transportError(d.reason, d.hint).wrap(err)
	lost.HintKind = d.kind
	f := &failure{err: lost, unsent: d.unsent, passing: d.passing}
	x.note(f)
	return f
}

type diagnosis struct {
	reason, hint    string
	kind            HintKind
	unsent, passing bool
}

func (x *exchange) diagnose(err error) diagnosis {
	var (
		onWire *wireError
		dns    *net.DNSError
		op     *net.OpError
		cert   *tls.CertificateVerificationError
		record tls.RecordHeaderError
	)
	switch {
	case errors.Is(err, errTooLarge):
		return diagnosis{reason: fmt.Sprintf("the answer is larger than %d MiB", maxBody>>20), hint: "check the base URL"}
	case errors.As(err, &dns):
		return diagnosis{
			"the host " + redact.Line(dns.Name) + " can't be found", "check the base URL and the network",
			"", true, !dns.IsNotFound,
		}
	case errors.As(err, &cert):
		return diagnosis{
			"the certificate of " + redact.Line(x.request.URL.Hostname()) + " is not trusted",
			"check the base URL, or trust an authority of your own with WithTransport", HintCertificate, true, false,
		}
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return diagnosis{"the server does not speak TLS", "check the base URL: is it one for http?", "", true, false}
	case errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect"):
		return diagnosis{
			"no connection to " + redact.Line(x.request.URL.Host) + ": " + x.wash(op.Err.Error()),
			"check the base URL and the network", "", true, true,
		}
	case errors.As(err, &onWire):
		return diagnosis{"the connection was lost: " + x.wash(onWire.Error()), "try again", "", false, true}
	case isURLError(err):
		return diagnosis{"the server asks for credentials in a way that is not known here", "check the base URL and the kind of credentials", "", true, false}
	}
	return diagnosis{"the answer was cut off: " + x.wash(err.Error()), "try again", "", false, true}
}

// isURLError tells errors of sending from those of reading the answer.
func isURLError(err error) bool {
	var sending *url.Error
	return errors.As(err, &sending)
}

func contentOf(a answer) string {
	media, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	switch {
	case len(a.body) == 0:
		return "no body"
	case err != nil:
		return "something of no stated kind"
	}
	return redact.Plain(media)
}
