package stopsignal

import (
	"os"
	"os/signal"
	"sync"
)

// graceful has the channel of the last [Once], which receives the signal that does not end the process.
var graceful struct {
	sync.Mutex
	first chan os.Signal
}

func setGraceful(first chan os.Signal) {
	graceful.Lock()
	defer graceful.Unlock()
	graceful.first = first
}

// stopping reports whether the signal that does not end the process has arrived; false without [Once].
func stopping() bool {
	graceful.Lock()
	defer graceful.Unlock()
	return len(graceful.first) > 0
}

// Delay delays the [Signals] until release is called, so that none ends the process between creating a file and giving
// it its name. Call release soon. It sends a signal that has arrived again, unless [Once] has taken it.
func Delay() (release func()) {
	delayed := make(chan os.Signal, 2)
	before := stopping()
	signal.Notify(delayed, Signals()...)
	return func() {
		signal.Stop(delayed) // waits for signals that are being delivered
		arrived := len(delayed)
		if arrived > 0 && !before && stopping() {
			arrived--
		}
		if arrived > 0 {
			Raise(<-delayed)
		}
	}
}

// Raise sends a signal to this process, or ends it where that is not possible.
func Raise(sig os.Signal) {
	process, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = process.Signal(sig)
	}
	if err != nil {
		os.Exit(exitCode) //nolint:forbidigo // Windows can't send signals, and the process must end
	}
}

// exitCode is that of shells for SIGINT.
const exitCode = 130
