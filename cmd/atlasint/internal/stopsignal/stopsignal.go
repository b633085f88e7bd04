// Package stopsignal has the signals that stop a command which has work to complete or files to remove.
package stopsignal

import (
	"os"
	"os/signal"
	"slices"
	"syscall"
)

// Signals returns the signals for [signal.Notify]: SIGINT, SIGTERM and SIGHUP, which a closed terminal sends. It leaves
// out SIGINT and SIGHUP if the process ignores them: a background job of a script continues after Ctrl+C, which stops
// the script, and a command that nohup started continues without its terminal.
func Signals() []os.Signal {
	return slices.DeleteFunc([]os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}, func(sig os.Signal) bool {
		return sig != syscall.SIGTERM && signal.Ignored(sig)
	})
}

// Once makes the first of the [Signals] call notify, from another goroutine, instead of ending the process; the next
// one ends it. Notify may end the process itself, by [End]. Stopped reports whether a signal has arrived, and is safe
// for concurrent use. Release ends all of this, and returns after a call of notify that has begun.
func Once(notify func(os.Signal)) (stopped func() bool, release func()) {
	first, wake := make(chan os.Signal, 1), make(chan os.Signal, 1)
	released, ended := make(chan struct{}), make(chan struct{})
	signal.Notify(first, Signals()...)
	signal.Notify(wake, Signals()...)
	setGraceful(first)
	stop := func() {
		signal.Stop(first)
		signal.Stop(wake)
	}
	go func() {
		defer close(ended)
		select {
		case sig := <-wake:
			stop()
			notify(sig)
		case <-released:
		}
	}()
	return func() bool { return len(first) > 0 }, func() {
		stop()
		close(released)
		<-ended
		setGraceful(nil)
	}
}

// IgnoreClosedPipe makes writing to a closed pipe an error instead of a signal that ends the process at once, for
// commands that must not stop in the middle. The returned function ends that for other uses of the signal; the process
// still ignores it when it writes its last message, so that its exit code is that of the command.
func IgnoreClosedPipe() (release func()) {
	signal.Ignore(syscall.SIGPIPE)
	return func() { signal.Reset(syscall.SIGPIPE) }
}

// HonorClosedPipe makes writing to a closed pipe end the process again after [IgnoreClosedPipe].
func HonorClosedPipe() {
	restored := make(chan os.Signal, 1)
	signal.Notify(restored, syscall.SIGPIPE) // package signal has no other way to stop ignoring it
	signal.Stop(restored)
}
