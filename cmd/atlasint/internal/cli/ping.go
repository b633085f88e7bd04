package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/fakectl"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
)

const (
	fakeURL  = "http://" + serveAddr
	pingTime = 2 * time.Second
)

func newPing() *cobra.Command {
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "ping [URL]",
		Short: "Check whether a fake Atlas is running",
		Long: `Sends a request to the server at URL and exits with 0 if a fake Atlas responds, else with 3. The default URL is
$` + fakectl.URLVariable + `, then ` + fakeURL + `. Use it as the health check of a container. It needs neither
credentials nor the control API. It sends no secret, so it skips certificate verification.`,
		Example: `  atlasint ping
  atlasint ping https://127.0.0.1:8443 --timeout 500ms`,
		Args: usage.AtMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if timeout <= 0 {
				return exit.Usagef("--timeout must be above 0, not %v", timeout)
			}
			target, err := fakectl.Target(strings.Join(args, ""), fakeURL)
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), timeout)
			defer cancel()
			if err := fakectl.Ping(ctx, target); err != nil {
				return exit.Failuref("%s %v", target.Host, err)
			}
			return write(cmd, "", []byte("ok\n"))
		},
	}
	cmd.Flags().DurationVar(&timeout, "timeout", pingTime, "timeout of the request")
	return cmd
}
