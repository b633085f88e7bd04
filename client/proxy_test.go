package client_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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

// proxyLogins are the credentials of proxies with the texts that no output may contain. Some are too short to be hidden
// by their length.
func proxyLogins() map[*url.Userinfo][]string {
	basic := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	return map[*url.Userinfo][]string{
		url.UserPassword("user", proxyCanary): {proxyCanary, basic("user:" + proxyCanary)},
		url.UserPassword("usr", "SEKRETPW"):   {"SEKRETPW", basic("usr:SEKRETPW")},
		url.UserPassword("usr", "hunter2"):    {"hunter2", basic("usr:hunter2")},
		url.UserPassword("u", "p/w d"):        {"p/w d", url.QueryEscape("p/w d"), basic("u:p/w d"), url.QueryEscape(basic("u:p/w d"))},
		url.User("prxtoken"):                  {"prxtoken", basic("prxtoken:")},
		url.UserPassword("", "onlypw"):        {"onlypw", basic(":onlypw")},
	}
}

// A proxy repeats its credentials in all parts of its response, as it got them and decoded: no error shows them.
func TestErrorsHideProxyCredentials(t *testing.T) {
	for name, response := range map[string]string{
		"status":   "HTTP/1.1 502 @\r\n\r\n",
		"length":   "HTTP/1.1 200 OK\r\nContent-Length: @\r\n\r\n",
		"coding":   "HTTP/1.1 200 OK\r\nTransfer-Encoding: @\r\n\r\n",
		"header":   "HTTP/1.1 200 OK\r\n@\r\n\r\n",
		"media":    "HTTP/1.1 200 OK\r\nContent-Type: @/x\r\nContent-Length: 2\r\n\r\n{}",
		"redirect": "HTTP/1.1 302 Found\r\nLocation: http://@/\r\nContent-Length: 0\r\n\r\n",
		"body": "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" +
			`{"error":400,"errorCode":"BAD","detail":"Basic @ is wrong"}`,
		"code": "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" +
			`{"error":400,"errorCode":"@"}`,
	} {
		for _, scheme := range []string{"http", "https"} {
			for user, secrets := range proxyLogins() {
				for _, secret := range secrets {
					address := proxy(t, strings.ReplaceAll(response, "@", secret))
					address.User = user
					c := bare(t, scheme+"://atlas.example", client.Options{
						Credentials: keys, PlainHTTP: true, Retries: -1, Transport: &http.Transport{Proxy: http.ProxyURL(address)},
					})
					if _, err := c.List(context.Background(), project); err == nil || containsFold(err.Error(), secret) {
						t.Errorf("%s, %s, %s: the error is %v", name, scheme, secret, err)
					}
				}
			}
		}
	}
}

func containsFold(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}

// A proxy responds in place of the server, with its credentials in plain fields: no result has them.
func TestResponsesHideProxyCredentials(t *testing.T) {
	for user, secrets := range proxyLogins() {
		for _, secret := range secrets {
			doc := `{"type":"SLACK","id":"` + secret + `","channelName":"Basic ` + secret + `","teamName":"usr:` + secret + `","` + secret + `":1}`
			body := `{"results":[` + doc + `]}`
			address := proxy(t, fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
			address.User = user
			c := bare(t, "http://atlas.example", client.Options{
				Credentials: keys, PlainHTTP: true, Transport: &http.Transport{Proxy: http.ProxyURL(address)},
			})
			for _, in := range must[[]client.Integration](t)(c.List(context.Background(), project)) {
				text := fmt.Sprintf("%s %s %q", in.JSON, in.ID, in.Hidden)
				if containsFold(text, secret) || len(in.Hidden) != 4 || in.Type != "SLACK" {
					t.Errorf("%s: the integration is %s", secret, text)
				}
			}
		}
	}
}

// The password of a proxy can be a word of the API: integrations that have it stay as they are.
func TestProxyPasswordsThatArePublicWords(t *testing.T) {
	const doc = `{"type":"PROMETHEUS","id":"1","username":"u","password":"****","enabled":true,"serviceDiscovery":"http"}`
	for _, password := range []string{"password", "prometheus", "http", "type"} {
		body := `{"results":[` + doc + `]}`
		address := proxy(t, fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
		address.User = url.UserPassword("user", password)
		c := bare(t, "http://atlas.example", client.Options{
			Credentials: keys, PlainHTTP: true, Transport: &http.Transport{Proxy: http.ProxyURL(address)},
		})
		list := must[[]client.Integration](t)(c.List(context.Background(), project))
		want := []client.Integration{{Type: "PROMETHEUS", ID: "1", JSON: json.RawMessage(doc)}}
		if diff := cmp.Diff(want, list); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", password, diff)
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

// The hint for a proxy that rejects a connection fits its status, which decides whether the request is repeated.
func TestProxyRejections(t *testing.T) {
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
