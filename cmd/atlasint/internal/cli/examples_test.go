package cli_test

import (
	"bytes"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/cli"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/clitest"
	"github.com/atlasint/atlasint/gen/schemas"
)

// run runs a command line in the working directory.
func run(args ...string) (code int, stdout, stderr string) {
	var out, errOut bytes.Buffer
	code = cli.RunWithoutPauses(args, strings.NewReader(""), &out, &errOut)
	return code, out.String(), errOut.String()
}

// inRoot changes to the root of the module, which contains the configuration of the examples.
func inRoot(t *testing.T) {
	t.Helper()
	t.Chdir(filepath.Join("..", "..", "..", ".."))
}

// The examples contain one payload for each type and API version, and all of them are valid.
func TestExamplePayloads(t *testing.T) {
	inRoot(t)
	code, out, errOut := run("validate", "--format", "json", "examples/payloads")
	if code != 0 || errOut != "" {
		t.Errorf("exit code %d, stderr %q:\n%s", code, errOut, out)
	}
	for _, typ := range schemas.Types {
		file := filepath.Join("examples", "payloads", typ.APIVersion, strings.ReplaceAll(strings.ToLower(typ.Name), "_", "-")+".json")
		code, out, _ := run("validate", "--type", typ.Name, "--api", typ.APIVersion, file)
		if code != 0 {
			t.Errorf("%s: exit code %d\n%s", file, code, out)
		}
	}
	files, err := filepath.Glob("examples/payloads/*/*")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 || len(files) != len(schemas.Types) {
		t.Errorf("examples/payloads holds %d payloads, want one of each of the %d types of both API versions", len(files), len(schemas.Types))
	}
}

// Each failing example has its golden report in the same folder.
func TestFailingExamples(t *testing.T) {
	inRoot(t)
	n := 0
	err := filepath.WalkDir("examples/failing", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, ".txt") {
			return err
		}
		n++
		code, out, errOut := run("validate", filepath.ToSlash(path))
		if code != 1 || errOut != "" {
			t.Errorf("%s: exit code %d, stderr %q", path, code, errOut)
		}
		clitest.Golden(t, path+".report.txt", out)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < 12 {
		t.Errorf("%d failing examples, want at least 12", n)
	}
}
