package console

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/internal/control"
	"github.com/atlasint/atlasint/fakeatlas/internal/tokenbucket"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

// The limits of logins.
const (
	lifetime    = 12 * time.Hour // of a session
	maxSessions = 100            // at a time; a new one ends the oldest
	maxLogin    = 4 << 10        // bytes of the body of a login
)

// consoleHeader is a header that pages of other origins can't send without permission.
const consoleHeader = "X-Atlasint-Console"

// session is the login of one browser.
type session struct {
	id      [sha256.Size]byte // the hash of the cookie
	expires time.Time
	running context.Context
	end     context.CancelFunc
}

// context returns a context that is done when the session ends: its streams of events end with it.
func (s *session) context(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(parent)
	stop := context.AfterFunc(s.running, cancel)
	return ctx, func() { stop(); cancel() }
}

// access is who may use the control API.
type access int

const (
	closed access = iota // it is off
	local                // browsers of this machine
	token                // those that have the token
)

// sessions are the logins of a server. The token itself is not kept.
type sessions struct {
	transport http.RoundTripper
	access    func() access

	mu    sync.Mutex
	list  []*session // the oldest first
	wrong wrongLogins
}

func newSessions(s *fakeatlas.Server) *sessions {
	all := &sessions{transport: s.Transport(), wrong: wrongLogins{}}
	all.access = sync.OnceValue(func() access {
		switch all.probe("") {
		case http.StatusOK:
			return local
		case http.StatusUnauthorized:
			return token
		}
		return closed
	})
	return all
}

// probe returns the status with which the control API responds to a request with a token, "" for none.
func (ss *sessions) probe(token string) int {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://localhost"+control.Prefix+"openapi.yaml", http.NoBody)
	if err != nil {
		return 0
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := ss.transport.RoundTrip(r)
	if err != nil {
		return 0
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// of returns the session of a request, nil if it has none or has a token of its own.
func (ss *sessions) of(r *http.Request) *session {
	cookie, err := r.Cookie(cookieName(r))
	if err != nil || r.Header.Get("Authorization") != "" {
		return nil
	}
	id := sha256.Sum256([]byte(cookie.Value))
	ss.mu.Lock()
	defer ss.mu.Unlock()
	for _, s := range ss.list {
		if s.id == id && time.Now().Before(s.expires) {
			return s
		}
	}
	return nil
}

// serve responds to the requests about the login.
func (ss *sessions) serve(w http.ResponseWriter, r *http.Request, name string) {
	method := http.MethodPost
	if name == "session" {
		method = http.MethodGet
	}
	if r.Method != method {
		w.Header().Set("Allow", method)
		control.WriteError(w, &control.Error{Status: http.StatusMethodNotAllowed, Message: "the path does not support the method",
			Hint: "use " + method})
		return
	}
	switch name {
	case "session":
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(wire.Encode(wire.Object{ // a client that has disconnected gets nothing
			wire.Field("login", ss.access() == token),
			wire.Field("signedIn", ss.access() == local || ss.of(r) != nil),
		}))
	case "login":
		ss.logIn(w, r)
	case "logout":
		ss.logOut(w, r)
	}
}

// logIn begins a session for a browser that has sent the token.
func (ss *sessions) logIn(w http.ResponseWriter, r *http.Request) {
	sent, err := ss.tokenOf(r)
	if err != nil {
		control.WriteError(w, err)
		return
	}
	switch right, wait := ss.try(sent, networkOf(r)); {
	case wait > 0:
		w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
		control.WriteError(w, &control.Error{Status: http.StatusTooManyRequests, Message: "too many logins with a wrong token",
			Hint: "try again in a minute"})
		return
	case !right:
		control.WriteError(w, &control.Error{Status: http.StatusUnauthorized, Message: "the token is wrong",
			Hint: "use the control token that the server was started with"})
		return
	}
	http.SetCookie(w, cookieFor(r, ss.begin(), int(lifetime/time.Second)))
	w.WriteHeader(http.StatusNoContent)
}

// tokenOf returns the token that a login has sent.
func (ss *sessions) tokenOf(r *http.Request) (string, error) {
	if ss.access() != token {
		return "", &control.Error{Status: http.StatusBadRequest, Message: "the server requires no token", Hint: "open " + pagesPath}
	}
	if err := control.CheckOrigin(r); err != nil {
		return "", err
	}
	if media, ok := wire.ContentType(r); !ok || media != "application/json" {
		return "", &control.Error{Status: http.StatusUnsupportedMediaType, Message: "the body is not JSON by its type",
			Hint: "send Content-Type: application/json"}
	}
	var sent struct{ Token string }
	data, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxLogin))
	if err != nil || json.Unmarshal(data, &sent) != nil || sent.Token == "" {
		return "", &control.Error{Status: http.StatusBadRequest, Message: "the body has no token", Hint: `send {"token": "..."}`}
	}
	return sent.Token, nil
}

// try reports whether the token is right. After too many wrong ones from the network it does not compare the token, and
// returns the time to wait. Logins count as wrong until the server has accepted their token, so that the limit applies
// to logins at the same time as well.
func (ss *sessions) try(sent string, network netip.Prefix) (right bool, wait time.Duration) {
	level, taken := ss.count(network)
	if !taken.OK {
		return false, taken.Wait
	}
	if ss.probe(sent) != http.StatusOK { // without the lock, which all requests of the console need
		return false, 0
	}
	ss.mu.Lock()
	defer ss.mu.Unlock()
	level.Return()
	return true, 0
}

// count counts a login from a network as wrong, unless there were too many.
func (ss *sessions) count(network netip.Prefix) (*tokenbucket.Level, store.TakeResult) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	now := time.Now()
	level := ss.wrong.of(network, now)
	return level, level.Take(wrongTokens, now)
}

