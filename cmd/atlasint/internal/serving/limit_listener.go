package serving

import (
	"container/list"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/atlasint/atlasint/internal/syserr"
)

// limitListener limits the number of open connections. A new connection over the limit replaces the one that has been
// idle for longest: a connection without a complete request header, such as that of a slow or disconnected client.
// While all connections are busy or new, the new one waits, and later ones wait in the queue of the system.
type limitListener struct {
	net.Listener
	slots chan struct{} // full at the limit
	idled chan struct{} // signaled when a connection becomes idle
	done  chan struct{}
	stop  func()
	grace time.Duration // time in which a new connection is not closed

	mu      sync.Mutex
	idle    *list.List // idle connections, the one that is idle for longest first
	entries map[net.Conn]*list.Element
}

// idleConn is a connection without a complete request.
type idleConn struct {
	conn           net.Conn
	protectedUntil time.Time // it is not closed before
}

// gracePeriod is the time in which a new connection is not closed for another one, so that the server can read its
// first request.
const gracePeriod = time.Second

func newLimitListener(l net.Listener, most int) *limitListener {
	c := &limitListener{
		Listener: l, slots: make(chan struct{}, most), idled: make(chan struct{}, 1), done: make(chan struct{}),
		grace: gracePeriod, idle: list.New(), entries: map[net.Conn]*list.Element{},
	}
	c.stop = sync.OnceFunc(func() { close(c.done) })
	return c
}

func (l *limitListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		if syserr.NoHandles.Is(err) {
			l.closeIdle() // net/http accepts again soon
		}
		return nil, err
	}
	if !l.acquire() {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	return &limitedConn{Conn: conn, release: sync.OnceFunc(func() { <-l.slots })}, nil
}

func (l *limitListener) Close() error {
	l.stop()
	return l.Listener.Close()
}

// acquire takes a slot. It returns false if the listener is closed first.
func (l *limitListener) acquire() bool {
	for {
		select {
		case l.slots <- struct{}{}:
			return true
		default:
		}
		dropped, wait := l.closeIdle()
		if dropped {
			continue
		}
		select {
		case l.slots <- struct{}{}:
			return true
		case <-l.idled:
		case <-time.After(wait):
		case <-l.done:
			return false
		}
	}
}

// closeIdle closes the connection that has been idle for longest, except new ones. If there is none, it returns how
// long to wait before the next attempt.
func (l *limitListener) closeIdle() (dropped bool, wait time.Duration) {
	l.mu.Lock()
	now := time.Now()
	wait = l.grace
	for at := l.idle.Front(); at != nil; at = at.Next() {
		s := at.Value.(idleConn) // nothing else is in the list
		if left := s.protectedUntil.Sub(now); left > 0 {
			wait = min(wait, left)
			continue
		}
		l.idle.Remove(at)
		delete(l.entries, s.conn)
		l.mu.Unlock()
		_ = s.conn.Close()
		return true, 0
	}
	l.mu.Unlock()
	return false, wait
}

// track is the ConnState function of the server. A connection is active from the end of a request header to the end
// of the response.
func (l *limitListener) track(conn net.Conn, state http.ConnState) {
	if t, ok := conn.(*tls.Conn); ok {
		conn = t.NetConn()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if at, ok := l.entries[conn]; ok {
		l.idle.Remove(at)
		delete(l.entries, conn)
	}
	if state != http.StateNew && state != http.StateIdle {
		return
	}
	s := idleConn{conn: conn}
	if state == http.StateNew {
		s.protectedUntil = time.Now().Add(l.grace)
	}
	l.entries[conn] = l.idle.PushBack(s)
	select {
	case l.idled <- struct{}{}:
	default:
	}
}

// limitedConn releases its slot when it is closed.
type limitedConn struct {
	net.Conn
	release func()
}

func (c *limitedConn) Close() error {
	defer c.release()
	return c.Conn.Close()
}

// limitWriteTime limits the time in which clients read a response. It starts with the first byte, so that latency
// and faults of the server do not count.
func limitWriteTime(next http.Handler, limit time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&deadlineWriter{ResponseWriter: w, limit: limit}, r)
	})
}

// deadlineWriter sets the deadline before the first byte.
type deadlineWriter struct {
	http.ResponseWriter
	limit   time.Duration
	started bool
}

func (w *deadlineWriter) start() {
	if !w.started {
		w.started = true
		// The writers of net/http support deadlines.
		_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(time.Now().Add(w.limit))
	}
}

func (w *deadlineWriter) WriteHeader(status int) {
	w.start()
	w.ResponseWriter.WriteHeader(status)
}

func (w *deadlineWriter) Write(data []byte) (int, error) {
	w.start()
	return w.ResponseWriter.Write(data)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *deadlineWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
