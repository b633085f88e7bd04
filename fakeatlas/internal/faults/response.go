package faults

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/auth"
	"github.com/atlasint/atlasint/fakeatlas/internal/ratelimit"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/suggest"
)

// Response selects an error by its status or its code. If one is missing, the other determines it.
type Response struct {
	Status     int
	Code       string
	RetryAfter time.Duration
}

// Error returns the response in the form of the API, with Atlas's text if Atlas has the code.
func (resp Response) Error(t wire.Target, r *http.Request) *wire.Error {
	code := resp.Code
	if code == "" {
		code = usualCode(resp.Status, t)
	}
	known, ok := wire.ErrorCodes()[code]
	e := wire.NewError(code, resp.parametersOf(known, t, r)...)
	switch {
	case !ok:
		e.Detail = "An injected fault."
	case code == "UNEXPECTED_ERROR" && resp.Status == http.StatusUnauthorized:
		e.Detail = "You are not authorized for this resource."
	}
	if resp.Status != 0 {
		e = e.WithStatus(resp.Status)
	}
	return e
}

// misspelled is how many letters may differ between a code and the documented one that it most likely means. The
// undocumented codes of Atlas that are known differ in more letters.
const misspelled = 2

// NearestCode returns the documented code of Atlas that a code is, or most likely means, "" if there is none.
func NearestCode(code string) string {
	if _, documented := wire.ErrorCodes()[code]; documented {
		return code
	}
	return suggest.Within(misspelled, code, slices.Sorted(maps.Keys(wire.ErrorCodes())))
}

// usualCode returns the code of a fault that has only a status.
func usualCode(status int, t wire.Target) string {
	switch status {
	case http.StatusBadRequest:
		return "VALIDATION_ERROR"
	case http.StatusForbidden:
		return "IP_ADDRESS_NOT_ON_ACCESS_LIST"
	case http.StatusNotFound:
		return "RESOURCE_NOT_FOUND"
	case http.StatusNotAcceptable:
		return "INVALID_VERSION_DATE"
	case http.StatusConflict:
		return "INTEGRATION_ALREADY_CONFIGURED"
	case http.StatusGone:
		return "VERSION_GONE"
	case http.StatusUnsupportedMediaType:
		return "UNSUPPORTED_MEDIA_TYPE"
	case http.StatusTooManyRequests:
		if t.APIVersion == schemas.V2 {
			return "RATE_LIMITED_TOKEN_BUCKET"
		}
		return "RATE_LIMITED"
	default:
		return "UNEXPECTED_ERROR"
	}
}

// parametersOf returns the parameters of a code's text, from the request if it has them.
func (resp Response) parametersOf(code schemas.ErrorCode, t wire.Target, r *http.Request) []any {
	if code.Code == "RATE_LIMITED_TOKEN_BUCKET" {
		return ratelimit.ErrorParameters(r.URL.EscapedPath(), resp.RetryAfter, ratelimit.BucketOf(capacityOf(t)))
	}
	values := map[string]any{
		"type": t.Type, "groupId": t.Project, "path": r.URL.EscapedPath(), "date": wire.FirstVersion,
		"limit": limitOf(t), "minutes": int(ratelimit.Window / time.Minute), "message": "an injected fault", "ip": "192.0.2.1",
	}
	parameters := []any{}
	for _, name := range code.Parameters {
		value, ok := values[name]
		if !ok {
			value = "injected"
		}
		parameters = append(parameters, value)
	}
	return parameters
}

// limitOf returns how many requests of this kind Atlas accepts in a minute.
func limitOf(t wire.Target) int {
	if t.APIVersion == "" {
		return ratelimit.TokenRequests
	}
	return capacityOf(t)
}

// capacityOf returns the capacity of the token bucket that Atlas has for a target.
func capacityOf(t wire.Target) int { return cmp.Or(t.Limit, ratelimit.DefaultCapacity) }

// OAuthError returns the response in the form of RFC 6749, whose codes have lower-case letters.
func (resp Response) OAuthError() auth.OAuthError {
	status, code := resp.Status, strings.ToLower(resp.Code)
	if status == 0 {
		status = wire.ErrorCodes()[resp.Code].Status
	}
	if code == "" {
		code = auth.OAuthCode(status)
	}
	return auth.OAuthError{Status: status, Description: "An injected fault.", Code: code}
}
