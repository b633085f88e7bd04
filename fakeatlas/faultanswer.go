package fakeatlas

import (
	"net/http"
	"strings"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/auth"
	"github.com/atlasint/atlasint/fakeatlas/internal/ratelimit"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/schemas"
)

// applyFault applies the fault that matches a request, if there is one. It reports whether the request needs no
// other answer.
func (s *Server) applyFault(x *exchange, r *http.Request) bool {
	f, struck := s.faults.take(r, x.entry.Target)
	if !struck {
		return false
	}
	x.entry.Fault = f.ID
	if f.Delay > 0 {
		wire.BufferBody(r)
		if !wait(r, f.Delay) {
			return true
		}
	}
	if f.Drop {
		panic(http.ErrAbortHandler) //nolint:forbidigo // the only way to drop a connection in all versions of HTTP
	}
	x.truncated = f.Truncate
	if !f.answers() {
		return false
	}
	// A client that repeats a request sends the body again: the journal shows both.
	wire.Drain(r)
	if f.RetryAfter > 0 {
		x.Header().Set("Retry-After", wire.Seconds(f.RetryAfter))
	}
	s.answerFault(x, r, f)
	return true
}

func (s *Server) answerFault(x *exchange, r *http.Request, f Fault) {
	e := f.apiError(x.entry.Target, r)
	switch {
	case x.entry.APIVersion == "" && e.Status != http.StatusTooManyRequests:
		f.oauthError().Write(x)
	case e.Status != http.StatusUnauthorized || e.Code != "UNEXPECTED_ERROR": // other codes follow valid credentials
		e.Write(x, r)
	default:
		if failed := s.errorFor(r, s.auth.Challenge(x, r, false)); failed.Status != e.Status {
			e = failed
		}
		x.writeAuthError(r, e)
	}
}

// apiError returns the answer in the form of the API, with Atlas's text if Atlas has the code.
func (f *Fault) apiError(t wire.Target, r *http.Request) *wire.Error {
	code := f.ErrorCode
	if code == "" {
		code = usualCode(f.Status, t)
	}
	known, ok := wire.ErrorCodes()[code]
	e := wire.NewError(code, f.parametersOf(known, t, r)...)
	switch {
	case !ok:
		e.Detail = "An injected fault."
	case code == "UNEXPECTED_ERROR" && f.Status == http.StatusUnauthorized:
		e.Detail = "You are not authorized for this resource."
	}
	if f.Status != 0 {
		e = e.WithStatus(f.Status)
	}
	return e
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
func (f *Fault) parametersOf(code schemas.ErrorCode, t wire.Target, r *http.Request) []any {
	if code.Code == "RATE_LIMITED_TOKEN_BUCKET" {
		return ratelimit.ErrorParameters(r.URL.Path, f.RetryAfter, ratelimit.BucketOf(ratelimit.DefaultCapacity))
	}
	values := map[string]any{
		"type": t.Type, "groupId": t.Project, "path": r.URL.Path, "date": wire.FirstVersion,
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
	return ratelimit.DefaultCapacity
}

// oauthError returns the answer in the form of RFC 6749, whose codes have lower-case letters.
func (f *Fault) oauthError() auth.OAuthError {
	status, code := f.Status, strings.ToLower(f.ErrorCode)
	if status == 0 {
		status = wire.ErrorCodes()[f.ErrorCode].Status
	}
	if code == "" {
		code = auth.OAuthCode(status)
	}
	return auth.OAuthError{Status: status, Description: "An injected fault.", Code: code}
}
