package validation

import (
	"io"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/baseline"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
	"github.com/atlasint/atlasint/validate"
)

// Run is the validation of the files that a command selects. Call [Run.Select], [Run.Validate] and [Run.Report] in this
// order.
type Run struct {
	Settings    *Settings
	Fix, DryRun bool   // correct the files; with DryRun compute the corrections only
	Baseline    string // report only findings that are not in this file; "" for no baseline
	NewBaseline string // write all findings to this file first, and use it as the baseline; "" for none
	Quiet       bool   // pass no notes to Diagnose
	Snippets    bool   // add the lines of findings, which takes time

	Stdin    io.Reader
	Diagnose func(text string) // called with notes, and with an error for each file that can't be read or corrected
	Checked  *atomic.Int64     // counts the files that have been validated; nil counts none
	Stopped  func() bool       // reports whether to begin no further file; nil: never

	selection *Selection
	outcomes  []outcome
	known     *baseline.Baseline // nil without a baseline
	maxListed int                // the findings of each file to list, if there is a baseline
}

// Input names payload files and the configuration.
type Input struct {
	Args       []string // files, folders, patterns, and - for standard input
	FilesFrom  string   // a file with more of them; "" for none
	Config     string   // the configuration file; "" for the nearest one
	APIIsFixed bool     // the API version of the settings takes precedence over the configuration
}

// Select reads the configuration and the baseline, and selects the files to validate.
func (r *Run) Select(in Input) (*Selection, error) {
	if err := r.readBaseline(); err != nil {
		return nil, err
	}
	paths, err := workspace.Paths(in.Args, in.FilesFrom, r.Settings.StdinName, r.Stdin)
	if err != nil {
		return nil, err
	}
	r.Settings.isList = in.FilesFrom != ""
	if r.selection, err = r.Settings.selectFiles(paths, in.Config, in.APIIsFixed); err != nil {
		return nil, err
	}
	r.selection.addInputs(r.Settings, in.FilesFrom)
	r.useBaseline()
	if r.Fix {
		err = r.Settings.fix(r.selection.Files, r.DryRun)
	}
	return r.selection, err
}

// Validate validates the selected files and corrects them, if the run has Fix.
func (r *Run) Validate() (err error) {
	if err := r.selection.checkSkipped(r.Diagnose); err != nil {
		return err
	}
	r.noteUnused()
	if err := CheckAPI(r.Settings.API); err != nil {
		return err
	}
	r.Settings.tuneGC(r.selection.Files)
	stdin := r.selection.stdin
	if stdin.finder != nil {
		r.Stdin = io.TeeReader(r.Stdin, stdin.finder)
	}
	r.outcomes, err = r.validate()
	if err == nil && stdin.finder != nil && stdin.finder.found {
		err = referredError(stdin.output, stdin.name)
	}
	if err == nil && !r.Quiet {
		r.noteEmpty()
	}
	return err
}

// noteEmpty passes a note to Diagnose if inputs that were read completely have no payload, such as the output of a
// program that failed.
func (r *Run) noteEmpty() {
	first, n := "", 0
	for i, o := range r.outcomes {
		if o.Err == nil && o.Result.Payloads == 0 && o.Result.Errors+o.Result.Warnings == 0 {
			if n++; n == 1 {
				first = redact.Path(r.Settings.reportName(r.selection.Files[i]))
			}
		}
	}
	switch {
	case n == 1:
		r.Diagnose(first + " has no payload")
	case n > 1:
		r.Diagnose(first + words.AndMore(n-1) + " have no payload")
	}
}

// noteUnused passes a note about each configuration and each pattern that does not apply to Diagnose.
func (r *Run) noteUnused() {
	if !r.Quiet {
		r.Settings.notes(r.selection, r.Diagnose)
	}
}

// FilesOf returns the files with a payload of one of the types, or with errors, by their names as in
// [Selection.NamesOfFiles].
func (r *Run) FilesOf(types []string) (files []string) {
	names := r.selection.NamesOfFiles()
	for i, o := range r.outcomes {
		isOf := func(d validate.Document) bool { return slices.Contains(types, d.Type) }
		if o.Err != nil || o.Result.Errors > 0 || slices.ContainsFunc(o.Result.Documents, isOf) {
			files = append(files, names[i])
		}
	}
	return files
}

// CorrectsStdin reports whether the output of the command is the corrected standard input.
func (r *Run) CorrectsStdin() bool {
	return r.Fix && !r.DryRun && slices.Contains(r.selection.Files, workspace.Stdin)
}

// Corrected returns the corrected standard input.
func (r *Run) Corrected() (data []byte) {
	for _, o := range r.outcomes {
		data = append(data, o.Fix.Data...)
	}
	return data
}

// Diff returns the corrections of a dry run as a diff.
func (r *Run) Diff() string {
	var text strings.Builder
	for _, o := range r.outcomes {
		text.WriteString(o.Fix.Diff)
	}
	return text.String()
}

// Report adds the findings to a report without inputs and returns the greatest kind of its problems. It writes the new
// baseline first. The error is that of the baseline.
func (r *Run) Report(to *report.Report) (kind problem.Kind, err error) {
	if err := r.writeBaseline(); err != nil {
		return problem.None, err
	}
	if r.known != nil {
		to.Known, to.KnownAs, to.PerInput = r.known.Has, r.known.Name, r.maxListed
	}
	kind = r.fillReport(to, r.Diagnose)
	if r.known != nil {
		r.countUnused(to)
	}
	return kind, nil
}
