package generate

import (
	"path/filepath"
	"strings"

	"github.com/atlasint/atlasint/internal/redact"
)

// commandLine returns the command line that generates a file; no output means standard output.
func commandLine(r *Request, output string) string {
	words := []string{"atlasint", "generate", "--api", r.API, "--package", r.Package, "--targets", strings.Join(r.Targets, ",")}
	if output != "" {
		words = append(words, "-o", shellWord(output))
	}
	return strings.Join(words, " ")
}

// headerName returns the name of the file in its own header, the same from every working directory. go generate
// runs in the folder of the file.
func headerName(file string) string {
	if file == "" {
		return ""
	}
	return filepath.Base(file)
}

// shellWord quotes a word for a shell if it needs quotes.
func shellWord(s string) string {
	special := func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("_./,=@:+-", r))
	}
	if s == "" || strings.ContainsFunc(s, special) {
		return redact.Shell(s)
	}
	return s
}
