package digest

import "fmt"

// Challenge returns a value for WWW-Authenticate with a new nonce, in exactly the form that Atlas uses. Pass true for
// stale after the verdict [Stale]: the client then tries again without asking its user for a password.
func (v *Verifier) Challenge(stale bool) string {
	return fmt.Sprintf(`Digest realm="%s", domain="", nonce="%s", algorithm=MD5, qop="auth", stale=%t`,
		v.realm, v.mint.issue(v.time()), stale)
}
