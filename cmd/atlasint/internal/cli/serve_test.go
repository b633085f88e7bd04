package cli_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/clitest"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
)

// server is a running serve command.
type server struct {
	cmd                *exec.Cmd
	url                string
	addr               string // the file of the address
	stderr             output
	stdin              io.WriteCloser
	stdout             *bufio.Reader
	screen             string
	signalled, stopped bool
}

// output is the output of a running process. Its methods may be called concurrently.
type output struct {
	mu    sync.Mutex
	text  bytes.Buffer
	wrote chan struct{} // created by the first reader that waits
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.wrote != nil {
		close(o.wrote)
		o.wrote = nil
	}
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// contains waits until the process has written the text; it reports false if that takes too long.
func (o *output) contains(text string) bool {
	tooLong := time.After(time.Minute)
	for {
		o.mu.Lock()
		if strings.Contains(o.text.String(), text) {
			o.mu.Unlock()
			return true
		}
		if o.wrote == nil {
			o.wrote = make(chan struct{})
		}
		wrote := o.wrote
		o.mu.Unlock()
		select {
		case <-wrote:
		case <-tooLong:
			return false
		}
	}
}

// serve starts the command, and returns when it responds. Then its address file is there.
func serve(t *testing.T, args ...string) *server {
	t.Helper()
	return serveBy(t, []string{"atlasint"}, args...) // on PATH by testscript.Main
}

// serveBy is like serve with other arguments before serve.
func serveBy(t *testing.T, command []string, args ...string) *server {
	t.Helper()
	if runtime.GOOS == "windows" {
		args = append(args, "--exit-with-stdin") // for signal
	}
	s := &server{addr: filepath.Join(t.TempDir(), "url")}
	args = append([]string{"serve", "--addr", "127.0.0.1:0", "--addr-file", s.addr}, args...)
	s.cmd = exec.Command(command[0], append(command[1:], args...)...)
	s.cmd.Stderr = &s.stderr
	var inErr error
	s.stdin, inErr = s.cmd.StdinPipe()
	stdout, err := s.cmd.StdoutPipe()
	if err := errors.Join(inErr, err, s.cmd.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if !s.stopped {
			_ = s.cmd.Process.Kill()
			_ = s.cmd.Wait()
		}
	})
	s.stdout = bufio.NewReader(stdout)
	// The first screen ends with a line for curl, and comes when the server listens.
	for !strings.Contains(s.screen, "\ncurl ") {
		line, err := s.stdout.ReadString('\n')
		if s.screen += line; err != nil {
			t.Fatalf("it ended with\n%s%s", s.screen, s.stderr.String())
		}
	}
	s.url, _, _ = strings.Cut(s.screen, "\n")
	return s
}

