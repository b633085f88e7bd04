package doctest_test

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSecurityDocument checks that testdata/threats.md names tests for each row of the tables of attacks and limits in
// docs/security.md, and that they exist.
func TestSecurityDocument(t *testing.T) {
	inRoot(t)
	known := scriptNames(t)
	maps.Copy(known, testNames(t))
	rows := claims(readFile(t, "docs/security.md"))
	if len(rows) < 60 {
		t.Errorf("only %d claims are found", len(rows))
	}
	for _, fault := range untested(rows, readFile(t, "cmd/atlasint/internal/doctest/testdata/threats.md"), known) {
		t.Error(fault)
	}
}

// TestUntestedClaimsAreFound shows that a row without tests, an unknown test and an outdated row are faults.
func TestUntestedClaimsAreFound(t *testing.T) {
	const page = "# T\n## S\n| Attack | Defense |\n|---|---|\n| x | y |\n\n| Party | Trust |\n|---|---|\n| a | b |\n"
	known := map[string]bool{"TestA": true, "FuzzB": true, "TestS/a": true}
	for list, want := range map[string][]string{
		"## S\n- x: `TestA`, `FuzzB`\n":         nil,
		"## S\n- x: `TestC`\n":                  {"S: x: TestC is no test"},
		"## S\n- x: `TestS/a`, `FuzzB`\n":       nil,
		"## S\n- x: `TestS/b`, `FuzzB`\n":       {"S: x: TestS/b is no test"},
		"## S\n- x:\n":                          {"S: x: no test"},
		"## S\n":                                {"S: x: no test"},
		"## T\n- x: `TestA`\n":                  {"S: x: no test", "T: x: the page has no such row"},
		"## S\n- x: `TestA`\n- y: z: `TestA`\n": {"S: y: z: the page has no such row"},
	} {
		if diff := cmp.Diff(want, untested(claims(page), list, known)); diff != "" {
			t.Errorf("%q: %s", list, diff)
		}
	}
}

var (
	testFunc = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Z]\w*)\(`)
	testName = regexp.MustCompile(`(?:Test|Fuzz)[A-Z]\w*(?:/\w+)?`)
	listItem = regexp.MustCompile("(?m)^- (.*?):((?: `(?:Test|Fuzz)[A-Z]\\w*(?:/\\w+)?`,?)*)$")
)

// claims returns the rows of the tables of attacks and limits, each as "section: first cell".
func claims(page string) (rows []string) {
	section, inTable := "", false
	for line := range strings.Lines(page) {
		line = strings.TrimSpace(line)
		switch cell, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " |"); {
		case strings.HasPrefix(line, "## "):
			section = line[3:]
		case !strings.HasPrefix(line, "|"):
			inTable = false
		case cell == "Attack" || cell == "Resource":
			inTable = true
		case inTable && strings.Trim(line, "|-") != "":
			rows = append(rows, section+": "+cell)
		}
	}
	return rows
}

// untested returns the faults of a list of the tests for each row.
func untested(rows []string, list string, known map[string]bool) (faults []string) {
	tests := listedTests(list)
	for _, row := range rows {
		if len(tests[row]) == 0 {
			faults = append(faults, row+": no test")
		}
		for _, name := range tests[row] {
			if !known[name] {
				faults = append(faults, row+": "+name+" is no test")
			}
		}
		delete(tests, row)
	}
	for _, row := range slices.Sorted(maps.Keys(tests)) {
		faults = append(faults, row+": the page has no such row")
	}
	return faults
}

// listedTests returns the names of the tests for each row.
func listedTests(list string) map[string][]string {
	tests := map[string][]string{}
	section := ""
	for line := range strings.Lines(list) {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			section = strings.TrimSpace(title)
		}
		if item := listItem.FindStringSubmatch(line); item != nil {
			tests[section+": "+item[1]] = testName.FindAllString(item[2], -1)
		}
	}
	return tests
}

// scriptNames returns the names of the tests of cli that each run one script: those with the command run, and others.
func scriptNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	files, err := filepath.Glob("cmd/atlasint/internal/cli/testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d scripts: %v", len(files), err)
	}
	for _, file := range files {
		test := "TestProcessScripts/"
		if strings.Contains(readFile(t, file), "\nrun ") {
			test = "TestScripts/"
		}
		names[test+strings.TrimSuffix(filepath.Base(file), ".txt")] = true
	}
	return names
}

// testNames returns the names of all tests and fuzz targets of the module, without those that run all scripts: a row
// names its scripts.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		isHidden := strings.HasPrefix(entry.Name(), ".") && path != "."
		if entry.IsDir() && (isHidden || slices.Contains([]string{"testdata", "node_modules"}, entry.Name())) {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		for _, m := range testFunc.FindAllSubmatch(text, -1) {
			if name := string(m[1]); !strings.HasSuffix(name, "Scripts") {
				names[name] = true
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
