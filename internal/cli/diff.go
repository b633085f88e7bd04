package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/internal/report"
)

func newDiff() *cobra.Command {
	var f compareFlags
	cmd := &cobra.Command{
		Use:   "diff [PATH...]",
		Short: "Compare payload files with what Atlas has",
		Long: `Tells what atlasint apply would change: payloads that Atlas lacks, and fields that differ. It sends
nothing but requests to read. PATHs and references are those of apply.

Secrets are compared by their masks: Atlas shows the last four characters, so that two secrets with the
same mask are taken for the same. A secret that Atlas never shows can't be compared; that is said, and is
no difference. Neither are defaults that Atlas fills in. Values of secrets are never printed.

Integrations that no payload describes are listed, and are differences with --prune only.
` + credentialHelp + `

Exit codes: 0 no differences, 1 differences, or findings in the payloads, 2 wrong usage, 3 it could not
compare: Atlas was not reached, or refused.`,
		Example: `  atlasint diff payloads/
  atlasint diff --prune --json payloads/`,
		RunE: func(cmd *cobra.Command, args []string) error { return f.diff(cmd, args) },
	}
	f.register(cmd)
	cmd.Flags().BoolVar(&f.Prune, "prune", false, "take integrations that no payload describes for differences")
	return cmd
}

func (f *compareFlags) diff(cmd *cobra.Command, args []string) error {
	c, err := f.compare(cmd, args)
	if err != nil {
		return refused(err, false)
	}
	defer c.atlas.close(cmd)
	d := c.document()
	if f.json {
		err = report.Encode(cmd.OutOrStdout(), d)
	} else if err = c.show(cmd.OutOrStdout(), false); err == nil {
		_, err = fmt.Fprintln(cmd.OutOrStdout(), d.Summary.planned())
	}
	if err != nil {
		return failure("can't write the output: %v", err)
	}
	if c.changes() {
		return &exitError{code: exitFindings}
	}
	return nil
}
