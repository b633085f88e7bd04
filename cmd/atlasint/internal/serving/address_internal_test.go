package serving

import (
	"net"
	"net/url"
	"testing"
)

// The base URL of each address is one that clients parse, also that of an IPv6 address with a zone.
func TestBaseURLs(t *testing.T) {
	for _, c := range []struct{ host, ip, zone, want string }{
		{"127.0.0.1", "127.0.0.1", "", "http://127.0.0.1:8080"},
		{"localhost", "127.0.0.1", "", "http://localhost:8080"},
		{"0.0.0.0", "0.0.0.0", "", "http://127.0.0.1:8080"},
		{"::", "::", "", "http://[::1]:8080"},
		{"::1", "::1", "", "http://[::1]:8080"},
		{"::1%lo", "::1", "lo", "http://[::1%25lo]:8080"},
		{"fe80::1%eth 0", "fe80::1", "eth 0", "http://[fe80::1%25eth%200]:8080"},
	} {
		tcp := &net.TCPAddr{IP: net.ParseIP(c.ip), Port: 8080, Zone: c.zone}
		got := address{c.host, tcp}.baseURL("http", tcp)
		u, err := url.Parse(got)
		if err != nil {
			t.Fatalf("%s: %v", c.host, err)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.host, got, c.want)
		}
		if u.Port() != "8080" {
			t.Errorf("%s: the port is %s, want 8080", got, u.Port())
		}
	}
}
