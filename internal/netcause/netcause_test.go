package netcause_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/atlasint/atlasint/internal/netcause"
)

// Each fault of a server on this machine has its own kind, and the text of no library.
func TestCausesOfServers(t *testing.T) {
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	trusting := secure.Client().Transport.(*http.Transport)
	later := trusting.Clone()
	later.TLSClientConfig.Time = func() time.Time { return secure.Certificate().NotAfter.Add(time.Hour) }
	old := trusting.Clone()
	old.TLSClientConfig.MaxVersion = tls.VersionTLS10
	old.TLSClientConfig.MinVersion = tls.VersionTLS10
	for name, tc := range map[string]struct {
		url       string
		transport *http.Transport
		want      netcause.Kind
	}{
		"no listener":           {"http://" + closedPort(t), nil, netcause.Refused},
		"no listener with TLS":  {"https://" + closedPort(t), nil, netcause.Refused},
		"closed at once":        {"http://" + listen(t, closing("")), nil, netcause.Closed},
		"closed with TLS":       {"https://" + listen(t, closing("")), nil, netcause.Closed},
		"reset":                 {"http://" + listen(t, reset), nil, netcause.Closed},
		"cut in the headers":    {"http://" + listen(t, closing("HTTP/1.1 200 OK\r\nA: b\r\n")), nil, netcause.Closed},
		"cut in the body":       {"http://" + listen(t, closing("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")), nil, netcause.Closed},
		"cut in a chunk":        {"http://" + listen(t, closing("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{")), nil, netcause.Closed},
		"silent":                {"http://" + listen(t, func(net.Conn) { <-t.Context().Done() }), nil, netcause.Timeout},
		"another protocol":      {"http://" + listen(t, closing("SSH-2.0-OpenSSH_9.9\r\n\r\n\r\n")), nil, netcause.NotHTTP},
		"an alert of TLS":       {"http://" + listen(t, closing("\x15\x03\x03\x00\x02\x02\x46")), nil, netcause.OnlyTLS},
		"a status of letters":   {"http://" + listen(t, closing("HTTP/1.1 abc\r\n\r\n")), nil, netcause.NotHTTP},
		"a wrong header":        {"http://" + listen(t, closing("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")), nil, netcause.NotHTTP},
		"http for https":        {"https://" + listen(t, closing("HTTP/1.1 400 Bad Request\r\n\r\n")), nil, netcause.NoTLS},
		"https for http":        {"https://" + listen(t, closing("\x00\x01\x02\x03\x04\x05\x06\x07")), nil, netcause.NoTLS},
		"unknown authority":     {secure.URL, nil, netcause.Untrusted},
		"another host":          {strings.Replace(secure.URL, "127.0.0.1", "localhost", 1), trusting, netcause.OtherHost},
		"expired":               {secure.URL, later, netcause.Expired},
		"an old version of TLS": {secure.URL, old, netcause.TLSRejected},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := get(t, tc.url, tc.transport, tc.want == netcause.Timeout)
			if got := netcause.Of(err); got != tc.want {
				t.Errorf("%d (%v), want %d: %v", got, got, tc.want, err)
			}
		})
	}
}

// get sends a request and reads the response. It returns the error of that.
func get(t *testing.T, url string, transport *http.Transport, short bool) error {
	t.Helper()
	if transport == nil {
		transport = &http.Transport{}
	}
	transport = transport.Clone()
	transport.DisableKeepAlives = true
	ctx := t.Context()
	if short {
		var cancel func()
		ctx, cancel = context.WithTimeout(ctx, 20*time.Millisecond)
		defer cancel()
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, err = io.ReadAll(response.Body)
	return err
}

// listen returns the address of a server that responds to each connection with a function.
func listen(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				serve(conn)
			}()
		}
	}()
	return listener.Addr().String()
}

// closing reads a request, sends a text and closes the connection.
func closing(text string) func(net.Conn) {
	return func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 4096))
		_, _ = io.WriteString(conn, text)
	}
}

func reset(conn net.Conn) {
	_, _ = conn.Read(make([]byte, 1))
	_ = conn.(*net.TCPConn).SetLinger(0)
}

// closedPort returns an address on which no server listens.
func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// timedOut is an error of a custom transport.
type timedOut struct{}

