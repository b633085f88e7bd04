package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/atlasint/atlasint/internal/netcause"
)

// maxBody is the size in bytes of the largest response that the client reads. Pages of integrations are smaller.
const maxBody = 8 << 20

// exchange is one request and the state of its attempts.
type exchange struct {
	request *http.Request // without a context
	now     func() time.Time
	url     string // without the query
	project string
	proxy   *url.URL // nil if the request uses none
	// The texts that no message may contain: the credentials of the client, with tokens fetched meanwhile, and of the
	// proxy, and the secrets of the payload.
	credentials func() []string
	secrets     []secret
	maybeDone   bool // Atlas may have processed an attempt whose response was lost
}

type response struct {
	status int
	header http.Header
	body   []byte
}

// failure is the result of an attempt without a successful response.
type failure struct {
	err       error       // an *APIError or a *TransportError
	status    int         // 0: there was no response
	header    http.Header // of the response
	notDone   bool        // Atlas has certainly not processed the request
	retryable bool        // a later attempt may succeed
}

// typedRequest builds the request for one integration type.
func (s *session) typedRequest(project, typ string, build func() (*http.Request, error)) (*exchange, error) {
	if err := checkType(typ); err != nil {
		return nil, err
	}
	return s.request(project, build)
}

func (s *session) request(project string, build func() (*http.Request, error)) (*exchange, error) {
	if s.closed.Load() {
		return nil, usage("", "the client is closed")
	}
	if err := checkProject(project); err != nil {
		return nil, err
	}
	r, err := build()
	if err != nil {
		return nil, usage("", "can't create the request: %v", err)
	}
	r.Header.Set("Accept", s.endpoints.media)
	r.Header.Set("User-Agent", s.options.UserAgent)
	return s.newExchange(r, project), nil
}

func (s *session) newExchange(r *http.Request, project string) *exchange {
	shown := r.URL.Scheme + "://" + r.URL.Host + cleanText(r.URL.EscapedPath(), nil, project)
	proxy := proxyOf(s.options.Transport, r)
	credentials := func() []string { return append(s.auth.secrets(), proxySecrets(proxy)...) }
	return &exchange{request: r, now: s.now, url: shown, project: project, proxy: proxy, credentials: credentials}
}

// do sends a request until it succeeds or no retry is left.
func (s *session) do(ctx context.Context, x *exchange) (response, error) {
	for n := 0; ; n++ {
		resp, failed := s.attempt(ctx, x)
		if failed == nil {
			return resp, nil
		}
		pause, again := s.retryPause(ctx, x, failed, n)
		if !again {
			return response{}, failed.err
		}
		err := ctx.Err()
		if err == nil {
			err = s.options.Wait(netcause.WithFailure(ctx, failed.err), pause)
		}
		if err != nil {
			return response{}, x.canceledFailure(ctx, err, true).err
		}
	}
}

func (s *session) attempt(ctx context.Context, x *exchange) (response, *failure) {
	if err := ctx.Err(); err != nil {
		return response{}, x.canceledFailure(ctx, err, true)
	}
	timed, cancel := context.WithTimeout(ctx, s.options.Timeout)
	defer cancel()
	r, err := x.newAttempt(timed)
	if err != nil {
		return response{}, x.networkFailure(err)
	}
	httpResp, err := s.http.Do(r)
	if err != nil {
		return response{}, s.sendFailure(ctx, x, err)
	}
	defer httpResp.Body.Close()
	body, err := readBody(httpResp.Body)
	resp := response{httpResp.StatusCode, httpResp.Header, body}
	if err = resp.incomplete(err); err != nil {
		return response{}, s.sendFailure(ctx, x, err)
	}
	return resp, x.responseFailure(resp)
}

// incompleteError is the error of reading the body of a response with a status from 400. The status and the headers
// were read, and decide whether Atlas may have processed the request and how long to wait.
type incompleteError struct {
	head response // without a body
	err  error
}

func (e *incompleteError) Error() string { return e.err.Error() }
func (e *incompleteError) Unwrap() error { return e.err }

