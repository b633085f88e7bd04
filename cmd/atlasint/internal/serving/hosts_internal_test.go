package serving

import (
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// hosted returns a test server of a configuration on a loopback address.
func hosted(t *testing.T, change func(*Config)) *httptest.Server {
	t.Helper()
	c := validConfig()
	c.Accounts.NoAuth = true
	c.Accounts.PublicKey.Default, c.Accounts.PrivateKey.Default = "pub", "0123"
	c.Accounts.ClientID.Default, c.Accounts.ClientSecret.Default = "id", "4567"
	change(c)
	s, err := c.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	server := httptest.NewServer(s.handler())
	t.Cleanup(server.Close)
	return server
}

// get returns the response to a request for a host.
func get(t *testing.T, url, host string) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	r.Header.Set("Accept", "application/vnd.atlas.2023-01-01+json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(data)
}

var hostPaths = []string{
	"/api/atlas/v2/groups/" + sampleProject + "/integrations", "/_atlasint/ui/", "/_atlasint/ui/session", "/_atlasint/state", "/", "/elsewhere",
}

// A page of the web whose host name resolves to this machine reaches nothing, also with a control token.
func TestDNSRebinding(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"without a token": func(*Config) {}, "with a token": func(c *Config) { c.ControlToken.Default = "t0k" },
		"on all addresses": func(c *Config) { c.Address, c.ControlToken.Default = "0.0.0.0:0", "t0k" },
		"no control API":   func(c *Config) { c.NoControl = true },
	} {
		server := hosted(t, change)
		for _, host := range []string{
			"evil.com", "evil.com:8080", "evil.example", "EVIL.com.", "localhost.evil.com", "127.0.0.1.nip.io", "127.0.0.1.evil.com:8080",
			"mongodb.com.evil.com", "evilmongodb.com", "evil-internal.com", "evil.testing", "a.localhost.com", "[::1].evil.com",
			"evil.com;.localhost", "foo..localhost", ".", "..", ".localhost", "-x.localhost", "x-.localhost", "evil.com,.test", "[evil.com", "a;b",
		} {
			for _, path := range hostPaths {
				status, body := get(t, server.URL+path, host)
				var response struct{ Detail, Hint string }
				if status != 403 {
					t.Errorf("%s: %s%s: %d, want 403: %s", name, host, path, status, body)
				}
				if err := json.Unmarshal([]byte(body), &response); err != nil {
					t.Errorf("%s: %s%s: %v: %s", name, host, path, err, body)
				}
				if text := response.Detail + response.Hint; !strings.Contains(text, "--allow-host") {
					t.Errorf("%s: %s%s: --allow-host is missing in %s", name, host, path, body)
				}
			}
		}
	}
}

// Clients that use an IP address, a name of this machine or of a private network, one of Atlas, or an allowed one.
func TestHostsOfClients(t *testing.T) {
	server := hosted(t, func(c *Config) { c.AllowedHosts = []string{"Atlas.Example.com", "other.dev."} })
	for _, host := range []string{
		"127.0.0.1:8080", "127.0.0.1", "[::1]:8080", "192.0.2.7", "localhost", "LOCALHOST:1", "localhost.", "app.localhost:8080", "atlas:8080",
		"atlas", "host.docker.internal", "host.docker.internal:8080", "host.containers.internal", "laptop.local", "atlas.default.svc.cluster.local",
		"router.home.arpa", "atlas.test", "my_app.test", "xn--bcher-kva.test", "cloud.mongodb.com", "cloud.mongodbgov.com:443",
		"atlas.example.com", "ATLAS.example.com.:8080", "other.dev",
	} {
		if status, body := get(t, server.URL+hostPaths[0], host); status != 200 {
			t.Errorf("%s: %d %s", host, status, body)
		}
	}
	for _, host := range []string{"sub.atlas.example.com", "example.com", "dev"} {
		if status, _ := get(t, server.URL+hostPaths[0], host); (status == 200) != (host == "dev") {
			t.Errorf("%s: %d", host, status)
		}
	}
}

// A Host that net/http does not parse is rejected too, and a request without any is accepted.
func TestMalformedHosts(t *testing.T) {
	for host, want := range map[string]bool{
		"[::1": false, "::1]": false, "[": false, "[]": false, ":80": false, ".": false, ".:80": false, "[::1]": true, "::1": true, "": true,
	} {
		if got := isLocalHost(host, nil); got != want {
			t.Errorf("%q: %t", host, got)
		}
	}
}

// The check applies to connections on a loopback address without a certificate.
func TestHostsOfOtherConnections(t *testing.T) {
	s := &Service{config: validConfig(), address: address{host: "Atlas.Example.com"}}
	if names, check := s.hosts(); !check || !isLocalHost("atlas.example.com:8080", names) {
		t.Errorf("the name of --addr is not allowed, check %t", check)
	}
	s.tls = new(tls.Config)
	if _, check := s.hosts(); check {
		t.Error("names are checked although a certificate has them")
	}
	passed := 0
	handler := checkHosts(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { passed++ }), nil, nil)
	r := httptest.NewRequest(http.MethodGet, "http://evil.com/", http.NoBody) // without the address of a connection
	if handler.ServeHTTP(httptest.NewRecorder(), r); passed != 1 {
		t.Error("a request from another machine is rejected")
	}
}

func TestAllowedHostNames(t *testing.T) {
	for _, name := range []string{
		"", ".", "http://a.com", "a.com:8080", "*.a.com", "a b", "a/b", "[::1]", "ä.com", "a..b", "-x.com", "x-.com",
		".a.com", "a.com..", strings.Repeat("a", 64) + ".com",
	} {
		c := validConfig()
		c.AllowedHosts = []string{"a.com", name}
		if err := c.check(); err == nil || !strings.Contains(err.Error(), "--allow-host: ") {
			t.Errorf("%q: %v", name, err)
		}
	}
}
