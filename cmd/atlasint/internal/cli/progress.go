package cli

import (
	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/progress"
)

// withProgress does work. If standard error is a terminal and the work takes over a second, a line there shows the text and
// its changes. Other output of the command takes the place of the line.
func withProgress(cmd *cobra.Command, text func() string, work func()) {
	out, errOut := cmd.OutOrStdout(), cmd.ErrOrStderr()
	line := progress.Start(unescaped(errOut), text)
	defer line.Stop()
	cmd.SetOut(line.Before(out))
	cmd.SetErr(line.Before(errOut))
	defer cmd.SetErr(errOut)
	defer cmd.SetOut(out)
	work()
}
