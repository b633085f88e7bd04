package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
)

// Set by the linker flags of a release: .goreleaser.yaml.
var (
	releaseVersion string // such as v0.1.0
	releaseCommit  string // the full hash
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
	if c := commit(); c != "" {
		text += " " + c
	}
	text += fmt.Sprintf(" %s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return write(cmd, "", []byte(text))
}

// version returns the version of the release, or of the module in the build; (devel) for a working copy.
func version() string {
	if releaseVersion != "" {
		return releaseVersion
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// commit returns the commit of the release, or that of the build; "" if there is none.
func commit() string {
	if releaseCommit != "" {
		return releaseCommit
	}
	info, _ := debug.ReadBuildInfo()
	if info == nil {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}
