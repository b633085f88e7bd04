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
	"time"

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
		"body": "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" +
			`{"error":400,"errorCode":"BAD","detail":"` + proxyCanary + `"}`,
	} {
		for _, scheme := range []string{"http", "https"} {
			t.Run(name+"/"+scheme, func(t *testing.T) {
				c := bare(t, scheme+"://atlas.example", client.Options{
					Credentials: keys,
					PlainHTTP:   true,
					Transport:   &http.Transport{Proxy: http.ProxyURL(proxy(t, response))},
				})
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
		if err == nil || !strings.HasSuffix(err.Error(), ": no connection to the proxy "+closed.Host+": connection refused; check the proxy and the network") {
			t.Errorf("%s: the error is %v", scheme, err)
		}
	}
}

// An unreadable response or none, through a proxy, names the proxy without its user and password.
func TestFailuresThroughAProxy(t *testing.T) {
	for name, c := range map[string]struct{ response, want string }{
		"another protocol": {"SSH-2.0-OpenSSH_9.9\r\n\r\n", "the response is not HTTP"},
		"closed":           {"", "the connection was lost: the server closed it"},
		"cut":              {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", "the response is incomplete: the server closed the connection"},
		"a page": {
			"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi",
			"the server returned 200 with text/html, instead of a page of integrations",
		},
	} {
		address := proxy(t, c.response)
		_, err := bare(t, "http://atlas.example", client.Options{
			Credentials: client.AccessToken("t0ken"), PlainHTTP: true, Transport: &http.Transport{Proxy: http.ProxyURL(address)},
		}).List(context.Background(), project)
		want := ": " + c.want + "; the request went through the proxy " + address.Host + ": check the proxy; "
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
	tunnel := proxy(t, "HTTP/1.1 200 OK\r\n\r\nno TLS")
	_, err := bare(t, "https://atlas.example", client.Options{Credentials: keys, Transport: &http.Transport{Proxy: http.ProxyURL(tunnel)}}).
		List(context.Background(), project)
	if err == nil || !strings.Contains(err.Error(), "; the request went through the proxy "+tunnel.Host+": check the proxy; ") {
		t.Errorf("the error in a tunnel is %v", err)
	}
}

// A proxy that never responds is named. A slash in its password makes the beginning of the password the port.
func TestTimeoutsThroughAProxy(t *testing.T) {
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer silent.Close()
	host := strings.TrimPrefix(silent.URL, "http://")
	for address, want := range map[string]string{
		"http://user:" + proxyCanary + "@" + host: "no response within 20ms; the request went through the proxy " + host + ": check the proxy; ",
		silent.URL + "/" + proxyCanary + "@p":     "no response within 20ms; the request went through the proxy: check the proxy; ",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		_, err = bare(t, "http://atlas.example", client.Options{
			Credentials: keys, PlainHTTP: true, Timeout: 20 * time.Millisecond, Transport: &http.Transport{Proxy: http.ProxyURL(u)},
		}).List(context.Background(), project)
		got := fmt.Sprint(err)
		if !strings.Contains(got, want) {
			t.Errorf("the error is %s\nwant %s in it", got, want)
		}
		if strings.Contains(got, proxyCanary) {
			t.Errorf("the error has the password: %s", got)
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
		expectEnd(t, err, want)
		if repeated := dialed > 1; repeated != (status == http.StatusBadGateway) {
			t.Errorf("%d: %d attempts", status, dialed)
		}
	}
}
