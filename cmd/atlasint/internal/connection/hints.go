package connection

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
)

// clientHints replace the hints of the client that name its options.
var clientHints = map[string]string{
	"Credentials": "set the credentials in the environment; atlasint help environment lists the variables",
	"PlainHTTP":   "use https, or allow http with --plain-http",
	"Timeout":     "try again, or allow more time with --timeout",
	"Transport":   "check the base URL, or set SSL_CERT_FILE to the certificate of your own authority",
}

// ErrorText returns the text of an error of the client with a hint for users of the command. It does not change the
// error.
func ErrorText(err error) string {
	var unread *client.UnreadError
	var wrong *client.UsageError
	var lost *client.TransportError
	switch {
	case errors.As(err, &unread):
		own := *unread
		own.Cause = withHint(unread.Cause)
		return own.Error()
	case errors.As(err, &wrong) && wrong.SuggestedOption != "":
		own := *wrong
		own.Hint = clientHints[wrong.SuggestedOption]
		return own.Error()
	case errors.As(err, &lost) && lost.SuggestedOption != "":
		own := *lost
		own.Hint = clientHints[lost.SuggestedOption]
		return own.Error()
	}
	return err.Error()
}

// withHint returns an error with the text of [ErrorText].
func withHint(err error) error { return problem.Worded(ErrorText(err), err) }

// retryText returns the reason for a retry.
func retryText(cause error) string {
	var apiErr *client.APIError
	var lost *client.TransportError
	switch {
	case errors.As(cause, &apiErr) && apiErr.Status == http.StatusTooManyRequests:
		return "Atlas limits the requests"
	case errors.As(cause, &apiErr):
		return fmt.Sprintf("Atlas returned %d %s", apiErr.Status, apiErr.Code)
	case errors.As(cause, &lost):
		return lost.Reason
	}
	return "the server does not respond"
}
