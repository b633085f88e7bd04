package validation

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/redact"
)

func (s *Settings) readError(file string, err error) error {
	cause := problem.Cause(err)
	if root := workspace.RootAbove(); root != "" && errors.Is(err, fs.ErrNotExist) && existsIn(root, file) {
		cause = problem.Worded(s.rootText(redact.Path(root)), err)
	}
	return problem.Failuref("can't read %s: %w", redact.Path(s.named(file)), cause)
}

// existsIn reports whether a relative path exists in a folder.
func existsIn(dir, path string) bool {
	_, err := os.Lstat(filepath.Join(dir, path))
	return err == nil && !filepath.IsAbs(path)
}

// rootText returns the text for a path that is relative to the root of the repository, as git prints it in a subfolder,
// and not to the working directory.
func (s *Settings) rootText(root string) string {
	text := "it exists in " + root + ", the root of the repository, and not in the working directory; run atlasint in the root"
	if s.isList {
		text += ", or add --relative to the git command that writes the list"
	}
	return text
}
