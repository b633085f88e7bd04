package serving

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/internal/redact"
)

// localSuffixes end names that no public DNS server resolves, so that no page of the web can have one of them.
var localSuffixes = []string{".localhost", ".internal", ".local", ".home.arpa", ".test"}

// atlasDomains are the domains of Atlas itself: tests redirect its clients to the server.
var atlasDomains = []string{".mongodb.com", ".mongodbgov.com"}

// checkHosts rejects requests that arrive on a loopback address for a host name that a page of the web may have. Such
// a page reaches the server by DNS rebinding: its name resolves to this machine after the page was loaded. The browser
// then sends its requests as those of one origin, and sends the name in Host. Other names, and IP addresses, are safe,
// and so are those in allowed. Fake writes the errors.
func checkHosts(next http.Handler, fake *fakeatlas.Server, allowed []string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isOnLoopback(r) && !isLocalHost(r.Host, allowed) {
			rejectHost(fake, w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isOnLoopback reports whether a request has arrived on a loopback address of this machine.
func isOnLoopback(r *http.Request) bool {
	addr, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return ok && addr.IP.IsLoopback()
}

// isLocalHost reports whether a Host, with a port or without, is none that a page of the web may have.
func isLocalHost(hostport string, allowed []string) bool {
	host := hostOf(hostport)
	if _, err := netip.ParseAddr(host); err == nil || slices.Contains(allowed, host) {
		return true
	}
	if !isHostName(host) {
		return hostport == "" // as in HTTP/1.0, which browsers don't send
	}
	if !strings.Contains(host, ".") {
		return true
	}
	hasSuffix := func(suffix string) bool { return strings.HasSuffix(host, suffix) }
	return slices.ContainsFunc(localSuffixes, hasSuffix) || slices.ContainsFunc(atlasDomains, hasSuffix)
}

// isHostName reports whether a name in lower case consists of labels of letters, digits, hyphens and underscores. No
// label is empty, or begins or ends with a hyphen.
func isHostName(name string) bool {
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' || strings.ContainsFunc(label, func(r rune) bool {
			return r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
		}) {
			return false
		}
	}
	return len(name) <= 253
}

// hostOf returns the name or address of a Host in lower case, without the final period of a name.
func hostOf(hostport string) string {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
		if inner, ok := strings.CutPrefix(hostport, "["); ok && strings.HasSuffix(inner, "]") {
			host = strings.TrimSuffix(inner, "]")
		}
	}
	return strings.TrimSuffix(strings.ToLower(host), ".")
}

// rejectHost responds to a request for another host name.
func rejectHost(fake *fakeatlas.Server, w http.ResponseWriter, r *http.Request) {
	fake.WriteForbidden(w, r, "the host name of the request is not allowed",
		"use 127.0.0.1 or localhost in the URL, or start the server with --allow-host and the name")
}

// hosts returns the names that clients may use besides those of this machine: those of the flag, and that of the
// address. With a certificate it reports false: the client compares the name with it.
func (s *Service) hosts() (names []string, ok bool) {
	return append(slices.Clone(s.config.AllowedHosts), hostOf(s.address.host)), s.tls == nil
}

// checkAllowedHosts returns the usage error of names that no Host has, and sets the names to those that it has.
func (c *Config) checkAllowedHosts() error {
	for i, name := range c.AllowedHosts {
		host := strings.TrimSuffix(strings.ToLower(name), ".")
		if !isHostName(host) {
			return problem.Inputf("--allow-host: %s is not a host name; write one such as atlas.example.com, without scheme and port",
				redact.Value(name))
		}
		c.AllowedHosts[i] = host
	}
	return nil
}
