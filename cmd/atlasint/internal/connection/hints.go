package connection

import (
	"errors"
	"strings"

	"github.com/atlasint/atlasint/client"
)

// clientHints replace the hints of the client that name its options.
var clientHints = map[string]string{
	"Credentials": "set the credentials in the environment; atlasint help environment lists the variables",
	"PlainHTTP":   "use https, or allow http with --plain-http",
	"Timeout":     "try again, or allow more time with --timeout",
	"Transport":   "check the base URL, or set SSL_CERT_FILE to the certificate of your own authority",
}

// ErrorText returns the text of an error of the client with a hint for users of the command.
func ErrorText(err error) string {
	var wrong *client.UsageError
	var lost *client.TransportError
	switch {
	case errors.As(err, &wrong) && wrong.HintOption != "":
		shown := *wrong
		shown.Hint = clientHints[wrong.HintOption]
		return strings.Replace(err.Error(), wrong.Error(), shown.Error(), 1)
	case errors.As(err, &lost) && lost.HintOption != "":
		shown := *lost
		shown.Hint = clientHints[lost.HintOption]
		return strings.Replace(err.Error(), lost.Error(), shown.Error(), 1)
	}
	return err.Error()
}