// incomplete returns the error of reading a body, nil if the status and the headers are sufficient without it: for a
// rejected digest signature, and for a body that is too large for an error of Atlas.
func (r response) incomplete(err error) error {
	isError := r.status >= http.StatusBadRequest
	switch {
	case err == nil, isError && errors.Is(err, errTooLarge), r.status == http.StatusUnauthorized && isStale(r.header):
		return nil
	case isError:
		return &incompleteError{response{status: r.status, header: r.header}, err}
	}
	return err
}

// newAttempt returns the request for one more attempt.
func (x *exchange) newAttempt(ctx context.Context) (*http.Request, error) {
	r := x.request.Clone(ctx)
	if x.request.GetBody == nil {
		return r, nil
	}
	body, err := x.request.GetBody()
	r.Body = body
	return r, err
}

var errTooLarge = errors.New("the response is too large")

func readBody(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxBody+1))
	if len(body) > maxBody {
		return nil, errTooLarge
	}
	return body, err
}

// responseFailure returns the failure of a complete response, nil if it is a success.
func (x *exchange) responseFailure(resp response) *failure {
	switch {
	case resp.status >= 200 && resp.status < 300:
		return nil
	case resp.status < 400:
		err := x.transportError("the server redirects"+x.redirectTarget(resp.header),
			"correct the base URL; the client follows no redirects, so that no other host gets the credentials")
		err.Status = resp.status
		return &failure{err: err, status: resp.status}
	case resp.status == http.StatusUnauthorized && isStale(resp.header):
		// The signature had a new nonce, which another request used first, or which has expired.
		err := x.transportError("the server rejects the digest signature as used or expired", "try again")
		return &failure{err: err, status: resp.status, notDone: true, retryable: true}
	}
	f := &failure{status: resp.status, header: resp.header, retryable: isTransient(resp.status)}
	if apiErr := x.apiError(resp); apiErr != nil {
		f.err = apiErr
	} else {
		f.err = x.unexpected(resp, "without an error of Atlas")
	}
	x.recordFailure(f)
	return f
}

// recordFailure records in x and in the error whether Atlas may have made a change.
func (x *exchange) recordFailure(f *failure) {
	if x.request.Method != http.MethodGet && f.outcomeUnknown() && !f.notDone {
		x.maybeDone = true
	}
	var transportErr *TransportError
	if errors.As(f.err, &transportErr) {
		transportErr.MaybeDone = x.maybeDone
	}
}

// outcomeUnknown reports whether Atlas may have processed the request: after a lost response, the response of a
// gateway, and any other error of a proxy, such as 524, a timeout of the server behind it.
func (f *failure) outcomeUnknown() bool {
	switch f.status {
	case 0, http.StatusBadGateway, http.StatusGatewayTimeout:
		return true
	case http.StatusServiceUnavailable:
		return f.header.Get("Retry-After") == ""
	}
	var transportErr *TransportError
	return f.status >= 500 && errors.As(f.err, &transportErr)
}

func (x *exchange) redirectTarget(h http.Header) string {
	if to, err := url.Parse(h.Get("Location")); err == nil && to.Host != "" {
		return " to the host " + x.cleanText(to.Hostname())
	}
	return ""
}

// unexpected returns the error of a response that is not from Atlas.
func (x *exchange) unexpected(resp response, what string) *TransportError {
	hint := "check the base URL: the response may be from a proxy, a sign-in page or another server"
	if resp.status == http.StatusUnauthorized {
		hint = "check the base URL and the kind of credentials"
	}
	reason := fmt.Sprintf("the server returned %d with %s, %s", resp.status, x.contentOf(resp), what)
	if resp.status == http.StatusUnauthorized && isUnsupported(resp.header) {
		reason = "the server requires an unsupported kind of authentication"
	}
	if netcause.ExpectsHTTPS(x.request.URL.Scheme, resp.status, resp.body) {
		reason, hint = expectsHTTPS, expectsHTTPSHint
	}
	err := x.transportError(reason+x.throughProxy(), hint)
	err.Status = resp.status
	err.MaybeDone = resp.status < 300 && x.request.Method != http.MethodGet
	return err
}
