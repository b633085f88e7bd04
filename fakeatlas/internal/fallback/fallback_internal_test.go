package fallback

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The address of each connection counts, since a name may resolve to another one later.
func TestCheckLoopback(t *testing.T) {
	for address, ok := range map[string]bool{
		"127.0.0.1:80": true, "127.1.2.3:80": true, "[::1]:80": true, "[::ffff:127.0.0.1]:80": true,
		"192.0.2.1:80": false, "[2001:db8::1]:80": false, "0.0.0.0:80": false, "169.254.169.254:80": false,
		"[fe80::1%eth0]:80": false, "name:80": false, "": false,
	} {
		if err := checkLoopback("tcp", address, nil); (err == nil) != ok || err != nil && !errors.Is(err, ErrRemote) {
			t.Errorf("%s: %v", address, err)
		}
	}
	local, err := New("http://127.0.0.1:1")
	if err != nil || local.dialer.Control == nil {
		t.Errorf("the proxy does not check connections: %v", err)
	}
	remote, err := NewRemote("http://127.0.0.1:1")
	if err != nil || remote.dialer.Control != nil {
		t.Errorf("the proxy for any machine checks connections: %v", err)
	}
}

// The cause is the text of this package, without those of the errors around it.
func TestCauseHasNoTextsOfOthers(t *testing.T) {
	for _, rejection := range []error{ErrRemote, errBusy, errTooLarge, errTimeout, errStatus} {
		err := &net.OpError{Op: "dial", Net: "its canary", Err: fmt.Errorf("%w for its canary", rejection)}
		if got := causeOf(err); got != rejection.Error() {
			t.Errorf("%s, want %s", got, rejection)
		}
	}
}

// newRecorded returns a proxy to a base URL, and the causes that it has logged.
func newRecorded(t *testing.T, base string) (*Proxy, func() []string) {
	t.Helper()
	p, err := New(base)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	logged := []string{}
	p.Logf = func(cause string) { mu.Lock(); logged = append(logged, cause); mu.Unlock() }
	return p, func() []string { mu.Lock(); defer mu.Unlock(); return slices.Clone(logged) }
}

func (p *Proxy) fill() {
	for range maxResponses {
		p.busy <- struct{}{}
	}
}

// A request that waits too long for the responses to others gets an error. One whose client disconnects does not.
func TestBusy(t *testing.T) {
	for name, tc := range map[string]struct {
		client time.Duration // that the client waits
		status int
		logged []string
	}{
		"the proxy ends":  {time.Hour, 502, []string{errBusy.Error()}},
		"the client ends": {time.Second, 200, []string{}}, // of the recorder: nothing was written
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, logged := newRecorded(t, "http://127.0.0.1:1")
				p.fill()
				ctx, cancel := context.WithTimeout(t.Context(), tc.client)
				defer cancel()
				w := httptest.NewRecorder()
				p.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "/api/x", nil))
				if diff := cmp.Diff(tc.logged, logged()); diff != "" || w.Code != tc.status {
					t.Errorf("%d %s (-want +got):\n%s", w.Code, w.Body, diff)
				}
			})
		})
	}
}

// A client that disconnects is not logged as a failure of the other server, wherever that is in its response.
func TestDisconnectedClients(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"
	for name, tc := range map[string]struct{ request, response string }{
		"before the response": {"GET /api/x HTTP/1.1\r\nHost: a\r\n\r\n", ""},
		"within the response": {"GET /api/x HTTP/1.1\r\nHost: a\r\n\r\n", head + "part"},
		"within the request":  {"POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\npart", ""},
	} {
		t.Run(name, func(t *testing.T) {
			called, ended := make(chan struct{}), make(chan struct{})
			other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				conn, _, _ := http.NewResponseController(w).Hijack()
				defer conn.Close()
				_, _ = io.WriteString(conn, tc.response)
				close(called)
				<-ended
			}))
			defer other.Close()
			p, logged := newRecorded(t, other.URL)
			front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				defer close(ended)
				p.ServeHTTP(w, r)
			}))
			defer front.Close()
			conn, err := net.Dial("tcp", front.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.WriteString(conn, tc.request)
			<-called
			conn.Close()
			<-ended
			if got := logged(); len(got) > 0 {
				t.Errorf("it has logged %q", got)
			}
		})
	}
}

// The responses in memory are bounded: the next request waits until a client has read one.
func TestResponsesAreBounded(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer other.Close()
	p, err := New(other.URL)
	if err != nil {
		t.Fatal(err)
	}
	p.fill()
	forward := func(ctx context.Context) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		p.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "/api/x", nil))
		return w
	}
	<-p.busy
	for range 2 { // each returns its place
		if w := forward(t.Context()); w.Code != 200 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
}
