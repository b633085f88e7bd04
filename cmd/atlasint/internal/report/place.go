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

// slashed is the path of an input as repositories write it: with slashes, and without ./ before it.
func slashed(name string) string { return path.Clean(filepath.ToSlash(name)) }

// fromDir is the report for readers who know files by their path in a repository: an absolute path would
// lead them nowhere, and be another one on each machine.
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

// below is the path of a file from a folder that it is in, else the path as it is.
func below(dir, name string) string {
	if dir == "" || !filepath.IsAbs(name) {
		return name
	}
	if rel, err := filepath.Rel(dir, name); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return name
}

// uri is the path of an input as a URI, and whether that is relative to the working directory.
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

// fingerprints identify findings by their rule and their place in the payload, not by lines: an edit above a
// finding does not make it a new one. Equal findings are numbered.
type fingerprints map[string]int

func (seen fingerprints) of(f validate.Finding) string {
	key := strings.Join([]string{slashed(f.File), f.Rule, f.Pointer}, "\x00")
	seen[key]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", key, seen[key]))
	return hex.EncodeToString(sum[:16])
}
