package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/fakeatlas"
)

var calls = map[string]func(context.Context, *client.Client) error{
	http.MethodGet: func(ctx context.Context, c *client.Client) error {
		_, err := c.Get(ctx, project, "DATADOG")
		return err
	},
	http.MethodPost: func(ctx context.Context, c *client.Client) error {
		p, _ := client.NewPayload(`{"type":"OPS_GENIE","apiKey":"not-a-real-key"}`)
		_, err := c.Create(ctx, project, p)
		return err
	},
	http.MethodPut: func(ctx context.Context, c *client.Client) error {
		p, _ := client.NewPayload(datadog)
		_, err := c.Update(ctx, project, p)
		return err
	},
	http.MethodDelete: func(ctx context.Context, c *client.Client) error {
		return c.Delete(ctx, project, "DATADOG")
	},
}

const half = 250 * time.Millisecond // of the first backoff

// Which requests are repeated, and after which wait.
func TestRetries(t *testing.T) {
	const get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	for _, tc := range []struct {
		name  string
		fault fakeatlas.Fault
		on    []string
		waits []time.Duration
		fails bool
	}{
		{
			"429 with Retry-After", fakeatlas.Fault{Status: 429, RetryAfter: 7 * time.Second},
			[]string{get, post, put, del}, []time.Duration{7 * time.Second}, false,
		},
		{"429 without Retry-After, twice", fakeatlas.Fault{Status: 429, Times: 2}, []string{get, post, put, del}, []time.Duration{half, 2 * half}, false},
		{"429 always", fakeatlas.Fault{Status: 429, Times: 9}, []string{get, post}, []time.Duration{half, 2 * half, 4 * half}, true},
		{"429 with a long Retry-After", fakeatlas.Fault{Status: 429, RetryAfter: time.Hour}, []string{get, post}, nil, true},
		{"503 with Retry-After", fakeatlas.Fault{Status: 503, RetryAfter: time.Second}, []string{get, post, put, del}, []time.Duration{time.Second}, false},
		{"503 without Retry-After", fakeatlas.Fault{Status: 503}, []string{get, put, del}, []time.Duration{half}, false},
		{"503 without Retry-After on POST", fakeatlas.Fault{Status: 503}, []string{post}, nil, true},
		{"502", fakeatlas.Fault{Status: 502}, []string{get, put, del}, []time.Duration{half}, false},
		{"504 on POST", fakeatlas.Fault{Status: 504}, []string{post}, nil, true},
		{"500", fakeatlas.Fault{Status: 500}, []string{get, post, put, del}, nil, true},
		{"403", fakeatlas.Fault{Status: 403}, []string{get, post, put, del}, nil, true},
		{"dropped before", fakeatlas.Fault{Drop: true}, []string{put, del}, []time.Duration{half}, false},
		{"dropped before on POST", fakeatlas.Fault{Drop: true}, []string{post}, nil, true},
		{"dropped after", fakeatlas.Fault{Truncate: true}, []string{get, put}, []time.Duration{half}, false},
		{"dropped after on POST", fakeatlas.Fault{Truncate: true}, []string{post}, nil, true},
	} {
		for _, method := range tc.on {
			t.Run(tc.name+"/"+method, func(t *testing.T) {
				atlas, base := fake(t)
				if err := atlas.Seed(project, datadog); err != nil {
					t.Fatal(err)
				}
				if err := atlas.FailNext(tc.fault); err != nil {
					t.Fatal(err)
				}
				var w waits
				c := connect(t, base, client.Options{Wait: w.wait})
				c.SetClock(time.Now, 0)
				if err := calls[method](context.Background(), c); (err != nil) != tc.fails {
					t.Errorf("the error is %v", err)
				}
				if diff := cmp.Diff(tc.waits, w.durations); diff != "" {
					t.Errorf("waits (-want +got):\n%s", diff)
				}
				if got := strings.Count(methods(atlas), method); got != len(tc.waits)+1 {
					t.Errorf("%d requests after %d waits: %s", got, len(tc.waits), methods(atlas))
				}
			})
		}
	}
}

// After a lost connection the client does not report wrong credentials.
func TestLostConnectionIsNotReportedAsWrongCredentials(t *testing.T) {
	for _, times := range []int{1, 0} {
		atlas, base := fake(t)
		if _, err := atlas.InjectFault(fakeatlas.Fault{Drop: true, Times: times}); err != nil {
			t.Fatal(err)
		}
		_, err := connect(t, base, client.Options{}).List(context.Background(), project)
		if times == 0 { // always
			as[*client.TransportError](t, err)
		} else if err != nil {
			t.Errorf("dropped %d times: the error is %v", times, err)
		}
	}
}

// lossy loses the responses to a method, once each.
type lossy struct {
	method string
	err    error
}

