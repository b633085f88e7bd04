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
func linked(t *testing.T, system, pkg string) map[string]string {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Dir}}{{end}}{{end}}", pkg)
	cmd.Dir, cmd.Env, cmd.Stderr = "../..", append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0"), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	folders := map[string]string{}
	for line := range strings.SplitSeq(strings.TrimSpace(string(out)), "\n") {
		if name, folder, ok := strings.Cut(line, "\t"); ok {
			folders[name] = folder
		}
	}
	return folders
}

func TestLicenses(t *testing.T) {
	for _, system := range []string{"linux", "darwin", "windows"} { // each links other modules
		modules := linked(t, system, "./cmd/atlasint")
		if len(modules) < 10 {
			t.Errorf("%s: found only %d modules", system, len(modules))
		}
		for name, folder := range modules {
			files, _ := filepath.Glob(filepath.Join(folder, "LICEN[CS]E*"))
			if len(files) == 0 {
				t.Errorf("%s: no license", name)
			}
			for _, file := range files {
				checkLicense(t, file)
			}
		}
	}
}

func checkLicense(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	licenses := licensecheck.Scan(text).Match
	if err != nil || len(licenses) == 0 {
		t.Errorf("%s: no known license: %v", file, err)
	}
	for _, l := range licenses {
		if !slices.Contains(allowed, l.ID) {
			t.Errorf("%s: license %s; %s are allowed", file, l.ID, allowed)
		}
	}
}

func TestModulesOfTheFake(t *testing.T) {
	const most = 7
	if modules := linked(t, "linux", "./fakeatlas"); len(modules) > most {
		t.Errorf("fakeatlas links more than %d modules: %q", most, modules)
	}
}
