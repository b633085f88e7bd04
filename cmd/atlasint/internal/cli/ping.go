package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/fakectl"
)

const (
	fakeURL  = "http://" + serveAddr
	pingTime = 2 * time.Second
)

func newPing() *cobra.Command {
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "ping [URL]",
		Short: "Tell whether a fake Atlas answers",
		Long: `Asks the server at the base URL, else at $` + fakectl.URLVariable + `, else at ` + fakeURL + `,
whether it is a fake Atlas that answers: exit code 0 if so, 3 if not. It is what a container's health
check runs, and needs neither credentials nor the control API. It sends no secret and takes nothing
from the answer, so that it doesn't ask who has signed the server's certificate.`,
		Example: `  atlasint ping
  atlasint ping https://127.0.0.1:8443 --timeout 500ms`,
		Args: atMost(1),
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
	cmd.Flags().DurationVar(&timeout, "timeout", pingTime, "wait no longer than this for the answer")
	return cmd
}
