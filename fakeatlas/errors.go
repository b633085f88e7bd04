package fakeatlas

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

// storeError returns the response to a failure of the store, and logs it, unless the client has disconnected.
func (s *Server) storeError(r *http.Request, err error) *wire.Error {
	if r.Context().Err() == nil {
		s.logFailure(err)
	}
	return wire.NewError("UNEXPECTED_ERROR")
}

// logFailure logs the reason for a failure of the store if the store gives one without secrets. A missing integration
// or project is no failure.
func (s *Server) logFailure(err error) {
	if s.config.logger != nil && !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrDeleted) {
		s.config.logger.Error("the store failed", slog.String("reason", failureText(err)))
	}
}

func failureText(err error) string {
	var failure *store.Failure
	if errors.As(err, &failure) {
		return failure.Text
	}
	return "unknown" // its text may contain a secret
}

// errorFor returns the response to an error: a [wire.Error] unchanged, and for any other error the response of a full
// or of a failed store.
func (s *Server) errorFor(r *http.Request, err error) *wire.Error {
	var rejected *wire.Error
	switch {
	case errors.As(err, &rejected):
		return rejected
	case errors.Is(err, store.ErrFull):
		return errorFull()
	}
	return s.storeError(r, err)
}

// errorFull returns the response of a store that has reached its limit.
func errorFull() *wire.Error {
	return wire.NewError("UNEXPECTED_ERROR").WithStatus(http.StatusInsufficientStorage).
		WithDetail("The store of this fake Atlas is full. Delete integrations, or reset it.")
}

// writeAuthError responds to a request whose credentials are missing or wrong, or can't be checked.
func (x *exchange) writeAuthError(r *http.Request, e *wire.Error) {
	if e.Status != http.StatusUnauthorized {
		e.Write(x, r)
		return
	}
	x.entry.ErrorCode = e.Code // the response has no header with the code
	e.WriteUnauthorized(x)
}

// writeError responds with the rejection of an operation, or with the failure of the store.
func (c *call) writeError(err error) {
	if errors.Is(err, store.ErrDeleted) {
		err = wire.NewError("GROUP_NOT_FOUND", c.project)
	}
	c.s.errorFor(c.r, err).Write(c.w, c.r)
}