// begin begins a session and returns the value of its cookie.
func (ss *sessions) begin() string {
	value := rand.Text()
	s := &session{id: sha256.Sum256([]byte(value)), expires: time.Now().Add(lifetime)}
	s.running, s.end = context.WithDeadline(context.Background(), s.expires)
	ss.mu.Lock()
	defer ss.mu.Unlock()
	ss.list = append(ss.list, s)
	ss.remove(func(old *session) bool { return !time.Now().Before(old.expires) })
	if len(ss.list) > maxSessions {
		oldest := ss.list[0]
		ss.remove(func(old *session) bool { return old == oldest })
	}
	return value
}

// remove ends sessions. It needs the lock.
func (ss *sessions) remove(ended func(*session) bool) {
	ss.list = slices.DeleteFunc(ss.list, func(s *session) bool {
		if ended(s) {
			s.end()
			return true
		}
		return false
	})
}

// logOut ends the session of a request, if it has one.
func (ss *sessions) logOut(w http.ResponseWriter, r *http.Request) {
	if err := checkSession(r); err != nil {
		control.WriteError(w, err)
		return
	}
	if s := ss.of(r); s != nil {
		ss.mu.Lock()
		ss.remove(func(other *session) bool { return other == s })
		ss.mu.Unlock()
	}
	http.SetCookie(w, cookieFor(r, "", -1))
	w.WriteHeader(http.StatusNoContent)
}

// checkSession returns the rejection of a request with the cookie of a session that may come from the page of another
// site: browsers send the cookie with every request.
func checkSession(r *http.Request) error {
	isRead := r.Method == http.MethodGet || r.Method == http.MethodHead
	if !isRead && r.Header.Get(consoleHeader) == "" {
		return &control.Error{Status: http.StatusForbidden,
			Message: "a change with the cookie of the console needs the header " + consoleHeader,
			Hint:    "send Authorization: Bearer and the token in place of the cookie"}
	}
	return control.CheckOrigin(r)
}

// cookieName returns the name of the cookie. It contains the port, because browsers send cookies to all ports of a
// host.
func cookieName(r *http.Request) string {
	_, port, err := net.SplitHostPort(r.Host)
	if err != nil || strings.ContainsFunc(port, func(c rune) bool { return c < '0' || c > '9' }) {
		port = "default"
	}
	return "atlasint-console-" + port
}

// cookieFor returns the cookie of a session. A negative age in seconds removes it.
func cookieFor(r *http.Request, value string, age int) *http.Cookie {
	return &http.Cookie{
		Name: cookieName(r), Value: value, Path: control.Prefix, MaxAge: age,
		HttpOnly: true, Secure: isSecure(r), SameSite: http.SameSiteStrictMode,
	}
}

// isSecure reports whether the browser uses https, to this server or to a proxy in front of it.
func isSecure(r *http.Request) bool {
	return r.TLS != nil || strings.HasPrefix(r.Header.Get("Origin"), "https://")
}
