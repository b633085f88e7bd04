// Package usage has the errors for unknown commands and flags, and for arguments of the wrong number.
package usage

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/suggest"
)

// otherNames are names that other programs have for commands of this one.
var otherNames = map[string]string{
	"lint": "validate", "check": "validate", "verify": "validate", "test": "validate",
	"init": "new", "template": "new", "scaffold": "new", "create": "new",
	"describe": "explain", "docs": "explain",
	"sync": "apply", "push": "apply", "deploy": "apply", "update": "apply",
	"plan": "diff", "compare": "diff",
	"list": "get", "ls": "get", "show": "get", "pull": "get", "export": "get", "import": "get",
	"rm": "delete", "remove": "delete", "destroy": "delete",
	"server": "serve", "mock": "serve", "start": "serve", "run": "serve",
	"health": "ping", "openapi": "spec", "schemas": "schema", "codegen": "generate", "gen": "generate",
}

// UnknownCommand returns the error for the first argument of a command that takes only subcommands; nil without arguments.
func UnknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names, beginning []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
		if strings.HasPrefix(c.Name(), args[0]) {
			beginning = append(beginning, c.Name())
		}
	}
	name, of := redact.Value(args[0]), ""
	near := ""
	if cmd.HasParent() {
		of = " of " + cmd.CommandPath()
	} else {
		near = otherNames[strings.ToLower(args[0])]
	}
	if near == "" {
		near = suggest.Nearest(args[0], names)
	}
	if near == "" && len(beginning) == 1 {
		near = beginning[0]
	}
	hint := "see " + cmd.CommandPath() + " --help"
	if near != "" {
		hint = "did you mean " + near + "?"
	}
	return exit.Usagef("unknown command %s%s; %s", name, of, hint)
}

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
			return exit.Usagef("%v; see %s --help", err, cmd.CommandPath())
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
	case errors.As(err, &unknown) && cmd.HasSubCommands() && cmd.Flags().NArg() > 0: // the flag may be one of the command that is meant
		return UnknownCommand(cmd, cmd.Flags().Args())
	case errors.As(err, &unknown):
		return unknownFlag(cmd, unknown, help)
	case errors.As(err, &missing):
		return exit.Usagef("--%s needs a value; %s", missing.GetFlag().Name, help)
	case errors.As(err, &invalid):
		return exit.Usagef("%s; %s", invalidValue(invalid), help)
	case errors.As(err, &syntax):
		return exit.Usagef("%s is not a flag; %s", redact.Value(syntax.GetSpecifiedFlag()), help)
	}
	return exit.Usagef("%v; %s", err, help)
}

// unknownFlag suggests the flag with the nearest name, or the only one that begins with the letter.
func unknownFlag(cmd *cobra.Command, err *pflag.NotExistError, help string) error {
	name, dashes := err.GetSpecifiedName(), "--"
	var names, beginning []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		names = append(names, f.Name)
		if strings.HasPrefix(f.Name, name) {
			beginning = append(beginning, f.Name)
		}
	})
	near := suggest.Nearest(name, names)
	if err.GetSpecifiedShortnames() != "" {
		dashes, near = "-", ""
	}
	if near == "" && len(beginning) == 1 {
		near = beginning[0]
	}
	switch {
	case near != "":
		help = "did you mean --" + near + "?"
	case dashes == "-" && unicode.IsDigit(rune(name[0])) && strings.Contains(cmd.Use, "DURATION"):
		help = "write -- before a negative duration, as in " + cmd.CommandPath() + " -- -1h"
	}
	return exit.Usagef("unknown flag %s%s; %s", dashes, redact.Plain(name), help)
}

// invalidValue describes the value of a flag that has another type.
func invalidValue(err *pflag.InvalidValueError) string {
	f, value := err.GetFlag(), redact.Value(err.GetValue())
	switch f.Value.Type() {
	case "duration":
		return fmt.Sprintf("--%s: %s is not a duration, such as 500ms, 5s or 2m", f.Name, value)
	case "int", "int64", "uint", "uint64":
		return fmt.Sprintf("--%s: %s is not a whole number, or too large", f.Name, value)
	case "bool":
		return fmt.Sprintf("--%s: %s is neither true nor false", f.Name, value)
	}
	return fmt.Sprintf("--%s: %s is not valid", f.Name, value)
}
