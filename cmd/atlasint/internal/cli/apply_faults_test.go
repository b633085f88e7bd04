package cli_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

const victorPayload = `{"type":"VICTOR_OPS","apiKey":"0d1e2f3a-4b5c-4d6e-8f90-a1b2c3d4e5f6"}`

// partlyApplied sets up a project and payloads with one integration to create, one to update and one to prune.
func partlyApplied(t *testing.T, atlas *fakeatlas.Server) {
	t.Helper()
	if err := atlas.Seed(projectID, strings.Replace(datadogPayload, "EU", "US", 1), webhookPayload, victorPayload); err != nil {
		t.Fatal(err)
	}
	writeFile(t, "payloads.ndjson", datadogPayload+"\n"+opsPayload+"\n"+webhookPayload+"\n")
}

var applyArgs = []string{"apply", "--yes", "--prune-all", "payloads.ndjson"}

// wantedState returns the integrations that the project of partlyApplied has after apply.
func wantedState(t *testing.T) []store.Integration {
	t.Helper()
	atlas := startAtlas(t)
	partlyApplied(t, atlas)
	must(t, 0, applyArgs...)
	return stored(atlas)
}

// At any fault, each integration is unchanged or completely changed. Exit code 0 means that all changes were made, and
// a second run makes the missing ones.
func TestApplyFaults(t *testing.T) {
	want := wantedState(t)
	columns := []fakeatlas.Fault{
		{Method: "GET", Path: "*/integrations"}, {Method: "GET", Path: "*/integrations/*"}, {Method: "POST"}, {Method: "PUT"}, {Method: "DELETE"},
	}
	for _, row := range []struct {
		name  string
		fault fakeatlas.Fault
		codes [5]int // list, get, create, update, delete
	}{
		{"429", fakeatlas.Fault{Status: 429, Times: 1}, [5]int{0, 0, 0, 0, 0}},
		{"429 always", fakeatlas.Fault{Status: 429}, [5]int{3, 3, 3, 3, 3}},
		{"500", fakeatlas.Fault{Status: 500, Times: 1}, [5]int{3, 3, 3, 3, 3}},
		{"502", fakeatlas.Fault{Status: 502, Times: 1}, [5]int{0, 0, 3, 0, 0}},
		{"503", fakeatlas.Fault{Status: 503, Times: 1}, [5]int{0, 0, 3, 0, 0}},
		{"503 with Retry-After", fakeatlas.Fault{Status: 503, RetryAfter: 1, Times: 1}, [5]int{0, 0, 0, 0, 0}},
		{"dropped", fakeatlas.Fault{Drop: true, Times: 1}, [5]int{0, 0, 0, 0, 0}},
		{"dropped always", fakeatlas.Fault{Drop: true}, [5]int{3, 3, 0, 3, 3}}, // a failed POST is followed by a PUT
		{"cut off", fakeatlas.Fault{Truncate: true, Times: 1}, [5]int{0, 0, 0, 0, 0}},
		{"cut off always", fakeatlas.Fault{Truncate: true}, [5]int{3, 3, 0, 3, 0}}, // a deletion has no body
		{"400", fakeatlas.Fault{ErrorCode: "INVALID_ATTRIBUTE", Times: 1}, [5]int{1, 1, 1, 1, 1}},
		{"409", fakeatlas.Fault{ErrorCode: "INTEGRATION_ALREADY_CONFIGURED", Times: 1}, [5]int{1, 1, 0, 1, 1}},
		{"404 of the project", fakeatlas.Fault{ErrorCode: "GROUP_NOT_FOUND", Times: 1}, [5]int{3, 3, 3, 3, 3}},
		{"401 always", fakeatlas.Fault{Status: 401}, [5]int{1, 1, 1, 1, 1}},
		{"401", fakeatlas.Fault{Status: 401, Times: 1}, [5]int{1, 0, 0, 0, 0}}, // the first signature is not given a second try
		{"403", fakeatlas.Fault{Status: 403, Times: 1}, [5]int{1, 1, 1, 1, 1}},
	} {
		for i, column := range columns {
			fault := row.fault
			fault.Method, fault.Path = column.Method, column.Path
			t.Run(fmt.Sprintf("%s/%s %s", row.name, fault.Method, fault.Path), func(t *testing.T) {
				applyWithFault(t, fault, row.codes[i], want)
			})
		}
	}
	t.Run("404 on update", func(t *testing.T) {
		applyWithFault(t, fakeatlas.Fault{Method: "PUT", ErrorCode: "INTEGRATION_NOT_CONFIGURED", Times: 1}, 0, want)
	})
}

