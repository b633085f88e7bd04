//go:build unix

package stopsignal_test

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
)

// A command that nohup started keeps ignoring SIGHUP, and a background job of a script SIGINT.
func TestIgnoredSignalsStayIgnored(t *testing.T) {
	const variable = "STOPSIGNAL_TEST_IGNORED"
	if os.Getenv(variable) != "" {
		fmt.Println(stopsignal.Signals())
		release := stopsignal.Delay()
		fmt.Println(signal.Ignored(os.Interrupt), signal.Ignored(syscall.SIGHUP))
		release()
		os.Exit(0)
	}
	if signal.Ignored(os.Interrupt) || signal.Ignored(syscall.SIGHUP) {
		t.Skip("the shell that started the tests ignores a signal, and other shells keep that")
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for trap, want := range map[string]string{
		"trap '' INT":          "[terminated hangup]\ntrue false\n",
		"trap '' HUP":          "[interrupt terminated]\nfalse true\n",
		"trap '' INT HUP":      "[terminated]\ntrue true\n",
		"trap '' INT HUP TERM": "[terminated]\ntrue true\n", // package signal does not keep SIGTERM ignored
	} {
		cmd := exec.CommandContext(t.Context(), "sh", "-c", trap+`; exec "$0" -test.run=^TestIgnoredSignalsStayIgnored$`, program)
		cmd.Env = append(os.Environ(), variable+"=1")
		cmd.Stderr = os.Stderr
		if got, err := cmd.Output(); err != nil || string(got) != want {
			t.Errorf("%s: got %q (%v), want %q", trap, got, err, want)
		}
	}
	before := stopsignal.Signals()
	stopsignal.Delay()()
	if diff := cmp.Diff(before, stopsignal.Signals()); diff != "" {
		t.Errorf("after Delay (-want +got)\n%s", diff)
	}
}

// A call of notify that has begun ends before release returns, so that nothing is written after the command.
func TestOnceReleaseWaits(t *testing.T) {
	began, ended := make(chan struct{}), false
	stopped, release := stopsignal.Once(func(os.Signal) {
		close(began)
		for range 10_000 {
			runtime.Gosched() // to a release that does not wait
		}
		ended = true
	})
	if stopped() {
		t.Error("stopped before the signal")
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-began
	release()
	if !ended || !stopped() {
		t.Errorf("after the release: notify ended: %t, stopped: %t", ended, stopped())
	}
}

// A signal that arrives while a file is written is sent again afterwards, but not the one that ends the command
// gracefully.
func TestDelay(t *testing.T) {
	all := make(chan os.Signal, 4)
	signal.Notify(all, syscall.SIGTERM, syscall.SIGWINCH) // else SIGTERM would end the test
	t.Cleanup(func() { signal.Stop(all) })
	kill := func(sig syscall.Signal) {
		t.Helper()
		if err := syscall.Kill(os.Getpid(), sig); err != nil {
			t.Fatal(err)
		}
	}
	send := func() {
		t.Helper()
		kill(syscall.SIGTERM)
		<-all
	}
	// quiet reports whether no other signal comes before SIGWINCH, whose number is higher than that of SIGTERM.
	quiet := func() bool {
		t.Helper()
		kill(syscall.SIGWINCH)
		return <-all == syscall.SIGWINCH
	}
	arrives := func() bool {
		select {
		case <-all:
			return true
		case <-time.After(time.Minute):
			return false
		}
	}

	release := stopsignal.Delay()
	if release(); !quiet() {
		t.Error("without a signal, one is sent")
	}

	release = stopsignal.Delay()
	send()
	release()
	if !arrives() {
		t.Error("the signal is lost")
	}

	stopped, end := stopsignal.Once(func(os.Signal) {})
	defer end()
	release = stopsignal.Delay()
	send()
	if release(); !stopped() || !quiet() {
		t.Error("the first signal is sent again")
	}
	release = stopsignal.Delay()
	send()
	release()
	if !arrives() {
		t.Error("the second signal is lost")
	}
}

// End ends the process by the signal although it listens for it; in a process that ignores it, with an exit code.
func TestEnd(t *testing.T) {
	const variable = "STOPSIGNAL_TEST_END"
	switch os.Getenv(variable) {
	case "listens":
		signal.Notify(make(chan os.Signal, 1), syscall.SIGTERM)
		stopsignal.End(syscall.SIGTERM)
	case "ignores":
		stopsignal.End(syscall.SIGWINCH) // whose default is to do nothing
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for state, want := range map[string]string{"listens": "signal: terminated", "ignores": "exit status 130"} {
		cmd := exec.CommandContext(t.Context(), program, "-test.run=^TestEnd$")
		cmd.Env = append(os.Environ(), variable+"="+state)
		if err := cmd.Run(); err == nil || err.Error() != want {
			t.Errorf("a process that %s: got %v, want %s", state, err, want)
		}
	}
}
