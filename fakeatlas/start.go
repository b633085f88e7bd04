package fakeatlas

import (
	"context"
	"net"
	"net/http"
	"time"
)

// Start serves a fake Atlas on a free port of the loopback interface until the test ends, at the URL of the server.
// It fails the test if no port is free or an option is invalid. Pass a *testing.T, *testing.B or *testing.F as t.
func Start(t interface {
	Helper()
	Fatalf(format string, args ...any)
	Cleanup(func())
}, opts ...Option,
) *Server {
	t.Helper()
	s, err := New(opts...)
	if err != nil {
		t.Fatalf("fakeatlas: %v", err)
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("fakeatlas: %v", err)
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // it ends with the listener
	t.Cleanup(func() { _ = server.Close() })
	s.URL = "http://" + listener.Addr().String()
	return s
}
