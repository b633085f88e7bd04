package cli

import (
	"errors"
	"runtime"
	"slices"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/apply"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/connection"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/planfile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/validate"
)

// compareFlags are the flags of the commands that compare payloads with a project.
type compareFlags struct {
	validateFlags
	connectFlags
	prune  apply.Prune
	resend bool
	only   []string
	json   bool
	plan   *planfile.File // the reviewed plan to apply, nil if there is none
	out    string         // the file for the plan
}

// register registers the flags. The action describes the effect on integrations without a payload.
func (f *compareFlags) register(cmd *cobra.Command, action string) {
	f.registerInput(cmd)
	f.connectFlags.register(cmd)
	f.Operation, f.format, f.Jobs = string(validate.Create), report.Default, runtime.GOMAXPROCS(0)
	f.Expand, f.OneProject, f.Sending = true, true, true
	flags := cmd.Flags()
	flags.BoolVar(&f.prune.Folders, "prune", false, action+"; every PATH must be a folder")
	flags.BoolVar(&f.prune.All, "prune-all", false, action+"; a PATH may also be a file, a pattern or -")
	usage.Exclusive(cmd, "prune", "prune-all")
	flags.StringArrayVar(&f.only, "only", nil, "ignore integrations and payloads of other types; may be repeated")
	complete(cmd, "only", allTypeNames()...)
	flags.BoolVar(&f.resend, "resend", false, "also send payloads that look unchanged, for secrets that Atlas does not return")
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
	f.BaseURLFlag = a.BaseURL
	if f.plan != nil {
		if err := f.plan.Check(a.Project, a.BaseURL, a.PlanKey); err != nil {
			return nil, nil, err
		}
	}
	if err := f.checkOnly(); err != nil {
		return nil, nil, err
	}
	c, err := f.validated(cmd, args, a.Project)
	if err != nil {
		return nil, nil, err
	}
	payloads, err := c.Payloads()
	if err != nil {
		return nil, nil, f.reportInvalid(cmd, c, err)
	}
	var remote []apply.Remote
	withProgress(cmd, func() string { return "reading the integrations of the project" }, func() {
		remote, err = project(a).List(cmd.Context(), apply.APIVersions(payloads, f.APIVersionOf(cfg, workspace.Stdin)))
	})
	if err == nil {
		err = c.Compare(payloads, remote)
	}
	if err == nil && f.plan != nil {
		err = f.plan.Compare(c.Plan, a.PlanKey)
	}
	if err == nil {
		err = f.reportFindings(cmd, c)
	}
	if err != nil {
		a.Close()
		return nil, nil, f.reportInvalid(cmd, c, err)
	}
	f.noteOnly(cmd, c.Plan)
	return a, c.Plan, nil
}

// checkOnly replaces the types of --only by their names in the API.
func (f *compareFlags) checkOnly() error {
	for i, typ := range f.only {
		f.only[i] = atlas.TypeName(typ)
		if !slices.Contains(allTypeNames(), f.only[i]) {
			return unknownType(f.API, typ)
		}
	}
	return nil
}

// noteOnly prints the types of --only that have no step.
func (f *compareFlags) noteOnly(cmd *cobra.Command, p *apply.Plan) {
	for _, typ := range f.only {
		if !slices.ContainsFunc(p.Steps, func(s apply.Step) bool { return s.Type == typ }) {
			printDiagnostic(cmd.ErrOrStderr(), "--only "+typ+": there is no payload and no integration of this type")
		}
	}
}

func project(a *connection.Connection) *apply.Project {
	return &apply.Project{ID: a.Project, Client: a.Client}
}

// validated validates the payloads that the arguments name.
func (f *compareFlags) validated(cmd *cobra.Command, args []string, project string) (*apply.Comparison, error) {
	s, err := f.selectFiles(cmd, args)
	if err == nil {
		err = s.CheckOutput(f.out, "")
	}
	if err != nil {
		return nil, err
	}
	c := &apply.Comparison{Plan: &apply.Plan{Project: project}, Prune: f.prune, Resend: f.resend, Only: f.only}
	if err := c.CheckPaths(s.Paths, s.Config, s.Excluded); err != nil {
		return nil, err
	}
	outcomes, err := f.validateFiles(cmd, s)
	if err != nil {
		return nil, err
	}
	c.Report, c.Code = f.makeReport(cmd, s.Files, outcomes)
	return c, nil
}

// reportFindings prints the findings of payloads that may be sent.
func (f *compareFlags) reportFindings(cmd *cobra.Command, c *apply.Comparison) error {
	if len(c.Plan.Findings) == 0 || f.json {
		return nil
	}
	c.Report.Color = !f.noColor && supportsColor(cmd.ErrOrStderr())
	if err := report.Text(cmd.ErrOrStderr(), c.Report); err != nil {
		return exit.Failuref("can't write the report: %v", err)
	}
	return nil
}

// reportInvalid prints the report of payloads that must not be sent. It returns why, or the error of printing.
func (f *compareFlags) reportInvalid(cmd *cobra.Command, c *apply.Comparison, why error) error {
	var invalid *apply.InvalidError
	if !errors.As(why, &invalid) {
		return why
	}
	var err error
	if f.json {
		err = report.Encode(cmd.OutOrStdout(), c.Plan.Document())
	} else {
		err = report.Text(cmd.OutOrStdout(), c.Report)
	}
	if err != nil {
		return exit.Failuref("can't write the report: %v", err)
	}
	return invalid.Err
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
