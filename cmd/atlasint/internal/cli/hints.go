package cli

import (
	"errors"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/validate"
)

// withFlags words the hints of findings in terms of the command's flags. The findings are the caller's own.
func withFlags(r validate.Result) validate.Result {
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Hint = flagHint(f.Hint, f.HintKind, f.HintValue)
	}
	return r
}

func flagHint(hint string, kind validate.HintKind, value string) string {
	switch kind {
	case validate.HintArray:
		return "use --array to validate each element as a payload"
	case validate.HintOne:
		return "leave out --array to validate a single payload"
	case validate.HintAPIVersion:
		return hint + "; use --api " + value
	case validate.HintMaxSize:
		return hint + "; --max-size raises the limit"
	case validate.HintAnswer:
		return hint + "; atlasint get --as-payload writes payload files of a project's integrations"
	}
	return hint
}

// optionError is the usage error for an option of the validator.
func optionError(err error) error {
	var unknown *validate.UnknownTypeError
	if errors.As(err, &unknown) {
		return exit.Usagef("%s; %s", unknown.Message, flagHint(unknown.Hint, unknown.HintKind, unknown.HintValue))
	}
	return exit.Usagef("%v", err)
}

// clientHints are the hints of the client that name its options, worded for users of the command.
var clientHints = map[client.HintKind]string{
	client.HintCredentials: "set the credentials in the environment; atlasint help environment lists the variables",
	client.HintPlainHTTP:   "use https, or allow http with --plain-http",
	client.HintTimeout:     "try again, or allow more time with --timeout",
	client.HintCertificate: "check the base URL; the certificate of an authority of your own goes into SSL_CERT_FILE",
}

// worded returns an error of the client with its hint for users of the command.
func worded(err error) error {
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
