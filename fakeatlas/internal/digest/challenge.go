package digest

import "fmt"

// Challenge returns a value for WWW-Authenticate with a fresh nonce, to the letter in the form of Atlas.
// Pass stale after the verdict [Stale]: it tells the client to try again without asking for a password.
func (v *Verifier) Challenge(stale bool) string {
	return fmt.Sprintf(`Digest realm="%s", domain="", nonce="%s", algorithm=MD5, qop="auth", stale=%t`,
		v.realm, v.mint.issue(v.time()), stale)
}
