// Package scaffold has the files that atlasint init writes into a repository.
package scaffold

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/editor"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/readfile"
)

// File is one file with its slash-separated path below the folder of the repository.
type File struct {
	Path, Purpose string
	Data          []byte
	Warning       string // what to know before the file is written; "" for nothing
	Next          string // what to do by hand if the file exists; "" for nothing
	Check         string // what to check after the file is written; "" for nothing
}

// preCommitName is the name of the configuration of pre-commit.
const preCommitName = ".pre-commit-config.yaml"

const configuration = `# Settings of atlasint: https://github.com/atlasint/atlasint/blob/main/docs/configuration.md
%srules:
  plaintext-secret: error # every secret must be a reference, ${env:NAME} or ${file:PATH}
`

const preCommit = `repos:
  - repo: https://github.com/atlasint/atlasint
    rev: %s
    hooks:
      - id: atlasint-validate
`

// latestRelease is the revision of the hook for a build that is not a release.
const latestRelease = "v0.1.0"

// Files returns the files for payloads of the types. The version is that of atlasint. The configuration sets the API
// version if apiIsFixed or if it extends no other, which may have set the version.
func Files(types []*schemas.Type, version string, apiIsFixed bool) ([]File, error) {
	check := ""
	if !strings.HasPrefix(version, "v") || strings.ContainsAny(version, "-+") {
		version = latestRelease
		check = "rev is " + latestRelease + ", because this build of atlasint is not a release; set it to a tag or commit of https://github.com/atlasint/atlasint"
	}
	settings, above := "", workspace.ConfigAbove()
	if above != "" {
		settings = "extends: " + above + "\n" // only ../ and a name that needs no quotes
	}
	if above == "" || apiIsFixed {
		settings += "api: " + types[0].APIVersion + "\n"
	}
	files := []File{
		{Path: workspace.ConfigName, Purpose: "settings", Data: fmt.Appendf(nil, configuration, settings)},
		{
			Path: preCommitName, Purpose: "validates payloads before each commit", Data: fmt.Appendf(nil, preCommit, version),
			Warning: notInRoot(),
			Check:   check,
			Next:    nextForHook(),
		},
	}
	for _, t := range types {
		payload, err := editor.Starter(t)
		if err != nil {
			return nil, problem.Of(problem.Failure, err)
		}
		files = append(files, File{
			Path: PayloadFile(t.Name), Data: payload,
			Purpose: "a payload to start from; before apply, set " + strings.Join(editor.Variables(payload), ", "),
		})
	}
	return files, nil
}

// UsesConfig reports whether the repository has a configuration that stays, or that a new one extends. Commands in the
// working directory use no other one after [Write], such as one in the home directory.
func UsesConfig() bool {
	_, err := os.Lstat(workspace.ConfigName)
	return err == nil || workspace.ConfigAbove() != ""
}

// PayloadFile returns the path of the payload of a type.
func PayloadFile(typ string) string {
	return editor.PayloadFolder + "/" + editor.FileName(&schemas.Type{Name: typ})
}

// hookID matches the ID of a hook of atlasint, and maxPreCommit is the size in bytes of the largest file that is read.
var hookID = regexp.MustCompile(`(?m)^[\t ]*(?:-[\t ]+)?id:[\t ]*['"]?atlasint-`)

const maxPreCommit = 1 << 20

// notInRoot returns a warning if the working directory is below the root of a repository, "" if not.
func notInRoot() string {
	root := workspace.RootAbove()
	if root == "" {
		return ""
	}
	return "this is not the root of the repository, where pre-commit reads its configuration; run init in " + root
}

// nextForHook returns what to do by hand if the configuration of pre-commit exists; "" if it has a hook of atlasint.
func nextForHook() string {
	if data, err := readfile.Regular(preCommitName, maxPreCommit); err == nil && hookID.Match(data) {
		return ""
	}
	if text := notInRoot(); text != "" {
		return text
	}
	return "add the hook atlasint-validate to it: https://github.com/atlasint/atlasint/blob/main/docs/pre-commit.md"
}

// Next returns what to do after files were written, "" for nothing.
func Next(written []File) string {
	for _, f := range written {
		if f.Path == preCommitName && f.Warning == "" {
			return "run pre-commit install to enable the hook"
		}
	}
	return ""
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

// Describe returns what [Write] does: a line for each file that exists and is kept, then for each missing one.
func Describe(missing, existing []File) string {
	var text strings.Builder
	for _, f := range existing {
		fmt.Fprintf(&text, "keep   %s\n", f.Path)
	}
	for _, f := range missing {
		fmt.Fprintf(&text, "new    %s: %s\n", f.Path, f.Purpose)
	}
	return text.String()
}

// Write writes all files below the working directory, or none. It overwrites none, and follows no link out of the
// directory.
func Write(files []File) error {
	root, err := os.OpenRoot(".")
	if err != nil {
		return problem.Failuref("can't open the working directory: %w", problem.Cause(err))
	}
	defer root.Close()
	created := make([]savefile.NewFile, len(files))
	for i, f := range files {
		created[i] = savefile.NewFile{Path: filepath.FromSlash(f.Path), Data: f.Data}
	}
	err = savefile.CreateAll(root, created)
	if errors.Is(err, savefile.ErrExists) { // since [Missing]
		return problem.Inputf("%w; run the command again to keep it", err)
	}
	return err
}
