//go:build unix

package stopsignal_test

import (
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
)

// A command that nohup started keeps ignoring SIGHUP.
func TestIgnoredHangupStaysIgnored(t *testing.T) {
	always := []os.Signal{os.Interrupt, syscall.SIGTERM}
	signal.Reset(syscall.SIGHUP)
	t.Cleanup(func() { signal.Reset(syscall.SIGHUP) })
	if !signal.Ignored(syscall.SIGHUP) { // unless nohup started the tests
		if diff := cmp.Diff(append(always, syscall.SIGHUP), stopsignal.Signals()); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	signal.Ignore(syscall.SIGHUP)
	if diff := cmp.Diff(always, stopsignal.Signals()); diff != "" {
		t.Errorf("with SIGHUP ignored (-want +got)\n%s", diff)
	}
}

// A call of notify that has begun ends before release returns, so that nothing is written after the command.
func TestOnceReleaseWaits(t *testing.T) {
	began, ended := make(chan struct{}), false
	stopped, release := stopsignal.Once(func() {
		close(began)
		time.Sleep(20 * time.Millisecond)
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
