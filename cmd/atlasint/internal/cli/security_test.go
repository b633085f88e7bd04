package cli_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSecurityDocument checks that each row of the tables of attacks and limits in docs/security.md names tests,
// and that they exist.
func TestSecurityDocument(t *testing.T) {
	inRoot(t)
	page, err := os.ReadFile("docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	claims, faults := untestedClaims(string(page), testNames(t))
	if claims < 25 {
		t.Errorf("only %d claims are found", claims)
	}
	for _, fault := range faults {
		t.Error(fault)
	}
}

// TestUntestedClaimsAreFound shows that a row without a test and a row with an unknown test are faults.
func TestUntestedClaimsAreFound(t *testing.T) {
	const head = "| Attack | Defense | Test |\n|---|---|---|\n"
	known := map[string]bool{"TestA": true, "FuzzB": true}
	for line, want := range map[string][]string{
		"| x | y | `TestA`, `FuzzB` |\n": nil,
		"| x | y | `TestC` |\n":          {"TestC is no test: | x | y | `TestC` |"},
		"| x | y |  |\n":                 {"no test: | x | y |  |"},
		"| x | `TestA` | y |\n":          {"no test: | x | `TestA` | y |"},
	} {
		claims, faults := untestedClaims("# T\n"+head+line+"\n| who | what |\n|---|---|\n| a | b |\n", known)
		if diff := cmp.Diff(want, faults); diff != "" || claims != 1 {
			t.Errorf("%d claims in %q: %s", claims, line, diff)
		}
	}
}

var (
	testFunc = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Z]\w*)\(`)
	testName = regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w*)`")
)

// untestedClaims checks the tables with the last column Test.
func untestedClaims(page string, known map[string]bool) (claims int, faults []string) {
	inTable := false
	for line := range strings.Lines(page) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasSuffix(line, "| Test |"):
			inTable = true
		case !strings.HasPrefix(line, "|"):
			inTable = false
		case inTable && strings.Trim(line, "|-") != "":
			claims++
			faults = append(faults, untested(line, known)...)
		}
	}
	return claims, faults
}

func untested(line string, known map[string]bool) (faults []string) {
	cells := strings.Split(strings.Trim(line, "|"), "|")
	names := testName.FindAllStringSubmatch(cells[len(cells)-1], -1)
	if len(names) == 0 {
		return []string{"no test: " + line}
	}
	for _, name := range names {
		if !known[name[1]] {
			faults = append(faults, name[1]+" is no test: "+line)
		}
	}
	return faults
}

// testNames returns the names of all tests and fuzz targets of the module.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && path != "." && (strings.HasPrefix(entry.Name(), ".") || slices.Contains([]string{"testdata", "node_modules"}, entry.Name())) {
			return orSkip(err)
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		for _, m := range testFunc.FindAllSubmatch(text, -1) {
			names[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func orSkip(err error) error {
	if err != nil {
		return err
	}
	return fs.SkipDir
}
