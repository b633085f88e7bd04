// Package scaffold has the files that atlasint init writes into a repository.
package scaffold

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/editor"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/redact"
)

// File is one file with its slash-separated path below the folder of the repository.
type File struct {
	Path, Purpose string
	Data          []byte
	Next          string // what to do by hand if the file exists; "" for nothing
}

// PreCommit is the name of the configuration of pre-commit.
const PreCommit = ".pre-commit-config.yaml"

const configuration = `# Settings of atlasint: https://github.com/atlasint/atlasint/blob/main/docs/configuration.md
api: %s
rules:
  plaintext-secret: error # every secret must be a reference, ${env:NAME} or ${file:PATH}
`

const preCommit = `repos:
  - repo: https://github.com/atlasint/atlasint
    rev: %s
    hooks:
      - id: atlasint-validate
`

// firstRelease is the revision of the hook for a build that is not a release.
const firstRelease = "v0.1.0"

// Files returns the files for payloads of the types. The version is that of atlasint.
func Files(types []*schemas.Type, version string) ([]File, error) {
	if !strings.HasPrefix(version, "v") || strings.ContainsAny(version, "-+") {
		version = firstRelease
	}
	files := []File{
		{Path: workspace.ConfigName, Purpose: "settings", Data: fmt.Appendf(nil, configuration, types[0].APIVersion)},
		{
			Path: PreCommit, Purpose: "validates payloads before each commit", Data: fmt.Appendf(nil, preCommit, version),
			Next: "add the hook atlasint-validate to it: https://github.com/atlasint/atlasint/blob/main/docs/pre-commit.md",
		},
	}
	for _, t := range types {
		payload, err := editor.Starter(t)
		if err != nil {
			return nil, exit.Failuref("%v", err)
		}
		files = append(files, File{Path: editor.PayloadFolder + "/" + editor.FileName(t), Purpose: "a payload to start from", Data: payload})
	}
	return files, nil
}

// Missing returns the files that do not exist below the working directory, and those that do.
func Missing(files []File) (missing, existing []File) {
	for _, f := range files {
		if _, err := os.Lstat(filepath.FromSlash(f.Path)); err == nil {
			existing = append(existing, f)
		} else {
			missing = append(missing, f)
		}
	}
	return missing, existing
}

// Write writes files below the working directory. It overwrites none, and follows no link out of it.
func Write(files []File) error {
	root, err := os.OpenRoot(".")
	if err != nil {
		return exit.Failuref("can't open the working directory: %v", exit.Cause(err))
	}
	defer root.Close()
	for _, f := range files {
		path := filepath.FromSlash(f.Path)
		if err := root.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return exit.Failuref("can't create the folder of %s: %v", redact.Path(path), exit.Cause(err))
		}
		if err := workspace.SaveIn(root, path, f.Data, false); err != nil {
			return workspace.SaveError(path, err)
		}
	}
	return nil
}
