package fakeatlas

import (
	"net/http"

	"github.com/atlasint/atlasint/fakeatlas/internal/faultanswer"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
)

// applyFault applies the fault that matches a request, if there is one. It reports whether the request needs no
// other answer.
func (s *Server) applyFault(x *exchange, r *http.Request) bool {
	f, struck := s.faults.Take(func(f *Fault) bool { return f.matches(r, x.entry.Target) })
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
	if f.answer != nil {
		f.answer.Write(x)
		return true
	}
	s.answerFault(x, r, f)
	return true
}

func (s *Server) answerFault(x *exchange, r *http.Request, f Fault) {
	answer := faultanswer.Answer{Status: f.Status, Code: f.ErrorCode, RetryAfter: f.RetryAfter}
	e := answer.Error(x.entry.Target, r)
	switch {
	case x.entry.APIVersion == "" && e.Status != http.StatusTooManyRequests:
		answer.OAuthError().Write(x)
	case e.Status != http.StatusUnauthorized || e.Code != "UNEXPECTED_ERROR": // other codes follow valid credentials
		e.Write(x, r)
	default:
		if failed := s.errorFor(r, s.auth.Challenge(x, r, false)); failed.Status != e.Status {
			e = failed
		}
		x.writeAuthError(r, e)
	}
}
