//go:build unix

package cli_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
)

// lastingGo replaces the go command with one that does not end by itself. It writes its process ID to a pipe.
const lastingGo = `#!/bin/sh
echo $$ > "$PID_PIPE"
exec sleep 600
`

// A signal for the command alone, as a supervisor sends it, ends the child too.
func TestGenerateEndsItsChild(t *testing.T) {
	for _, sig := range stopsignal.Signals() {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "go"), []byte(lastingGo), 0o700); err != nil {
			t.Fatal(err)
		}
		pidPipe, temp := filepath.Join(dir, "pid"), t.TempDir()
		if err := syscall.Mkfifo(pidPipe, 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("atlasint", "generate", "--package", "p", "-o", filepath.Join(dir, "x.go"))
		cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "PID_PIPE="+pidPipe, "TMPDIR="+temp)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill() })
		child := pidIn(t, pidPipe)
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		var exit *exec.ExitError
		if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 3 {
			t.Errorf("%v: it ended with %v", sig, err)
		}
		if got := stderr.String(); got != "atlasint: interrupted; nothing was written\n" {
			t.Errorf("%v: it says %s", sig, got)
		}
		if err := syscall.Kill(child, 0); !errors.Is(err, syscall.ESRCH) {
			t.Errorf("%v: its child is still there (%v)", sig, err)
		}
		for _, left := range []string{filepath.Join(dir, "*.go*"), filepath.Join(temp, "*")} {
			if found, _ := filepath.Glob(left); len(found) > 0 {
				t.Errorf("%v: it left %v behind", sig, found)
			}
		}
	}
}

// pidIn waits for a process ID that is written to a pipe.
func pidIn(t *testing.T, file string) int {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}
