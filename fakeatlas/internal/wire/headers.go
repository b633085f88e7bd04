package wire

import (
	"mime"
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

// Joined returns the value of a header, and that of several lines as one, which means the same.
func Joined(r *http.Request, name string) string { return strings.Join(r.Header.Values(name), ", ") }

// IsHeaderName reports whether s can be the name of a header: a token of RFC 9110.
func IsHeaderName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}

// IsHeaderValue reports whether s can be the value of a header: it has no control characters but tabs.
func IsHeaderValue(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// ContentType returns the media type of a request without parameters, "" if there is none. It reports false if the
// header is malformed or in several lines: servers choose different ones of them.
func ContentType(r *http.Request) (media string, ok bool) {
	values := r.Header.Values("Content-Type")
	switch {
	case len(values) > 1:
		return "", false
	case len(values) == 0 || values[0] == "":
		return "", true
	}
	media, _, err := mime.ParseMediaType(values[0])
	return media, err == nil
}

// CheckOrigin rejects requests that the page of another origin sends, including reads, because they use up faults and
// the rate limit. It is necessary only if requests need no credentials, which such pages don't have.
func CheckOrigin(r *http.Request) *Error {
	if !IsFromOtherOrigin(r) {
		return nil
	}
	return NewError("UNEXPECTED_ERROR").WithStatus(http.StatusForbidden).WithDetail("The request comes from a page of another site.")
}

var sameOrigin = http.NewCrossOriginProtection()

// IsFromOtherOrigin reports whether a browser sends a request for the page of another origin. A link to the server is
// no such request.
func IsFromOtherOrigin(r *http.Request) bool {
	asChange := *r
	if asChange.Method = http.MethodPost; isLink(r) {
		asChange.Method = http.MethodGet
	}
	return sameOrigin.Check(&asChange) != nil
}

// isLink reports whether a browser sends a request to show its response in place of a page, and not in a frame.
func isLink(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) &&
		r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
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

// dropRateHeaders removes the headers of the rate limit, for responses that have none in recordings of Atlas.
func dropRateHeaders(h http.Header) {
	delete(h, RateLimitHeader)
	delete(h, RateRemainingHeader)
}

// Isolate sets the headers that prevent a browser from running a response with the content of others as a page of this
// server: such a page could use the control API and the console.
func Isolate(header http.Header) {
	header.Set("Content-Security-Policy", "sandbox")
	header.Set("X-Content-Type-Options", "nosniff")
}
