package stopsignal

import (
	"os"
	"os/signal"
	"sync"
	"time"
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
			raise(<-delayed)
		}
	}
}

// raise sends a signal to this process, or ends it where that is not possible.
func raise(sig os.Signal) {
	process, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = process.Signal(sig)
	}
	if err != nil {
		exit() // Windows can't send signals
	}
}

// End ends this process by a signal, even if other code listens for it. It does not return.
func End(sig os.Signal) {
	for range 200 {
		signal.Reset(sig) // other code may begin to listen at any time
		raise(sig)
		time.Sleep(time.Millisecond) // the system may deliver the signal to another thread, after raise has returned
	}
	exit() // the process ignores the signal
}

// exit ends the process with the exit code of shells for SIGINT.
func exit() { os.Exit(130) } //nolint:forbidigo // the process must end although it can't by a signal
