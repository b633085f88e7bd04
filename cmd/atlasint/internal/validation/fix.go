package validation

import (
	"bytes"
	"io"
	"slices"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/fix"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/validate"
)

func (f *Settings) fixFile(v *validate.Validator, file string, layout validate.Layout, result validate.Result) Outcome {
	fixed, err := f.Fixer.File(file, layout, result, checker(v, file, layout))
	return f.fixedOutcome(fixed, err)
}

func (f *Settings) fixStdin(v *validate.Validator, stdin io.Reader, layout validate.Layout) Outcome {
	name := f.ReportName(workspace.Stdin)
	fixed, err := f.Fixer.Reader(name, stdin, layout, checker(v, name, layout))
	if err != nil {
		err = f.readError(workspace.Stdin, err)
	}
	return f.fixedOutcome(fixed, err)
}

func checker(v *validate.Validator, name string, layout validate.Layout) fix.Check {
	return func(data []byte) (validate.Result, error) { return v.CheckReader(name, bytes.NewReader(data), layout) }
}

// fixedOutcome returns the outcome of a file. Validators list more findings for corrections than reports may have.
func (f *Settings) fixedOutcome(fixed fix.Outcome, err error) Outcome {
	r := fixed.Result
	fixed.Result = validate.Result{}
	r.Findings = slices.Clone(r.Findings[:min(len(r.Findings), f.MaxFindings)])
	return Outcome{Result: WithFlags(r), Err: err, Fix: fixed}
}
