package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/validate"
)

// Name returns the name of an input in reports: the path with slashes, without "./", and relative to dir if it is
// below. An absolute path would not exist in a repository, and would differ on each machine. It keeps "..": after a
// link to a folder, it is the parent of another folder.
func Name(dir, file string) string {
	name := filepath.ToSlash(below(dir, file))
	if HasParent(name) {
		return name
	}
	if name = path.Clean(name); name == Stdin {
		return file // a file with this name in a folder
	}
	return name
}

// HasParent reports whether an element of a path with slashes is "..".
func HasParent(name string) bool {
	return strings.Contains(name, "..") && slices.Contains(strings.Split(name, "/"), "..")
}

// below returns the path relative to a folder if the file is in the folder, and the unchanged path otherwise.
func below(dir, name string) string {
	if dir == "" || !filepath.IsAbs(name) {
		return name
	}
	if rest, ok := strings.CutPrefix(name, dir); ok && rest != "" && os.IsPathSeparator(rest[0]) && !strings.Contains(rest, "..") {
		if rest = rest[1:]; filepath.IsLocal(rest) {
			return rest // most files, without the cost of Rel
		}
	}
	if rel, err := filepath.Rel(dir, name); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return name
}

// uri returns the path of an input as a URI, and reports whether it is relative to the working directory.
func uri(name string) (text string, relative bool) {
	if !filepath.IsAbs(name) {
		return (&url.URL{Path: name}).String(), true
	}
	if !strings.HasPrefix(name, "/") {
		name = "/" + name // C:/payloads
	}
	return (&url.URL{Scheme: "file", Path: name}).String(), false
}

// fingerprints identify findings by file, rule, type and place in the payload: not by line, message or value. So a
// finding keeps its fingerprint after an edit above it, and no fingerprint depends on a secret. Equal findings are
// numbered.
type fingerprints map[string]int

func (seen fingerprints) of(f validate.Finding) string {
	key := strings.Join([]string{f.File, ruleID(f), f.Type, f.Pointer}, "\x00")
	seen[key]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", key, seen[key]))
	return hex.EncodeToString(sum[:16])
}
