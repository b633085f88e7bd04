package fakeatlas

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/atlasint/atlasint/fakeatlas/internal/events"
	"github.com/atlasint/atlasint/fakeatlas/internal/faults"
	"github.com/atlasint/atlasint/fakeatlas/internal/stubs"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
)

// maxFaults is how many faults may be active at a time.
const maxFaults = 1000

// newFaults returns an empty list of faults.
func (s *Server) newFaults() *faults.List[Fault] {
	return &faults.List[Fault]{Max: maxFaults, Changed: func() { s.events.Changed(events.Faults) }, Use: func(f *Fault) faults.Use {
		return faults.Use{ID: &f.ID, Times: &f.Times, Applied: &f.Applied, Probability: f.Probability, Seed: f.Seed}
	}}
}

// FailNext makes the next request fail that matches f, or the next f.Times ones. Faults of later calls apply once
// those of earlier calls are used up. The error is a [*FaultError].
func (s *Server) FailNext(f Fault) error {
	if f.Times == 0 {
		f.Times = 1
	}
	_, err := s.InjectFault(f)
	return err
}

// InjectFault makes requests fail that match f, f.Times of them; if it is 0, until the fault is removed. It returns
// the fault's ID. The error is a [*FaultError].
func (s *Server) InjectFault(f Fault) (id string, err error) {
	if err := f.check(); err != nil {
		return "", err
	}
	id, ok := s.faults.Add(f.clone())
	if !ok {
		return "", &FaultError{Reason: "the limit of " + strconv.Itoa(maxFaults) + " active faults is reached", Hint: "remove some"}
	}
	return id, nil
}

// RemoveFault removes a fault, and reports whether it was active.
func (s *Server) RemoveFault(id string) bool { return s.faults.Remove(id) }

// ClearFaults removes all faults.
func (s *Server) ClearFaults() { s.faults.Clear() }

// Faults returns the active faults, in the order in which they are tried. Times is the number of requests that will
// still fail. A Body that is neither text nor []byte is its JSON, a [json.RawMessage]. The caller owns the result.
func (s *Server) Faults() []Fault {
	list := s.faults.All()
	for i := range list {
		list[i] = list[i].clone()
	}
	return list
}

// clone returns a copy that shares neither headers nor the body.
func (f Fault) clone() Fault {
	f.Header, f.ResponseHeader, f.Body = maps.Clone(f.Header), maps.Clone(f.ResponseHeader), stubs.CloneBody(f.Body)
	return f
}

// applyFault applies the fault that matches a request, if there is one. It reports whether the request needs no
// other response.
func (s *Server) applyFault(x *exchange, r *http.Request) bool {
	f, applies := s.faults.Consume(func(f *Fault) bool { return f.matches(r, x.entry.Target) })
	if !applies {
		return false
	}
	x.entry.Fault, x.entry.FaultEffect = f.ID, f.effect()
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
	if !f.hasError() {
		return false
	}
	// A client that repeats a request sends the body again: the journal shows both.
	wire.Drain(r)
	if f.RetryAfter > 0 {
		x.Header().Set("Retry-After", wire.Seconds(f.RetryAfter))
	}
	if f.response != nil {
		f.response.Write(x)
		return true
	}
	s.writeFault(x, r, f)
	return true
}

// effect describes what the fault does to a request, such as "delay 2s, truncate": the journal keeps it after the fault
// is removed. A code that Atlas does not document is hidden, as in the journal.
func (f *Fault) effect() string {
	var parts []string
	if f.Delay > 0 {
		parts = append(parts, "delay "+f.Delay.String())
	}
	if f.Status != 0 {
		parts = append(parts, "status "+strconv.Itoa(f.Status))
	}
	if f.ErrorCode != "" {
		parts = append(parts, "errorCode "+knownCode(f.ErrorCode))
	}
	if f.Drop {
		parts = append(parts, "drop")
	}
	if f.Truncate {
		parts = append(parts, truncation)
	}
	return strings.Join(parts, ", ")
}

// truncation is the effect of a fault that closes the connection in the middle of a body.
const truncation = "truncate"

func (s *Server) writeFault(x *exchange, r *http.Request, f Fault) {
	response := faults.Response{Status: f.Status, Code: f.ErrorCode, RetryAfter: f.RetryAfter}
	e := response.Error(x.entry.Target, r)
	switch {
	case x.entry.APIVersion == "" && e.Status != http.StatusTooManyRequests:
		response.OAuthError().Write(x)
	case e.Status != http.StatusUnauthorized || e.Code != "UNEXPECTED_ERROR": // other codes follow valid credentials
		e.Write(x, r)
	default:
		if failed := s.errorFor(r, s.auth.Challenge(x, r, false)); failed.Status != e.Status {
			e = failed
		}
		x.writeAuthError(r, e)
	}
}

func (f *Fault) matches(r *http.Request, t wire.Target) bool {
	if f.Path == "" && t.APIVersion == "" {
		return false
	}
	for name, value := range f.Header {
		if !slices.Contains(r.Header.Values(name), value) {
			return false
		}
	}
	return (f.Method == "" || strings.EqualFold(f.Method, r.Method)) &&
		(f.Path == "" || wire.MatchPath(f.Path, r.URL.Path)) &&
		(f.Project == "" || f.Project == t.Project) &&
		(f.Type == "" || f.Type == t.Type)
}
