package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"github.com/atlasint/atlasint/validate"
)

// slashed is the path of an input as repositories write it: with slashes, and without ./ before it.
func slashed(name string) string { return path.Clean(filepath.ToSlash(name)) }

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

// fingerprints tell findings apart by what is wrong and where in the payload, but not by lines: an edit
// above a finding does not make it a new one. What is the same by all that is numbered.
type fingerprints map[string]int

func (seen fingerprints) of(f validate.Finding) string {
	key := strings.Join([]string{slashed(f.File), f.Rule, f.Pointer}, "\x00")
	seen[key]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", key, seen[key]))
	return hex.EncodeToString(sum[:16])
}

// advice is what a finding says: what is wrong, and what to try next.
func advice(f validate.Finding) string {
	if f.Hint == "" {
		return f.Message
	}
	return f.Message + "; " + f.Hint
}
