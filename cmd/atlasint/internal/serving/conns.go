package serving

import (
	"container/list"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"
)

// conns is a listener that bounds how many connections are open at a time. A new one beyond the bound takes
// the place of the one that has been silent for longest: it has sent no whole request header, as slow
// clients and those that have gone away. While all are at work, or have hardly had the time to say anything,
// the new one waits, and those after it wait in the system's queue.
type limitListener struct {
	net.Listener
	slots chan struct{} // full at the bound
	idled chan struct{} // told when a connection has fallen silent
	done  chan struct{}
	stop  func()
	grace time.Duration // in which a new connection keeps its place

	mu      sync.Mutex
	idle    *list.List // of silences, the longest first
	entries map[net.Conn]*list.Element
}

// silence is a connection without a request that could be answered.
type idleConn struct {
	conn           net.Conn
	protectedUntil time.Time // until then it keeps its place
}

// firstWord is how long a new connection may take to send a request while others wait for its place: what it
// has sent already must at least be read.
const gracePeriod = time.Second

func newLimitListener(l net.Listener, most int) *limitListener {
	c := &limitListener{
		Listener: l, slots: make(chan struct{}, most), idled: make(chan struct{}, 1), done: make(chan struct{}),
		grace: gracePeriod, idle: list.New(), entries: map[net.Conn]*list.Element{},
	}
	c.stop = sync.OnceFunc(func() { close(c.done) })
	return c
}

// Accept implements [net.Listener].
func (c *limitListener) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err != nil {
		if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
			c.closeIdle() // net/http tries again in a moment
		}
		return nil, err
	}
	if !c.acquire() {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	return &limitedConn{Conn: conn, release: sync.OnceFunc(func() { <-c.slots })}, nil
}

// Close implements [net.Listener].
func (c *limitListener) Close() error {
	c.stop()
	return c.Listener.Close()
}

// makeRoom takes a slot; false if the listener is closed before there is one.
func (c *limitListener) acquire() bool {
	for {
		select {
		case c.slots <- struct{}{}:
			return true
		default:
		}
		dropped, wait := c.closeIdle()
		if dropped {
			continue
		}
		select {
		case c.slots <- struct{}{}:
			return true
		case <-c.idled:
		case <-time.After(wait):
		case <-c.done:
			return false
		}
	}
}

// drop closes the connection that has been silent for longest, but for those that are new. If there is none,
// it is worth while to look again after the wait.
func (c *limitListener) closeIdle() (dropped bool, wait time.Duration) {
	c.mu.Lock()
	now := time.Now()
	wait = c.grace
	for at := c.idle.Front(); at != nil; at = at.Next() {
		s := at.Value.(idleConn) //nolint:forcetypeassert // nothing else is in the list
		if left := s.protectedUntil.Sub(now); left > 0 {
			wait = min(wait, left)
			continue
		}
		c.idle.Remove(at)
		delete(c.entries, s.conn)
		c.mu.Unlock()
		_ = s.conn.Close()
		return true, 0
	}
	c.mu.Unlock()
	return false, wait
}

// note is told by net/http what its connections do. They are active from the end of a request's header to
// that of its answer.
func (c *limitListener) track(conn net.Conn, state http.ConnState) {
	if t, ok := conn.(*tls.Conn); ok {
		conn = t.NetConn()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if at, ok := c.entries[conn]; ok {
		c.idle.Remove(at)
		delete(c.entries, conn)
	}
	if state != http.StateNew && state != http.StateIdle {
		return
	}
	s := idleConn{conn: conn}
	if state == http.StateNew {
		s.protectedUntil = time.Now().Add(c.grace)
	}
	c.entries[conn] = c.idle.PushBack(s)
	select {
	case c.idled <- struct{}{}:
	default:
	}
}

// slotted gives its slot back when it is closed.
type limitedConn struct {
	net.Conn
	release func()
}

// Close implements [net.Conn].
func (s *limitedConn) Close() error {
	defer s.release()
	return s.Conn.Close()
}

// hurried gives clients so long to take an answer, from its beginning: what delays that is the server's own
// business, by latency and faults.
func limitWriteTime(next http.Handler, limit time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&deadlineWriter{ResponseWriter: w, limit: limit}, r)
	})
}

type deadlineWriter struct {
	http.ResponseWriter
	limit   time.Duration
	started bool
}

func (h *deadlineWriter) start() {
	if !h.started {
		h.started = true
		_ = http.NewResponseController(h.ResponseWriter).SetWriteDeadline(time.Now().Add(h.limit)) // net/http's own can
	}
}

// WriteHeader implements [http.ResponseWriter].
func (h *deadlineWriter) WriteHeader(status int) {
	h.start()
	h.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter].
func (h *deadlineWriter) Write(data []byte) (int, error) {
	h.start()
	return h.ResponseWriter.Write(data)
}

// Unwrap lets http.ResponseController reach the connection.
func (h *deadlineWriter) Unwrap() http.ResponseWriter { return h.ResponseWriter }
