package client_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/client"
)

const proxyCanary = "pr0xyCanary-81c2"

// proxy returns the address of a proxy that responds to each request with the same bytes.
func proxy(t *testing.T, response string) *url.URL {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		fmt.Fprint(conn, response)
	}))
	t.Cleanup(server.Close)
	return &url.URL{Scheme: "http", Host: strings.TrimPrefix(server.URL, "http://"), User: url.UserPassword("user", proxyCanary)}
}

// A proxy repeats its password in all parts of its response: no error shows it.
func TestErrorsHideTheProxyPassword(t *testing.T) {
	for name, response := range map[string]string{
		"status":   "HTTP/1.1 502 " + proxyCanary + "\r\n\r\n",
		"length":   "HTTP/1.1 200 OK\r\nContent-Length: " + proxyCanary + "\r\n\r\n",
		"header":   "HTTP/1.1 200 OK\r\n" + proxyCanary + "\r\n\r\n",
		"redirect": "HTTP/1.1 302 Found\r\nLocation: http://" + proxyCanary + "/\r\nContent-Length: 0\r\n\r\n",
		"body":     "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + `{"error":400,"errorCode":"BAD","detail":"` + proxyCanary + `"}`,
	} {
		for _, scheme := range []string{"http", "https"} {
			t.Run(name+"/"+scheme, func(t *testing.T) {
				c := bare(t, scheme+"://atlas.example", client.Options{Credentials: keys, PlainHTTP: true, Transport: &http.Transport{Proxy: http.ProxyURL(proxy(t, response))}})
				_, err := c.List(context.Background(), project)
				if err == nil || strings.Contains(strings.ToLower(err.Error()), "canary") {
					t.Errorf("the error is %v", err)
				}
			})
		}
	}
}

// A proxy that can't be reached is named, not the server.
func TestNoConnectionToTheProxy(t *testing.T) {
	closed := proxy(t, "")
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	closed.Host = strings.TrimPrefix(server.URL, "http://")
	for _, scheme := range []string{"http", "https"} {
		c := bare(t, scheme+"://atlas.example", client.Options{Credentials: keys, PlainHTTP: true, Transport: &http.Transport{Proxy: http.ProxyURL(closed)}})
		_, err := c.List(context.Background(), project)
		if err == nil || !strings.HasSuffix(err.Error(), ": no connection to the proxy: connection refused; check the proxy and the network") {
			t.Errorf("%s: the error is %v", scheme, err)
		}
	}
}

// The hint for a proxy that refuses to connect fits its status, which decides whether the request is repeated.
func TestProxyRefusals(t *testing.T) {
	for status, want := range map[int]string{
		http.StatusProxyAuthRequired: "the proxy returned HTTP 407; set the user and the password of the proxy",
		http.StatusForbidden:         "the proxy returned HTTP 403; check the proxy",
		http.StatusBadGateway:        "the proxy returned HTTP 502; check the proxy",
	} {
		dialed := 0
		transport := client.OwnTransport()
		transport.Proxy = http.ProxyURL(proxy(t, fmt.Sprintf("HTTP/1.1 %d %s\r\n\r\n", status, proxyCanary)))
		transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
			dialed++
			return new(net.Dialer).DialContext(ctx, network, addr)
		}
		_, err := bare(t, "https://atlas.example", client.Options{Credentials: keys, Transport: transport}).List(context.Background(), project)
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("the error is %v, want %s", err, want)
		}
		if repeated := dialed > 1; repeated != (status == http.StatusBadGateway) {
			t.Errorf("%d: %d attempts", status, dialed)
		}
	}
}
