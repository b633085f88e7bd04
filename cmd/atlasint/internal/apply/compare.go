package apply

import (
	"context"
	"errors"
	"slices"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/validate"
)

// Comparison compares validated payloads with a project.
type Comparison struct {
	Project *Project
	Plan    *Plan // the result
	Prune   Prune
	Resend  bool
	Sends   bool           // the command sends the changes afterwards
	Only    []string       // the types of the steps; nil: all
	Report  *report.Report // of the payloads
	Code    int            // the exit code of the report

	APIVersion string              // to read the integrations with if there are no payloads
	Read       func(read func())   // calls read, which reads the integrations from Atlas
	Review     func(p *Plan) error // checks the plan; nil for no check
}

// Run reads the integrations of the project if the payloads can be sent, and makes the plan. The error is an
// [*InvalidError] or a [*pruneError] if the payloads can't be sent.
func (c *Comparison) Run(ctx context.Context) error {
	payloads, err := c.payloads()
	if err != nil {
		return err
	}
	var remote []Remote
	c.Read(func() { remote, err = c.Project.List(ctx, apiVersionsOf(payloads, c.APIVersion)) })
	if err == nil {
		err = c.compare(payloads, remote)
	}
	if err == nil && c.Review != nil {
		err = c.Review(c.Plan)
	}
	return err
}

// InvalidError is the error of payloads that must not be sent. The report shows why.
type InvalidError struct{ Err error }

// Error returns the text of Err, which ends the command.
func (e *InvalidError) Error() string { return e.Err.Error() }

// invalid returns the error of payloads that must not be sent, with the consequence.
func (c *Comparison) invalid(code int) error {
	if c.Sends {
		return &InvalidError{exit.New(code, "nothing was sent")}
	}
	return &InvalidError{exit.New(code, "nothing was compared")}
}

// CheckPaths returns a [*pruneError] if the paths don't allow to prune, and keeps the reason for deletions.
func (c *Comparison) CheckPaths(paths []string, config *workspace.Config, excluded []string) error {
	var sources []workspace.Source
	if c.Prune.Folders {
		sources = workspace.Sources(paths, config.ReadsYAML())
	}
	if err := c.Prune.checkSources(sources); err != nil {
		return err
	}
	c.Plan.Reason = c.Prune.Reason(sources)
	return c.Prune.checkExcluded(config, excluded)
}

// payloads returns the payloads of the report if they can be sent, else an [*InvalidError] or a [*pruneError].
func (c *Comparison) payloads() ([]Local, error) {
	var names []string
	var results []validate.Result
	for _, file := range c.Report.Files {
		names, results = append(names, file.Name), append(results, file.Result)
	}
	c.Plan.Findings = c.Report.Findings()
	if c.Code > exit.Findings || c.Code == exit.Findings && !onlyBlocked(results) {
		return nil, c.invalid(c.Code)
	}
	payloads, err := c.locals()
	if err != nil {
		return nil, err
	}
	if c.Code == exit.Findings && c.Prune.on() {
		err = c.checkBlocked(payloads)
	}
	if err == nil {
		err = c.checkResults(names, results)
	}
	return payloads, err
}

// checkBlocked returns an error if pruning could delete the integration of a payload that can't be sent.
func (c *Comparison) checkBlocked(payloads []Local) error {
	c.Plan.Steps = blockedSteps(payloads)
	if c.Prune.All && len(c.Plan.Steps) == 0 { // their integrations may exist
		return nil
	}
	return c.invalid(c.Code)
}

func (c *Comparison) checkResults(names []string, results []validate.Result) error {
	err := c.Prune.checkResults(names, results)
	var prune *pruneError
	if errors.As(err, &prune) && prune.Findings {
		return &InvalidError{err}
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

// compare makes the steps of the plan. A payload whose integration exists gets the findings of an update. The error is
// an [*InvalidError] if one of them stops the command.
func (c *Comparison) compare(payloads []Local, remote []Remote) error {
	files, anyInvalid := c.Report.Files, false
	c.Report.Reset()
	for _, file := range files {
		updated, invalid := forUpdates(file.Result, remote)
		anyInvalid = anyInvalid || invalid
		c.Report.Add(file.Name, updated)
	}
	c.Plan.Findings = c.Report.Findings()
	if anyInvalid {
		return c.invalid(exit.Findings)
	}
	c.Plan.Steps = slices.DeleteFunc(Steps(payloads, remote, Options{Prune: c.Prune.on(), Resend: c.Resend}), func(s Step) bool {
		return c.Only != nil && !slices.Contains(c.Only, s.Type)
	})
	return nil
}
