package fakeatlas_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas"
)

// The same requests get the same responses with a listener and without.
func TestTransportRespondsAsTheNetworkDoes(t *testing.T) {
	s := fakeatlas.Start(t, fakeatlas.WithoutAuth(), fakeatlas.WithChoices(fakeatlas.Choices{LenientAccept: true}),
		fakeatlas.WithBaseURL("https://links.invalid"))
	network := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true}}
	process := &http.Client{Transport: s.Transport()}
	for _, tc := range []struct{ method, path, body string }{
		{"GET", v2("?pageNum=1&a=b%20c"), ""}, {"HEAD", v2(""), ""}, {"POST", v2("/SLACK"), `{"type":"SLACK"}`}, {"DELETE", v2("/SLACK"), ""},
		{"PUT", v2("/DATADOG"), datadog}, {"GET", "/a%2Fb", ""}, {"PATCH", v2("/DATADOG"), ""}, {"POST", "/api/oauth/token", "a=b"}, {"GET", "", ""},
	} {
		var responses [2]Request
		for i, c := range []*http.Client{network, process} {
			responses[i] = do(t, c, newRequest(t, tc.method, s.URL+tc.path, tc.body))
			for _, name := range []string{"Date", "Content-Length", "Connection", "RateLimit-Remaining", "Ratelimit-Remaining"} {
				delete(responses[i].header, name)
			}
			// Headers have this form once they came over a network.
			for name, values := range responses[i].header {
				delete(responses[i].header, name)
				responses[i].header[http.CanonicalHeaderKey(name)] = values
			}
		}
		if diff := cmp.Diff(responses[0], responses[1], cmp.AllowUnexported(Request{})); diff != "" {
			t.Errorf("%s %s: %s", tc.method, tc.path, diff)
		}
		requests := s.Requests()
		sent := requests[len(requests)-2:]
		for i := range sent {
			sent[i].Seq, sent[i].Time, sent[i].Duration = 0, time.Time{}, 0
		}
		if diff := cmp.Diff(sent[0], sent[1]); diff != "" {
			t.Errorf("%s %s in the journal: %s", tc.method, tc.path, diff)
		}
	}
}

// body counts how often it is closed.
type body struct {
	io.Reader
	closed atomic.Int32
}

func (b *body) Close() error { b.closed.Add(1); return nil }

func TestTransportKeepsTheContract(t *testing.T) {
	s := newServer(t, fakeatlas.WithoutAuth())
	r := newRequest(t, "POST", base+v2("/DATADOG"), "")
	b := &body{Reader: strings.NewReader(datadog)}
	r.Body, r.ContentLength = b, -1
	before := r.Clone(context.Background())
	for name, transport := range map[string]http.RoundTripper{"plain": s.Transport(), "authorized": s.Client().Transport} {
		resp, err := transport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			t.Error(err)
		}
		resp.Body.Close()
		parts := func(r *http.Request) []any { return []any{r.Header, r.URL.String(), r.RequestURI, r.RemoteAddr} }
		if diff := cmp.Diff(parts(before), parts(r)); diff != "" {
			t.Errorf("%s has changed the header, the URL, the RequestURI or the RemoteAddr (-want +got):\n%s", name, diff)
		}
		if r.Body != b {
			t.Errorf("%s has changed the body", name)
		}
		if resp.Request.URL.String() != r.URL.String() {
			t.Errorf("%s returns %v", name, resp.Request.URL)
		}
	}
	if n := b.closed.Load(); n != 2 {
		t.Errorf("two trips have closed the body %d times", n)
	}
	for _, bad := range []*http.Request{{Body: &body{Reader: r.Body}}, {URL: &url.URL{Path: "/x"}, Body: &body{Reader: r.Body}}} {
		if resp, err := s.Transport().RoundTrip(bad); err == nil {
			resp.Body.Close()
			t.Error("a request without a host gets a response")
		}
		if bad.Body.(*body).closed.Load() != 1 {
			t.Error("the body of a rejected request stays open")
		}
	}
	request := &http.Request{URL: &url.URL{Scheme: "http", Host: "h", Path: v2("")}}
	if resp, err := s.Client().Transport.RoundTrip(request); err != nil || resp.StatusCode != 200 {
		t.Errorf("the least request there is: %v %v", resp, err)
	}
}

