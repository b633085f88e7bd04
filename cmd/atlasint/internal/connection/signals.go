package connection

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// StopOnSignals makes SIGINT and SIGTERM stop the command: the first one after the current request, the second one
// at once, by cancelling the context. Call the returned function to stop listening.
func (a *Connection) StopOnSignals(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case <-signals:
			close(a.stopping)
			a.complain("stopping after the current request; a second signal stops at once")
		case <-ctx.Done():
			return
		}
		select {
		case <-signals:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel()
	}
}

// Stopped reports whether a signal asked the command to stop.
func (a *Connection) Stopped() bool {
	select {
	case <-a.stopping:
		return true
	default:
		return false
	}
}
