package corpus_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/internal/corpus"
)

// recorder records how a test ends, and ends it as *testing.T does.
type recorder struct{ outcome string }

func (*recorder) Helper()                          {}
func (r *recorder) Fatalf(format string, a ...any) { r.end("fail: ", format, a) }
func (r *recorder) Skipf(format string, a ...any)  { r.end("skip: ", format, a) }
func (r *recorder) end(how, format string, a []any) {
	r.outcome = how + fmt.Sprintf(format, a...)
	panic(r)
}

// path returns the result of [corpus.Path], and the reason if it ended the test.
func path(name string) (path, outcome string) {
	r := &recorder{}
	defer func() {
		if ended := recover(); ended != nil && ended != any(r) {
			panic(ended)
		}
		outcome = r.outcome
	}()
	return corpus.Path(r, name), ""
}

func TestPath(t *testing.T) {
	const file = "corpus/payloads.jsonl"
	for name, c := range map[string]struct {
		dir, folder, variable string // where the test runs, where the corpus is, and the value of the variable
		want                  string // the result, or how the test ends
	}{
		"next to the module":      {dir: "m/a/b", folder: "shared", want: "shared"},
		"in a module below":       {dir: "m/.ci/clients", folder: "shared", want: "shared"},
		"missing":                 {dir: "m/a", folder: "other", want: "skip: no "},
		"of the variable":         {dir: "m/a", folder: "other", variable: "ROOT/other", want: "other"},
		"relative to the module":  {dir: "m/a/b", folder: "other", variable: "../other", want: "other"},
		"missing at the variable": {dir: "m/a", folder: "shared", variable: "ROOT/other", want: "fail: cannot read the corpus: "},
		"outside of the module":   {dir: "elsewhere", folder: "shared", want: "fail: cannot find the corpus: "},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			write(t, filepath.Join(root, "m", "go.mod"), "module github.com/atlasint/atlasint\n\ngo 1.26.0\n")
			write(t, filepath.Join(root, "m", ".ci", "clients", "go.mod"), "module github.com/atlasint/atlasint/.ci/clients\n")
			write(t, filepath.Join(root, c.folder, file), "{}\n")
			dir := filepath.Join(root, c.dir)
			if err := os.MkdirAll(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			t.Chdir(dir)
			t.Setenv(corpus.Variable, strings.Replace(c.variable, "ROOT", root, 1))
			got, outcome := path(file)
			if got != "" {
				outcome, _ = filepath.Rel(resolved(t, root), resolved(t, got))
				outcome = strings.TrimSuffix(filepath.ToSlash(outcome), "/"+file)
			}
			if !strings.HasPrefix(outcome, c.want) {
				t.Errorf("got %q, want %q", outcome, c.want)
			}
			if strings.HasPrefix(c.want, "skip") && !strings.Contains(outcome, corpus.Variable) {
				t.Errorf("%q does not name the variable", outcome)
			}
		})
	}
}

// resolved returns a path without symbolic links: the temporary folder of macOS is behind one.
func resolved(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
