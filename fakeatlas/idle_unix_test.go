//go:build unix

package fakeatlas

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"sync"
	"syscall"
	"testing"
)

// Each connection costs two files here, one at each end.
func idleConnections(t *testing.T) int {
	t.Helper()
	const wanted, spare = 10_000, 1_000
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Skip(err)
	}
	n := wanted
	if files := uint64(limit.Cur); files < 2*wanted+spare {
		if files < 2*spare {
			t.Skipf("the limit of %d open files is too low", files)
		}
		n = int(files-spare) / 2
		t.Logf("%d connections instead of %d, for the limit of %d open files", n, wanted, files)
	}
	if testing.Short() {
		n = min(n, 1_000)
	}
	return n
}

// Idle connections don't block other clients, and are served once they send a request. The server has no time limits:
// on a busy machine, opening all connections can take longer than that of Start for the header of a request.
func TestIdleConnections(t *testing.T) {
	w := newLoopback(t)
	w.s.URL = serveWithoutLimits(t, w.s)
	idle := make([]net.Conn, idleConnections(t))
	for i := range idle {
		idle[i] = dial(t, w)
		defer idle[i].Close()
	}
	var wg sync.WaitGroup
	for n := range loadClients {
		wg.Go(func() {
			project := fmt.Sprintf("%024x", n)
			w.want(200, "PUT", "v2", project, "/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k-1"}`)
			w.want(200, "GET", "v1.0", project, "/OPS_GENIE", "")
		})
	}
	wg.Wait()
	for _, c := range []net.Conn{idle[0], idle[len(idle)/2], idle[len(idle)-1]} {
		fmt.Fprintf(c, "GET /api/atlas/v2/groups/%s/integrations HTTP/1.1\r\nHost: x\r\n\r\n", testProject)
		response, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil || response.StatusCode != 401 {
			t.Errorf("an idle client that sends a request: %v %v", response, err)
		}
	}
}

// serveWithoutLimits serves a handler until the test ends, and returns the base URL.
func serveWithoutLimits(t *testing.T, h http.Handler) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: h}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return "http://" + listener.Addr().String()
}
