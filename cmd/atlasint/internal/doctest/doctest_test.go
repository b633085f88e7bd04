// Package doctest tests the docs: it runs their commands, compares their outputs, and checks their tables, links and
// quotes.
package doctest_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/cli"
)

func TestMain(m *testing.M) {
	if runtime.GOOS == "windows" {
		fmt.Println("skipped: the commands of the docs are written for a POSIX shell")
		return
	}
	testscript.Main(m, map[string]func(){
		"atlasint": func() { os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// inRoot changes to the root of the module.
func inRoot(t *testing.T) {
	t.Helper()
	t.Chdir(filepath.Join("..", "..", "..", ".."))
}

// run runs a command line in the working directory.
func run(args ...string) (code int, stdout, stderr string) {
	var out, errOut bytes.Buffer
	code = cli.Run(args, strings.NewReader(""), &out, &errOut)
	return code, out.String(), errOut.String()
}

// must runs a command line that must end with a code, and returns its output.
func must(t *testing.T, want int, args ...string) string {
	t.Helper()
	code, stdout, stderr := run(args...)
	if code != want {
		t.Errorf("atlasint %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), code, want, stdout, stderr)
	}
	return stdout
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// writeFile writes a file, and creates its folder.
func writeFile(t *testing.T, name, data string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

// serving is a running atlasint serve.
type serving struct {
	url    string
	cmd    *exec.Cmd
	stdout *bufio.Reader
	stderr bytes.Buffer // read it after stop
}

// serve starts atlasint serve in a folder, with a command line for sh, at a free port. It returns when the server
// listens: it then prints its base URL.
func serve(t *testing.T, dir, line string) *serving {
	t.Helper()
	s := &serving{cmd: exec.Command("sh", "-c", "exec "+line+" --addr 127.0.0.1:0")}
	s.cmd.Dir, s.cmd.Stderr = dir, &s.stderr
	stdout, err := s.cmd.StdoutPipe()
	if err := errors.Join(err, s.cmd.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if s.cmd.ProcessState == nil {
			_ = s.cmd.Process.Kill()
			_ = s.cmd.Wait()
		}
	})
	s.stdout = bufio.NewReader(stdout)
	first, err := s.stdout.ReadString('\n')
	if err != nil {
		_ = s.cmd.Wait()
		t.Fatalf("%s: %v\n%s", line, s.cmd.ProcessState, s.stderr.String())
	}
	s.url = strings.TrimSpace(first)
	return s
}

// stop interrupts the server, which must end with exit code 0.
func (s *serving) stop(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, s.stdout)
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("%s: %v\n%s", s.cmd, err, s.stderr.String())
	}
}

// get returns the body of a response.
func get(t *testing.T, url string) []byte {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
