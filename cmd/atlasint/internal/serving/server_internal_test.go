package serving

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas"
)

// A log line has milliseconds, and the first status that was sent.
func TestLogLineOfResponse(t *testing.T) {
	m := &responseMeter{ResponseWriter: httptest.NewRecorder()}
	m.WriteHeader(http.StatusConflict)
	m.WriteHeader(http.StatusOK)
	var line strings.Builder
	newLogger("text", &line, slog.LevelInfo).LogAttrs(t.Context(), slog.LevelInfo, "m", m.attrs(2500*time.Microsecond)...)
	if !strings.HasSuffix(line.String(), " status=409 durationMs=2.5 bytes=0\n") {
		t.Errorf("the line is %s", line.String())
	}
}

// The server limits all times and sizes. limitWriteTime limits the time of a response.
func TestServerHasLimits(t *testing.T) {
	atlas, err := fakeatlas.New()
	if err != nil {
		t.Fatal(err)
	}
	s := (&server{handler: atlas, logger: newLogger("text", io.Discard, slog.LevelError)}).httpServer()
	for name, set := range map[string]bool{
		"ReadHeaderTimeout": s.ReadHeaderTimeout > 0, "ReadTimeout": s.ReadTimeout > 0, "IdleTimeout": s.IdleTimeout > 0,
		"MaxHeaderBytes": s.MaxHeaderBytes > 0 && s.MaxHeaderBytes < http.DefaultMaxHeaderBytes,
		"streams":        s.HTTP2 != nil && s.HTTP2.MaxConcurrentStreams > 0,
	} {
		if !set {
			t.Errorf("%s has no limit", name)
		}
	}
	began := false
	s.Handler.ServeHTTP(&deadlined{ResponseWriter: httptest.NewRecorder(), set: &began}, httptest.NewRequest(http.MethodGet, "/x", nil))
	if !began {
		t.Error("a response has no limit")
	}
}

// deadlined records that a write deadline is set.
type deadlined struct {
	http.ResponseWriter
	set *bool
}

// SetWriteDeadline is what http.ResponseController looks for.
func (d *deadlined) SetWriteDeadline(t time.Time) error {
	*d.set = !t.IsZero()
	return nil
}

// A client that does not read its response is disconnected.
func TestUnreadResponsesTimeOut(t *testing.T) {
	failed := make(chan error, 1)
	s := httptest.NewServer(limitWriteTime(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/endless" {
			return
		}
		for part := []byte(strings.Repeat("x", 1<<20)); ; {
			if _, err := w.Write(part); err != nil {
				failed <- err
				return
			}
		}
	}), time.Millisecond))
	defer s.Close()
	response, err := s.Client().Get(s.URL + "/endless")
	if err == nil {
		defer response.Body.Close() // it is not read
	}
	if err := <-failed; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the response ends with %v", err)
	}
}

// A new connection is not closed for another one, since its data may not have been read. An idle connection is, and so
// is a new one after the grace period.
func TestNewConnectionsAreKept(t *testing.T) {
	silent := func(c *limitListener, state http.ConnState) net.Conn {
		conn, other := net.Pipe()
		t.Cleanup(func() { _ = other.Close() })
		c.track(conn, state)
		return conn
	}
	gone := func(conn net.Conn) bool { return errors.Is(conn.SetDeadline(time.Time{}), io.ErrClosedPipe) }

	c := newLimitListener(nil, 2)
	c.grace = time.Hour
	fresh, idle := silent(c, http.StateNew), silent(c, http.StateIdle)
	closed := func() []bool {
		dropped, _ := c.closeIdle()
		return []bool{dropped, gone(idle), gone(fresh)}
	}
	if diff := cmp.Diff([]bool{true, true, false}, closed()); diff != "" {
		t.Errorf("dropped one, the idle one, the new one (-want +got):\n%s", diff)
	}
	dropped, wait := c.closeIdle()
	if dropped || gone(fresh) {
		t.Errorf("dropped %t, the new one %t", dropped, gone(fresh))
	}
	if wait <= 0 || wait > c.grace {
		t.Errorf("the next attempt is after %v, want at most %v", wait, c.grace)
	}
	c = newLimitListener(nil, 2)
	c.grace = 0
	old := silent(c, http.StateNew)
	if dropped, _ := c.closeIdle(); !dropped || !gone(old) {
		t.Errorf("dropped %t, the one that was silent for long enough %t", dropped, gone(old))
	}
}

// A connection that waits for a slot gets none when the listener is closed.
func TestConnsEndWithTheListener(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := newLimitListener(listener, 1)
	if !c.acquire() {
		t.Fatal("there is no place at all")
	}
	placed := make(chan bool)
	go func() { placed <- c.acquire() }()
	_ = c.Close()
	if <-placed {
		t.Error("there are two places, and should be one")
	}
}
