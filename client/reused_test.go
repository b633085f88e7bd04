package client_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/client"
)

// A server that closes a reused connection after it has read the next request is named as the cause.
func TestReusedConnectionIsClosed(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go respondOnce(conn)
		}
	}()
	c := bare(t, "http://"+listener.Addr().String(), client.Options{Credentials: client.AccessToken("a.b.c"), Retries: -1})
	if _, err := c.List(context.Background(), project); err != nil {
		t.Fatal(err)
	}
	_, err = c.List(context.Background(), project)
	if want := "the connection was lost: the server closed it without a response; try again"; err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("the error is %v, want it to end with %s", err, want)
	}
}

// respondOnce responds to the first request of a connection with an empty list, and closes it after the second one.
func respondOnce(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	for i := range 2 {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		if i == 0 {
			const body = `{"links":[],"results":[],"totalCount":0}`
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 40\r\n\r\n"+body)
		}
	}
}
