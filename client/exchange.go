package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// maxBody is far more than the largest page of integrations can have.
const maxBody = 8 << 20

// exchange is one request and the state of its attempts.
type exchange struct {
	request *http.Request // without a context
	url     string        // without the query
	project string
	// Texts that no message may show: the credentials of the client, with tokens fetched meanwhile, and the secrets
	// of the payload.
	credentials func() []string
	secrets     []secret
	maybeDone   bool // Atlas may have processed an attempt whose answer was lost
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

// failure is the result of an attempt without a success answer.
type failure struct {
	err       error       // an *APIError or a *TransportError
	status    int         // 0: there was no answer
	header    http.Header // of the answer
	notDone   bool        // Atlas has certainly not processed the request
	retryable bool        // a later attempt may succeed
}

// typedRequest builds the request for one integration type.
func (c *session) typedRequest(project, typ string, build func() (*http.Request, error)) (*exchange, error) {
	if err := checkType(typ); err != nil {
		return nil, err
	}
	return c.request(project, build)
}

func (c *session) request(project string, build func() (*http.Request, error)) (*exchange, error) {
	if c.closed.Load() {
		return nil, usage("the client is closed")
	}
	if err := checkProject(project); err != nil {
		return nil, err
	}
	r, err := build()
	if err != nil {
		return nil, usage("can't create the request: %v", err)
	}
	r.Header.Set("Accept", c.endpoints.media)
	r.Header.Set("User-Agent", c.options.UserAgent)
	return c.newExchange(r, project), nil
}

func (c *session) newExchange(r *http.Request, project string) *exchange {
	shown := r.URL.Scheme + "://" + r.URL.Host + cleanText(r.URL.EscapedPath(), nil, project)
	return &exchange{request: r, url: shown, project: project, credentials: c.auth.secrets}
}

// do sends a request until it succeeds or no retry is left.
func (c *session) do(ctx context.Context, x *exchange) (answer, error) {
	for n := 0; ; n++ {
		a, failed := c.attempt(ctx, x)
		if failed == nil {
			return a, nil
		}
		pause, again := c.retryPause(ctx, x, failed, n)
		if !again {
			return answer{}, failed.err
		}
		err := ctx.Err()
		if err == nil {
			err = c.options.Wait(ctx, pause)
		}
		if err != nil {
			return answer{}, x.canceledFailure(ctx, err, true).err
		}
	}
}

func (c *session) attempt(ctx context.Context, x *exchange) (answer, *failure) {
	if err := ctx.Err(); err != nil {
		return answer{}, x.canceledFailure(ctx, err, true)
	}
	timed, cancel := context.WithTimeout(ctx, c.options.Timeout)
	defer cancel()
	r, err := x.newAttempt(timed)
	if err != nil {
		return answer{}, x.networkFailure(err)
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return answer{}, c.sendFailure(ctx, x, err)
	}
	defer resp.Body.Close()
	body, err := readBody(resp.Body)
	if err != nil && (resp.StatusCode < http.StatusBadRequest || ctx.Err() != nil) {
		return answer{}, c.sendFailure(ctx, x, err)
	}
	a := answer{resp.StatusCode, resp.Header, body}
	return a, x.responseFailure(a)
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

// responseFailure returns the failure of a complete answer, nil if it is a success.
func (x *exchange) responseFailure(a answer) *failure {
	switch {
	case a.status >= 200 && a.status < 300:
		return nil
	case a.status < 400:
		err := x.transportError("the server redirects"+x.redirectTarget(a.header), "correct the base URL; the client follows no redirects, so that no other host gets the credentials")
		err.Status = a.status
		return &failure{err: err, status: a.status}
	case a.status == http.StatusUnauthorized && isStale(a.header):
		// The signature had a new nonce. Another request with it arrived first, or its time was over.
		err := x.transportError("the server rejects the digest signature as used or expired", "try again")
		return &failure{err: err, status: a.status, notDone: true, retryable: true}
	}
	f := &failure{status: a.status, header: a.header, retryable: isTransient(a.status)}
	if apiErr := x.apiError(a); apiErr != nil {
		f.err = apiErr
	} else {
		f.err = x.unexpected(a, "without an error of Atlas")
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

// outcomeUnknown reports whether Atlas may have processed the request: after a lost answer, the answer of a gateway, and
// any other error of a proxy, such as 524, a timeout of the server behind it.
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

// unexpected returns the error of an answer that is not from Atlas.
func (x *exchange) unexpected(a answer, what string) *TransportError {
	hint := "check the base URL: the response may be from a proxy, a sign-in page or another server"
	if a.status == http.StatusUnauthorized {
		hint = "check the base URL and the kind of credentials"
	}
	err := x.transportError(fmt.Sprintf("the server returned %d with %s, %s", a.status, contentOf(a), what), hint)
	err.Status = a.status
	err.MaybeDone = a.status < 300 && x.request.Method != http.MethodGet
	return err
}
