// Package load runs a server of the fake as a process and sends requests to it. It needs Linux.
package load

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/atlasint/atlasint/fakeatlas"
)

// Server is a running process that responds at URL.
type Server struct {
	URL   string
	Began time.Time // when it was started
	cmd   *exec.Cmd
}

// Serve builds atlasint and starts atlasint serve with further flags. It writes its standard error to stderr.
func Serve(stderr io.Writer, flags ...string) (*Server, error) {
	dir, err := os.MkdirTemp("", "atlasint-load-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "atlasint")
	out, err := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, "./cmd/atlasint").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	cmd := exec.Command(path, append([]string{"serve", "--quiet", "--addr", ":0"}, flags...)...)
	cmd.Args, cmd.Stderr = append(cmd.Args, "--addr-file"), stderr
	return Start(cmd)
}

// Start runs a command. It appends the path of a file, to which the command writes its URL.
func Start(cmd *exec.Cmd) (*Server, error) {
	dir, err := os.MkdirTemp("", "atlasint-load-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "url")
	cmd.Args = append(cmd.Args, file)
	s := &Server{Began: time.Now(), cmd: cmd}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	for time.Since(s.Began) < 10*time.Second {
		if url, err := os.ReadFile(file); err == nil && strings.HasSuffix(string(url), "\n") {
			s.URL = strings.TrimSpace(string(url))
			return s, nil
		}
		time.Sleep(200 * time.Microsecond)
	}
	s.Stop()
	return nil, fmt.Errorf("%s did not start", cmd)
}

// Stop kills the process and waits for its end.
func (s *Server) Stop() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// RSS returns the resident memory in MiB, or 0 if it is unknown.
func (s *Server) RSS() (mib float64) {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	_, _ = fmt.Sscan(rest, &mib)
	return mib / 1024
}

// Request is a request to the API. Header has further headers.
type Request struct {
	Method, Path, Body string
	Header             map[string]string
}

// Send returns the body of the response, and an error unless the status is want.
func (s *Server) Send(client *http.Client, r Request, want int) ([]byte, error) {
	req, err := http.NewRequest(r.Method, s.URL+r.Path, strings.NewReader(r.Body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/vnd.atlas.2023-01-01+json")
	req.Header.Set("Content-Type", "application/json")
	for name, value := range r.Header {
		req.Header.Set(name, value)
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != want {
		err = fmt.Errorf("%s %s: status %d, want %d: %.500s", r.Method, r.Path, res.StatusCode, want, data)
	}
	return data, err
}

// Bearer returns the Authorization with a new token of the default service account.
func (s *Server) Bearer() (string, error) {
	account := fakeatlas.DefaultServiceAccount
	config := clientcredentials.Config{ClientID: account.ClientID, ClientSecret: account.ClientSecret,
		TokenURL: s.URL + "/api/oauth/token", AuthStyle: oauth2.AuthStyleInHeader}
	token, err := config.Token(context.Background())
	if err != nil {
		return "", err
	}
	return "Bearer " + token.AccessToken, nil
}
