// Package serving runs the fake Atlas of the command serve: its listener, limits, stores, seeds, credentials and logs.
package serving

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
)

// Limits for slow or greedy clients.
const (
	headerTime     = 10 * time.Second
	requestTime    = time.Minute
	responseTime   = time.Minute // for reading a response, from its first byte
	idleTime       = 2 * time.Minute
	maxHeaderBytes = 64 << 10
	maxStreams     = 100             // concurrent requests on an HTTP/2 connection
	drainTime      = 5 * time.Second // for running requests after the first signal
)

// server runs a handler until a signal. All fields except tls, addressFile and input are required.
type server struct {
	address     address
	tls         *tls.Config // nil for plain http
	addressFile string
	input       io.Reader // the server also stops at its end; nil if only signals stop it
	connections int
	handler     http.Handler
	logger      *slog.Logger
	started     func(url string)
}

// run serves until SIGINT, SIGTERM, SIGHUP or the end of the input, then waits for running requests, for 5 seconds at
// most or until another signal. It returns why it did not wait for all of them, "" if it did.
func (s *server) run(ctx context.Context) (cause string, err error) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, stopsignal.Signals()...)
	defer signal.Stop(signals)
	file, err := createAddressFile(s.addressFile)
	if err != nil {
		return "", err
	}
	defer file.remove()
	listener, err := s.address.listen(ctx)
	if err != nil {
		return "", err
	}
	httpServer, bounded := s.httpServer(), newLimitListener(listener, s.connections)
	httpServer.ConnState = bounded.track
	failed := make(chan error, 1)
	go func() { failed <- serve(httpServer, bounded) }()
	url := s.address.baseURL(scheme(s.tls), listener.Addr())
	if err := file.publish(url); err != nil {
		_ = httpServer.Close()
		return "", err
	}
	s.started(url) // last: a program that reads the text finds the file
	select {
	case err := <-failed:
		return "", problem.Failuref("the server stopped: %w; start it again", err)
	case <-signals:
	case <-endOf(s.input):
		defer s.logger.Info("stopped at the end of standard input")
	}
	file.remove() // before the last requests end: no new clients should connect
	return drain(httpServer, signals), nil
}

// endOf returns a channel that is closed when a reader ends or fails; never if it is nil.
func endOf(input io.Reader) <-chan struct{} {
	if input == nil {
		return nil
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = io.Copy(io.Discard, input)
	}()
	return ended
}

func (s *server) httpServer() *http.Server {
	return &http.Server{
		Handler:           limitWriteTime(logRequests(s.handler, s.logger), responseTime),
		TLSConfig:         s.tls,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       requestTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeaderBytes,
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: maxStreams},
		ErrorLog:          slog.NewLogLogger(s.logger.Handler(), slog.LevelError),
	}
}

func serve(server *http.Server, listener net.Listener) error {
	if server.TLSConfig != nil {
		return server.ServeTLS(listener, "", "")
	}
	return server.Serve(listener)
}

// drain waits for running requests, for drainTime at most or until another signal. It returns why it did not wait
// for all of them, "" if it did.
func drain(server *http.Server, signals <-chan os.Signal) (cause string) {
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	go func() {
		select {
		case <-signals:
			cancel()
		case <-ctx.Done():
		}
	}()
	err := server.Shutdown(ctx)
	_ = server.Close()
	switch {
	case errors.Is(err, context.Canceled):
		return "at a second signal"
	case errors.Is(err, context.DeadlineExceeded):
		return "after " + drainTime.String()
	}
	return ""
}
