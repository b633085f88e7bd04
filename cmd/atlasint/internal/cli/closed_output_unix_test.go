//go:build unix

package cli_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
	"github.com/atlasint/atlasint/fakeatlas"
)

// A reader of the output that goes away, such as head, does not stop the changes in the middle.
func TestApplyWithClosedOutput(t *testing.T) {
	want := wantedState(t)
	atlas := startAtlas(t)
	partlyApplied(t, atlas)
	g := newGate(t, atlas)
	callAt(t, g.URL)
	p := start(t, applyArgs...)
	g.watch(func(r *http.Request) {
		if r.Method == http.MethodPut {
			_ = p.stdout.(io.Closer).Close() // before the first change is reported
		}
	})
	p.release()
	if code := p.wait(g.unwatch); code != 3 || !strings.HasSuffix(p.errOut, "broken pipe; all changes were sent\n") {
		t.Errorf("exit code %d (%v): %s", code, p.cmd.ProcessState, p.errOut)
	}
	same(t, want, stored(atlas))

	// Before the first change, nothing is sent.
	atlas = startAtlas(t)
	partlyApplied(t, atlas)
	before := stored(atlas)
	p = start(t, applyArgs...)
	_ = p.stdout.(io.Closer).Close()
	p.release()
	if code := p.wait(func() {}); code != 3 || !strings.HasSuffix(p.errOut, "broken pipe; nothing was sent\n") {
		t.Errorf("exit code %d (%v): %s", code, p.cmd.ProcessState, p.errOut)
	}
	same(t, before, stored(atlas))
}

// Output that can't be written after a dry run, or without changes, does not claim that changes were sent.
func TestApplyWithFullOutput(t *testing.T) {
	atlas := startAtlas(t)
	partlyApplied(t, atlas)
	before := stored(atlas)
	for _, c := range []struct{ flag, want string }{
		{"--dry-run", "nothing was sent"},
		{"--yes", "all changes were sent"},
		{"--yes", "nothing was sent"}, // the project is in sync now
	} {
		p := start(t, "apply", "--prune-all", "--json", c.flag, "payloads.ndjson")
		_ = p.stdout.(io.Closer).Close()
		p.release()
		if code := p.wait(func() {}); code != 3 || !strings.HasSuffix(p.errOut, "; "+c.want+"\n") {
			t.Errorf("%s: exit code %d: %s", c.flag, code, p.errOut)
		}
		if c.flag == "--dry-run" {
			same(t, before, stored(atlas))
		}
	}
}

// A deletion is reported on standard error if standard output is closed.
func TestDeleteWithClosedOutput(t *testing.T) {
	atlas := startAtlas(t)
	partlyApplied(t, atlas)
	p := startProcess(t, "delete", "--yes", "WEBHOOK")
	_ = p.stdout.(io.Closer).Close()
	p.release()
	if code := p.wait(func() {}); code != 3 || !strings.HasSuffix(p.errOut, "broken pipe; WEBHOOK was deleted\n") {
		t.Errorf("exit code %d (%v): %s", code, p.cmd.ProcessState, p.errOut)
	}
}

// A closed pipe ends get and diff by its signal, after they revoked the token.
func TestClosedPipeRevokesTheToken(t *testing.T) {
	for _, args := range []string{"get", "get --json", "get --as-payload", "diff p.json", "diff --json p.json"} {
		t.Run(args, func(t *testing.T) {
			atlas := startAtlas(t)
			if err := atlas.Seed(projectID, datadogPayload); err != nil {
				t.Fatal(err)
			}
			writeFile(t, "p.json", opsPayload)
			useServiceAccount(t)
			p := startProcess(t, strings.Fields(args)...)
			_ = p.stdout.(io.Closer).Close()
			p.release()
			p.wait(func() {})
			wantRevoked(t, p, atlas, syscall.SIGPIPE)
		})
	}
}

// A signal ends a command that is waiting for Atlas, after it revoked the token.
func TestSignalRevokesTheToken(t *testing.T) {
	for _, args := range []string{"get", "get --as-payload -o out", "diff p.json", "apply --yes p.json"} {
		for _, sig := range stopsignal.Signals() {
			t.Run(fmt.Sprintf("%s by %s", args, sig), func(t *testing.T) {
				atlas := startAtlas(t)
				g := newGate(t, atlas)
				callAt(t, g.URL)
				writeFile(t, "p.json", opsPayload)
				useServiceAccount(t)
				p := startProcess(t, strings.Fields(args)...)
				g.watch(func(r *http.Request) {
					if strings.Contains(r.URL.Path, "/integrations") {
						_ = p.cmd.Process.Signal(sig)
						<-r.Context().Done()
					}
				})
				p.release()
				p.wait(func() {})
				wantRevoked(t, p, atlas, sig)
			})
		}
	}
}

