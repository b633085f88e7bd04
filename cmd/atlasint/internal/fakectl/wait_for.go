package fakectl

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
)

// The limits of the control API.
const (
	maxWait  = 10 * time.Minute
	maxCount = 1000 // requests
)

// durationText returns a duration without zeros at its end, such as 10m instead of 10m0s.
func durationText(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

func newWaitFor(f *flags) *cobra.Command {
	var selected filter
	count := 1
	cmd := &cobra.Command{
		Use:   "wait-for",
		Short: "Wait until matching requests were made",
		Long: `Waits until the journal has --count requests that match all filters, and prints them. Requests from before
the call count, unless --since excludes them.

Exit codes: 0 the requests were made, 1 fewer were made within --timeout (10m at most), 2 usage error,
3 runtime failure: the server could not be reached, or stopped.`,
		Example: `  atlasint fake wait-for --status 2xx --method PUT --path '*/DATADOG' --timeout 1m
  atlasint fake wait-for --type SLACK --status 2xx --count 3`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if count < 1 {
				return problem.Inputf("--count must be at least 1, not %d", count)
			}
			if count > maxCount {
				return problem.Inputf("--count %d is too large; the maximum is %d", count, maxCount)
			}
			if f.timeout > maxWait {
				return problem.Inputf("--timeout %s is too long; the maximum is %s", durationText(f.timeout), durationText(maxWait))
			}
			if err := selected.check(); err != nil {
				return err
			}
			query := selected.query()
			query.Set("wait", f.timeout.String())
			query.Set("min", strconv.Itoa(count))
			// The server ends the wait; the client waits a little longer for the response.
			return show(f, cmd, call{method: http.MethodGet, path: "requests", query: query, member: "requests",
				wait: 10 * time.Second}, selected.text)
		},
	}
	selected.register(cmd)
	cmd.Flags().IntVar(&count, "count", 1, "wait for this many matching requests")
	return cmd
}
