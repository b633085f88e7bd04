// Package serving runs the fake Atlas of the command serve: its listener, limits, stores, seeds, credentials and logs.
package serving

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
)

// Limits for slow or greedy clients.
const (
	headerTime     = 10 * time.Second
	requestTime    = time.Minute
	answerTime     = time.Minute // for reading a response, from its first byte
	idleTime       = 2 * time.Minute
	maxHeaderBytes = 64 << 10
	maxStreams     = 100             // concurrent requests on an HTTP/2 connection
	drainTime      = 5 * time.Second // for running requests after the first signal
)

// Server runs a handler until a signal. All fields except TLS and AddressFile are required.
type Server struct {
	Address     Address
	TLS         *tls.Config // nil for plain http
	AddressFile string
	Connections int
	Handler     http.Handler
	Logger      *slog.Logger
	Started     func(url string)
}

// Run serves until SIGINT or SIGTERM, then waits for running requests, for 5 seconds at most or until a second
// signal. It returns why it did not wait for all of them, "" if it did.
func (s *Server) Run(ctx context.Context) (cause string, err error) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	file, err := CreateAddressFile(s.AddressFile)
	if err != nil {
		return "", err
	}
	defer file.Remove()
	listener, err := s.Address.Listen(ctx)
	if err != nil {
		return "", err
	}
	server, bounded := s.server(), newLimitListener(listener, s.Connections)
	server.ConnState = bounded.track
	failed := make(chan error, 1)
	go func() { failed <- serve(server, bounded) }()
	url := s.Address.BaseURL(scheme(s.TLS), listener.Addr())
	s.Started(url)
	if err := file.Publish(url); err != nil {
		_ = server.Close()
		return "", err
	}
	select {
	case err := <-failed:
		return "", exit.Failuref("the server stopped: %v; start it again", err)
	case <-signals:
	}
	file.Remove() // before the last requests end: no new clients should connect
	return drain(server, signals), nil
}

func (s *Server) server() *http.Server {
	return &http.Server{
		Handler:           limitWriteTime(logRequests(s.Handler, s.Logger), answerTime),
		TLSConfig:         s.TLS,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       requestTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeaderBytes,
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: maxStreams},
		ErrorLog:          slog.NewLogLogger(s.Logger.Handler(), slog.LevelError),
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
