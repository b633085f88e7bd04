package cli

import (
	"fmt"
	"io"
	"sync/atomic"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/apply"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/connection"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/terminal"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/internal/words"
)

type applyFlags struct {
	compare     compareFlags
	yes, dryRun bool
}

func newApply() *cobra.Command {
	var f applyFlags
	cmd := &cobra.Command{
		Use:   "apply [PATH...|PLAN]",
		Short: "Sync the integrations of a project to match payload files",
		Long: `Creates and updates the integrations of a project to match your payload files. A PATH is a file, a
folder, a pattern or -, as for atlasint validate. References, ${env:NAME} and ${file:PATH}, are replaced.

atlasint validates all payloads first, as those of one project, and sends nothing if one is invalid. A placeholder
is an error here, unless --rule or the configuration sets the severity of the rule placeholder. Then it
reads the integrations from Atlas, shows the changes, and sends them after you confirm. Unchanged payloads
are not sent. A payload is sent whole: if a reference in it has no value, it is skipped, the others
are sent, and the exit code is 1. A payload without a required field is invalid, unless its integration
exists: then it is a warning, since an update may keep the stored value. --prune needs all fields.

Only fields in a payload are changed; other fields keep their values. Integrations without a payload are
kept as well, unless you prune. With --only, other types are neither changed nor listed; their payloads must
be valid, too.

A PLAN is a file of atlasint diff --out. apply makes its changes without confirmation, or refuses with exit code 1
if Atlas or a payload has changed. The plan has its PATHs and flags; project and server must be the same.

--prune deletes integrations that have no payload. Every PATH must be a folder, and its payloads must have no
findings, not even warnings. It refuses to run if exclude matches a file in the folder, if a file has no
payload, or if the folder has a link to another folder, or a file that may be a payload and is not read, such
as YAML or pagerduty.json.bak. --prune-all also accepts files, patterns, standard input, warnings, links and
such files; it still rejects excluded files. Deletions are listed with their reason before anything is sent.
They are made last, and only if all other changes succeeded. Integrations of types that this version does not
support are never deleted.

Secrets are compared by their masks, as in atlasint diff. A secret that Atlas never returns, such as the
password of PROMETHEUS, is sent when another field differs, or with --resend.

If Atlas rejects a payload, the others are still sent. An error that would fail every request stops the run.
SIGINT, SIGTERM and SIGHUP stop it after the current request, a second signal at once. The last line
counts the missing changes and names the next step.
` + credentialHelp + `

Exit codes: 0 the project matches the payloads, or with --dry-run, the changes were shown, 1 invalid
payloads, rejected by Atlas, or you declined, 2 usage error, 3 runtime failure: network, server error, too
many requests, no such project, or signal. Denied access is 1. To fail on differences, use atlasint diff.`,
		Example: `  atlasint apply --dry-run integrations/atlas/
  atlasint apply integrations/atlas/
  atlasint apply --yes --prune --json integrations/atlas/
  atlasint apply plan.json
  atlasint apply --yes --resend integrations/atlas/prometheus.json`,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	f.compare.register(cmd, "delete integrations that have no payload")
	flags := cmd.Flags()
	flags.BoolVarP(&f.yes, "yes", "y", false, "send without confirmation")
	flags.BoolVar(&f.dryRun, "dry-run", false, "show the changes and send nothing")
	usage.Exclusive(cmd, "yes", "dry-run")
	return cmd
}

func (f *applyFlags) run(cmd *cobra.Command, args []string) error {
	defer stopsignal.IgnoreClosedPipe()() // else a closed standard output would end the run between two changes
	f.compare.sends = !f.dryRun
	args, err := f.readPlan(cmd, args)
	if err != nil {
		return err
	}
	conn, plan, err := f.compare.makePlan(cmd, args)
	if err != nil {
		return requestError(err, true)
	}
	defer conn.Close()
	d := plan.Document()
	if err := f.announce(cmd, conn, plan, d); err != nil {
		return err
	}
	if f.dryRun || !plan.Changes() {
		return f.conclude(cmd, d, nil)
	}
	if err := f.consent(cmd, plan, d); err != nil {
		return err
	}
	return f.conclude(cmd, d, f.send(cmd, conn, plan, &d))
}

// announce prints the plan as text.
func (f *applyFlags) announce(cmd *cobra.Command, conn *connection.Connection, plan *apply.Plan, d apply.Document) error {
	if f.compare.json {
		return nil
	}
	return problem.Output(writePlan(cmd.OutOrStdout(), conn, plan, d, true), "nothing was sent")
}

// writePlan writes the project, the server, the steps and their numbers. Steps without details have a line only if all
// is true.
func writePlan(out io.Writer, conn *connection.Connection, plan *apply.Plan, d apply.Document, all bool) error {
	if err := writeProject(out, conn); err != nil {
		return err
	}
	if err := plan.Write(out, all); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out, d.Summary.Planned())
	return err
}

