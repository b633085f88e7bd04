package digest

import (
	"crypto/subtle"
	"strconv"
	"strings"
	"time"

	icholy "github.com/icholy/digest"
)

// Verdict is the result of verifying a client's credentials.
type Verdict int

const (
	// Rejected means that the digest credentials are missing, malformed or wrong for this request. It does not
	// distinguish these causes. Respond with 401 and Challenge(false).
	Rejected Verdict = iota
	// Stale means that the user and the password are right, but the nonce is too old or its count has been used.
	// Respond with 401 and Challenge(true), and clients try again by themselves.
	Stale
	// OK means that the client has the user's password, and that this is the only request accepted with these
	// credentials.
	OK
)

// String returns the name of the verdict, for logs and tests.
func (v Verdict) String() string {
	switch v {
	case OK:
		return "ok"
	case Stale:
		return "stale"
	}
	return "rejected"
}

// Verify verifies the value of an Authorization header for a request with this method and target. The target is the
// RequestURI of an http.Request: the path and the query as the client sent them. Verify does not read the body. It
// returns the user's name only with OK.
//
// Verify calls password at most once, with a user name that is not verified yet. It takes as long for an unknown user
// as for a wrong password, provided that password does.
func (v *Verifier) Verify(
	method, requestURI, authorization string, password func(user string) (string, bool),
) (verdict Verdict, user string) {
	return v.VerifyShared(method, requestURI, authorization, password, nil)
}

// VerifyShared is Verify for one of several Verifiers that have the same Key and share the used nonces. Instead of the
// Verifier's own memory it calls first, which reports whether a use of a nonce is new: it must return true only once
// for a use within the time life. VerifyShared calls first at most once, and only if the client has the password. The
// clocks of the Verifiers may differ by some seconds.
func (v *Verifier) VerifyShared(
	method, requestURI, authorization string, password func(user string) (string, bool),
	first func(use string, life time.Duration) bool,
) (verdict Verdict, user string) {
	c, ok := parse(authorization)
	if !ok || c.Realm != v.realm || !sameTarget(c.URI, requestURI) {
		return Rejected, ""
	}
	n, ok := v.mint.open(c.Nonce)
	if !ok || !v.hasPassword(c, method, password) {
		return Rejected, ""
	}
	isNew := false
	if first == nil {
		isNew = v.acceptOnce(n, uint32(c.Nc))
	} else if v.isCurrent(n, skew) && v.isRecent(n) {
		isNew = first(c.Nonce+":"+strconv.Itoa(c.Nc), 2*(v.lifetime+skew+stampUnit))
	}
	if !isNew {
		return Stale, ""
	}
	return OK, c.Username
}

// skew is how far in the future a nonce of another Verifier may have been issued.
const skew = 10 * time.Second

// isCurrent reports whether a nonce is neither too old nor issued in the future. Skew is the accepted difference
// between the clocks of Verifiers.
func (v *Verifier) isCurrent(n nonce, skew time.Duration) bool {
	now := v.time()
	return now.Add(-v.lifetime).UnixMilli() <= n.issued && n.issued <= now.Add(skew).UnixMilli()
}

// isRecent reports whether the lifetime of a nonce has not passed by the machine's time either, give or take a
// stampUnit and the skew. The shared memory forgets uses by a time that does not stop.
func (v *Verifier) isRecent(n nonce) bool {
	age := n.age(v.mint.machine())
	return -skew-stampUnit <= age && age <= v.lifetime+stampUnit
}

// acceptOnce reports whether a nonce is current and its count new, and uses the count up. It rejects a nonce from the
// future: the clock was set back after the nonce was issued, so its age is unknown.
func (v *Verifier) acceptOnce(n nonce, count uint32) bool {
	return v.isCurrent(n, 0) && v.replays.accept(n, count, v.time().Add(-v.lifetime).UnixMilli())
}

// hasPassword reports whether the client has the password of the user that it names.
func (v *Verifier) hasPassword(
	c credentials, method string, password func(user string) (string, bool),
) bool {
	secret, known := password(c.Username)
	if !known {
		secret = v.decoy
	}
	right := matchesResponse(c, method, secret)
	return known && right // in this order the hashes are never skipped
}

// matchesResponse reports whether the response was made with this password, for this method and for the URI of the
// credentials. The library writes counts in lower case, but the response covers the count as the client wrote it. The
// form without qop hashes the nonce unchanged: given the nonce, the count, the cnonce and the qop as one text, it
// computes the response of qop auth.
func matchesResponse(c credentials, method, password string) bool {
	hashed := strings.Join([]string{c.Nonce, c.count, c.Cnonce, c.QOP}, ":")
	challenge := icholy.Challenge{Realm: c.Realm, Nonce: hashed, Algorithm: c.Algorithm}
	want, err := icholy.Digest(&challenge, icholy.Options{Method: method, URI: c.URI, Username: c.Username, Password: password})
	return err == nil && subtle.ConstantTimeCompare([]byte(want.Response), []byte(c.Response)) == 1
}

// sameTarget compares a URI of the credentials to the request's own, to the byte. Either may be absolute, as through a
// proxy.
func sameTarget(sent, target string) bool { return sent != "" && origin(sent) == origin(target) }

// origin cuts an absolute URI down to its path and query. The host is not compared: a server may have other names than
// it is configured with.
func origin(uri string) string {
	scheme, rest, absolute := strings.Cut(uri, "://")
	if !absolute || !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") {
		return uri
	}
	switch at := strings.IndexAny(rest, "/?"); {
	case at < 0:
		return "/"
	case rest[at] == '?':
		return "/" + rest[at:]
	default:
		return rest[at:]
	}
}
