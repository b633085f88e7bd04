package validation

import (
	"errors"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/validate"
)

// WithFlags replaces the hints of findings with hints with flags of the command. It changes r.Findings.
func WithFlags(r validate.Result) validate.Result {
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Hint = flagHint(*f)
	}
	return r
}

func flagHint(f validate.Finding) string {
	switch {
	case f.HintLayout == validate.Array:
		return "use --array to validate each element as a payload"
	case f.HintLayout == validate.One:
		return "leave out --array to validate a single payload"
	case f.HintAPIVersion != "":
		return apiHint(f.Hint, f.HintAPIVersion)
	case f.HintResponse:
		return f.Hint + "; atlasint get --as-payload writes payload files of a project's integrations"
	case f.Rule == "too-large":
		return f.Hint + "; --max-size raises the limit"
	}
	return f.Hint
}

func apiHint(hint, apiVersion string) string { return hint + "; use --api " + apiVersion }

// optionError returns the usage error for a wrong option of the validator.
func optionError(err error) error {
	var wrong *validate.OptionError
	if errors.As(err, &wrong) && wrong.HintAPIVersion != "" {
		return exit.Usagef("%s; %s", wrong.Reason, apiHint(wrong.Hint, wrong.HintAPIVersion))
	}
	return exit.Usagef("%v", err)
}
