package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/apply"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/connection"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/planfile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
)

// plannedPaths returns the PATHs of a plan. Those of --files-from become PATHs of their own.
func (f *compareFlags) plannedPaths(cmd *cobra.Command, args []string) ([]string, error) {
	paths, err := workspace.Paths(args, f.input.filesFrom, f.input.settings.StdinName, cmd.InOrStdin())
	if err == nil && slices.Contains(paths, workspace.Stdin) {
		err = problem.Inputf("--out can't be combined with -, since apply can't read standard input again; name a file")
	}
	f.input.filesFrom = ""
	return paths, err
}

// savePlan writes the plan file of diff --out.
func (f *compareFlags) savePlan(cmd *cobra.Command, conn *connection.Connection, plan *apply.Plan, paths []string) error {
	file := planfile.File{BaseURL: conn.Server, Paths: paths, Flags: planfile.FlagsOf(cmd.Flags())}
	data, err := file.Encode(plan, conn.PlanKey)
	if err != nil {
		return err
	}
	return savefile.Save(f.out, data, true)
}

// readPlan reads the plan that the arguments name, sets the flags of the command that wrote it, and returns its paths.
// Without a plan, it returns the arguments.
func (f *applyFlags) readPlan(cmd *cobra.Command, args []string) ([]string, error) {
	if len(args) == 0 && f.compare.input.filesFrom == "" && f.compare.input.settings.StdinName == "" {
		return nil, problem.Inputf("no path; name a file, a folder, a plan, or - for standard input")
	}
	plan, err := planfile.Find(args, f.compare.input.filesFrom != "")
	if err != nil || plan == nil {
		return args, err
	}
	f.compare.plan = plan
	return plan.Paths, plan.SetFlags(cmd.Flags())
}

// checkPlannedPaths returns an error if a path of the plan to apply does not exist.
func (f *compareFlags) checkPlannedPaths() error {
	if f.plan == nil {
		return nil
	}
	return f.plan.CheckPaths()
}
