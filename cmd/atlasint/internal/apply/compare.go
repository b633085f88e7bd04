package apply

import (
	"context"
	"errors"
	"slices"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/validate"
)

// Comparison compares payloads with a project. Call [Comparison.Validate] before [Comparison.Run].
type Comparison struct {
	Project *Project
	BaseURL string // of the server, as [atlas.ShownURL] shows it
	Prune   Prune
	Resend  bool
	Sends   bool           // the command sends the changes afterwards
	Only    []string       // the types of the steps; nil: all
	Output  Output         // of the plan
	Report  *report.Report // of the payloads; its findings become those of updates, if their integrations exist

	// CheckFiles returns why the payloads in the files must not be compared; nil: they may.
	CheckFiles      func(config *workspace.Config, files []string) error
	WhileValidating func(files []string, work func() error) error // returns the error of work, which validates the files
	WhileReading    func(work func())                             // calls work, which reads the integrations from Atlas

	paths      []string     // of the payloads
	apiVersion string       // to read the integrations with if there are no payloads
	kind       problem.Kind // the greatest kind of the problems in the report
}

// Output is the file of a flag that the command writes later.
type Output struct{ Flag, File string }

// Validate validates the payloads that the input names, and adds them to the report. It checks everything that needs no
// request first. Run must be new.
func (c *Comparison) Validate(run *validation.Run, in validation.Input) error {
	var err error
	if c.Only, err = validation.KnownTypes(run.Settings.API, c.Only); err != nil {
		return err
	}
	run.Snippets = true
	s, err := run.Select(in)
	if err != nil {
		return err
	}
	if err := s.CheckOutput(c.Output.Flag, c.Output.File, ""); err != nil {
		return err
	}
	onlySome := c.Only != nil && !c.Prune.on() // payloads of other types don't matter, and the types are unknown yet
	if !onlySome {
		if err := c.checkFiles(s.Config, s.NamesOfFiles()); err != nil {
			return err
		}
	}
	if err := c.Prune.CheckPaths(s.Paths, s.Config, s.Excluded); err != nil {
		return err
	}
	if err := c.WhileValidating(s.Files, run.Validate); err != nil {
		return err
	}
	if onlySome {
		if err := c.checkFiles(s.Config, run.FilesOf(c.Only)); err != nil {
			return err
		}
	}
	c.paths, c.apiVersion = s.Paths, run.Settings.APIVersionOf(s.Config, workspace.Stdin)
	c.kind, err = run.Report(c.Report)
	return err
}

func (c *Comparison) checkFiles(config *workspace.Config, files []string) error {
	if c.CheckFiles == nil {
		return nil
	}
	return c.CheckFiles(config, files)
}

// Run reads the integrations of the project if the payloads can be sent, and returns the plan. The error is an
// [*InvalidError] or one of [Prune] if the payloads can't be sent.
func (c *Comparison) Run(ctx context.Context) (*Plan, error) {
	plan := &Plan{Project: c.Project.ID, BaseURL: c.BaseURL, Findings: c.Report.Findings(), Reason: c.Prune.reason(c.paths)}
	payloads, err := c.payloads(plan)
	if err != nil {
		return nil, err
	}
	var remote []Remote
	c.WhileReading(func() { remote, err = c.Project.List(ctx, apiVersionsOf(payloads, c.apiVersion)) })
	if err == nil {
		err = c.compare(plan, payloads, remote)
	}
	if err != nil {
		return nil, err
	}
	return plan, nil
}

// InvalidError is the error of payloads that must not be sent. The report shows why.
type InvalidError struct {
	Err  error // ends the command
	Plan *Plan // the findings, and the steps that stop the command
}

// Error returns the text of Err.
func (e *InvalidError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *InvalidError) Unwrap() error { return e.Err }

// invalid returns the error of payloads that must not be sent, with the consequence.
func (c *Comparison) invalid(plan *Plan, kind problem.Kind) error {
	return &InvalidError{problem.Of(kind, errors.New(c.consequence())), plan}
}

func (c *Comparison) consequence() string {
	if c.Sends {
		return "nothing was sent"
	}
	return "nothing was compared"
}

// payloads returns the payloads of the report if they can be sent, else an [*InvalidError] or an error of [Prune].
func (c *Comparison) payloads(plan *Plan) ([]Local, error) {
	var names []string
	var results []validate.Result
	for _, file := range c.Report.Files {
		names, results = append(names, file.Name), append(results, file.Result)
	}
	if c.kind > problem.Finding || c.kind == problem.Finding && !onlyBlocked(results) {
		return nil, c.invalid(plan, c.kind)
	}
	payloads, err := c.locals()
	if err != nil {
		return nil, err
	}
	if c.kind == problem.Finding && c.Prune.on() {
		err = c.checkBlocked(plan, payloads)
	}
	if err == nil {
		err = c.checkResults(plan, names, results)
	}
	return payloads, err
}

// checkBlocked returns an error if pruning could delete the integration of a payload that can't be sent.
func (c *Comparison) checkBlocked(plan *Plan, payloads []Local) error {
	plan.Steps = blockedSteps(payloads)
	switch {
	case len(plan.Steps) > 0:
		return c.invalid(plan, c.kind)
	case c.Prune.All: // their integrations may exist
		return nil
	}
	return &InvalidError{problem.Findingf(
		"%s: --prune requires payloads that can also create their integrations; complete them, or use --prune-all", c.consequence()), plan}
}

func (c *Comparison) checkResults(plan *Plan, names []string, results []validate.Result) error {
	err := c.Prune.checkResults(names, results)
	if problem.KindOf(err) == problem.Finding {
		return &InvalidError{err, plan}
	}
	return err
}

// locals returns the payloads of all files of the report.
func (c *Comparison) locals() (payloads []Local, err error) {
	for _, file := range c.Report.Files {
		more, err := payloadsOf(file.Name, file.Result)
		if err != nil {
			return nil, err
		}
		payloads = append(payloads, more...)
	}
	return payloads, nil
}

// compare adds the steps to the plan. A payload whose integration exists gets the findings of an update. The error is
// an [*InvalidError] if one of them stops the command, or one of [Prune].
func (c *Comparison) compare(plan *Plan, payloads []Local, remote []Remote) error {
	files, anyInvalid := c.Report.Files, false
	c.Report.Reset()
	for _, file := range files {
		updated, invalid := forUpdates(file.Result, remote)
		anyInvalid = anyInvalid || invalid
		c.Report.Add(file.Name, updated)
	}
	plan.Findings = c.Report.Findings()
	if anyInvalid {
		return c.invalid(plan, problem.Finding)
	}
	plan.Steps = slices.DeleteFunc(Steps(payloads, remote, Options{Prune: c.Prune.on(), Resend: c.Resend}), func(s Step) bool {
		return c.Only != nil && !slices.Contains(c.Only, s.Type)
	})
	return c.Prune.checkDeletions(c.paths, plan)
}
