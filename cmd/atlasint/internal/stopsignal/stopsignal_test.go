package stopsignal_test

import (
	"os"
	"os/signal"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
)

// A command that nohup started keeps ignoring SIGHUP.
func TestSignals(t *testing.T) {
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
