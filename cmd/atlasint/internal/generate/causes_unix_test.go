//go:build unix

package generate

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The errors of a run wrap their cause: without a go command, with one that fails, and with one that writes nothing.
func TestErrorsOfGeneratorWrapTheirCause(t *testing.T) {
	run := func(t *testing.T, script string) error {
		t.Helper()
		dir := t.TempDir()
		if script != "" {
			if err := os.WriteFile(filepath.Join(dir, "go"), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		t.Setenv("PATH", dir)
		_, err := job{Settings: []byte("a: 1")}.Run(context.Background())
		return err
	}
	t.Run("no go command", func(t *testing.T) {
		if err := run(t, ""); !errors.Is(err, exec.ErrNotFound) || !strings.Contains(err.Error(), "is not on PATH; install Go ") {
			t.Errorf("got %v, want exec.ErrNotFound", err)
		}
	})
	t.Run("failed", func(t *testing.T) {
		var exit *exec.ExitError
		err := run(t, "echo a reason >&2; exit 3")
		if !errors.As(err, &exit) || !strings.HasSuffix(err.Error(), "failed: a reason") {
			t.Errorf("got %v, want an exec.ExitError", err)
		}
	})
	t.Run("nothing written", func(t *testing.T) {
		if err := run(t, "exit 0"); !errors.Is(err, fs.ErrNotExist) || !strings.HasSuffix(err.Error(), " wrote nothing") {
			t.Errorf("got %v, want fs.ErrNotExist", err)
		}
	})
}