// applyWithFault applies the payloads at a fault, and again without it.
func applyWithFault(t *testing.T, fault fakeatlas.Fault, code int, want []store.Integration) {
	t.Helper()
	atlas := startAtlas(t)
	partlyApplied(t, atlas)
	before := stored(atlas)
	if _, err := atlas.InjectFault(fault); err != nil {
		t.Fatal(err)
	}
	out, errOut := must(t, code, applyArgs...)
	oneLineEach(t, errOut)
	if code == 0 {
		same(t, want, stored(atlas))
	} else if errOut == "" {
		t.Errorf("it fails and says nothing:\n%s", out)
	}
	wantUnchangedOrApplied(t, before, want, stored(atlas))
	atlas.ClearFaults()
	must(t, 0, applyArgs...)
	same(t, want, stored(atlas))
}

func oneLineEach(t *testing.T, errOut string) {
	t.Helper()
	for line := range strings.Lines(errOut) {
		if !strings.HasPrefix(line, "atlasint: ") {
			t.Errorf("a diagnostic of several lines: %q", errOut)
		}
	}
}

// wantUnchangedOrApplied fails the test for an integration that is neither unchanged nor completely changed.
func wantUnchangedOrApplied(t *testing.T, before, want, got []store.Integration) {
	t.Helper()
	for _, in := range got {
		if !slices.ContainsFunc(append(slices.Clone(before), want...), func(known store.Integration) bool { return reflect.DeepEqual(known, in) }) {
			t.Errorf("it made %v", in)
		}
	}
}

// Changes that another client makes after apply has read the project do not change the result.
func TestApplyRaces(t *testing.T) {
	want := wantedState(t)
	for name, interfere := range map[string]func(*fakeatlas.Server) error{
		"created":          func(s *fakeatlas.Server) error { return s.Seed(projectID, strings.Replace(opsPayload, "US", "EU", 1)) },
		"deleted":          func(s *fakeatlas.Server) error { return s.DeleteIntegration(projectID, "DATADOG") },
		"pruned by others": func(s *fakeatlas.Server) error { return s.DeleteIntegration(projectID, "VICTOR_OPS") },
	} {
		t.Run(name, func(t *testing.T) {
			atlas := startAtlas(t)
			partlyApplied(t, atlas)
			gate := newGate(t, atlas)
			done := false
			gate.watch(func(r *http.Request) {
				if r.Method != http.MethodGet && !done {
					done = true
					if err := interfere(atlas); err != nil {
						t.Error(err)
					}
				}
			})
			callAt(t, gate.URL)
			_, errOut := must(t, 0, applyArgs...)
			if errOut != "" || !done {
				t.Errorf("stderr %q", errOut)
			}
			if name == "deleted" { // the deletion also removed the fields that the payload leaves out
				must(t, 0, "diff", "--prune-all", "payloads.ndjson")
				return
			}
			same(t, want, stored(atlas))
		})
	}
}

// gate forwards requests to a fake after a function of the test has seen them.
type gate struct {
	*httptest.Server
	mu     sync.Mutex
	before func(*http.Request)
}

// watch passes each request to a function. It returns when no call of the previous function is running.
func (g *gate) watch(before func(*http.Request)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.before = before
}

func (g *gate) unwatch() { g.watch(func(*http.Request) {}) }

func (g *gate) see(r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.before(r)
}

func newGate(t *testing.T, atlas *fakeatlas.Server) *gate {
	t.Helper()
	g := &gate{before: func(*http.Request) {}}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			g.see(r)
		}
		atlas.ServeHTTP(w, r)
	}))
	t.Cleanup(g.Close)
	return g
}

// If the process is killed at any of its requests, a second run completes the changes.
func TestApplyKilled(t *testing.T) {
	want := wantedState(t)
	killed := 0
	for at := 1; ; at++ {
		atlas := startAtlas(t)
		partlyApplied(t, atlas)
		before := stored(atlas)
		g := newGate(t, atlas)
		callAt(t, g.URL)
		p := start(t, applyArgs...)
		n := 0
		g.watch(func(*http.Request) {
			if n++; n == at {
				_ = p.cmd.Process.Kill()
				killed++
			}
		})
		p.release()
		if code := p.wait(g.unwatch); code == 0 {
			break // it was through before
		}
		wantUnchangedOrApplied(t, before, want, stored(atlas))
		must(t, 0, applyArgs...)
		same(t, want, stored(atlas))
	}
	if killed < 6 {
		t.Errorf("killed at %d requests, want at least 6", killed)
	}
}

// A signal ends the run after the current request. The command reports the missing changes, and a second run makes
// them.
func TestApplyInterrupted(t *testing.T) {
	needSignals(t)
	want := wantedState(t)
	for _, sig := range stopsignal.Signals() {
		atlas := startAtlas(t)
		partlyApplied(t, atlas)
		g := newGate(t, atlas)
		callAt(t, g.URL)
		p := start(t, applyArgs...)
		message := ""
		g.watch(func(r *http.Request) {
			if r.Method == http.MethodPut && message == "" {
				_ = p.cmd.Process.Signal(sig)
				message, _ = p.stderr.ReadString('\n') // the request waits until the command has received the signal
			}
		})
		p.release()
		code := p.wait(g.unwatch)
		if code != 3 || message != "atlasint: stopping after the current request; a second signal stops at once\n" {
			t.Errorf("%s: exit code %d, %q", sig, code, message)
		}
		if !strings.HasSuffix(p.out, "updated DATADOG\n1 done, 0 failed, 2 not sent\n") ||
			p.errOut != "atlasint: stopped by a signal: 2 of 3 changes are missing; run the command again to make them\n" {
			t.Errorf("%s: it says\n%s%s", sig, p.out, p.errOut)
		}
		must(t, 0, applyArgs...)
		same(t, want, stored(atlas))
	}
}