// A request ends with its context at any point: before a response, while its body is read, in the response.
func TestTransportEndsWithTheContext(t *testing.T) {
	t.Run("waiting", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := newServer(t, fakeatlas.WithLatency(time.Hour))
			ctx, cancel := context.WithCancelCause(context.Background())
			mine := errors.New("mine")
			go func() {
				synctest.Wait() // until the request waits
				cancel(mine)
			}()
			if _, err := s.Client().Do(newRequest(t, "GET", base+v2(""), "").WithContext(ctx)); !errors.Is(err, mine) {
				t.Errorf("got %v", err)
			}
		})
	})
	t.Run("sending", func(t *testing.T) { synctest.Test(t, testEndsWhileSending) })
	t.Run("reading", func(t *testing.T) {
		s := newServer(t)
		ctx, cancel := context.WithCancel(context.Background())
		resp, err := s.Client().Do(newRequest(t, "GET", base+v2(""), "").WithContext(ctx))
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		if _, err := io.Copy(io.Discard, resp.Body); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		resp.Body.Close()
	})
	t.Run("http.Client.Timeout", func(t *testing.T) {
		s := newServer(t, fakeatlas.WithLatency(time.Hour))
		c := s.Client()
		c.Timeout = time.Millisecond
		var timeout interface{ Timeout() bool }
		if _, err := c.Do(newRequest(t, "GET", base+v2(""), "")); !errors.As(err, &timeout) || !timeout.Timeout() {
			t.Errorf("got %v", err)
		}
	})
}

// testEndsWhileSending runs in a bubble of synctest: its timeout ends when the request waits for its body.
func testEndsWhileSending(t *testing.T) {
	s := newServer(t)
	from, _ := io.Pipe() // nothing ever comes
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "POST", base+v2("/DATADOG"), from)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Client().Do(r); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if _, err := from.Read(nil); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the body is open: %v", err)
	}
}

// A body that a client does not read must not block the server.
func TestTransportReleasesBodies(t *testing.T) {
	s := newServer(t)
	if err := s.Seed(project, datadog); err != nil {
		t.Fatal(err)
	}
	resp, err := s.Client().Do(newRequest(t, "GET", base+v2(""), ""))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(resp.Body, make([]byte, 3)); err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if _, err := resp.Body.Read(make([]byte, 1)); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a closed body reads %v", err)
	}
}

func TestClient(t *testing.T) {
	s := newServer(t,
		fakeatlas.WithCredentials(fakeatlas.Credential{PublicKey: "public", PrivateKey: "private"},
			fakeatlas.Credential{ClientID: "id", ClientSecret: "secret"}))
	c := s.Client()
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for _, apiVersion := range []string{"v1.0", "v2"} {
				resp, err := c.Get("http://127.0.0.1:1" + integrations(apiVersion, project, ""))
				if err != nil || resp.StatusCode != 200 {
					t.Errorf("%s: %v %v", apiVersion, resp, err)
					return
				}
				resp.Body.Close()
			}
		})
	}
	group.Wait()
	own := newRequest(t, "GET", base+v2(""), "", "Accept: application/json", "Authorization: Bearer none")
	wantStatus(t, do(t, c, own), 401, "UNEXPECTED_ERROR")
	wantStatus(t, do(t, c, newRequest(t, "GET", base+v2(""), "", "Accept: application/json")), 406, "INVALID_VERSION_DATE")
	if err := s.Reset(); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, do(t, c, newRequest(t, "GET", base+v2(""), "")), 200, "")
	if got := do(t, c, newRequest(t, "GET", base+v2(""), "")); !strings.Contains(got.body, `"href":"https://atlas.invalid`+v2("?")) {
		t.Errorf("the links lead elsewhere: %s", got.body)
	}
}

// A cost that every request bears; compare with and without a journal.
func BenchmarkServe(b *testing.B) {
	for name, opts := range map[string][]fakeatlas.Option{"journal": nil, "none": {fakeatlas.WithJournal(0)}} {
		s := newServer(b, append(opts, fakeatlas.WithoutAuth(), fakeatlas.WithChoices(fakeatlas.Choices{LenientAccept: true}), fakeatlas.WithRateLimit(0))...)
		if err := s.Seed(project, datadog); err != nil {
			b.Fatal(err)
		}
		for method, text := range map[string]string{"GET": "", "PUT": datadog} {
			b.Run(method+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				r := newRequest(b, method, base+v2("/DATADOG"), text)
				for b.Loop() {
					r.Body = io.NopCloser(strings.NewReader(text))
					s.ServeHTTP(&discardWriter{header: http.Header{}}, r)
				}
			})
		}
	}
}

// discardWriter takes responses and drops them.
type discardWriter struct {
	bytes.Buffer
	header http.Header
}

func (w *discardWriter) Header() http.Header         { return w.header }
func (w *discardWriter) Write(p []byte) (int, error) { return len(p), nil }
func (w *discardWriter) WriteHeader(int)             {}