// signal sends a signal. Windows has none for other processes: there, the standard input of the server ends.
func (s *server) signal(t *testing.T, sig os.Signal) {
	t.Helper()
	s.signalled = true
	err := s.cmd.Process.Signal(sig)
	if runtime.GOOS == "windows" {
		err = s.stdin.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// needSignals skips the test on systems without signals.
func needSignals(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no signals for other processes")
	}
}

// wait returns the exit code of the server when it has ended, and fails the test if its address file is left.
func (s *server) wait(t *testing.T) int {
	t.Helper()
	s.stopped = true
	_, _ = io.Copy(io.Discard, s.stdout)
	_ = s.cmd.Wait()
	if _, err := os.Stat(s.addr); s.signalled && !os.IsNotExist(err) {
		t.Errorf("the address file is left (%v)", err)
	}
	return s.cmd.ProcessState.ExitCode()
}

// idle opens a connection that waits for another request, and returns a function that waits until the server closes
// it, which it does when it begins to stop.
func (s *server) idle(t *testing.T) (stopping func()) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	fmt.Fprint(conn, "GET /_atlasint/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
	responses := bufio.NewReader(conn)
	response, err := http.ReadResponse(responses, nil)
	if err == nil {
		_, err = io.Copy(io.Discard, response.Body)
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() { _, _ = io.Copy(io.Discard, responses) }
}

func TestServeCompletesRequestsBeforeExit(t *testing.T) {
	needSignals(t)
	for _, sig := range stopsignal.Signals() {
		t.Run(sig.String(), func(t *testing.T) {
			s := serve(t, "--no-auth")
			u, stopping := s.upload(t), s.idle(t)
			s.signal(t, sig)
			stopping()
			if status := u.finish(); status != "200 OK" {
				t.Errorf("the request that had begun got %s", status)
			}
			if code := s.wait(t); code != 0 {
				t.Errorf("exit code %d: %s", code, s.stderr.String())
			}
			if got := s.stderr.String(); strings.Count(got, "\n") != 2 || !strings.Contains(got, "integrations/FLOWDOCK status=200") {
				t.Errorf("it logs %s", got)
			}
		})
	}
}

// A script starts a background job so that it ignores SIGINT.
func TestServeKeepsIgnoringInterrupts(t *testing.T) {
	needSignals(t)
	s := serveBy(t, []string{"sh", "-c", `trap '' INT; exec atlasint "$@"`, "sh"}, "--no-auth")
	u := s.upload(t)
	s.signal(t, os.Interrupt)
	s.signal(t, syscall.SIGTERM) // a second signal would close the connection
	if status := u.finish(); status != "200 OK" {
		t.Errorf("the request that had begun got %q", status)
	}
	if code := s.wait(t); code != 0 {
		t.Errorf("exit code %d: %s", code, s.stderr.String())
	}
}

// A parent process that is killed can't send a signal, but its end of the pipe is closed.
func TestServeStopsAtTheEndOfStdin(t *testing.T) {
	s := serve(t, "--exit-with-stdin", "--no-auth")
	u, stopping := s.upload(t), s.idle(t)
	if _, err := s.stdin.Write([]byte("ignored\n")); err != nil {
		t.Fatal(err)
	}
	if err := s.stdin.Close(); err != nil {
		t.Fatal(err)
	}
	stopping()
	if _, err := os.Stat(s.addr); !os.IsNotExist(err) {
		t.Errorf("the address file is left until the last request ends (%v)", err)
	}
	if status := u.finish(); status != "200 OK" {
		t.Errorf("the running request got %q", status)
	}
	if code := s.wait(t); code != 0 || !strings.Contains(s.stderr.String(), `msg="stopped at the end of standard input"`) {
		t.Errorf("exit code %d\n%s", code, s.stderr.String())
	}
}

func TestServeEndsAtOnceOnASecondSignal(t *testing.T) {
	needSignals(t)
	s := serve(t, "--no-auth")
	u, stopping := s.upload(t), s.idle(t)
	s.signal(t, syscall.SIGTERM)
	stopping()
	s.signal(t, syscall.SIGTERM)
	if code := s.wait(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if got := s.stderr.String(); !strings.Contains(got, "atlasint: stopped at a second signal; requests without a response were closed") {
		t.Errorf("it says %q", got)
	}
	if status := u.finish(); status == "200 OK" {
		t.Error("the request that had begun got a response")
	}
}

// upload is a request whose body is still being sent.
type upload struct {
	conn      net.Conn
	responses *bufio.Reader
}

const flowdock = `{"type":"FLOWDOCK","apiToken":"112233","flowName":"myFlowName","orgName":"myOrg"}`

// upload starts a request, and returns when the server is ready to read the body.
func (s *server) upload(t *testing.T) *upload {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "POST /api/atlas/v1.0/groups/5d791c84ff7a2522cc4f9aa1/integrations/FLOWDOCK HTTP/1.1\r\n"+
		"Host: localhost\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", len(flowdock))
	u := &upload{conn, bufio.NewReader(conn)}
	if status := u.status(); status != "100 Continue" {
		t.Fatalf("the server returns %s", status)
	}
	return u
}

func (u *upload) finish() (status string) {
	if _, err := u.conn.Write([]byte(flowdock)); err != nil {
		return err.Error()
	}
	return u.status()
}

func (u *upload) status() string {
	response, err := http.ReadResponse(u.responses, nil)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	return response.Status
}

// The server does not start on a port that is in use.
func TestServePortInUse(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	file := filepath.Join(t.TempDir(), "url")
	code, out, errOut := run("serve", "--addr", listener.Addr().String(), "--addr-file", file)
	want := fmt.Sprintf("atlasint: %s is in use; stop the program that listens there, or use a free port with --addr 127.0.0.1:0\n", listener.Addr())
	wantOutcome(t, "serve", outcome{3, "", want}, outcome{code, out, errOut})
	if left, _ := os.ReadDir(filepath.Dir(file)); len(left) > 0 {
		t.Errorf("it leaves %s", left[0].Name())
	}
}

// A server that stops does not remove the address file of a later server.
func TestServeKeepsAddrFileOfAnotherServer(t *testing.T) {
	s := serve(t)
	const other = "http://127.0.0.1:1\n"
	writeFile(t, s.addr, other)
	s.signal(t, os.Interrupt)
	s.signalled = false // wait would miss the removal
	s.wait(t)
	if data, err := os.ReadFile(s.addr); err != nil || string(data) != other {
		t.Errorf("the file holds %q, %v", data, err)
	}
}

func TestServeTLS(t *testing.T) {
	cert, key, roots := certificate(t)
	s := serve(t, "--tls-cert", cert, "--tls-key", key, "--no-auth")
	if !strings.HasPrefix(s.url, "https://127.0.0.1:") || !strings.Contains(s.screen, "--cacert '"+cert+"'") {
		t.Errorf("it shows\n%s", s.screen)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}}
	defer client.CloseIdleConnections()
	response, err := client.Get(s.url + "/api/atlas/v1.0/groups/5d791c84ff7a2522cc4f9aa1/integrations")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || !bytes.Contains(body, []byte(`"href":"`+s.url+"/api/")) {
		t.Errorf("HTTP %s: %s, %v", response.Status, body, err)
	}
	s.signal(t, os.Interrupt)
	if code := s.wait(t); code != 0 {
		t.Errorf("exit code %d: %s", code, s.stderr.String())
	}
}

// The server rejects a certificate with the key of another one.
func TestServeMismatchedKey(t *testing.T) {
	cert, _, _ := certificate(t)
	_, key, _ := certificate(t)
	code, out, errOut := run("serve", "--tls-cert", cert, "--tls-key", key)
	wantFailure(t, "serve", 3, outcome{code, out, errOut},
		"the key does not belong to the certificate, or one of them is damaged; ")
	if lines := strings.Count(errOut, "\n"); lines != 1 {
		t.Errorf("the error has %d lines, want 1: %q", lines, errOut)
	}
}

func certificate(t *testing.T) (certFile, keyFile string, roots *x509.CertPool) {
	t.Helper()
	certFile, keyFile, roots, err := clitest.Certificate(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return certFile, keyFile, roots
}

// The server limits the size of a request header.
func TestServeLimitsHeaders(t *testing.T) {
	s := serve(t, "--no-auth")
	request, err := http.NewRequest(http.MethodGet, s.url+"/api/atlas/v1.0/groups/5d791c84ff7a2522cc4f9aa1/integrations", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Large", strings.Repeat("x", 80<<10))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("HTTP %s", response.Status)
	}
}

// The log contains no secret from any part of a request.
func TestServeLogsNoSecret(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		t.Run(format, func(t *testing.T) {
			t.Setenv("MONGODB_ATLAS_PRIVATE_API_KEY", canary)
			t.Setenv("MONGODB_ATLAS_CLIENT_SECRET", canary)
			t.Setenv("ATLASINT_CONTROL_TOKEN", canary)
			s := serve(t, "--log-format", format)
			n := s.sendCanaries(t)
			s.signal(t, os.Interrupt)
			s.wait(t)
			log := s.stderr.String()
			if lines := strings.Count(log, "msg=request ") + strings.Count(log, `"msg":"request"`); lines != n {
				t.Errorf("%d lines for %d requests:\n%s", lines, n, log)
			}
			for i := 0; i+8 <= len(canary); i++ {
				if part := canary[i : i+8]; strings.Contains(log+s.screen, part) {
					t.Fatalf("it shows %s:\n%s%s", part, s.screen, log)
				}
			}
		})
	}
}

// The log does not contain short secrets in a path, a query or a method either, although they look like words.
func TestServeLogsNoShortSecret(t *testing.T) {
	s := serve(t, "--no-auth")
	const list = "/api/atlas/v2/groups/5d791c84ff7a2522cc4f9aa1/integrations"
	for _, target := range []string{
		"/swordfish", list + "/swordfish", "/api/atlas/v2/groups/swordfish/integrations", "/_atlasint/swordfish",
		list + "?swordfish", list + "?key=swordfish", list + "?pretty=swordfish",
	} {
		for _, method := range []string{http.MethodGet, "swordfish"} {
			r, err := http.NewRequest(method, s.url+target, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
		}
	}
	s.signal(t, os.Interrupt)
	s.wait(t)
	if log := s.stderr.String(); strings.Count(log, " msg=request ") != 14 || strings.Contains(log, "swordfish") {
		t.Errorf("the log has\n%s", log)
	}
}

// sendCanaries sends requests with sample secrets in every part, and returns the number of requests.
func (s *server) sendCanaries(t *testing.T) (n int) {
	t.Helper()
	const list = "/api/atlas/v2/groups/5d791c84ff7a2522cc4f9aa1/integrations"
	for _, path := range []string{
		list, list + "/" + canary, list + "?pageNum=" + canary, list + "?" + canary, list + "?" + canary + "=1", list + "?a=" + canary,
		"/api/atlas/v2/groups/" + canary + "/integrations", "/services/" + canary, "/%63" + canary, "/" + strings.Repeat(canary+"/", 20),
		"/_atlasint/state?token=" + canary, "/api/oauth/token?client_secret=" + canary,
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost, canary} {
			for _, authorization := range []string{"", "Bearer " + canary, "Digest " + canary, "Basic " + canary} {
				n++
				request, err := http.NewRequest(method, s.url+path, strings.NewReader(`{"type":"DATADOG","apiKey":"`+canary+`"}`))
				if err != nil {
					t.Fatal(err)
				}
				request.Header.Set("Authorization", authorization)
				request.Header.Set("Accept", "application/vnd.atlas.2023-01-01+json; a="+canary)
				request.Header.Set("User-Agent", canary)
				request.Header.Set("Content-Type", "application/json; a="+canary)
				response, err := http.DefaultClient.Do(request)
				if err != nil {
					t.Fatal(err)
				}
				response.Body.Close()
			}
		}
	}
	return n
}

// The curl commands of the Atlas manual work with the server.
func TestCurlCommandsOfAtlasManual(t *testing.T) {
	for _, program := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("there is no %s to run the commands with", program)
		}
	}
	inRoot(t)
	out, err := exec.Command("bash", "examples/curl/seeds.sh").CombinedOutput()
	if err != nil || string(out) != "All responses are as documented.\n" {
		t.Errorf("%v:\n%s", err, out)
	}
}
