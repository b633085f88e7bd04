package cli

import (
	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/planfile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
)

func newDiff() *cobra.Command {
	var f compareFlags
	cmd := &cobra.Command{
		Use:   "diff [PATH...]",
		Short: "Compare payload files with the integrations of a project",
		Long: `Shows what atlasint apply would change: payloads without an integration, and fields that differ. Read-only.
PATHs and references are those of apply. A payload with a reference that has no value is skipped, and the exit
code is 1.

Secrets are compared by their masks: Atlas returns the last four characters, so two secrets with the same
mask count as equal. A secret that Atlas never returns is reported as incomparable and not counted as a
difference. Neither are defaults that Atlas fills in. Values of secrets are never printed.

--out writes the plan to a file, without secrets. After a review, atlasint apply FILE makes exactly these changes,
or refuses if Atlas or a payload has changed.

Integrations without a payload are listed. They count as differences with --prune or --prune-all, which
refuse to run for the same reasons as those of apply.
` + credentialHelp + `

Exit codes: 0 no differences, 1 differences or invalid payloads, 2 usage error, 3 runtime failure: Atlas could
not be reached, denied access, or has no such project.`,
		Example: `  atlasint diff integrations/atlas/
  atlasint diff --prune --json integrations/atlas/
  atlasint diff --out plan.json integrations/atlas/`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return revokingToken(cmd, func() error { return f.diff(cmd, args) })
		},
	}
	f.register(cmd, "count integrations without a payload as differences")
	cmd.Flags().StringVarP(&f.out, "out", "o", "", "also write the plan to this file, for atlasint apply")
	return cmd
}

func (f *compareFlags) diff(cmd *cobra.Command, args []string) error {
	if f.out == workspace.Stdin {
		return problem.Inputf("standard output has the differences, so --out can't be -; name a file for the plan")
	}
	if f.out != "" {
		if err := planfile.CheckOutput(f.out); err != nil {
			return ofFlag("--out", err)
		}
		var err error
		if args, err = f.plannedPaths(cmd, args); err != nil {
			return err
		}
	}
	conn, plan, err := f.makePlan(cmd, args)
	if err != nil {
		return requestError(err, false)
	}
	defer conn.Close()
	if f.out != "" {
		if err := f.savePlan(cmd, conn, plan, args); err != nil {
			return err
		}
	}
	d := plan.Document()
	if f.json {
		err = report.Encode(cmd.OutOrStdout(), d)
	} else {
		err = writePlan(cmd.OutOrStdout(), conn, plan, d, false)
	}
	if err != nil {
		return problem.Output(err)
	}
	if plan.Changes() {
		err = problem.Printed(problem.Finding)
	}
	return withSkipped(cmd, d.Summary, err)
}