// writeProject writes the project and the server.
func writeProject(out io.Writer, conn *connection.Connection) error {
	_, err := fmt.Fprintf(out, "Project %s at %s\n", conn.Project, conn.Host)
	return err
}

// consent requires confirmation, unless --yes is set.
func (f *applyFlags) consent(cmd *cobra.Command, plan *apply.Plan, d apply.Document) error {
	switch {
	case f.yes || f.compare.plan != nil:
		if text := plan.DeletionText(); f.compare.json && text != "" { // the document comes after the deletions
			printDiagnostic(cmd.ErrOrStderr(), text)
		}
		return nil
	case f.compare.json:
		return problem.Inputf("--json needs --yes or --dry-run, since it can't ask you to confirm the changes (%s)", d.Summary.Planned())
	case !terminal.CanConfirm(cmd.InOrStdin()):
		return problem.Inputf("no terminal to confirm the changes; add --yes to make them, or --dry-run to show them only")
	}
	return confirm(cmd, plan.Question())
}

// confirm asks a question and returns an error if the reply is not yes.
func confirm(cmd *cobra.Command, question string) error {
	if terminal.Confirm(cmd.InOrStdin(), cmd.ErrOrStderr(), question) {
		return nil
	}
	return problem.Findingf("not confirmed; nothing was changed")
}

func (f *applyFlags) send(cmd *cobra.Command, conn *connection.Connection, plan *apply.Plan, d *apply.Document) error {
	ctx, release := conn.StopOnSignals(cmd.Context())
	defer release()
	p := project(conn)
	p.Reviewed = f.compare.plan != nil
	var sent atomic.Int64
	text := func() string {
		return fmt.Sprintf("sent %d of %s", sent.Load(), words.Quantity(d.Summary.Changes(), "change"))
	}
	var err error
	withProgress(cmd, text, func() {
		err = p.Send(ctx, plan, d, apply.SendCallbacks{
			Stopped: conn.Stopped,
			Text:    connection.ErrorText,
			Done: func(did, typ string) {
				sent.Add(1)
				if !f.compare.json {
					fmt.Fprintf(cmd.OutOrStdout(), "%s %s\n", did, typ)
				}
			},
			Warned: func(typ, text string) { printDiagnostic(cmd.ErrOrStderr(), "warning: "+typ+": "+text) },
			Failed: func(typ, text string) {
				sent.Add(1)
				printDiagnostic(cmd.ErrOrStderr(), typ+": "+text)
			},
		})
	})
	return err
}

// conclude prints the outcome. The error is that of sending.
func (f *applyFlags) conclude(cmd *cobra.Command, d apply.Document, sent error) error {
	var err error
	completed := d.Summary.Completed()
	switch {
	case f.compare.json:
		err = report.Encode(cmd.OutOrStdout(), d)
	case completed != "":
		_, err = fmt.Fprintln(cmd.OutOrStdout(), completed)
	}
	switch {
	case sent != nil:
		err = requestError(sent, true)
	case err != nil && d.Summary.Done == 0: // a dry run, or nothing to send
		err = problem.Output(err, "nothing was sent")
	case err != nil:
		err = problem.Output(err, "all changes were sent")
	}
	return withSkipped(cmd, d.Summary, err)
}
