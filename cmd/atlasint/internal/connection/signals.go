package connection

import (
	"context"
	"os"
	"os/signal"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
)

// RevokeOnSignals makes the first SIGINT, SIGTERM or SIGHUP end the process only after the access token of a service
// account is revoked; the second one ends it at once. Cancel must cancel the context of the requests, which would delay
// that. It applies until Close or StopOnSignals, which do not return once a signal has arrived.
func (conn *Connection) RevokeOnSignals(cancel context.CancelFunc) {
	_, conn.ignoreSignals = stopsignal.Once(func(sig os.Signal) {
		cancel()
		conn.revokeTokens()
		stopsignal.End(sig)
	})
}

// StopOnSignals makes SIGINT, SIGTERM and SIGHUP stop the command: the first one after the current request, the second
// one at once, by cancelling the context. Call the returned function to stop listening: it returns after a message that
// is being written.
func (conn *Connection) StopOnSignals(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, stopsignal.Signals()...)
	conn.releaseSignals()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case <-signals:
			close(conn.stopping)
			conn.diagnose("stopping after the current request; a second signal stops at once")
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
		<-ended
	}
}

// Stopped reports whether a signal asked the command to stop.
func (conn *Connection) Stopped() bool {
	select {
	case <-conn.stopping:
		return true
	default:
		return false
	}
}

// releaseSignals ends RevokeOnSignals. It does not return if a signal has arrived.
func (conn *Connection) releaseSignals() {
	if conn.ignoreSignals != nil {
		conn.ignoreSignals()
		conn.ignoreSignals = nil
	}
}
