package cli

import (
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/fakectl"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
)

const (
	fakeURL  = "http://" + serveAddr
	pingTime = 2 * time.Second
)

func newPing() *cobra.Command {
	p := fakectl.Pinger{Standard: fakeURL}
	cmd := &cobra.Command{
		Use:   "ping [URL]",
		Short: "Check whether a fake Atlas is running",
		Long: `Sends a request to the server at URL and exits with 0 if a fake Atlas responds, else with 3. The default URL is
that in --addr-file, then $` + fakectl.URLVariable + `, then ` + fakeURL + `. With --wait, it repeats the request until
the server responds, and waits for the file. Use it as the health check of a container. It needs neither
credentials nor the control API. It sends no secret, so it skips certificate verification.`,
		Example: `  atlasint ping
  atlasint ping --addr-file url.txt --wait 10s
  atlasint ping https://127.0.0.1:8443 --timeout 500ms`,
		Args: usage.AtMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if slices.Contains(args, "") {
				return problem.Inputf("the URL is empty; name one, or leave it out")
			}
			p.URL = strings.Join(args, "")
			if err := p.Run(cmd.Context()); err != nil {
				return err
			}
			return write(cmd, "", []byte("ok\n"))
		},
	}
	flags := cmd.Flags()
	flags.DurationVar(&p.Timeout, "timeout", pingTime, "timeout of one request")
	flags.DurationVar(&p.Wait, "wait", 0, "wait up to this long until the server responds")
	flags.StringVar(&p.AddrFile, "addr-file", "", "read the base URL from the file that serve --addr-file writes")
	return cmd
}
