package cli

import (
	"cmp"
	"errors"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/apply"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/connection"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/planfile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/validate"
)

// compareFlags are the flags of the commands that compare payloads with a project.
type compareFlags struct {
	input   inputFlags
	connect connectFlags
	prune   apply.Prune
	resend  bool
	sends   bool // send the changes
	only    []string
	json    bool
	plan    *planfile.File // the reviewed plan to apply, nil if there is none
	out     string         // the file for the plan
}

// register registers the flags. The action describes the effect on integrations without a payload.
func (f *compareFlags) register(cmd *cobra.Command, action string) {
	f.input.register(cmd)
	f.connect.register(cmd)
	settings := &f.input.settings
	settings.Operation, settings.Jobs = string(validate.Create), runtime.GOMAXPROCS(0)
	settings.Expand, settings.OneProject, settings.Sending = true, true, true
	flags := cmd.Flags()
	flags.BoolVar(&f.prune.Folders, "prune", false, action+"; every PATH must be a folder")
	flags.BoolVar(&f.prune.All, "prune-all", false, action+"; a PATH may also be a file, a pattern or -")
	usage.Exclusive(cmd, "prune", "prune-all")
	flags.StringArrayVar(&f.only, "only", nil, "ignore integrations and payloads of other types; may be repeated")
	complete(cmd, "only", atlas.TypeNames()...)
	flags.BoolVar(&f.resend, "resend", false, "also send payloads that look unchanged, for secrets that Atlas does not return")
	flags.BoolVar(&f.json, "json", false, "print one JSON document")
}

// makePlan validates the payloads and, if they can be sent, compares them with the project. It prints the report of
// payloads that can't. The caller must close the connection.
func (f *compareFlags) makePlan(cmd *cobra.Command, args []string) (*connection.Connection, *apply.Plan, error) {
	cfg, err := workspace.FindConfig(f.input.config)
	if err != nil {
		return nil, nil, cmp.Or(f.checkPlannedPaths(), err)
	}
	f.connect.settings.Changes = f.plan == nil // a plan names its project
	conn, err := f.connect.open(cmd, cfg)
	if err != nil {
		return nil, nil, f.connectError(cmd, args, err)
	}
	f.input.settings.BaseURLFlag = conn.BaseURL
	c, err := f.comparison(cmd, args, conn)
	if err != nil {
		conn.Close()
		return nil, nil, err
	}
	plan, err := f.planOf(cmd, c, conn)
	if err != nil {
		conn.Close()
		return nil, nil, f.reportInvalid(cmd, c, err)
	}
	for _, typ := range plan.Without(f.only) {
		printDiagnostic(cmd.ErrOrStderr(), "--only "+typ+": there is no payload and no integration of this type")
	}
	return conn, plan, nil
}

// connectError returns an error of connecting. If the project is missing, and a configuration of the payload files that
// is not used sets it, the error names that file.
func (f *compareFlags) connectError(cmd *cobra.Command, args []string, err error) error {
	if f.plan != nil || !errors.Is(err, connection.ErrNoProject) {
		return err
	}
	s, selectErr := f.input.newRun(cmd).Select(f.input.named(cmd, args))
	if selectErr != nil {
		return err
	}
	return cmp.Or(connection.NoProject(s.Config, s.NamesOfFiles()), err)
}

// planOf compares the payloads with the project and prints their findings. The plan must be the reviewed one, if there
// is one.
func (f *compareFlags) planOf(cmd *cobra.Command, c *apply.Comparison, conn *connection.Connection) (*apply.Plan, error) {
	plan, err := c.Run(cmd.Context())
	if err == nil && f.plan != nil {
		err = f.plan.Compare(plan, conn.PlanKey)
	}
	if err == nil {
		err = f.reportFindings(cmd, c, plan)
	}
	return plan, err
}

// comparison validates the payloads that the arguments name, for a comparison with the project.
func (f *compareFlags) comparison(cmd *cobra.Command, args []string, conn *connection.Connection) (*apply.Comparison, error) {
	if f.plan != nil {
		if err := f.plan.Check(conn.Project, conn.Server, conn.PlanKey); err != nil {
			return nil, err
		}
	}
	if err := f.checkPlannedPaths(); err != nil {
		return nil, err
	}
	run := f.input.newRun(cmd)
	c := &apply.Comparison{
		Project: project(conn), BaseURL: conn.BaseURL, Prune: f.prune, Resend: f.resend, Sends: f.sends, Only: f.only,
		Output: apply.Output{Flag: "--out", File: f.out},
		Report: &report.Report{Version: version(), Color: f.input.hasColor(cmd.OutOrStdout())},
		WhileValidating: func(files []string, work func() error) error {
			return whileValidating(cmd, run, files, work)
		},
		WhileReading: func(work func()) {
			withProgress(cmd, func() string { return "reading the integrations of the project" }, work)
		},
	}
	if f.plan == nil { // a plan names its project and its server
		c.CheckFiles = conn.CheckUnused
	}
	if err := c.Validate(run, f.input.named(cmd, args)); err != nil {
		return nil, err
	}
	f.only = c.Only // also in the flags of the plan
	printOtherVersion(cmd, run)
	return c, nil
}

func project(conn *connection.Connection) *apply.Project {
	return &apply.Project{ID: conn.Project, Client: conn.Client}
}

// reportFindings prints the findings of payloads that may be sent, where [compareFlags.reportInvalid] prints those of
// others.
func (f *compareFlags) reportFindings(cmd *cobra.Command, c *apply.Comparison, plan *apply.Plan) error {
	if len(plan.Findings) == 0 || f.json {
		return nil
	}
	return problem.Report(report.Text(cmd.OutOrStdout(), c.Report))
}

// reportInvalid prints the report of payloads that must not be sent. It returns why, or the error of printing.
func (f *compareFlags) reportInvalid(cmd *cobra.Command, c *apply.Comparison, why error) error {
	var invalid *apply.InvalidError
	if !errors.As(why, &invalid) {
		return why
	}
	var err error
	if f.json {
		err = report.Encode(cmd.OutOrStdout(), invalid.Plan.Document())
	} else {
		err = report.Text(cmd.OutOrStdout(), c.Report)
	}
	if err != nil {
		return problem.Report(err)
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
		return problem.Findingf("%s", text)
	}
	printDiagnostic(cmd.ErrOrStderr(), text)
	return err
}
