package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

const modulePath = "github.com/atlasint/atlasint"

// checks are independent of tags. Each returns the missing requirements of a version.
var checks = []struct {
	name string
	find func(t tree, version string) ([]string, error)
}{
	{"every file names the version of CHANGELOG.md", checkVersions},
	{"go.mod has the path of the version, no replacements and no pseudo-versions", checkModule},
	{"license and security policy", checkFiles},
	{"the workflow: its targets, secrets and publisher are documented", checkWorkflow},
	{".goreleaser.yaml is valid", checkGoreleaser},
	{"gen/ and internal/gen/ match openapi/", checkGenerated},
	{"the subjects of the newest commits", checkSubjects},
}

// mentions are the ways to name a version of atlasint in documents, examples and code.
var mentions = []*regexp.Regexp{
	regexp.MustCompile(`(?:\batlasint(?:/cmd/atlasint|/[a-z]+)?|…)@v?(\d[^\s"'` + "`" + `]*)`),
	regexp.MustCompile(`\brev: v?(\d\S*)`),
	regexp.MustCompile(`\batlasint_(\d+\.\d+\.[0-9A-Za-z.-]+?)_`),
	regexp.MustCompile(`ghcr\.io/atlasint/atlasint:v?(\d[^\s"'` + "`" + `]*)`),
	regexp.MustCompile(`releases/download/v?(\d[^\s/']*)`),
	regexp.MustCompile(`"@atlasint/cli": "[^\d"]?(\d[^"]*)"`),
	regexp.MustCompile(`git checkout v?(\d\S*)`),
	regexp.MustCompile(`latestRelease = "v?(\d[^"]*)"`),
	regexp.MustCompile(`(?m)^version=v?(\d\S*)`), // install.sh
}

// versioned are the files that may name the version. The tests have versions of their own.
func versioned(name string) bool {
	return slices.Contains([]string{".md", ".yml", ".yaml", ".json", ".go", ".mjs", ".js", ".sh", ""}, path.Ext(name)) &&
		name != "CHANGELOG.md" && !strings.HasSuffix(name, "_test.go") && !strings.Contains(name, "testdata/")
}

func checkVersions(t tree, version string) (faults []string, err error) {
	found := 0
	err = fs.WalkDir(t, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{".git", ".ci", "gen", "dist", "bin", "node_modules"}, entry.Name()):
			return fs.SkipDir
		case entry.IsDir() || !entry.Type().IsRegular() || !versioned(name):
			return nil
		}
		text, err := fs.ReadFile(t, name)
		for _, form := range mentions {
			for _, at := range form.FindAllSubmatchIndex(text, -1) {
				found++
				if named := "v" + string(text[at[2]:at[3]]); named != version {
					line := 1 + strings.Count(string(text[:at[0]]), "\n")
					faults = append(faults, fmt.Sprintf("%s:%d names the version %s, CHANGELOG.md %s", name, line, named, version))
				}
			}
		}
		return err
	})
	if found == 0 {
		faults = append(faults, "no file names a version")
	}
	return append(faults, checkPackage(t)...), err
}

// checkPackage returns a fault if the npm package has a version of its own: npm/pack.mjs sets that of the release.
func checkPackage(t tree) []string {
	var manifest struct{ Version, License string }
	text, err := fs.ReadFile(t, "npm/cli/package.json")
	if err == nil {
		err = json.Unmarshal(text, &manifest)
	}
	if err != nil || manifest.Version != "0.0.0" || manifest.License != "Apache-2.0" {
		return []string{"npm/cli/package.json needs the version 0.0.0, which npm/pack.mjs replaces, and the license of LICENSE, Apache-2.0"}
	}
	return nil
}

// pseudoVersion matches the version of a commit without a tag.
var pseudoVersion = regexp.MustCompile(`[.-]\d{14}-[0-9a-f]{12}$`)

func checkModule(t tree, version string) (faults []string, err error) {
	out, err := t.command("go", "mod", "edit", "-json")
	if err != nil {
		return nil, fmt.Errorf("go mod edit: %w: %s", err, out)
	}
	var mod struct {
		Module  struct{ Path string }
		Require []struct {
			Path, Version string
			Indirect      bool
		}
		Replace, Exclude []json.RawMessage
	}
	if err := json.Unmarshal([]byte(out), &mod); err != nil {
		return nil, err
	}
	want := modulePath
	if major := versionNumbers(version)[0]; major > 1 {
		want += fmt.Sprintf("/v%d", major)
	}
	if mod.Module.Path != want {
		faults = append(faults, fmt.Sprintf("go.mod: the module is %s; %s needs %s", mod.Module.Path, version, want))
	}
	if len(mod.Replace)+len(mod.Exclude) > 0 {
		faults = append(faults, "go.mod: replace and exclude don't apply to those who install or import the module")
	}
	for _, r := range mod.Require {
		if !r.Indirect && pseudoVersion.MatchString(r.Version) {
			faults = append(faults, fmt.Sprintf("go.mod: %s has the version of a commit without a tag, %s", r.Path, r.Version))
		}
	}
	return faults, nil
}

// checkFiles looks for a text that only the right file has.
func checkFiles(t tree, _ string) (faults []string, err error) {
	for name, part := range map[string]string{
		"LICENSE": "Apache License", "SECURITY.md": "## Supported versions", "README.md": "CHANGELOG.md",
		".goreleaser.yaml": "license: Apache-2.0",
	} {
		if text, err := fs.ReadFile(t, name); err != nil || !strings.Contains(string(text), part) {
			faults = append(faults, fmt.Sprintf("%s: no %q", name, part))
		}
	}
	slices.Sort(faults)
	return faults, nil
}

// checkGoreleaser accepts one deprecation: docs/release.md has the reason for the formula.
func checkGoreleaser(t tree, _ string) ([]string, error) {
	out, err := t.command("bash", ".ci/release/goreleaser", "check")
	deprecated := regexp.MustCompile(`DEPRECATED: *(\S+)`).FindAllStringSubmatch(out, -1)
	others := slices.DeleteFunc(deprecated, func(m []string) bool { return m[1] == "brews" })
	valid := strings.Contains(out, "configuration is valid") || err == nil
	if !valid || len(others) > 0 {
		return []string{".goreleaser.yaml: " + out}, nil
	}
	return nil, nil
}

func checkGenerated(t tree, _ string) ([]string, error) {
	if _, err := t.command("make", "check-generate"); err != nil {
		return []string{"gen/ or internal/gen/ doesn't match openapi/: make check-generate prints the differences"}, nil
	}
	return nil, nil
}