func (l *lossy) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && r.Method == l.method && resp.StatusCode < 300 && l.err != nil {
		resp.Body.Close()
		err, l.err = l.err, nil
		return nil, err
	}
	return resp, err
}

// The second DELETE finds nothing, because the first has arrived.
func TestDeleteWithoutResponse(t *testing.T) {
	atlas, base := fake(t)
	if err := atlas.Seed(project, datadog); err != nil {
		t.Fatal(err)
	}
	c := connect(t, base, client.Options{Transport: &lossy{http.MethodDelete, errors.New("reset")}})
	if err := c.Delete(context.Background(), project, "DATADOG"); err != nil {
		t.Error(err)
	}
	if got, want := methods(atlas), "DELETE No Content, DELETE Not Found"; got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
}

// The error reports that the creation may have been made.
func TestPostWithoutResponse(t *testing.T) {
	atlas, base := fake(t)
	c := connect(t, base, client.Options{Transport: &lossy{http.MethodPost, errors.New("reset")}})
	_, err := c.Create(context.Background(), project, payload(t, datadog))
	var transportErr *client.TransportError
	if !errors.As(err, &transportErr) || !transportErr.MaybeDone {
		t.Fatalf("the error is %v", err)
	}
	if got, want := methods(atlas), "POST OK"; got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
}

// A POST without a connection was not sent, so that the client may repeat it.
func TestPostWithoutConnection(t *testing.T) {
	atlas, base := fake(t)
	var apiErr = &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	c := connect(t, base, client.Options{Transport: &unreachable{err: apiErr}})
	must[client.Integration](t)(c.Create(context.Background(), project, payload(t, datadog)))
	if got, want := methods(atlas), "POST OK"; got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
}

// unreachable fails once before anything is sent.
type unreachable struct{ err error }

func (u *unreachable) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := u.err; err != nil {
		u.err = nil
		return nil, err
	}
	return http.DefaultTransport.RoundTrip(r)
}

// header responds to the first request with a header and 429, and lets the others through to an empty list.
func header(name, value string) http.Handler {
	first := true
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if first {
			first = false
			w.Header()[name] = []string{value} // in the spelling of the server
			w.WriteHeader(http.StatusTooManyRequests)
		}
		fmt.Fprint(w, `{"results":[]}`)
	})
}

func TestWaitsByResponseHeaders(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name, value string
		want        []time.Duration
	}{
		{"Retry-After", "0", []time.Duration{half}},
		{"Retry-After", "00", []time.Duration{half}},
		{"Retry-After", "120", []time.Duration{2 * time.Minute}},
		{"Retry-After", "121", nil},
		{"Retry-After", "9223372036854775807", nil},
		{"Retry-After", "99999999999999999999999", nil},
		{"Retry-After", "18446744073709551617", nil},
		{"Retry-After", "99999999999999999999999s", []time.Duration{half}},
		{"RateLimit-Reset", "99999999999999999999999", nil},
		{"Retry-After", "-3", []time.Duration{half}},
		{"Retry-After", "soon", []time.Duration{half}},
		{"Retry-After", "Sun, 01 Mar 2026 12:00:30 GMT", []time.Duration{30 * time.Second}},
		{"Retry-After", "Sun, 01 Mar 2026 11:00:00 GMT", []time.Duration{half}},
		{"Retry-After", "Sun, 01 Mar 2126 11:00:00 GMT", nil},
		{"RateLimit-Reset", "9", []time.Duration{9 * time.Second}},
		{"RateLimit-Reset", "0", []time.Duration{half}},
		{"RateLimit-Remaining", "0", []time.Duration{half}},
	} {
		t.Run(tc.name+" "+tc.value, func(t *testing.T) {
			var w waits
			c := connect(t, serve(t, header(tc.name, tc.value)), client.Options{Wait: w.wait})
			c.SetClock(func() time.Time { return now }, 0)
			_, err := c.List(context.Background(), project)
			if (err != nil) != (tc.want == nil) {
				t.Errorf("the error is %v", err)
			}
			if diff := cmp.Diff(tc.want, w.durations); diff != "" {
				t.Errorf("waits (-want +got):\n%s", diff)
			}
		})
	}
}

// A server that always responds with "Retry-After: 0" gets a few requests, with growing waits between them: by 429
// and by 503, for every method.
func TestWaitsForRetryAfterZeroGrow(t *testing.T) {
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		for method, call := range calls {
			var w waits
			n := 0
			c := reach(t, http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
				n++
				rw.Header().Set("Retry-After", "0")
				rw.WriteHeader(status)
			}), client.Options{Wait: w.wait})
			c.SetClock(time.Now, 1)
			if err := call(context.Background(), c); err == nil {
				t.Errorf("%s got %d: no error", method, status)
			}
			if n != 4 {
				t.Errorf("%s got %d: %d requests, want 4", method, status, n)
			}
			if diff := cmp.Diff([]time.Duration{2 * half, 4 * half, 8 * half}, w.durations); diff != "" {
				t.Errorf("%s got %d: waits (-want +got):\n%s", method, status, diff)
			}
		}
	}
}

