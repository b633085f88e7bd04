package control

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/internal/atlas"
)

// Token is the hash of the token that the control API requires.
type Token [sha256.Size]byte

// NewToken returns the hash of a token.
func NewToken(token string) *Token {
	hash := Token(sha256.Sum256([]byte(token)))
	return &hash
}

// admittedKey is the key of a context whose request may use the control API.
type admittedKey struct{}

// Admit returns a context whose request may use the control API without a token, because its caller has checked it.
func Admit(ctx context.Context) context.Context { return context.WithValue(ctx, admittedKey{}, true) }

// admit returns the rejection of a request that may not use the control API.
func (a *API) admit(w http.ResponseWriter, r *http.Request) error {
	if r.Context().Value(admittedKey{}) != nil {
		return nil
	}
	if want := a.token; want != nil {
		token, ok := wire.CutScheme(wire.Authorization(r), "Bearer")
		got := sha256.Sum256([]byte(token))
		if !ok || subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			w.Header().Set("WWW-Authenticate", "Bearer")
			return newError(http.StatusUnauthorized, "the control API requires a token", "send Authorization: Bearer and the token of the server")
		}
		return nil
	}
	return CheckLocal(r)
}

// CheckLocal returns the rejection of a request that does not come from a program or a page of the same machine.
func CheckLocal(r *http.Request) error {
	if !isLoopback(r.RemoteAddr) || !isLoopback(r.Host) {
		return newError(http.StatusForbidden, "without a token the control API accepts only requests from the same machine",
			"send the request to 127.0.0.1 or localhost directly, or start the server with a control token")
	}
	if isForwarded(r.Header) {
		return newError(http.StatusForbidden, "without a token the control API rejects requests from a proxy",
			"send the request to 127.0.0.1 or localhost directly, or start the server with a control token")
	}
	// Pages of other sites can send requests to this machine from a browser that runs on it.
	return CheckOrigin(r)
}

// CheckOrigin returns the rejection of a request that the page of another origin sends. Such pages can't read
// responses, but their reads could use up all streams of events and all waiting calls.
func CheckOrigin(r *http.Request) error {
	if wire.IsFromOtherOrigin(r) {
		return newError(http.StatusForbidden, "the request comes from a page of another site",
			"if it comes from the console behind a proxy, the proxy must pass the Host header")
	}
	return nil
}

// isLoopback reports whether an address or name is of the loopback interface, with a port or without.
func isLoopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.TrimSuffix(strings.TrimPrefix(hostport, "["), "]")
	}
	return atlas.IsLoopback(host)
}

// forwarding are headers that proxies add to requests, and the prefixes of families of them.
var (
	forwarding = []string{
		"Forwarded", "Via", "X-Real-Ip", "X-Client-Ip", "X-Cluster-Client-Ip", "X-Proxyuser-Ip", "X-Remote-Ip", "X-Remote-Addr",
		"X-Host", "X-Url-Scheme", "X-Scheme", "X-Sent-From", "Client-Ip", "True-Client-Ip", "Cf-Connecting-Ip", "Cf-Ray",
		"Fastly-Client-Ip", "Fly-Client-Ip", "Cdn-Loop", "X-Appengine-User-Ip",
	}
	forwardingFamilies = []string{"X-Forwarded", "X-Original-", "X-Envoy-", "X-Amzn-", "X-Azure-", "X-Arr-", "X-Goog-"}
)

// isForwarded reports whether a proxy has added a header. The presence of a header decides, not its value: an empty
// line may be followed by another one.
func isForwarded(h http.Header) bool {
	for name := range h {
		// Some proxies send names with underscores, which CGI treats as the same names.
		name = http.CanonicalHeaderKey(strings.ReplaceAll(name, "_", "-"))
		if slices.Contains(forwarding, name) ||
			slices.ContainsFunc(forwardingFamilies, func(family string) bool { return strings.HasPrefix(name, family) }) {
			return true
		}
	}
	return false
}

// checkMediaType rejects bodies that are compressed, or of other types than JSON. A page can make a browser send some
// of them, such as forms and reports, to another site without a preflight request, and not all browsers send the origin
// of a request.
func checkMediaType(r *http.Request) error {
	if wire.IsEncoded(r) {
		return newError(http.StatusUnsupportedMediaType, "the control API does not accept bodies with a Content-Encoding",
			"send the body without compression")
	}
	if media, ok := wire.ContentType(r); ok && (media == "" || media == "application/json") {
		return nil
	}
	return newError(http.StatusUnsupportedMediaType, "the control API accepts JSON only",
		"send Content-Type: application/json, as curl --json does")
}
