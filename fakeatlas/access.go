package fakeatlas

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// controlAccess is the access to the control API. Only the token's hash is kept.
type controlAccess struct {
	off   bool
	token *[sha256.Size]byte
}

// WithControl requires "Authorization: Bearer" and the token for every request to the control API under
// /_atlasint/. By default, and with an empty token, it needs no token and accepts only requests from programs on
// the same machine: the client's address and the Host must both be of the loopback interface, and no header may
// come from a proxy. A reverse proxy on the machine that adds no header can't be recognized: behind one, set a
// token or use [WithoutControl].
//
// The control API shows what is stored with its secrets in the clear, if the store has them.
func WithControl(token string) Option {
	return func(c *config) error {
		if token == "" {
			c.control = controlAccess{}
			return nil
		}
		hash := sha256.Sum256([]byte(token))
		c.control = controlAccess{token: &hash}
		return nil
	}
}

// WithoutControl turns the control API off: its paths are as unknown as they are to Atlas.
func WithoutControl() Option {
	return func(c *config) error { c.control = controlAccess{off: true}; return nil }
}

// admit returns the refusal of a request that may not use the control API.
func (c *control) admit(w http.ResponseWriter, r *http.Request) error {
	if want := c.s.config.control.token; want != nil {
		token, ok := cutScheme(authorizationOf(r), "Bearer")
		got := sha256.Sum256([]byte(token))
		if !ok || subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			w.Header().Set("WWW-Authenticate", "Bearer")
			return &controlError{http.StatusUnauthorized, "the control API asks for its token", "send Authorization: Bearer and the token"}
		}
		return nil
	}
	if !isLoopback(r.RemoteAddr) || !isLoopback(r.Host) {
		return &controlError{http.StatusForbidden, "without a token the control API answers the same machine alone",
			"ask 127.0.0.1 or localhost directly, or start the server with a token for the control API"}
	}
	if isForwarded(r.Header) {
		return &controlError{http.StatusForbidden, "without a token the control API does not answer requests that a proxy forwards",
			"ask 127.0.0.1 or localhost directly, or start the server with a token for the control API"}
	}
	// Pages of other sites can send requests to this machine from a browser that runs on it.
	if err := c.origin.Check(r); err != nil {
		return &controlError{http.StatusForbidden, "the request comes from a page of another site", ""}
	}
	return nil
}

// isLoopback reports whether an address or name is of the loopback interface, with a port or without. Other
// names may lead here too, by a name server that the owner of a web page controls: they don't count.
func isLoopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.TrimSuffix(strings.TrimPrefix(hostport, "["), "]")
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

// forwarding are headers that proxies add to what they forward, and the prefixes of families of them.
var (
	forwarding = []string{
		"Forwarded", "Via", "X-Real-Ip", "X-Client-Ip", "X-Cluster-Client-Ip", "X-Proxyuser-Ip", "X-Remote-Ip", "X-Remote-Addr",
		"X-Host", "X-Url-Scheme", "X-Scheme", "X-Sent-From", "Client-Ip", "True-Client-Ip", "Cf-Connecting-Ip", "Cf-Ray",
		"Fastly-Client-Ip", "Fly-Client-Ip", "Cdn-Loop", "X-Appengine-User-Ip",
	}
	forwardingFamilies = []string{"X-Forwarded", "X-Original-", "X-Envoy-", "X-Amzn-", "X-Azure-", "X-Arr-", "X-Goog-"}
)

// isForwarded reports whether a proxy has added a header. Its being there decides and not its value: an empty
// first one may be followed by another.
func isForwarded(h http.Header) bool {
	for name := range h {
		// Some proxies pass names with underscores, which CGI takes for the same.
		name = http.CanonicalHeaderKey(strings.ReplaceAll(name, "_", "-"))
		if slices.Contains(forwarding, name) || slices.ContainsFunc(forwardingFamilies, func(family string) bool { return strings.HasPrefix(name, family) }) {
			return true
		}
	}
	return false
}
