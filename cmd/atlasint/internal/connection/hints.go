package connection

import (
	"errors"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/internal/hintkind"
)

// clientHints replace the hints of the client that name its options.
var clientHints = map[string]string{
	hintkind.Credentials: "set the credentials in the environment; atlasint help environment lists the variables",
	hintkind.PlainHTTP:   "use https, or allow http with --plain-http",
	hintkind.Timeout:     "try again, or allow more time with --timeout",
	hintkind.Certificate: "check the base URL, or set SSL_CERT_FILE to the certificate of your own authority",
}

// WithCommandHints returns an error of the client with a hint for users of the command. It changes err.
func WithCommandHints(err error) error {
	var wrong *client.UsageError
	var lost *client.TransportError
	switch {
	case errors.As(err, &wrong) && wrong.HintKind != "":
		wrong.Hint = clientHints[wrong.HintKind]
	case errors.As(err, &lost) && lost.HintKind != "":
		lost.Hint = clientHints[lost.HintKind]
	}
	return err
}
