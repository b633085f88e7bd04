package console

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

// slowServer is a server that responds to no request before it is released.
type slowServer struct {
	requests chan struct{} // has an element for each request
	release  chan struct{} // is closed to respond
	status   int
}

func (s slowServer) RoundTrip(*http.Request) (*http.Response, error) {
	s.requests <- struct{}{}
	<-s.release
	return &http.Response{StatusCode: s.status, Body: http.NoBody}, nil
}

// tried is the result of a login.
type tried struct{ right, waits bool }

// tryMany begins n logins from one network at the same time, and sends their results.
func tryMany(ss *sessions, n int) <-chan tried {
	results := make(chan tried, n)
	for range n {
		go func() {
			right, wait := ss.try("token", netip.MustParsePrefix("192.0.2.1/32"))
			results <- tried{right, wait > 0}
		}()
	}
	return results
}

// While the server checks a token, requests with a session don't wait.
func TestSlowLoginLocksNothing(t *testing.T) {
	server := slowServer{make(chan struct{}, 1), make(chan struct{}), http.StatusUnauthorized}
	ss := &sessions{transport: server, wrong: wrongLogins{}}
	results := tryMany(ss, 1)
	<-server.requests
	unlocked := ss.mu.TryLock()
	if unlocked {
		ss.mu.Unlock()
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/_atlasint/health", http.NoBody)
		r.AddCookie(&http.Cookie{Name: cookieName(r), Value: "unknown"})
		if ss.of(r) != nil {
			t.Error("an unknown cookie has a session")
		}
	} else {
		t.Error("a login locks the sessions while the server checks its token")
	}
	close(server.release)
	if got, want := <-results, (tried{}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// Of logins at the same time, no more than the limit reach the server. Only those with a wrong token count afterwards.
func TestSlowLoginsAreLimited(t *testing.T) {
	for status, want := range map[int]struct {
		first, later map[tried]int
	}{
		http.StatusUnauthorized: {map[tried]int{{}: 10, {waits: true}: 20}, map[tried]int{{waits: true}: 30}},
		http.StatusOK:           {map[tried]int{{right: true}: 10, {waits: true}: 20}, map[tried]int{{right: true}: 10, {waits: true}: 20}},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := slowServer{make(chan struct{}, 100), make(chan struct{}), status}
			ss := &sessions{transport: server, wrong: wrongLogins{}}
			for _, want := range []map[tried]int{want.first, want.later} {
				results := tryMany(ss, 30)
				synctest.Wait()
				close(server.release)
				got := map[tried]int{}
				for range 30 {
					got[<-results]++
				}
				if diff := cmp.Diff(want, got, cmp.AllowUnexported(tried{})); diff != "" {
					t.Errorf("%d (-want +got):\n%s", status, diff)
				}
				server.release = make(chan struct{})
				ss.transport = server
			}
		})
	}
}
