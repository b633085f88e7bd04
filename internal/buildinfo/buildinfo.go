// Package buildinfo has the version and the commit of the module in the running program.
package buildinfo

import "runtime/debug"

// Set by the linker flags of a release: .goreleaser.yaml.
var (
	releaseVersion string // such as v0.1.0
	releaseCommit  string // the full hash
)

const module = "github.com/atlasint/atlasint"

// Version returns the version of the release, or of the module in the build; (devel) for a working copy.
func Version() string {
	if releaseVersion != "" {
		return releaseVersion
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(devel)"
	}
	for _, m := range append(info.Deps, &info.Main) {
		if m.Path == module && m.Version != "" {
			return m.Version
		}
	}
	return "(devel)"
}

// Commit returns the commit of the release, or that of the build of the command; "" if there is none.
func Commit() string {
	if releaseCommit != "" {
		return releaseCommit
	}
	info, _ := debug.ReadBuildInfo()
	if info == nil || info.Main.Path != module {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}