// A token that is requested when the signal comes is revoked too, and so is one whose revocation has begun.
func TestSignalDuringTokenRequests(t *testing.T) {
	const warning = "atlasint: warning: the access token was not revoked; it expires within one hour: "
	for _, args := range []string{"get", "diff p.json", "apply --yes p.json"} {
		for _, path := range []string{"/oauth/token", "/oauth/revoke"} {
			t.Run(args+" at "+path, func(t *testing.T) {
				atlas := startAtlas(t)
				g := newGate(t, atlas)
				callAt(t, g.URL)
				writeFile(t, "p.json", opsPayload)
				useServiceAccount(t)
				p := startProcess(t, strings.Fields(args)...)
				g.watch(func(r *http.Request) {
					switch {
					case strings.HasSuffix(r.URL.Path, path):
						_ = p.cmd.Process.Signal(syscall.SIGTERM)
					case path == "/oauth/token" && strings.Contains(r.URL.Path, "/integrations"):
						<-r.Context().Done() // the token may arrive before the signal
					}
				})
				if path == "/oauth/revoke" { // a process that is still there says so
					if err := atlas.FailNext(fakeatlas.Fault{Path: "/api" + path, Status: http.StatusServiceUnavailable}); err != nil {
						t.Fatal(err)
					}
				}
				p.release()
				p.wait(func() {})
				if path == "/oauth/token" {
					wantRevoked(t, p, atlas, syscall.SIGTERM)
				} else if !strings.Contains(p.errOut, warning) {
					t.Errorf("it ended with %v and %q", p.cmd.ProcessState, p.errOut)
				}
			})
		}
	}
}

func useServiceAccount(t *testing.T) {
	t.Helper()
	for _, name := range []string{"MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PRIVATE_API_KEY"} {
		t.Setenv(name, "")
	}
	t.Setenv("MONGODB_ATLAS_CLIENT_ID", fakeatlas.DefaultServiceAccount.ClientID)
	t.Setenv("MONGODB_ATLAS_CLIENT_SECRET", fakeatlas.DefaultServiceAccount.ClientSecret)
}

// wantRevoked checks that a signal ended a process without a message, after it revoked its token.
func wantRevoked(t *testing.T, p *process, atlas *fakeatlas.Server, want os.Signal) {
	t.Helper()
	revoked := slices.ContainsFunc(atlas.Requests(), func(r fakeatlas.Request) bool {
		return strings.HasSuffix(r.Path, "/oauth/revoke") && r.Status == http.StatusOK
	})
	if !revoked {
		t.Error("the token was not revoked")
	}
	status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok {
		t.Fatalf("the state is a %T", p.cmd.ProcessState.Sys())
	}
	if !status.Signaled() || status.Signal() != want {
		t.Errorf("%v, want the end by %v", p.cmd.ProcessState, want)
	}
	if p.errOut != "" {
		t.Errorf("stderr: %s", p.errOut)
	}
}

// A reader of the messages that goes away, such as tee after Ctrl-C, does not end --fix in the middle.
func TestFixWithClosedMessages(t *testing.T) {
	t.Chdir(t.TempDir())
	const payload = `{"type":"OPS_GENIE","ApiKey":"01234567-89ab-cdef-0123-456789abcdef"}`
	writeFile(t, ".atlasint.yaml", "exclude: [excluded.json]\n")
	writeFile(t, "excluded.json", payload)
	writeFile(t, "a.json", payload)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_ = read.Close()
	cmd := exec.Command("atlasint", "validate", "--fix", "excluded.json", "a.json") // on PATH by testscript.Main
	cmd.Stderr = write                                                              // for the note about excluded.json
	err = cmd.Run()
	_ = write.Close()
	if text := readFile(t, "a.json"); err != nil || !strings.Contains(text, "apiKey") {
		t.Errorf("%v: %s", err, text)
	}
	if names, _ := filepath.Glob(".*"); len(names) != 1 {
		t.Errorf("left are %v", names)
	}
}
