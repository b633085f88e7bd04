package cli

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/apply"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/connection"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/planfile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/redact"
)

// plannedFlags are the flags of diff and apply that a plan has, because they change its steps.
var plannedFlags = []string{"api", "array", "ndjson", "max-size", "rule", "schema", "config", "prune", "prune-all", "resend", "only"}

// plannedPaths returns the PATHs of a plan. Those of --files-from become PATHs of their own.
func (f *compareFlags) plannedPaths(cmd *cobra.Command, args []string) ([]string, error) {
	paths, err := f.paths(cmd, args)
	if err == nil && slices.Contains(paths, workspace.Stdin) {
		err = exit.Usagef("--out can't be combined with -, since apply can't read standard input again; name a file")
	}
	f.filesFrom = ""
	return paths, err
}

// savePlan writes the plan file of diff --out.
func (f *compareFlags) savePlan(cmd *cobra.Command, a *connection.Connection, plan *apply.Plan, paths []string) error {
	file := planfile.File{BaseURL: a.BaseURL, Paths: paths, Flags: []planfile.Flag{}}
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if slices.Contains(plannedFlags, flag.Name) {
			file.Flags = append(file.Flags, planfile.Flag{Name: flag.Name, Values: valuesOf(flag)})
		}
	})
	data, err := file.Encode(plan, a.PlanKey)
	if err != nil {
		return err
	}
	return workspace.SaveFile(f.out, data, true)
}

func valuesOf(flag *pflag.Flag) []string {
	if list, ok := flag.Value.(pflag.SliceValue); ok {
		return list.GetSlice()
	}
	return []string{flag.Value.String()}
}

// readPlan reads the plan that the arguments name, sets the flags of the command that wrote it, and returns its paths.
// Without a plan, it returns the arguments.
func (f *applyFlags) readPlan(cmd *cobra.Command, args []string) ([]string, error) {
	for _, arg := range args {
		plan, err := planfile.Read(arg)
		switch {
		case err != nil:
			return nil, err
		case plan == nil:
			continue
		case len(args) > 1 || f.filesFrom != "":
			return nil, exit.Usagef("%s is a plan, which has its own PATHs; name it alone", redact.Path(arg))
		}
		f.plan = plan
		return plan.Paths, f.setFlags(cmd)
	}
	return args, nil
}

// setFlags sets the flags of a plan. Others that change its steps are rejected.
func (f *applyFlags) setFlags(cmd *cobra.Command) (err error) {
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if slices.Contains(plannedFlags, flag.Name) {
			err = exit.Usagef("--%s can't be combined with a plan, which has the flags of atlasint diff; leave it out, or write a new plan", flag.Name)
		}
	})
	for _, flag := range f.plan.Flags {
		for _, value := range flag.Values {
			if err == nil && (!slices.Contains(plannedFlags, flag.Name) || cmd.Flags().Set(flag.Name, value) != nil) {
				err = exit.Usagef("the plan has a flag that this atlasint does not support; write a new plan with atlasint diff --out")
			}
		}
	}
	return err
}
