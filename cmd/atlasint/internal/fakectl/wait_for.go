package fakectl

import (
	"net/http"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
)

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
				return exit.Usagef("--count must be at least 1, not %d", count)
			}
			query := selected.query()
			query.Set("wait", f.timeout.String())
			query.Set("min", strconv.Itoa(count))
			// The server ends the wait; the client waits a little longer for the answer.
			return show(f, cmd, call{method: http.MethodGet, path: "requests", query: query, member: "requests", wait: 10 * time.Second}, selected.text)
		},
	}
	selected.register(cmd)
	cmd.Flags().IntVar(&count, "count", 1, "wait for this many matching requests")
	return cmd
}
