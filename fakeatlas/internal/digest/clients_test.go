package digest_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	icholy "github.com/icholy/digest"

	"github.com/atlasint/atlasint/fakeatlas/internal/digest"
)

const (
	user     = "abcdefgh"
	password = "not-a-real-private-key-of-36-letters"
	path     = "/api/atlas/v2/groups/5f000000000000000000000a/integrations/WEBHOOK?pretty=true&x=a%2Fb,%22c%22"
)

// server accepts clients with the password, echoes the method and the body, and keeps a log.
type server struct {
	*httptest.Server
	verifier *digest.Verifier

	mu     sync.Mutex
	log    []string // one verdict a request, with the number of body bytes announced
	offset time.Duration
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{}
	v, err := digest.New(digest.Config{Now: s.now})
	if err != nil {
		t.Fatal(err)
	}
	s.verifier = v
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *server) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Add(s.offset)
}

func (s *server) move(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offset += d
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	verdict, who := s.verifier.Verify(r.Method, r.RequestURI, r.Header.Get("Authorization"), lookUp)
	s.mu.Lock()
	s.log = append(s.log, fmt.Sprintf("%s %d", verdict, r.ContentLength))
	s.mu.Unlock()
	if verdict != digest.OK {
		w.Header().Set("WWW-Authenticate", s.verifier.Challenge(verdict == digest.Stale))
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if wait, ok := strings.CutPrefix(r.URL.Path, "/redirect/after/"); ok {
		d, _ := time.ParseDuration(wait)
		s.move(d)
		http.Redirect(w, r, path, http.StatusTemporaryRedirect)
		return
	}
	body, _ := io.ReadAll(r.Body)
	fmt.Fprintf(w, "%s %s %s", who, r.Method, body)
}

func lookUp(name string) (string, bool) { return password, name == user }

// saw takes the log.
func (s *server) saw() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := strings.Join(s.log, ", ")
	s.log = nil
	return text
}

func (s *server) expect(t *testing.T, want string) {
	t.Helper()
	if got := s.saw(); got != want {
		t.Errorf("the server saw %s, want %s", got, want)
	}
}

func send(t *testing.T, c *http.Client, method, url, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	response, err := c.Do(request)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Error(err)
	}
	return response.StatusCode, string(text)
}

func goClient(password string) *http.Client {
	return &http.Client{Transport: &icholy.Transport{Username: user, Password: password, Transport: &http.Transport{}}}
}

func expectResponse(t *testing.T, c *http.Client, method, url, body string) {
	t.Helper()
	status, text := send(t, c, method, url, body)
	if want := user + " " + method + " " + body; status != 200 || text != want {
		t.Errorf("response is %d %q, want 200 %q", status, text, want)
	}
}

func TestGoClient(t *testing.T) {
	s := newServer(t)
	c := goClient(password)
	defer c.CloseIdleConnections()
	expectResponse(t, c, "GET", s.URL+path, "")
	s.expect(t, "rejected 0, ok 0")
	expectResponse(t, c, "POST", s.URL+path, "a body")
	expectResponse(t, c, "PUT", s.URL+"/", "a body")
	expectResponse(t, c, "DELETE", s.URL, "")
	s.expect(t, "ok 6, ok 6, ok 0")
}

func TestGoClientWhenTheNonceExpires(t *testing.T) {
	s := newServer(t)
	c := goClient(password)
	defer c.CloseIdleConnections()
	expectResponse(t, c, "GET", s.URL+path, "")
	s.move(5*time.Minute + time.Second)
	s.saw()
	expectResponse(t, c, "POST", s.URL+path, "a body")
	s.expect(t, "stale 6, ok 6")
}

func TestGoClientWithTheWrongPassword(t *testing.T) {
	s := newServer(t)
	c := goClient("wrong")
	defer c.CloseIdleConnections()
	if status, text := send(t, c, "GET", s.URL+path, ""); status != 401 || text != "" {
		t.Errorf("response is %d %q", status, text)
	}
	s.expect(t, "rejected 0, rejected 0")
}

// 64 requests at once on one nonce: none waits for another, and none is treated as a replay.
func TestGoClientInParallel(t *testing.T) {
	s := newServer(t)
	c := goClient(password)
	defer c.CloseIdleConnections()
	expectResponse(t, c, "GET", s.URL+path, "")
	s.saw()
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() { expectResponse(t, c, "POST", s.URL+path, strings.Repeat("x", 10+i%3)) })
	}
	wg.Wait()
	if log := s.saw(); strings.Count(log, "ok") != 64 || strings.Contains(log, "stale") {
		t.Errorf("the server saw %s", log)
	}
}

// 64 clients, each with a nonce of its own.
func TestManyGoClients(t *testing.T) {
	s := newServer(t)
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			c := goClient(password)
			defer c.CloseIdleConnections()
			expectResponse(t, c, "GET", s.URL+path, "")
			expectResponse(t, c, "PUT", s.URL+path, "a body")
		})
	}
	wg.Wait()
	if log := s.saw(); strings.Count(log, "ok") != 128 || strings.Count(log, "rejected") != 64 {
		t.Errorf("the server saw %s", log)
	}
}

// curl runs curl with digest authentication and returns its output: bodies and statuses.
func curl(t *testing.T, credentials string, args ...string) string {
	t.Helper()
	program, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("curl is not installed")
	}
	args = append([]string{
		"--disable", "--silent", "--show-error", "--noproxy", "*", "--globoff", "--max-time", "60",
		"--digest", "--user", credentials, "--write-out", " %{http_code};",
	}, args...)
	text, err := exec.Command(program, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("curl: %v: %s", err, text)
	}
	return string(text)
}

func expectOutput(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("curl prints %q, want %q", got, want)
	}
}

func TestCurlGet(t *testing.T) {
	s := newServer(t)
	got := curl(t, user+":"+password, s.URL+path, s.URL)
	expectOutput(t, got, user+" GET  200;"+user+" GET  200;")
	s.expect(t, "rejected 0, ok 0, rejected 0, ok 0")
}

// After a redirect, curl continues to use its nonce, and counts.
func TestCurlCountsOn(t *testing.T) {
	s := newServer(t)
	got := curl(t, user+":"+password, "--location", s.URL+"/redirect/after/0s")
	expectOutput(t, got, user+" GET  200;")
	s.expect(t, "rejected 0, ok 0, ok 0")
}

// The nonce expires before the redirect's second request: curl begins anew with stale=true.
func TestCurlWhenTheNonceExpires(t *testing.T) {
	s := newServer(t)
	got := curl(t, user+":"+password, "--location", s.URL+"/redirect/after/6m")
	expectOutput(t, got, user+" GET  200;")
	s.expect(t, "rejected 0, ok 0, stale 0, ok 0")
}

// The first POST comes without its body.
func TestCurlPost(t *testing.T) {
	s := newServer(t)
	got := curl(t, user+":"+password, "--data", "a body", s.URL+path)
	expectOutput(t, got, user+" POST a body 200;")
	s.expect(t, "rejected 0, ok 6")
}

func TestCurlWithTheWrongPassword(t *testing.T) {
	s := newServer(t)
	expectOutput(t, curl(t, user+":wrong", s.URL+path), " 401;")
	expectOutput(t, curl(t, "nobody:"+password, s.URL+path), " 401;")
	s.expect(t, "rejected 0, rejected 0, rejected 0, rejected 0")
}
