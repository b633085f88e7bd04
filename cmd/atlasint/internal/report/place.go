package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/validate"
)

// slashed returns the path of an input with slashes, and without a leading "./".
func slashed(name string) string { return path.Clean(filepath.ToSlash(name)) }

// fromDir returns the report with paths relative to Dir, for tools that expect paths in a repository. An absolute path
// would not exist there, and would differ on each machine.
func (r *Report) fromDir() *Report {
	c := *r
	c.Files, c.Failures = slices.Clone(r.Files), slices.Clone(r.Failures)
	for i := range c.Files {
		f := &c.Files[i]
		if f.Name = below(r.Dir, f.Name); f.Name == r.Files[i].Name {
			continue
		}
		f.Findings = slices.Clone(f.Findings)
		for j := range f.Findings {
			f.Findings[j].File = f.Name
		}
	}
	for i := range c.Failures {
		c.Failures[i].File = below(r.Dir, c.Failures[i].File)
	}
	return &c
}

// below returns the path relative to a folder if the file is in the folder, and the unchanged path otherwise.
func below(dir, name string) string {
	if dir == "" || !filepath.IsAbs(name) {
		return name
	}
	if rel, err := filepath.Rel(dir, name); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return name
}

// uri returns the path of an input as a URI, and reports whether it is relative to the working directory.
func uri(name string) (text string, relative bool) {
	p := slashed(name)
	if !filepath.IsAbs(name) {
		return (&url.URL{Path: p}).String(), true
	}
	if !strings.HasPrefix(p, "/") {
		p = "/" + p // C:/payloads
	}
	return (&url.URL{Scheme: "file", Path: p}).String(), false
}

// fingerprints identify findings by rule and place in the payload, not by line. So a finding keeps its fingerprint after an
// edit above it. Equal findings are numbered.
type fingerprints map[string]int

func (seen fingerprints) of(f validate.Finding) string {
	key := strings.Join([]string{slashed(f.File), f.Rule, f.Pointer}, "\x00")
	seen[key]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", key, seen[key]))
	return hex.EncodeToString(sum[:16])
}
