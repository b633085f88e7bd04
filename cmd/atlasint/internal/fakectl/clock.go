package fakectl

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/internal/redact"
)

// clock is the clock of the server.
type clock struct {
	Now     time.Time
	Running bool
}

func (c clock) text() string {
	if c.Running {
		return c.Now.Format(time.RFC3339) + "  running\n"
	}
	return c.Now.Format(time.RFC3339) + "  stopped\n"
}

func newClock(f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "clock",
		Short: "Print, stop, move or start the clock",
		Long: `Prints the time of the server, by which access tokens and nonces expire and token buckets refill, and whether
its clock is running or stopped.`,
		Example: `  atlasint fake clock`,
		RunE: withoutArguments(func(cmd *cobra.Command) error {
			return show(f, cmd, call{method: http.MethodGet, path: "clock", member: "now"}, clock.text)
		}),
	}
	cmd.AddCommand(
		&cobra.Command{
			Use:     "set TIME",
			Short:   "Stop the clock at a time",
			Example: `  atlasint fake clock set 2026-01-02T03:04:05Z`,
			Args:    exactly(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				t, err := parseTime(args[0])
				if err != nil {
					return err
				}
				return f.moveClock(cmd, map[string]any{"now": t.Format(time.RFC3339Nano)})
			},
		},
		&cobra.Command{
			Use:     "advance DURATION",
			Short:   "Move the clock forward, or back by a negative duration",
			Example: "  atlasint fake clock advance 61m\n  atlasint fake clock advance -- -1h",
			Args:    exactly(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				d, err := time.ParseDuration(args[0])
				if err != nil {
					return problem.Inputf("%s %w", redact.Value(args[0]), problem.Worded(usage.DurationFault(args[0]), err))
				}
				return f.moveClock(cmd, map[string]any{"advance": d.String()})
			},
		},
		&cobra.Command{
			Use:     "run",
			Short:   "Let the clock run in step with the machine's",
			Example: `  atlasint fake clock run`,
			Args:    exactly(0),
			RunE: func(cmd *cobra.Command, _ []string) error {
				return f.moveClock(cmd, map[string]any{"run": true})
			},
		},
	)
	return cmd
}

func (f *flags) moveClock(cmd *cobra.Command, change map[string]any) error {
	body, err := json.Marshal(change)
	if err != nil {
		return problem.Failuref("can't write the change as JSON: %w", err)
	}
	return show(f, cmd, call{method: http.MethodPut, path: "clock", body: body, member: "now"}, clock.text)
}
