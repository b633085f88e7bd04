// Package usage has the errors for unknown commands and flags, for wrong values, and for arguments of the wrong number.
package usage

import (
	"errors"
	"fmt"
	"regexp"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/internal/redact"
)

// AtMost returns a check that rejects more than n arguments.
func AtMost(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) <= n:
			return nil
		case n == 0:
			return fmt.Errorf("%s takes no arguments, got %s", cmd.Name(), redact.Value(args[0]))
		}
		return fmt.Errorf("%s takes at most %d argument, got %d", cmd.Name(), n, len(args))
	}
}

// WithHelpHint adds a hint to errors about arguments.
func WithHelpHint(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if check == nil {
			return nil
		}
		if err := check(cmd, args); err != nil {
			return problem.Inputf("%w; see %s --help", err, cmd.CommandPath())
		}
		return nil
	}
}

// FlagError describes an error of package pflag, without its texts.
func FlagError(cmd *cobra.Command, err error) error {
	help := "see " + cmd.CommandPath() + " --help"
	var (
		unknown *pflag.NotExistError
		missing *pflag.ValueRequiredError
		invalid *pflag.InvalidValueError
		syntax  *pflag.InvalidSyntaxError
	)
	switch {
	case errors.As(err, &unknown) && cmd.HasSubCommands() && cmd.Flags().NArg() > 0: // it may be a flag of a subcommand
		return UnknownCommand(cmd, cmd.Flags().Args())
	case errors.As(err, &unknown):
		return unknownFlag(cmd, unknown)
	case errors.As(err, &missing):
		return problem.Inputf("--%s needs a value; %s", missing.GetFlag().Name, help)
	case errors.As(err, &invalid):
		return problem.Inputf("%s; %s", invalidValue(invalid), help)
	case errors.As(err, &syntax):
		return problem.Inputf("%s is not a flag; %s", redact.Value(syntax.GetSpecifiedFlag()), help)
	}
	return problem.Inputf("%w; %s", err, help)
}

var durationForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[-+]?((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$`)
})

// DurationFault returns why [time.ParseDuration] rejects a text, as the end of a sentence that begins with the text.
func DurationFault(text string) string {
	if durationForm().MatchString(text) {
		return "is too long for a duration, which has at most 2562047h"
	}
	return "is not a duration, such as 500ms, 5s or 2m"
}

// invalidValue describes the value of a flag that has another type.
func invalidValue(err *pflag.InvalidValueError) string {
	f, value := err.GetFlag(), redact.Value(err.GetValue())
	switch f.Value.Type() {
	case "duration":
		return fmt.Sprintf("--%s: %s %s", f.Name, value, DurationFault(err.GetValue()))
	case "int", "int64", "uint", "uint64":
		return fmt.Sprintf("--%s: %s is not a whole number, or too large", f.Name, value)
	case "bool":
		return fmt.Sprintf("--%s: %s is neither true nor false", f.Name, value)
	}
	return fmt.Sprintf("--%s: %s is not valid", f.Name, value)
}
