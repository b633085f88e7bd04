package connection

import (
	"errors"

	"github.com/atlasint/atlasint/client"
)

// clientHints replace the hints of the client that name its options.
var clientHints = map[string]string{
	"Credentials": "set the credentials in the environment; atlasint help environment lists the variables",
	"PlainHTTP":   "use https, or allow http with --plain-http",
	"Timeout":     "try again, or allow more time with --timeout",
	"Transport":   "check the base URL, or set SSL_CERT_FILE to the certificate of your own authority",
}

// ErrorText returns the text of an error of the client with a hint for users of the command. It changes the hint of the
// error.
func ErrorText(err error) string {
	var wrong *client.UsageError
	var lost *client.TransportError
	switch {
	case errors.As(err, &wrong) && wrong.HintOption != "":
		wrong.Hint = clientHints[wrong.HintOption]
	case errors.As(err, &lost) && lost.HintOption != "":
		lost.Hint = clientHints[lost.HintOption]
	}
	return err.Error()
}
