package apply

import (
	"errors"
	"net/http"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
)

// ExitCode returns the exit code for the error of a request, a comparison or [Project.Send]. Atlas may reject a change:
// that is a finding. A missing project is a failure for all commands. Changing reports whether the command changes the
// project.
func ExitCode(err error, changing bool) int {
	var (
		wrong   *client.UsageError
		payload *client.PayloadError
		atlas   *client.APIError
		prune   *pruneError
		send    *sendError
	)
	switch {
	case errors.As(err, &prune) && prune.Findings:
		return exit.Findings
	case errors.As(err, &prune):
		return exit.Usage
	case errors.As(err, &send):
		return sendCode(send)
	case errors.As(err, &wrong):
		return exit.Usage
	case errors.As(err, &payload), errors.Is(err, errChanged):
		return exit.Findings
	case errors.Is(err, client.ErrProjectNotFound):
		return exit.Failure
	case errors.As(err, &atlas) && changing && atlas.Status < http.StatusInternalServerError && atlas.Status != http.StatusTooManyRequests:
		return exit.Findings
	}
	return exit.Failure
}

// sendCode returns the highest exit code of the errors: a signal ends a command as a failure.
func sendCode(err *sendError) int {
	code := exit.OK
	if err.Stopped {
		code = exit.Failure
	}
	for _, e := range err.Errors {
		code = max(code, ExitCode(e, true))
	}
	return code
}
