package fakectl

import (
	"fmt"
	"net/url"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
)

// flags are the flags that all subcommands have.
type flags struct {
	url, addrFile string
	plainHTTP     bool
	timeout       time.Duration
	json          bool
	standard      string // the base URL without flags and environment
}

// New returns the command fake. Without a flag and $ATLASINT_URL it calls the server at the standard URL.
func New(standard string) *cobra.Command {
	f := &flags{standard: standard}
	cmd := &cobra.Command{
		Use:   "fake",
		Short: "Inspect and control a running fake Atlas",
		Long: `Calls the control API of a server that atlasint serve runs: at --url, else at the URL in --addr-file, else at
$` + URLVariable + `, else at ` + standard + `. If the control API requires a token, set $` + TokenVariable + `.

Exit codes: 0 success, 1 wait-for found too few requests, 2 usage error, or the server rejected the values,
3 runtime failure: the server could not be reached, is not a fake Atlas, or denied access, or a file could not be
read or written.`,
		Example: `  atlasint fake requests --status 4xx
  atlasint fake wait-for --status 2xx --method PUT --path '*/DATADOG'
  atlasint fake faults add --status 503 --times 2`,
		RunE: withoutArguments(func(cmd *cobra.Command) error { return cmd.Help() }),
	}
	p := cmd.PersistentFlags()
	p.StringVar(&f.url, "url", "", "base URL of the server (default: $"+URLVariable+", else "+standard+")")
	p.StringVar(&f.addrFile, "addr-file", "", "read the base URL from the file that serve --addr-file writes")
	p.BoolVar(&f.plainHTTP, "plain-http", false, "send the token over http to another machine, where others on the network can read it")
	p.DurationVar(&f.timeout, "timeout", 30*time.Second, "time limit for one request")
	p.BoolVar(&f.json, "json", false, "print the JSON of the control API")
	cmd.AddCommand(newRequests(f), newWaitFor(f), newState(f), newFaults(f), newStubs(f), newReset(f), newClock(f), newSnapshot(f))
	return cmd
}

// withoutArguments returns the function of a command with subcommands. It rejects the name of an unknown one.
func withoutArguments(run func(*cobra.Command) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usage.UnknownCommand(cmd, args)
		}
		return run(cmd)
	}
}

// exactly returns a check for n arguments.
func exactly(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) == n:
			return nil
		case n == 0:
			return problem.Inputf("%s takes no arguments, got %s; see %s --help", cmd.Name(), redact.Value(args[0]), cmd.CommandPath())
		}
		return problem.Inputf("%s takes %s, got %d; see %s --help", cmd.Name(), words.Quantity(n, "argument"), len(args), cmd.CommandPath())
	}
}

// client returns a client of the server that the flags name.
func (f *flags) client() (*client, error) {
	if f.timeout <= 0 {
		return nil, problem.Inputf("--timeout must be above 0, not %v", f.timeout)
	}
	if f.url != "" && f.addrFile != "" {
		return nil, problem.Inputf("--url and --addr-file can't be combined; leave out one of them")
	}
	base, err := f.target()
	if err != nil {
		return nil, err
	}
	token := os.Getenv(TokenVariable)
	if err := checkToken(token); err != nil {
		return nil, err
	}
	c := &client{base: base, token: token, timeout: f.timeout}
	if f.addrFile == "" && isStandard(f.url) {
		c.refused = "start atlasint serve, or name its URL with --url or " + URLVariable
	}
	if c.token != "" && base.Scheme == "http" && !atlas.IsLoopback(base.Hostname()) && !f.plainHTTP {
		return nil, problem.Inputf(
			"%s would get the token over http, where others on the network can read it; use https, or allow http with --plain-http", c.host())
	}
	return c, nil
}

func (f *flags) target() (*url.URL, error) {
	if f.addrFile != "" {
		return targetOfFile(f.addrFile, f.standard)
	}
	return target("--url", f.url, f.standard)
}

// change sends a call whose response has no body.
func (f *flags) change(cmd *cobra.Command, what call) error {
	c, err := f.client()
	if err != nil {
		return err
	}
	return c.change(cmd.Context(), what)
}

// show sends a call and prints its response, without the token: as JSON with --json, else as the text that format
// returns.
func show[T any](f *flags, cmd *cobra.Command, what call, format func(T) string) error {
	c, err := f.client()
	if err != nil {
		return err
	}
	c.flags = usage.SetFlags(cmd)
	var document any
	if _, err := c.send(cmd.Context(), what, &document); err != nil {
		return err
	}
	document = hideToken(document, c.token, what.member)
	var response T
	if convert(document, &response) != nil {
		return problem.Failuref("the server does not respond like a fake Atlas of this version; check the URL")
	}
	if f.json {
		return problem.Output(report.Encode(cmd.OutOrStdout(), document))
	}
	return printText(cmd, format(response))
}

// confirm prints a line about a call whose response has no body. With --json it prints nothing.
func (f *flags) confirm(cmd *cobra.Command, line string) error {
	if f.json {
		return nil
	}
	return printText(cmd, line+"\n")
}

func printText(cmd *cobra.Command, text string) error {
	_, err := fmt.Fprint(cmd.OutOrStdout(), text)
	return problem.Output(err)
}
