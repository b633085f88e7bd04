// Package cli is the command atlasint: commands, flags, exit codes. It alone prints.
//
// Output is written to stdout, diagnostics to stderr. Each diagnostic is one line with the cause and the next step.
// Neither has commands of CI systems, except the annotations of --format github: [Run] escapes them in all that is
// printed.
package cli

import (
	"errors"
	"fmt"
	"io"
	"log"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/editor"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/fakectl"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/internal/redact"
)

// Run executes the command line and returns the exit code. It reads the environment and the working
// directory of the process.
func Run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return new(session).run(args, stdin, stdout, stderr)
}

func (s *session) run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	// net/http prints data that a server sends after its response. It can be a CI command or the credentials.
	log.SetOutput(io.Discard)
	out := redact.NewWriter(stdout, redact.EscapeText)
	stderr = redact.NewWriter(stderr, redact.EscapeText)
	root := tree(args)
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(out)
	root.SetErr(stderr)
	usage.RejectUnknown(root) // last: completion keeps the writers that are set before
	err := usage.SingleDash(root, args)
	if err == nil {
		err = root.ExecuteContext(s.context())
	}
	err = checkOutput(out, err)
	if err == nil {
		return exit.OK
	}
	if text := err.Error(); text != "" {
		printDiagnostic(stderr, text)
	}
	return exitCode(err)
}

// exitCode returns the exit code for an error.
func exitCode(err error) int {
	switch problem.KindOf(err) {
	case problem.None:
		return exit.OK
	case problem.Finding:
		return exit.Findings
	case problem.Input:
		return exit.Usage
	}
	return exit.Failure
}

// checkOutput returns the error of a command, or of its output if the command has none of its own: help and completion,
// which are commands of cobra, ignore errors of the output or return them unchanged.
func checkOutput(out *redact.Writer, err error) error {
	var known *problem.Error
	if errors.As(err, &known) || out.Err() == nil {
		return err
	}
	return problem.Output(out.Err())
}

// unescaped returns the writer that [Run] was called with.
func unescaped(w io.Writer) io.Writer {
	if safe, ok := w.(*redact.Writer); ok {
		return safe.Unwrap()
	}
	return w
}

func printDiagnostic(w io.Writer, text string) {
	fmt.Fprintln(w, "atlasint: "+redact.Line(text)) // texts of libraries may have several
}

// commands are the subcommands. The help has the groups in this order, and the commands of a group by name, as cobra
// sorts them.
var commands = []struct {
	group, name string
	new         func() *cobra.Command
}{
	{"Payload files", "validate", newValidate},
	{"Payload files", "new", newNew},
	{"Payload files", "init", newInit},
	{"Payload files", "explain", newExplain},
	{"Payload files", "types", newTypes},
	{"The integrations of a project", "apply", newApply},
	{"The integrations of a project", "diff", newDiff},
	{"The integrations of a project", "get", newGet},
	{"The integrations of a project", "delete", newDelete},
	{"A fake Atlas", "serve", newServe},
	{"A fake Atlas", "fake", func() *cobra.Command { return fakectl.New(fakeURL) }},
	{"A fake Atlas", "ping", newPing},
	{"Schemas, API descriptions, Go code", "schema", newSchema},
	{"Schemas, API descriptions, Go code", "spec", newSpec},
	{"Schemas, API descriptions, Go code", "generate", newGenerate},
	{"Schemas, API descriptions, Go code", "drift", newDrift},
	{"", "version", newVersion},
}

// tree returns the command with the subcommand that the arguments name, or with all subcommands: each takes time to
// build, and a pre-commit hook starts the command for every commit.
func tree(args []string) *cobra.Command {
	for _, c := range commands {
		if len(args) > 0 && args[0] == c.name {
			root := newRoot()
			root.CompletionOptions.DisableDefaultCmd = true
			root.AddCommand(build(c.new))
			return root
		}
	}
	return Tree()
}

// Tree returns the command with all its subcommands, for documentation. To run a command line, call [Run], which
// sets the exit code.
func Tree() *cobra.Command {
	root := newRoot()
	for _, c := range commands {
		cmd := build(c.new)
		cmd.GroupID = c.group
		if c.group != "" && !root.ContainsGroup(c.group) {
			root.AddGroup(&cobra.Group{ID: c.group, Title: c.group + ":"})
		}
		root.AddCommand(cmd)
	}
	root.AddCommand(topics()...)
	root.Args = usage.UnknownCommand
	return root
}

func build(newCommand func() *cobra.Command) *cobra.Command {
	cmd := newCommand()
	cmd.Args = usage.WithHelpHint(cmd.Args)
	return cmd
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "atlasint",
		Short: "Validate and apply payloads of MongoDB Atlas third-party integrations, and serve a fake Atlas",
		Long: `atlasint validates the request bodies of MongoDB Atlas third-party integrations before you send them, syncs them
to a project, and serves a fake Atlas for tests. It also prints the JSON Schemas and the OpenAPI documents
of the API.`,
		Example: `  atlasint validate integrations/atlas/
  atlasint apply --dry-run integrations/atlas/
  atlasint serve`,
		SilenceErrors:     true,
		SilenceUsage:      true,
		DisableAutoGenTag: true,
		Args:              cobra.NoArgs,
		PersistentPreRunE: rejectEmpty,
	}
	asksVersion := root.Flags().Bool("version", false, "print the version, the commit and the platform")
	root.RunE = func(cmd *cobra.Command, _ []string) error {
		if *asksVersion {
			return printVersion(cmd)
		}
		return cmd.Help()
	}
	root.SetFlagErrorFunc(usage.FlagError)
	root.CompletionOptions.HiddenDefaultCmd = false
	return root
}

// write writes data to the file of -o, or to standard output if file is "". It does not replace a payload.
func write(cmd *cobra.Command, file string, data []byte) error {
	if file != "" {
		if err := validation.CheckReplaced("-o", file); err != nil {
			return err
		}
		return savefile.Save(file, data, true)
	}
	_, err := cmd.OutOrStdout().Write(data)
	return problem.Output(err)
}

// writePayloads saves payloads with a summary on standard error, or prints them if there is no output file or folder.
func writePayloads(cmd *cobra.Command, p *editor.PayloadFiles) error {
	if p.Output == "" {
		return write(cmd, "", p.Bytes())
	}
	if err := p.Save(); errors.Is(err, savefile.ErrExists) {
		return problem.Of(problem.KindOf(err), fmt.Errorf("%w; nothing was written; %s", err, nextForExisting(p)))
	} else if err != nil {
		return err
	}
	printDiagnostic(cmd.ErrOrStderr(), p.Summary())
	return nil
}

// nextForExisting returns what to do if payload files exist already.
func nextForExisting(p *editor.PayloadFiles) string {
	if p.One {
		return "name another file, or overwrite it with --force"
	}
	return "name another folder, or overwrite files with --force"
}
