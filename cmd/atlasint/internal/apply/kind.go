package apply

import (
	"errors"
	"net/http"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
)

// KindOf returns the kind of the error of a request, a comparison or [Project.Send]. Atlas may reject a change: that is
// a finding. A missing project is a failure for all commands. Changing reports whether the command changes the project.
func KindOf(err error, changing bool) problem.Kind {
	var (
		wrong   *client.UsageError
		payload *client.PayloadError
		apiErr  *client.APIError
		known   *problem.Error
		send    *sendError
	)
	switch {
	case errors.As(err, &send):
		return send.kind()
	case errors.As(err, &known):
		return known.Kind
	case errors.As(err, &wrong):
		return problem.Input
	case errors.As(err, &payload):
		return problem.Finding
	case errors.Is(err, client.ErrProjectNotFound):
		return problem.Failure
	case errors.As(err, &apiErr) && changing && apiErr.Status < http.StatusInternalServerError && apiErr.Status != http.StatusTooManyRequests:
		return problem.Finding
	}
	return problem.KindOf(err)
}

// kind returns the greatest kind of the errors. A signal is a failure.
func (e *sendError) kind() problem.Kind {
	kind := problem.None
	if e.Stopped {
		kind = problem.Failure
	}
	for _, err := range e.Errors {
		kind = max(kind, KindOf(err, true))
	}
	return kind
}
