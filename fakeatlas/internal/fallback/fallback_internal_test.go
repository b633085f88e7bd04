package fallback

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
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
	for _, rejection := range []error{ErrRemote, errBusy, errTooLarge, errStatus} {
		err := &net.OpError{Op: "dial", Net: "its canary", Err: fmt.Errorf("%w for its canary", rejection)}
		if got := causeOf(err); got != rejection.Error() {
			t.Errorf("%s, want %s", got, rejection)
		}
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
	for range maxResponses {
		p.busy <- struct{}{}
	}
	forward := func(ctx context.Context) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		p.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "/api/x", nil))
		return w
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if w := forward(ended); w.Code != 502 || !strings.Contains(w.Body.String(), "16 other requests") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	<-p.busy
	for range 2 { // each returns its place
		if w := forward(t.Context()); w.Code != 200 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
}
