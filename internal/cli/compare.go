package cli

import (
	"context"
	"runtime"
	"slices"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/internal/apply"
	"github.com/atlasint/atlasint/internal/report"
	"github.com/atlasint/atlasint/validate"
)

// compareFlags are those of the commands that hold payloads against a project.
type compareFlags struct {
	validateFlags
	connectFlags
	apply.Options
	prune pruneFlags
	json  bool
}

// register registers the flags. The action names what the command does with integrations without a payload.
func (f *compareFlags) register(cmd *cobra.Command, action string) {
	f.registerInput(cmd)
	f.connectFlags.register(cmd)
	f.operation, f.format, f.jobs = string(validate.Create), report.Default, runtime.GOMAXPROCS(0)
	f.expand, f.oneProject, f.sending = true, true, true
	f.prune.register(cmd, action)
	cmd.Flags().BoolVar(&f.json, "json", false, "print one JSON document")
}

// forSending are the rules that nobody switches off for payloads that are sent.
func forSending() []validate.Option {
	opts := []validate.Option{validate.WithDocuments()}
	for _, rule := range []string{"masked-value", "unresolved", "duplicate-type", "duplicate-key"} {
		opts = append(opts, validate.WithSeverity(rule, validate.Error))
	}
	return opts
}

// comparison is what payloads and a project have come to.
type comparison struct {
	atlas    *atlas
	findings []validate.Finding
	steps    []apply.Step
	reason   string // why integrations without a payload are deleted
}

// compare judges the payloads and, if nothing is wrong with them, holds them against the project. Of payloads
// that are wrong it prints the report.
func (f *compareFlags) compare(cmd *cobra.Command, args []string) (*comparison, error) {
	cfg, err := findConfig(f.config)
	if err != nil {
		return nil, err
	}
	a, err := f.connect(cmd, cfg)
	if err != nil {
		return nil, err
	}
	c := &comparison{atlas: a}
	local, err := f.payloads(cmd, args, c)
	if err != nil {
		return nil, err
	}
	remote, err := a.list(cmd.Context(), f.generations(cmd, cfg, local))
	if err != nil {
		a.close(cmd)
		return nil, err
	}
	f.Prune = f.prune.on()
	c.steps = apply.Steps(local, remote, f.Options)
	return c, nil
}

// payloads are those that the arguments name, once nothing is wrong with any.
func (f *compareFlags) payloads(cmd *cobra.Command, args []string, c *comparison) ([]apply.Local, error) {
	s, err := f.selectFiles(cmd, args)
	if err != nil {
		return nil, err
	}
	if err := f.prune.checkFiles(s); err != nil {
		return nil, err
	}
	c.reason = f.prune.reason(s)
	outcomes, err := f.judge(cmd, s)
	if err != nil {
		return nil, err
	}
	r, code := f.gather(cmd, s.files, outcomes)
	for _, file := range r.Files {
		c.findings = append(c.findings, file.Findings...)
	}
	if code != exitOK && (f.prune.on() || !onlyBlocks(r)) {
		return nil, f.wrong(cmd, c, r, &exitError{code, "nothing was sent"})
	}
	if err := f.prune.checkPayloads(r); err != nil {
		return nil, err
	}
	if err := f.prune.checkWarnings(r); err != nil {
		return nil, f.wrong(cmd, c, r, err)
	}
	if len(c.findings) > 0 && !f.json {
		r.Color = !f.noColor && colorful(cmd.ErrOrStderr())
		if err := report.Text(cmd.ErrOrStderr(), r); err != nil {
			return nil, failure("can't write the report: %v", err)
		}
	}
	return locals(r)
}

// locals returns the payloads of the files of a report.
func locals(r *report.Report) (list []apply.Local, err error) {
	for _, file := range r.Files {
		blocked := blockedRecords(file)
		for _, d := range file.Documents {
			l := apply.Local{
				Type: d.Type, Blocked: blocked[d.Payload], Generation: d.Generation,
				File: file.Name, Number: d.Payload, Expanded: d.Expanded,
			}
			if !l.Blocked {
				if l.Payload, err = client.NewPayload(d.JSON); err != nil {
					return nil, refused(err, true)
				}
			}
			list = append(list, l)
		}
	}
	return list, nil
}

// wrong reports payloads that must not be sent, and returns why, unless the report can't be written.
func (f *compareFlags) wrong(cmd *cobra.Command, c *comparison, r *report.Report, why error) error {
	var err error
	if f.json {
		err = report.Encode(cmd.OutOrStdout(), c.document())
	} else {
		err = report.Text(cmd.OutOrStdout(), r)
	}
	if err != nil {
		return failure("can't write the report: %v", err)
	}
	return why
}

// generations returns the API versions to list integrations from: those of the payloads that can be sent.
func (f *compareFlags) generations(cmd *cobra.Command, cfg *config, local []apply.Local) []string {
	var used []string
	for _, l := range local {
		if !l.Blocked {
			used = append(used, l.Generation)
		}
	}
	if len(used) == 0 {
		used = append(used, f.generation(cmd, cfg, stdinName))
	}
	// The default comes first: where both show a type, its answer counts.
	return slices.DeleteFunc(slices.Clone(generations), func(g string) bool { return !slices.Contains(used, g) })
}

// list returns the integrations of the project, as each of the generations shows them.
func (a *atlas) list(ctx context.Context, generations []string) ([]apply.Remote, error) {
	var all []apply.Remote
	for _, generation := range generations {
		c, err := a.client(generation)
		if err != nil {
			return nil, err
		}
		found, err := c.List(ctx, a.project)
		if err != nil {
			return nil, err
		}
		for _, in := range found {
			all = append(all, apply.Remote{Integration: in, Generation: generation})
		}
	}
	return all, nil
}
