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

// lastingGo replaces the go command with one that does not end by itself. It renames the file with its process ID into
// place, so that the test never reads a part of it.
const lastingGo = `#!/bin/sh
echo $$ > "$PID_FILE.draft"
mv "$PID_FILE.draft" "$PID_FILE"
exec sleep 600
`

// A signal for the command alone, as a supervisor sends it, ends the child too.
func TestGenerateEndsItsChild(t *testing.T) {
	for _, sig := range stopsignal.Signals() {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "go"), []byte(lastingGo), 0o700); err != nil {
			t.Fatal(err)
		}
		pidFile, temp := filepath.Join(dir, "pid"), t.TempDir()
		cmd := exec.Command("atlasint", "generate", "--package", "p", "-o", filepath.Join(dir, "x.go"))
		cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "PID_FILE="+pidFile, "TMPDIR="+temp)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill() })
		await(t, func() bool { _, err := os.Stat(pidFile); return err == nil })
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
		if err := syscall.Kill(pidIn(t, pidFile), 0); !errors.Is(err, syscall.ESRCH) {
			t.Errorf("%v: its child is still there (%v)", sig, err)
		}
		for _, left := range []string{filepath.Join(dir, "*.go*"), filepath.Join(temp, "*")} {
			if found, _ := filepath.Glob(left); len(found) > 0 {
				t.Errorf("%v: it left %v behind", sig, found)
			}
		}
	}
}

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
