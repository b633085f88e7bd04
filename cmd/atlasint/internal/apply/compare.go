package apply

import (
	"context"
	"errors"
	"slices"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/validate"
)

// Comparison compares validated payloads with a project.
type Comparison struct {
	Project *Project
	BaseURL string // of the server, as [atlas.ShownURL] shows it
	Prune   Prune
	Resend  bool
	Sends   bool           // the command sends the changes afterwards
	Only    []string       // the types of the steps; nil: all
	Paths   []string       // of the payloads
	Report  *report.Report // of the payloads; its findings become those of updates, if their integrations exist
	Code    int            // the exit code of the report

	APIVersion   string            // to read the integrations with if there are no payloads
	WhileReading func(work func()) // calls work, which reads the integrations from Atlas
}

// Run reads the integrations of the project if the payloads can be sent, and returns the plan. The error is an
// [*InvalidError] or a [*pruneError] if the payloads can't be sent.
func (c *Comparison) Run(ctx context.Context) (*Plan, error) {
	plan := &Plan{Project: c.Project.ID, BaseURL: c.BaseURL, Findings: c.Report.Findings(), Reason: c.Prune.reason(c.Paths)}
	payloads, err := c.payloads(plan)
	if err != nil {
		return nil, err
	}
	var remote []Remote
	c.WhileReading(func() { remote, err = c.Project.List(ctx, apiVersionsOf(payloads, c.APIVersion)) })
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

// invalid returns the error of payloads that must not be sent, with the consequence.
func (c *Comparison) invalid(plan *Plan, code int) error {
	if c.Sends {
		return &InvalidError{exit.New(code, "nothing was sent"), plan}
	}
	return &InvalidError{exit.New(code, "nothing was compared"), plan}
}

// payloads returns the payloads of the report if they can be sent, else an [*InvalidError] or a [*pruneError].
func (c *Comparison) payloads(plan *Plan) ([]Local, error) {
	var names []string
	var results []validate.Result
	for _, file := range c.Report.Files {
		names, results = append(names, file.Name), append(results, file.Result)
	}
	if c.Code > exit.Findings || c.Code == exit.Findings && !onlyBlocked(results) {
		return nil, c.invalid(plan, c.Code)
	}
	payloads, err := c.locals()
	if err != nil {
		return nil, err
	}
	if c.Code == exit.Findings && c.Prune.on() {
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
	if c.Prune.All && len(plan.Steps) == 0 { // their integrations may exist
		return nil
	}
	return c.invalid(plan, c.Code)
}

func (c *Comparison) checkResults(plan *Plan, names []string, results []validate.Result) error {
	err := c.Prune.checkResults(names, results)
	var prune *pruneError
	if errors.As(err, &prune) && prune.Findings {
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
// an [*InvalidError] if one of them stops the command.
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
		return c.invalid(plan, exit.Findings)
	}
	plan.Steps = slices.DeleteFunc(Steps(payloads, remote, Options{Prune: c.Prune.on(), Resend: c.Resend}), func(s Step) bool {
		return c.Only != nil && !slices.Contains(c.Only, s.Type)
	})
	return nil
}