func (timedOut) Error() string   { return "i/o timeout" }
func (timedOut) Timeout() bool   { return true }
func (timedOut) Temporary() bool { return true }

// Faults that no server on this machine can cause.
func TestCausesOfErrors(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	for want, errs := range map[netcause.Kind][]error{
		netcause.Unknown:     {nil, errors.New("circuit open"), io.ErrShortBuffer},
		netcause.Canceled:    {fmt.Errorf("get: %w", context.Canceled)},
		netcause.Timeout:     {context.DeadlineExceeded, dial(timedOut{}), errors.Join(timedOut{}, io.EOF), dial(syscall.ETIMEDOUT)},
		netcause.UnknownHost: {dial(&net.DNSError{Err: "no such host", Name: "a.example", IsNotFound: true})},
		netcause.NoNames: {
			dial(&net.DNSError{Err: "i/o timeout", Name: "a.example", IsTimeout: true}),
			dial(&net.DNSError{Err: "server misbehaving", Name: "a.example", IsTemporary: true}),
		},
		netcause.Refused:     {dial(syscall.ECONNREFUSED)},
		netcause.Unreachable: {dial(syscall.EHOSTUNREACH), dial(syscall.ENETUNREACH)},
		netcause.Exhausted:   {dial(syscall.EMFILE), dial(syscall.EADDRNOTAVAIL)},
		netcause.Closed: {
			io.EOF, dial(syscall.EPIPE), dial(syscall.ECONNRESET), errors.New("http: server closed idle connection"),
			errors.New("http2: server sent GOAWAY and closed the connection; LastStreamID=1, ErrCode=NO_ERROR"),
		},
	} {
		for _, err := range errs {
			if got := netcause.Of(err); got != want {
				t.Errorf("%v: %d (%v), want %d", err, got, got, want)
			}
		}
	}
}

// Every kind but Unknown has a text.
func TestString(t *testing.T) {
	if netcause.Unknown.String() != "" {
		t.Error("Unknown has a text")
	}
	for kind := netcause.Canceled; kind <= netcause.OnlyTLS; kind++ {
		if kind.String() == "" {
			t.Errorf("%d has no text", kind)
		}
	}
}

// A server that got HTTP on a port for TLS is recognized by its response.
func TestExpectsHTTPS(t *testing.T) {
	const text = "Client sent an HTTP request to an HTTPS server.\n"
	for _, c := range []struct {
		scheme string
		status int
		body   string
		want   bool
	}{
		{"http", 400, text, true},
		{"http", 400, "<center>The plain HTTP request was sent to HTTPS port</center>", true},
		{"http", 400, "Reason: You're speaking plain HTTP to an SSL-enabled server port.", true},
		{"http", 400, "Bad Request\r\nThis combination of host and port requires TLS.\r\n", true},
		{"http", 400, "Bad Request", false},
		{"http", 404, text, false},
		{"https", 400, text, false},
	} {
		if got := netcause.ExpectsHTTPS(c.scheme, c.status, []byte(c.body)); got != c.want {
			t.Errorf("%s %d %s: %v", c.scheme, c.status, c.body, got)
		}
	}
}

// A server that closes a connection of http before the first byte of its response may expect https.
func TestMayExpectHTTPS(t *testing.T) {
	for name, tc := range map[string]struct {
		url  string
		want bool
	}{
		"closed at once":     {"http://" + listen(t, closing("")), true},
		"reset":              {"http://" + listen(t, reset), true},
		"cut in the headers": {"http://" + listen(t, closing("HTTP/1.1 200 OK\r\nA: b\r\n")), false},
		"closed with TLS":    {"https://" + listen(t, closing("")), false},
		"no listener":        {"http://" + closedPort(t), false},
		"another protocol":   {"http://" + listen(t, closing("SSH-2.0-OpenSSH_9.9\r\n\r\n\r\n")), false},
	} {
		scheme, _, _ := strings.Cut(tc.url, ":")
		if err := get(t, tc.url, nil, false); netcause.MayExpectHTTPS(scheme, err) != tc.want {
			t.Errorf("%s: got %v for %v", name, !tc.want, err)
		}
	}
}
