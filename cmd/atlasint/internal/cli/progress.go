package cli

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/progress"
)

func setWriters(cmd *cobra.Command, out, errOut io.Writer) {
	s := sessionOf(cmd)
	s.writers.Lock()
	defer s.writers.Unlock()
	cmd.SetOut(out)
	cmd.SetErr(errOut)
}

// currentErr returns the standard error of a command. It is safe for concurrent use.
func currentErr(cmd *cobra.Command) io.Writer {
	s := sessionOf(cmd)
	s.writers.Lock()
	defer s.writers.Unlock()
	return cmd.ErrOrStderr()
}

// withProgress does work. If standard error is a terminal and the work takes over a second, a line there shows the text
// and its changes. Other output of the command takes the place of the line.
func withProgress(cmd *cobra.Command, text func() string, work func()) {
	out, errOut := cmd.OutOrStdout(), cmd.ErrOrStderr()
	line := progress.Start(unescaped(errOut), text)
	defer line.Stop()
	setWriters(cmd, line.Before(out), line.Before(errOut))
	defer setWriters(cmd, out, errOut)
	work()
}