// A signal also ends the wait before a retry, however long the Retry-After header of Atlas is.
func TestApplyInterruptedWaiting(t *testing.T) {
	needSignals(t)
	atlas := startAtlas(t)
	partlyApplied(t, atlas)
	if _, err := atlas.InjectFault(fakeatlas.Fault{Method: "PUT", Status: 429, RetryAfter: time.Minute}); err != nil {
		t.Fatal(err)
	}
	p := start(t, applyArgs...)
	p.release()
	if said, _ := p.stderr.ReadString('\n'); said != "atlasint: Atlas limits the requests; trying again in 1m0s\n" {
		t.Errorf("it says %q", said)
	}
	_ = p.cmd.Process.Signal(os.Interrupt)
	wantStopped(t, p.wait(func() {}), p)
}

// wantStopped checks that a signal stopped apply during the first of three changes.
func wantStopped(t *testing.T, code int, p *process) {
	t.Helper()
	if code != 3 {
		t.Errorf("exit code %d, want 3", code)
	}
	wantParts(t, "stdout", p.out, "0 done, 1 failed, 2 not sent\n")
	const stopped = "\natlasint: stopped by a signal: 3 of 3 changes are missing; run the command again to make them\n"
	if !strings.HasSuffix(p.errOut, stopped) {
		t.Errorf("stderr is %q, want the end %q", p.errOut, stopped)
	}
}

// A deletion that was sent is completed and reported.
func TestDeleteInterrupted(t *testing.T) {
	needSignals(t)
	for _, sig := range stopsignal.Signals() {
		atlas := startAtlas(t)
		partlyApplied(t, atlas)
		g := newGate(t, atlas)
		callAt(t, g.URL)
		p := startProcess(t, "delete", "--yes", "WEBHOOK")
		message := ""
		g.watch(func(r *http.Request) {
			if r.Method == http.MethodDelete && message == "" {
				_ = p.cmd.Process.Signal(sig)
				message, _ = p.stderr.ReadString('\n')
			}
		})
		p.release()
		code := p.wait(g.unwatch)
		wantOutcome(t, sig.String(), outcome{0, "Project " + projectID + " at " + g.Listener.Addr().String() + "\ndeleted WEBHOOK\n", ""}, outcome{code, p.out, p.errOut})
		if want := "atlasint: stopping after the current request; a second signal stops at once\n"; message != want {
			t.Errorf("%s: the message is %q, want %q", sig, message, want)
		}
	}
}

// A second signal does not wait for the reply.
func TestApplyInterruptedTwice(t *testing.T) {
	needSignals(t)
	atlas := startAtlas(t)
	partlyApplied(t, atlas)
	g := newGate(t, atlas)
	callAt(t, g.URL)
	p := start(t, applyArgs...)
	gone := make(chan struct{})
	g.watch(func(r *http.Request) {
		if r.Method == http.MethodPut {
			_ = p.cmd.Process.Signal(os.Interrupt)
			_, _ = p.stderr.ReadString('\n')
			_ = p.cmd.Process.Signal(os.Interrupt)
			<-gone
		}
	})
	p.release()
	code := p.wait(func() { close(gone); g.unwatch() })
	wantParts(t, "stderr", p.errOut, "the call was stopped")
	wantStopped(t, code, p)
}

// process is a command that runs in its own process.
type process struct {
	cmd         *exec.Cmd
	stdin       io.WriteCloser
	stdout      io.Reader
	stderr      *bufio.Reader
	out, errOut string
}

// start starts a command, which waits for more paths on standard input until the test calls release.
func start(t *testing.T, args ...string) *process {
	t.Helper()
	return startProcess(t, append(args, "--files-from", "-")...)
}

func startProcess(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command("atlasint", args...)} // on PATH by testscript.Main
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.stdin = stdin
	if p.stdout, err = p.cmd.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.stderr = bufio.NewReader(stderr)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	return p
}

func (p *process) release() { _ = p.stdin.Close() }

// wait returns the exit code. It calls ended after the process has closed its output.
func (p *process) wait(ended func()) int {
	out, _ := io.ReadAll(p.stdout)
	ended()
	errOut, _ := io.ReadAll(p.stderr)
	p.out, p.errOut = string(out), string(errOut)
	_ = p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode()
}
