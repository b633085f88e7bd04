package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/internal/report"
)

type applyFlags struct {
	compareFlags
	yes, dryRun bool
}

func newApply() *cobra.Command {
	var f applyFlags
	cmd := &cobra.Command{
		Use:   "apply [PATH...]",
		Short: "Make the integrations of a project what payload files say",
		Long: `Creates and updates the integrations of a project. A PATH is a file, a folder, a pattern or - as for
atlasint validate; ${env:NAME} and ${file:PATH} are replaced by what they stand for. All payloads are
judged first, as those of one project, and nothing is sent if one is wrong. Then it reads what Atlas has,
shows what it would change, asks, and sends. What is unchanged is not sent.

A payload speaks of its own fields: what it leaves out stays as it is. Integrations that no payload
describes stay too; --prune deletes them, once all else has gone well. Types that this version does not
know are never touched.

Secrets are compared by their masks, as for atlasint diff. A secret that Atlas never shows, such as the
password of PROMETHEUS, is sent when another field differs, or with --resend.

A payload that Atlas refuses does not keep the others from being sent; what would fail for all of them
ends the run. SIGINT and SIGTERM end it after the request under way, a second one at once. What was done
and what was not is said in the end, and another run does the rest.
` + credentialHelp + `

Exit codes: 0 all is as the payloads say, 1 findings in the payloads, or Atlas refused, or you did, 2 wrong
usage, 3 it could not do its work: the network, a server error, a signal.`,
		Example: `  atlasint apply --dry-run payloads/
  atlasint apply payloads/
  atlasint apply --yes --prune --json payloads/
  atlasint apply --yes --resend payloads/prometheus.json`,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	f.register(cmd)
	flags := cmd.Flags()
	flags.BoolVarP(&f.yes, "yes", "y", false, "send without asking")
	flags.BoolVar(&f.dryRun, "dry-run", false, "show what would be changed, and change nothing")
	flags.BoolVar(&f.Prune, "prune", false, "delete integrations that no payload describes")
	flags.BoolVar(&f.Resend, "resend", false, "send payloads that look unchanged too, for secrets that Atlas does not show")
	apart(cmd, "yes", "dry-run")
	return cmd
}

func (f *applyFlags) run(cmd *cobra.Command, args []string) error {
	c, err := f.compare(cmd, args)
	if err != nil {
		return refused(err, true)
	}
	defer c.atlas.close(cmd)
	d := c.document()
	if err := f.announce(cmd, c, d); err != nil {
		return err
	}
	if f.dryRun || !c.changes() {
		return f.conclude(cmd, d, nil)
	}
	if err := f.consent(cmd, d); err != nil {
		return err
	}
	err = c.send(cmd, &d, f.json)
	return f.conclude(cmd, d, err)
}

// announce shows what is to be done, to people.
func (f *applyFlags) announce(cmd *cobra.Command, c *comparison, d document) error {
	if f.json {
		return nil
	}
	out := cmd.OutOrStdout()
	_, err := fmt.Fprintf(out, "Project %s at %s\n", c.atlas.project, c.atlas.host)
	if err == nil {
		err = c.show(out, true)
	}
	if err == nil {
		_, err = fmt.Fprintln(out, d.Summary.planned())
	}
	if err != nil {
		return failure("can't write the output, and nothing was sent: %v", err)
	}
	return nil
}

// consent asks, unless the flags say yes already.
func (f *applyFlags) consent(cmd *cobra.Command, d document) error {
	switch {
	case f.yes:
		return nil
	case f.json:
		return usage("--json asks nobody, and there are changes to make (%s); add --yes or --dry-run", d.Summary.planned())
	case !asks(cmd):
		return usage("there are changes to make, and no terminal to ask on; add --yes to make them, or --dry-run")
	}
	return confirm(cmd, "Apply these changes?")
}

// conclude ends the run; the error is that of the sending.
func (f *applyFlags) conclude(cmd *cobra.Command, d document, sent error) error {
	var err error
	switch {
	case f.json:
		err = report.Encode(cmd.OutOrStdout(), d)
	case d.Summary.Done+d.Summary.Failed+d.Summary.NotSent > 0:
		_, err = fmt.Fprintln(cmd.OutOrStdout(), d.Summary.made())
	}
	if err != nil && sent == nil {
		return failure("can't write the output, although all was sent: %v", err)
	}
	return sent
}
