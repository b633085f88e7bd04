package cli

import (
	"runtime"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/apply"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/connection"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/validate"
)

// compareFlags are the flags of the commands that compare payloads with a project.
type compareFlags struct {
	validateFlags
	connectFlags
	prune  apply.Prune
	resend bool
	json   bool
}

// register registers the flags. The action names what the command does with integrations without a payload.
func (f *compareFlags) register(cmd *cobra.Command, action string) {
	f.registerInput(cmd)
	f.connectFlags.register(cmd)
	f.Operation, f.format, f.Jobs = string(validate.Create), report.Default, runtime.GOMAXPROCS(0)
	f.Expand, f.OneProject, f.Sending = true, true, true
	flags := cmd.Flags()
	flags.BoolVar(&f.prune.Folders, "prune", false, action+"; every PATH must be a folder")
	flags.BoolVar(&f.prune.All, "prune-all", false, action+", whatever the PATHs are")
	exclusiveFlags(cmd, "prune", "prune-all")
	flags.BoolVar(&f.json, "json", false, "print one JSON document")
}

// compare validates the payloads and, if they can be sent, compares them with the project. It prints the report of
// payloads that can't. The caller must close the connection.
func (f *compareFlags) compare(cmd *cobra.Command, args []string) (*connection.Connection, *apply.Plan, error) {
	cfg, err := workspace.FindConfig(f.config)
	if err != nil {
		return nil, nil, err
	}
	a, err := f.connect(cmd, cfg)
	if err != nil {
		return nil, nil, err
	}
	f.BaseURLFlag = f.BaseURL
	plan := &apply.Plan{Project: a.Project}
	payloads, r, err := f.payloads(cmd, args, plan)
	if err != nil {
		return nil, nil, err
	}
	remote, err := project(a).List(cmd.Context(), apply.APIVersions(payloads, f.APIVersionOf(cfg, workspace.Stdin)))
	if err == nil {
		err = f.reportFindings(cmd, r, remote, plan)
	}
	if err != nil {
		a.Close()
		return nil, nil, err
	}
	plan.Steps = apply.Steps(payloads, remote, apply.Options{Prune: f.prune.On(), Resend: f.resend})
	return a, plan, nil
}

func project(a *connection.Connection) *apply.Project {
	return &apply.Project{ID: a.Project, Client: a.Client}
}

// payloads returns the payloads that the arguments name, if they can be sent, and the report of their findings.
func (f *compareFlags) payloads(cmd *cobra.Command, args []string, plan *apply.Plan) ([]apply.Local, *report.Report, error) {
	s, err := f.selectFiles(cmd, args)
	if err != nil {
		return nil, nil, err
	}
	var sources []workspace.Source
	if f.prune.Folders {
		sources = workspace.Sources(s.Paths)
	}
	if err := f.prune.CheckSources(sources); err != nil {
		return nil, nil, err
	}
	if err := f.prune.CheckExcluded(s.Config.File, s.Excluded); err != nil {
		return nil, nil, err
	}
	plan.Reason = f.prune.Reason(sources)
	outcomes, err := f.validateFiles(cmd, s)
	if err != nil {
		return nil, nil, err
	}
	r, code := f.makeReport(cmd, s.Files, outcomes)
	if err := f.checkSendable(cmd, r, code, plan); err != nil {
		return nil, nil, err
	}
	payloads, err := locals(r)
	return payloads, r, err
}

// locals returns the payloads of all files of the report.
func locals(r *report.Report) (payloads []apply.Local, err error) {
	for _, file := range r.Files {
		more, err := apply.Payloads(file.Name, file.Result)
		if err != nil {
			return nil, err
		}
		payloads = append(payloads, more...)
	}
	return payloads, nil
}

// checkSendable prints findings that stop the command, and returns the error.
func (f *compareFlags) checkSendable(cmd *cobra.Command, r *report.Report, code int, plan *apply.Plan) error {
	var names []string
	var results []validate.Result
	for _, file := range r.Files {
		names, results = append(names, file.Name), append(results, file.Result)
		plan.Findings = append(plan.Findings, file.Findings...)
	}
	switch onlyBlocked := apply.OnlyBlocked(results); {
	case code > exit.Findings, code == exit.Findings && !onlyBlocked:
		return f.reportInvalid(cmd, r, plan, exit.New(code, "nothing was sent"))
	case code == exit.Findings && f.prune.On():
		payloads, err := locals(r)
		if err != nil {
			return err
		}
		plan.Steps = apply.BlockedSteps(payloads)
		if f.prune.All && len(plan.Steps) == 0 { // their integrations may exist
			break
		}
		return f.reportInvalid(cmd, r, plan, exit.New(code, "nothing was sent"))
	}
	if err := f.prune.CheckResults(names, results); err != nil {
		if exitCodeOf(err, false) == exit.Findings {
			return f.reportInvalid(cmd, r, plan, err)
		}
		return err
	}
	return nil
}

// reportFindings prints the findings of payloads that may be sent, and returns an error if they stop the command. A
// payload whose integration exists has the findings of an update.
func (f *compareFlags) reportFindings(cmd *cobra.Command, r *report.Report, remote []apply.Remote, plan *apply.Plan) error {
	files := r.Files
	r.Files, r.Summary, plan.Findings = nil, report.Summary{}, nil
	invalid := false
	for _, file := range files {
		updated, isInvalid := apply.ForUpdates(file.Result, remote)
		invalid = invalid || isInvalid
		r.Add(file.Name, updated)
		plan.Findings = append(plan.Findings, updated.Findings...)
	}
	if invalid {
		return f.reportInvalid(cmd, r, plan, exit.New(exit.Findings, "nothing was sent"))
	}
	if len(plan.Findings) > 0 && !f.json {
		r.Color = !f.noColor && supportsColor(cmd.ErrOrStderr())
		if err := report.Text(cmd.ErrOrStderr(), r); err != nil {
			return exit.Failuref("can't write the report: %v", err)
		}
	}
	return nil
}

// reportInvalid prints the report of payloads that must not be sent. It returns why, or the error of printing.
func (f *compareFlags) reportInvalid(cmd *cobra.Command, r *report.Report, plan *apply.Plan, why error) error {
	var err error
	if f.json {
		err = report.Encode(cmd.OutOrStdout(), plan.Document())
	} else {
		err = report.Text(cmd.OutOrStdout(), r)
	}
	if err != nil {
		return exit.Failuref("can't write the report: %v", err)
	}
	return why
}

// withSkipped adds skipped payloads to the error of a command.
func withSkipped(cmd *cobra.Command, n apply.Counts, err error) error {
	text := n.Skipped()
	switch {
	case text == "":
		return err
	case err == nil:
		return exit.New(exit.Findings, text)
	}
	printDiagnostic(cmd.ErrOrStderr(), text)
	return err
}
