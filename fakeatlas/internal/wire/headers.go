package wire

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Authorization returns the credentials of a request, empty if it has several: a proxy may have used another one of
// them.
func Authorization(r *http.Request) string {
	if values := r.Header.Values("Authorization"); len(values) == 1 {
		return values[0]
	}
	return ""
}

// CheckOrigin rejects cross-origin requests of browsers. If credentials are required, they keep such requests out.
func CheckOrigin(r *http.Request) *Error {
	if new(http.CrossOriginProtection).Check(r) == nil {
		return nil
	}
	return NewError("UNEXPECTED_ERROR").WithStatus(http.StatusForbidden).WithDetail("The request comes from a page of another site.")
}

// CutScheme returns the credentials after the scheme of an Authorization header, and whether it has the scheme.
func CutScheme(authorization, scheme string) (rest string, ok bool) {
	name, rest, found := strings.Cut(authorization, " ")
	return strings.TrimSpace(rest), found && strings.EqualFold(name, scheme)
}

// Seconds returns a duration for Retry-After in whole seconds, rounded up, so that a client that waits does not
// return early.
func Seconds(d time.Duration) string {
	seconds := d / time.Second
	if d%time.Second > 0 {
		seconds++
	}
	return strconv.FormatInt(int64(seconds), 10)
}

// The headers of the rate limit on v2.
const (
	RateLimitHeader     = "RateLimit-Limit"
	RateRemainingHeader = "RateLimit-Remaining"
)

// dropRateHeaders removes the headers of the rate limit from answers that Atlas was recorded to give without.
func dropRateHeaders(h http.Header) {
	delete(h, RateLimitHeader)
	delete(h, RateRemainingHeader)
}
