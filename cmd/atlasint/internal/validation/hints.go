package validation

import (
	"errors"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/internal/hintkind"
	"github.com/atlasint/atlasint/validate"
)

// WithFlags replaces the hints of findings by hints with flags of the command. It changes r.Findings.
func WithFlags(r validate.Result) validate.Result {
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Hint = flagHint(f.Hint, f.HintKind, f.HintValue)
	}
	return r
}

func flagHint(hint string, kind string, value string) string {
	switch kind {
	case hintkind.Array:
		return "use --array to validate each element as a payload"
	case hintkind.One:
		return "leave out --array to validate a single payload"
	case hintkind.APIVersion:
		return hint + "; use --api " + value
	case hintkind.MaxSize:
		return hint + "; --max-size raises the limit"
	case hintkind.Answer:
		return hint + "; atlasint get --as-payload writes payload files of a project's integrations"
	}
	return hint
}

// OptionError returns the usage error for a wrong option of the validator.
func OptionError(err error) error {
	var unknown *validate.UnknownTypeError
	if errors.As(err, &unknown) {
		return exit.Usagef("%s; %s", unknown.Message, flagHint(unknown.Hint, unknown.HintKind, unknown.HintValue))
	}
	return exit.Usagef("%v", err)
}