// Each code of a rate limit is ErrRateLimited; only its own code is the code itself.
func TestRateLimitCodes(t *testing.T) {
	for _, code := range []client.Code{"RATE_LIMITED", "RATE_LIMITED_TOKEN_BUCKET"} {
		err := list(reach(t, respondWith(429, "application/json", `{"error":429,"errorCode":"`+string(code)+`"}`), client.Options{}))
		expectIs(t, err, client.ErrRateLimited, code)
		if got := as[*client.APIError](t, err).Code; got != code {
			t.Errorf("the code is %s, want %s", got, code)
		}
		for _, other := range []client.Code{client.ErrNotConfigured, "RATE_LIMITED_TOKEN_BUCKET"} {
			if other != code && errors.Is(err, other) {
				t.Errorf("%v matches %s", err, other)
			}
		}
	}
}

// The rate limit of the fake states the end of its window.
func TestRateLimitOfAtlas(t *testing.T) {
	atlas, base := fake(t, fakeatlas.WithRateLimit(1))
	atlas.SetClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	c := connect(t, base, client.Options{Wait: func(_ context.Context, d time.Duration) error {
		atlas.Advance(d)
		return nil
	}})
	for range 3 {
		must[[]client.Integration](t)(c.List(context.Background(), project))
	}
}

func TestBackoffGrowsAndEnds(t *testing.T) {
	var w waits
	c := connect(t, serve(t, http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusBadGateway) })),
		client.Options{Wait: w.wait, Retries: 9})
	c.SetClock(time.Now, 1)
	if _, err := c.List(context.Background(), project); err == nil {
		t.Error("there is no error")
	}
	var want []time.Duration
	for _, seconds := range []float64{.5, 1, 2, 4, 8, 16, 32, 32, 32} {
		want = append(want, time.Duration(seconds*float64(time.Second)))
	}
	if diff := cmp.Diff(want, w.durations); diff != "" {
		t.Errorf("waits (-want +got):\n%s", diff)
	}
}

func TestRetriesOff(t *testing.T) {
	atlas, base := fake(t)
	if err := atlas.FailNext(fakeatlas.Fault{Status: 429}); err != nil {
		t.Fatal(err)
	}
	_, err := connect(t, base, client.Options{Retries: -1}).List(context.Background(), project)
	if !errors.Is(err, client.ErrRateLimited) {
		t.Errorf("the error is %v", err)
	}
}

// The client does not begin a wait that ends after the context's deadline: it returns the response of Atlas.
func TestDeadlineBeforeTheWaitEnds(t *testing.T) {
	atlas, base := fake(t)
	if err := atlas.FailNext(fakeatlas.Fault{Status: 429, RetryAfter: 30 * time.Second}); err != nil {
		t.Fatal(err)
	}
	var w waits
	now := time.Now()
	ctx, cancel := context.WithDeadline(context.Background(), now.Add(time.Hour))
	defer cancel()
	c := connect(t, base, client.Options{Wait: w.wait})
	c.SetClock(func() time.Time { return now.Add(time.Hour - 29*time.Second) }, 0)
	_, err := c.List(ctx, project)
	expectIs(t, err, client.ErrRateLimited)
	if len(w.durations) > 0 {
		t.Errorf("the waits are %v, want none", w.durations)
	}
}

// An error states the wait until a date by the same clock as the pause before a retry.
func TestRetryAfterDateByTheClock(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	c := connect(t, serve(t, limitedUntil(now.Add(42*time.Second).Format(http.TimeFormat))), client.Options{Retries: -1})
	c.SetClock(func() time.Time { return now }, 0)
	_, err := c.List(t.Context(), project)
	if got, want := as[*client.APIError](t, err).RetryAfter, 42*time.Second; got != want {
		t.Errorf("RetryAfter is %v, want %v", got, want)
	}
}

// The client's own wait ends with the context.
func TestCancelDuringTheWait(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	base := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "100")
		w.WriteHeader(http.StatusTooManyRequests)
		time.AfterFunc(0, cancel)
	}))
	c, err := client.New(client.Options{BaseURL: base, Credentials: keys})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.List(ctx, project)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}

// canceled is the reason of an error after the cancellation of the context.
const canceled = "the call was stopped: it was canceled"

