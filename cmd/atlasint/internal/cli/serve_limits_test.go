package cli_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

func (s *server) dial(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// headerTime is the time that a client has to send its header.
const headerTime = 10 * time.Second

const listing = "GET /api/atlas/v1.0/groups/5d791c84ff7a2522cc4f9aa1/integrations HTTP/1.1\r\nHost: localhost\r\n\r\n"

// status sends a request over an open connection, and returns the status of the response.
func status(t *testing.T, conn net.Conn) string {
	t.Helper()
	if _, err := io.WriteString(conn, listing); err != nil {
		return err.Error()
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.Status
}

// Clients that send nothing, or only a part of a header, do not block other clients. At the limit, the server closes
// the connection that is idle longest.
func TestServeClosesIdleConnections(t *testing.T) {
	s := serve(t, "--no-auth", "--max-connections", "2")
	slow := []net.Conn{s.dial(t), s.dial(t)}
	_, _ = io.WriteString(slow[0], listing[:len(listing)-2]) // its header has no end
	for range 20 {
		if got := status(t, s.dial(t)); got != "200 OK" {
			t.Fatalf("a client that speaks gets %s", got)
		}
	}
	for _, conn := range slow {
		_ = conn.SetReadDeadline(time.Now().Add(headerTime / 2)) // by then nothing else has closed it
		if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a silent client is still connected: %v", err)
		}
	}
	s.signal(t, os.Interrupt)
	if code := s.wait(t); code != 0 {
		t.Errorf("exit code %d: %s", code, s.stderr.String())
	}
}

// Requests in progress keep their connections, and new clients wait until one is free.
func TestServeKeepsActiveConnections(t *testing.T) {
	s := serve(t, "--no-auth", "--max-connections", "2")
	first, second := s.upload(t), s.upload(t)
	conn := s.dial(t)
	returned := make(chan string)
	go func() { returned <- status(t, conn) }()
	for _, u := range []*upload{first, second} {
		if got := u.finish(); !strings.HasPrefix(got, "200") && !strings.HasPrefix(got, "409") {
			t.Errorf("a request at work got %s", got)
		}
	}
	if got := <-returned; got != "200 OK" {
		t.Errorf("the client that waited got %s", got)
	}
}

// The server stops even if a client waits for a free connection.
func TestServeEndsWhileClientsWait(t *testing.T) {
	s := serve(t, "--no-auth", "--max-connections", "1")
	u := s.upload(t)
	s.dial(t)
	s.signal(t, os.Interrupt)
	if got := u.finish(); got != "200 OK" {
		t.Errorf("the request at work got %s", got)
	}
	if code := s.wait(t); code != 0 {
		t.Errorf("exit code %d: %s", code, s.stderr.String())
	}
}

// Logs in both formats are safe to read in a terminal.
func TestServeLogsNoEscapes(t *testing.T) {
	for _, format := range logFormats {
		s := serve(t, "--no-auth", "--log-format", format)
		for _, target := range []string{"/\u009b2J", "/x?\u009bJ=\u202e", "/x?pretty=\u009b2J", "/x?pretty=%1b[2J", "/%1b[2J?%1b=%0a"} {
			conn := s.dial(t)
			_, _ = io.WriteString(conn, strings.Replace(listing, "/api/atlas/v1.0/groups/5d791c84ff7a2522cc4f9aa1/integrations", target, 1))
			_, _ = http.ReadResponse(bufio.NewReader(conn), nil)
		}
		s.signal(t, os.Interrupt)
		s.wait(t)
		log := s.stderr.String()
		if i := strings.IndexFunc(log, acts); i >= 0 || strings.Count(log, "RESOURCE_NOT_FOUND") != 5 {
			t.Errorf("%s: %q", format, log)
		}
	}
}

var logFormats = []string{"text", "json"}

// The server rejects a Host that a page of the web can have, except for that of --allow-host.
func TestServeChecksHosts(t *testing.T) {
	s := serve(t, "--no-auth", "--allow-host", "atlas.example.com")
	for host, want := range map[string]string{
		"localhost": "200 OK", "atlas.example.com": "200 OK", "evil.com": "403 Forbidden", "evil.com:8080": "403 Forbidden",
	} {
		conn := s.dial(t)
		_, _ = io.WriteString(conn, strings.Replace(listing, "localhost", host, 1))
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.Status != want {
			t.Errorf("%s: %s, want %s", host, response.Status, want)
		}
	}
}
