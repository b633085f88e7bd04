package planfile

import (
	"slices"

	"github.com/spf13/pflag"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/internal/redact"
)

// plannedFlags are the flags of diff and apply that a plan has, because they change its steps.
var plannedFlags = []string{"api", "array", "ndjson", "max-size", "rule", "schema", "config", "prune", "prune-all", "resend", "only"}

// FlagsOf returns the flags to keep in a plan: those that are set and change its steps.
func FlagsOf(flags *pflag.FlagSet) []Flag {
	kept := []Flag{}
	flags.Visit(func(flag *pflag.Flag) {
		if slices.Contains(plannedFlags, flag.Name) {
			kept = append(kept, Flag{Name: flag.Name, Values: valuesOf(flag)})
		}
	})
	return kept
}

func valuesOf(flag *pflag.Flag) []string {
	if list, ok := flag.Value.(pflag.SliceValue); ok {
		return list.GetSlice()
	}
	return []string{flag.Value.String()}
}

// SetFlags sets the flags of the plan. It returns an error if one of those that change its steps is set, or if the plan
// has another flag.
func (f *File) SetFlags(flags *pflag.FlagSet) (err error) {
	flags.Visit(func(flag *pflag.Flag) {
		if slices.Contains(plannedFlags, flag.Name) {
			err = problem.Inputf("--%s can't be combined with a plan, which has the flags of atlasint diff; leave it out, or write a new plan",
				flag.Name)
		}
	})
	for _, flag := range f.Flags {
		for _, value := range flag.Values {
			if err == nil && (!slices.Contains(plannedFlags, flag.Name) || flags.Set(flag.Name, value) != nil) {
				err = problem.Inputf("the plan has a flag that this atlasint does not support; write a new plan with atlasint diff --out")
			}
		}
	}
	return err
}

// Find returns the plan that the arguments name, nil if they name none. A plan must be the only argument. More reports
// whether there are other paths than the arguments.
func Find(args []string, more bool) (*File, error) {
	for _, arg := range args {
		plan, err := readFile(arg)
		switch {
		case err != nil:
			return nil, err
		case plan != nil && (more || len(args) > 1):
			return nil, problem.Inputf("%s is a plan, which has its own PATHs; name it alone", redact.Path(arg))
		case plan != nil:
			return plan, nil
		}
	}
	return nil, nil
}
