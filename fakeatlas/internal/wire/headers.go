package wire

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Authorization is the credentials of a request, nothing where it has several: a proxy before this server
// may have gone by another one of them.
func Authorization(r *http.Request) string {
	if values := r.Header.Values("Authorization"); len(values) == 1 {
		return values[0]
	}
	return ""
}

// CheckOrigin refuses what a page of another site makes a browser send. Where credentials are asked for
// they keep such requests out.
func CheckOrigin(r *http.Request) *Error {
	if new(http.CrossOriginProtection).Check(r) == nil {
		return nil
	}
	return NewError("UNEXPECTED_ERROR").WithStatus(http.StatusForbidden).WithDetail("The request comes from a page of another site.")
}

func CutScheme(authorization, scheme string) (rest string, ok bool) {
	name, rest, found := strings.Cut(authorization, " ")
	return strings.TrimSpace(rest), found && strings.EqualFold(name, scheme)
}

// Seconds is a duration for Retry-After, rounded up: a client that waits so long does not come early.
func Seconds(d time.Duration) string {
	seconds := d / time.Second
	if d%time.Second > 0 {
		seconds++
	}
	return strconv.FormatInt(int64(seconds), 10)
}

const (
	RateLimitHeader     = "RateLimit-Limit"
	RateRemainingHeader = "RateLimit-Remaining"
)

// dropRateHeaders removes the headers of the rate limit from answers that Atlas was recorded to give without.
func dropRateHeaders(h http.Header) {
	delete(h, RateLimitHeader)
	delete(h, RateRemainingHeader)
}
