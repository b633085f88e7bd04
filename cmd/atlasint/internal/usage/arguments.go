package usage

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/internal/redact"
)

// RejectUnknown makes help and completion, which cobra adds to root, reject unknown arguments. Otherwise a script would
// get help instead of an error. Call it last: completion keeps the writers that are set before.
func RejectUnknown(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "help":
			c.Args = func(_ *cobra.Command, args []string) error {
				if found, _, _ := root.Find(args); found == root {
					return UnknownCommand(root, args)
				}
				return nil
			}
		case "completion":
			c.DisableFlagsInUseLine = true
			c.Args = unknownShell
			c.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
			escapeForFish(c)
			for _, shell := range c.Commands() {
				shell.Args = WithHelpHint(AtMost(0)) // the error of cobra has no kind
			}
		}
	}
}

func unknownShell(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var shells []string
	for _, c := range cmd.Commands() {
		shells = append(shells, c.Name())
	}
	return problem.Inputf("unknown shell %s; use one of %s", redact.Value(args[0]), strings.Join(shells, ", "))
}

// Exclusive makes a command reject two flags together. The error of cobra is not in the style of this command; its
// completion omits the second flag.
func Exclusive(cmd *cobra.Command, a, b string) {
	before := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		if before != nil {
			if err := before(cmd, args); err != nil {
				return err
			}
		}
		if cmd.Flags().Changed(a) && cmd.Flags().Changed(b) {
			return problem.Inputf("--%s and --%s can't be combined; leave out one of them", a, b)
		}
		return nil
	}
	cmd.MarkFlagsMutuallyExclusive(a, b)
}
