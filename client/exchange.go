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

// exchange is one request and what became of its attempts.
type exchange struct {
	request *http.Request // without a context
	url     string        // without the query
	project string
	// What no text may show: the credentials of the client, with tokens fetched meanwhile, and the payload's.
	credentials func() []string
	secrets     []secret
	maybeDone   bool // an attempt may have been carried out, and its answer was lost
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

// failure is why an attempt has no good answer.
type failure struct {
	err     error       // an *APIError or a *TransportError
	status  int         // 0: there was no answer
	header  http.Header // of the answer
	unsent  bool        // what was asked for was surely not carried out
	passing bool        // the same may go well a moment later
}

// typed makes the request of one integration type.
func (c *session) typed(project, typ string, build func() (*http.Request, error)) (*exchange, error) {
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
		return nil, usage("the request can't be made: %v", err)
	}
	r.Header.Set("Accept", c.door.media)
	r.Header.Set("User-Agent", c.config.userAgent)
	return c.exchange(r, project), nil
}

func (c *session) exchange(r *http.Request, project string) *exchange {
	shown := r.URL.Scheme + "://" + r.URL.Host + wash(r.URL.EscapedPath(), nil, project)
	return &exchange{request: r, url: shown, project: project, credentials: c.auth.secrets}
}

// do sends a request until it is answered or nothing is to be hoped for.
func (c *session) do(ctx context.Context, x *exchange) (answer, error) {
	for n := 0; ; n++ {
		a, failed := c.attempt(ctx, x)
		if failed == nil {
			return a, nil
		}
		pause, again := c.again(ctx, x, failed, n)
		if !again {
			return answer{}, failed.err
		}
		err := ctx.Err()
		if err == nil {
			err = c.config.wait(ctx, pause)
		}
		if err != nil {
			return answer{}, x.stopped(ctx, err, true).err
		}
	}
}

func (c *session) attempt(ctx context.Context, x *exchange) (answer, *failure) {
	if err := ctx.Err(); err != nil {
		return answer{}, x.stopped(ctx, err, true)
	}
	timed, cancel := context.WithTimeout(ctx, c.config.timeout)
	defer cancel()
	r, err := x.next(timed)
	if err != nil {
		return answer{}, x.lost(err)
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return answer{}, c.noAnswer(ctx, x, err)
	}
	defer resp.Body.Close()
	body, err := readBody(resp.Body)
	if err != nil && (resp.StatusCode < http.StatusBadRequest || ctx.Err() != nil) {
		return answer{}, c.noAnswer(ctx, x, err)
	}
	a := answer{resp.StatusCode, resp.Header, body}
	return a, x.refusal(a)
}

// next is the request for one more attempt.
func (x *exchange) next(ctx context.Context) (*http.Request, error) {
	r := x.request.Clone(ctx)
	if x.request.GetBody == nil {
		return r, nil
	}
	body, err := x.request.GetBody()
	r.Body = body
	return r, err
}

var errTooLarge = errors.New("the answer is too large")

func readBody(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxBody+1))
	if len(body) > maxBody {
		return nil, errTooLarge
	}
	return body, err
}

// refusal is what an answer that came in full has to say, nil if all went well.
func (x *exchange) refusal(a answer) *failure {
	switch {
	case a.status >= 200 && a.status < 300:
		return nil
	case a.status < 400:
		err := x.transportError("the server redirects"+x.towards(a.header), "redirects are not followed, so that no credentials leave for another host: correct the base URL")
		err.Status = a.status
		return &failure{err: err, status: a.status}
	case a.status == http.StatusUnauthorized && stale(a.header):
		// The signature had a new nonce. Another request with it arrived first, or its time was over.
		err := x.transportError("the server rejects the digest signature as used or expired", "try again")
		return &failure{err: err, status: a.status, unsent: true, passing: true}
	}
	f := &failure{status: a.status, header: a.header, passing: passes(a.status)}
	if refused := x.apiError(a); refused != nil {
		f.err = refused
	} else {
		f.err = x.unexpected(a, "without an error of Atlas")
	}
	x.note(f)
	return f
}

// note remembers that a change may have been made, and says so in the error.
func (x *exchange) note(f *failure) {
	if x.request.Method != http.MethodGet && f.vague() && !f.unsent {
		x.maybeDone = true
	}
	var lost *TransportError
	if errors.As(f.err, &lost) {
		lost.MaybeDone = x.maybeDone
	}
}

// vague tells whether it leaves open what became of the request, as a lost answer does, that of a gateway, and
// any other error of a server on the way: 524 is a timeout of what stands behind one.
func (f *failure) vague() bool {
	switch f.status {
	case 0, http.StatusBadGateway, http.StatusGatewayTimeout:
		return true
	case http.StatusServiceUnavailable:
		return f.header.Get("Retry-After") == ""
	}
	var strange *TransportError
	return f.status >= 500 && errors.As(f.err, &strange)
}

func (x *exchange) towards(h http.Header) string {
	if to, err := url.Parse(h.Get("Location")); err == nil && to.Host != "" {
		return " to the host " + x.wash(to.Hostname())
	}
	return ""
}

// unexpected is the error of an answer that is not what Atlas gives.
func (x *exchange) unexpected(a answer, what string) *TransportError {
	hint := "check the base URL: a proxy, a sign-in page or another server may have answered"
	if a.status == http.StatusUnauthorized {
		hint = "check the base URL and the kind of credentials"
	}
	err := x.transportError(fmt.Sprintf("the server answered %d with %s, %s", a.status, contentOf(a), what), hint)
	err.Status = a.status
	err.MaybeDone = a.status < 300 && x.request.Method != http.MethodGet
	return err
}
