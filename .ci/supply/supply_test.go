// Package supply checks the modules that the command links.
package supply

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/licensecheck"
)

// allowed are licenses that require no more of a binary than their text and notices, which THIRD-PARTY-LICENSES has.
var allowed = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"}

// linked returns the modules that a package links on a system, each with its folder.
func linked(t *testing.T, system, pkg string) (modules []string) {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}", pkg)
	cmd.Dir, cmd.Env, cmd.Stderr = "../..", append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0"), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(modules, line) {
			modules = append(modules, line)
		}
	}
	return modules
}

func TestLicenses(t *testing.T) {
	for _, system := range []string{"linux", "darwin", "windows"} { // each links other modules
		modules := linked(t, system, "./cmd/atlasint")
		if len(modules) < 10 {
			t.Errorf("%s: found only %d modules", system, len(modules))
		}
		for _, module := range modules {
			name, dir, _ := strings.Cut(module, "\t")
			found := licenses(t, dir)
			if t.Logf("%s %s: %s", system, name, found); len(found) == 0 {
				t.Errorf("%s: no known license", name)
			}
			for _, l := range found {
				if !slices.Contains(allowed, l) {
					t.Errorf("%s: license %s; %s are allowed", name, l, allowed)
				}
			}
		}
	}
}

// licenses returns the licenses in the files of a folder. A text without a license is one of the name "unknown".
func licenses(t *testing.T, dir string) (found []string) {
	t.Helper()
	for _, pattern := range []string{"LICENSE*", "LICENCE*", "COPYING*"} {
		files, _ := filepath.Glob(filepath.Join(dir, pattern))
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			matches := licensecheck.Scan(text).Match
			for _, match := range matches {
				found = append(found, match.ID)
			}
			if len(matches) == 0 {
				found = append(found, "unknown")
			}
		}
	}
	return found
}

func TestModulesOfTheFake(t *testing.T) {
	const most = 11
	if modules := linked(t, "linux", "./fakeatlas"); len(modules) > most {
		t.Errorf("fakeatlas links more than %d modules: %q", most, modules)
	}
}
