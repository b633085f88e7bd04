package cli

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/internal/buildinfo"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version, the commit and the platform",
		Example: "  atlasint version",
		Args:    usage.AtMost(0),
		RunE:    func(cmd *cobra.Command, _ []string) error { return printVersion(cmd) },
	}
}

func printVersion(cmd *cobra.Command) error {
	text := "atlasint " + version()
	if c := buildinfo.Commit(); c != "" {
		text += " " + c
	}
	text += fmt.Sprintf(" %s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return write(cmd, "", []byte(text))
}

func version() string { return buildinfo.Version() }