// A call ends with its context, even if the server never responds.
func TestCancelDuringTheRequest(t *testing.T) {
	for _, login := range []client.Credentials{keys, account()} {
		ctx, cancel := context.WithCancel(context.Background())
		base := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = new(bytes.Buffer).ReadFrom(r.Body) // so that the server sees the client go
			cancel()
			<-r.Context().Done()
		}))
		_, err := bare(t, base, client.Options{Credentials: login}).Create(ctx, project, payload(t, datadog))
		expectIs(t, err, context.Canceled)
		if got := as[*client.TransportError](t, err).Reason; got != canceled {
			t.Errorf("the reason is %q, want %q", got, canceled)
		}
	}
}

// The cause of a canceled context is found before, during and between the attempts.
func TestErrorMatchesTheCauseOfCancellation(t *testing.T) {
	cause := errors.New("a cause with privCanary in it")
	for place, response := range map[string]int{"before": 0, "during": 0, "between": http.StatusTooManyRequests} {
		ctx, cancel := context.WithCancelCause(context.Background())
		if place == "before" {
			cancel(cause)
		}
		base := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			cancel(cause)
			if response == 0 {
				<-r.Context().Done()
				return
			}
			w.Header().Set("Retry-After", "100")
			w.WriteHeader(response)
		}))
		_, err := connect(t, base, client.Options{}).List(ctx, project)
		if want := ": " + canceled; !strings.HasSuffix(fmt.Sprint(err), want) {
			t.Errorf("%s: the error is %v\nwant it to end with %s", place, err, want)
		}
		expectIs(t, err, cause, context.Canceled)
	}
}

// An attempt ends at its timeout, and is repeated if that is safe.
func TestTimeout(t *testing.T) {
	type outcome struct {
		Requests  int
		Reason    string
		MaybeDone bool
	}
	const reason = "no response within 1ms"
	for method, want := range map[string]outcome{http.MethodGet: {2, reason, false}, http.MethodPost: {1, reason, true}} {
		n := 0
		never := roundTrip(func(r *http.Request) (*http.Response, error) {
			n++
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		c := connect(t, "https://atlas.example", client.Options{Transport: never, Timeout: time.Millisecond, Retries: 1})
		transportErr := as[*client.TransportError](t, calls[method](context.Background(), c))
		if diff := cmp.Diff(want, outcome{n, transportErr.Reason, transportErr.MaybeDone}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", method, diff)
		}
	}
}

// A call that is stopped before it was sent reports no possible change.
func TestStoppedBeforeItIsSent(t *testing.T) {
	atlas, base := fake(t)
	if err := atlas.FailNext(fakeatlas.Fault{Status: 429}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	c := connect(t, base, client.Options{Wait: func(context.Context, time.Duration) error {
		cancel()
		return ctx.Err()
	}})
	for range 2 { // the second finds the context done
		_, err := c.Create(ctx, project, payload(t, datadog))
		expectIs(t, err, context.Canceled)
		if as[*client.TransportError](t, err).MaybeDone {
			t.Errorf("MaybeDone is true in %v", err)
		}
	}
	if got, want := methods(atlas), "POST Too Many Requests"; got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
}

// The token endpoint states the period of its limit, without Retry-After. Shorter waits only use up the retries.
func TestTokenLimitWaits(t *testing.T) {
	for _, tc := range []struct {
		name  string
		fault fakeatlas.Fault
		waits []time.Duration
	}{
		{"period", fakeatlas.Fault{Status: 429}, []time.Duration{time.Minute}},
		{"Retry-After", fakeatlas.Fault{Status: 429, RetryAfter: 7 * time.Second}, []time.Duration{7 * time.Second}},
		{"503", fakeatlas.Fault{Status: 503}, []time.Duration{half}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			atlas, base := fake(t)
			tc.fault.Path = "/api/oauth/token"
			if err := atlas.FailNext(tc.fault); err != nil {
				t.Fatal(err)
			}
			var w waits
			c := bare(t, base, client.Options{Credentials: account(), Wait: w.wait})
			c.SetClock(time.Now, 0)
			must[[]client.Integration](t)(c.List(context.Background(), project))
			if diff := cmp.Diff(tc.waits, w.durations); diff != "" {
				t.Errorf("waits (-want +got):\n%s", diff)
			}
		})
	}
}

// Requests for a token are safe to retry, for every operation.
func TestTokenRetries(t *testing.T) {
	for name, fault := range map[string]fakeatlas.Fault{
		"429": {Status: 429, RetryAfter: time.Second}, "503": {Status: 503}, "dropped": {Drop: true}, "cut": {Truncate: true},
	} {
		t.Run(name, func(t *testing.T) {
			atlas, base := fake(t)
			fault.Path = "/api/oauth/token"
			if err := atlas.FailNext(fault); err != nil {
				t.Fatal(err)
			}
			must[client.Integration](t)(bare(t, base, client.Options{Credentials: account()}).Create(context.Background(), project, payload(t, datadog)))
			if got, want := operations(atlas), "token token create"; got != want {
				t.Errorf("requests: %s, want %s", got, want)
			}
		})
	}
}
