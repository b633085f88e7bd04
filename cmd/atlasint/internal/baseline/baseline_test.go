package baseline_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/baseline"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/validate"
)

// reportOf returns a report of a file with findings of these rules, of which it lists some.
func reportOf(dir, file string, counted int, rules ...string) *report.Report {
	r := &report.Report{Dir: dir}
	r.Add(file, result(file, counted, rules...))
	return r
}

func result(file string, counted int, rules ...string) validate.Result {
	result := validate.Result{Payloads: 1, Errors: counted}
	for _, rule := range rules {
		result.Findings = append(result.Findings, validate.Finding{File: file, Rule: rule, Severity: validate.Error, Message: "never written"})
	}
	return result
}

// none is for a run with all rules on.
func none(_, _ string) bool { return false }

// An entry is expired if the whole file was validated without its finding, or if the file no longer exists.
func TestEntriesWithoutFindingExpire(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	file := filepath.Join(dir, "known.json")
	if n, err := baseline.Write(file, reportOf(dir, "a.json", 3, "enum", "enum", "url")); n != 3 || err != nil {
		t.Fatalf("%d entries: %v", n, err)
	}
	if data, err := os.ReadFile(file); err != nil || strings.Contains(string(data), "never written") {
		t.Errorf("%v: %s", err, data)
	}
	exists := func(t *testing.T) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "a.json"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name    string
		other   string // the validated file
		counted int
		rules   []string
		fails   bool
		exists  bool
		want    int
	}{
		{"all found", "a.json", 3, []string{"url", "enum", "enum"}, false, true, 0},
		{"one of two equal ones is corrected", "a.json", 2, []string{"url", "enum"}, false, true, 1},
		{"all corrected", "a.json", 0, nil, false, true, 3},
		{"not all findings listed", "a.json", 9, nil, false, true, 0},
		{"not read to the end", "a.json", 0, nil, true, true, 0},
		{"another file", "b.json", 0, nil, false, true, 0},
		{"another file, and this one no longer exists", "b.json", 0, nil, false, false, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			_ = os.Remove(filepath.Join(dir, "a.json"))
			if c.exists {
				exists(t)
			}
			known, err := baseline.Read(file)
			if err != nil {
				t.Fatal(err)
			}
			r := &report.Report{Dir: dir, Known: known.Has}
			r.Add(c.other, result(c.other, c.counted, c.rules...))
			if c.fails {
				r.Fail(c.other, "can't read it")
			}
			if got := known.Unused(r, none).Expired; len(got) != c.want {
				t.Errorf("%d expired, want %d: %v", len(got), c.want, got)
			}
			left := c.counted - len(c.rules)
			want := report.Summary{Baselined: len(c.rules), Errors: left, Omitted: left}
			got := report.Summary{Baselined: r.Summary.Baselined, Errors: r.Summary.Errors, Omitted: r.Summary.Omitted}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the summary (-want +got):\n%s", diff)
			}
		})
	}
}

// An entry of a rule that is off is not expired, unless the file no longer exists.
func TestEntriesOfDisabledRules(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	file := filepath.Join(dir, "known.json")
	written := reportOf(dir, "a.json", 3, "enum", "url", "key-format")
	written.Add("gone.json", result("gone.json", 1, "url"))
	if _, err := baseline.Write(file, written); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("a.json", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	known, err := baseline.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	r := &report.Report{Dir: dir, Known: known.Has}
	r.Add("a.json", result("a.json", 0))
	unused := known.Unused(r, func(file, rule string) bool { return file == "a.json" && rule != "enum" })
	want := []string{
		"expired: a.json: the payload [enum]", "expired: gone.json: the payload [url]: there is no such file",
		file + ": 2 entries are expired; write the baseline again to remove them",
		file + ": 2 entries are of rules that are off in this run: key-format, url",
	}
	if diff := cmp.Diff(want, known.Text(unused)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A path of another repository or machine in a baseline is never looked up. One of the same repository is.
func TestOtherFoldersAreNotLookedUp(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "known.json")
	for _, other := range []string{"../gone.json", filepath.Join(dir, "..", "gone.json"), `//host/share/gone.json`, ""} {
		text := fmt.Sprintf(`{"version":1,"findings":[{"fingerprint":"%032x","file":%q,"rule":"enum","pointer":""}]}`, 1, other)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		known, err := baseline.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := known.Unused(&report.Report{Dir: dir}, none).Expired; len(got) != 0 {
			t.Errorf("%s is looked up: %v", other, got)
		}
	}
	sub := filepath.Join(dir, "sub")
	if err := errors.Join(os.Mkdir(filepath.Join(dir, ".git"), 0o700), os.Mkdir(sub, 0o700)); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"../gone.json": 1, "../sub/gone.json": 1, "../../gone.json": 0, "../known.json": 0} {
		text := fmt.Sprintf(`{"version":1,"findings":[{"fingerprint":"%032x","file":%q,"rule":"enum","pointer":""}]}`, 1, path)
		if err := os.WriteFile(filepath.Join(sub, "known.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		known, err := baseline.Read(filepath.Join(sub, "known.json"))
		if err != nil {
			t.Fatal(err)
		}
		if got := known.Unused(&report.Report{Dir: dir}, none).Expired; len(got) != want {
			t.Errorf("%s: %v is expired, want %d", path, got, want)
		}
	}
}

// Only a baseline is read, and only a baseline of any version is replaced.
func TestOtherDocumentsAreNoBaselines(t *testing.T) {
	const (
		report = "it is a report"
		entry  = `{"fingerprint":"0123456789abcdef0123456789abcdef","file":"a.json","rule":"enum","pointer":""}`
	)
	dir := t.TempDir()
	file := filepath.Join(dir, "b.json")
	for _, c := range []struct {
		text     string
		read     string // the end of the error of Read, "" for none
		replaced bool
	}{
		{`{"version":1,"findings":[]}`, "", true},
		{`{"version":1,"findings":[` + entry + `]}`, "", true},
		{`{"version":2,"findings":[]}`, "its format version is 2, and this atlasint reads version 1", true},
		{`{"version":2,"findings":[{"fingerprint":"0"}],"owner":"team"}`, "its format version is 2, and this atlasint reads version 1", true},

		{`{"version":1}`, "it has no findings", false},
		{`{"version":1,"findings":null}`, "not a JSON document of its format", false},
		{`{"version":1,"findings":{}}`, "not a JSON document of its format", false},
		{`{"version":1,"findings":[` + entry + `],"owner":"team"}`, "not a JSON document of its format", false},
		{`{"version":1,"findings":[{"fingerprint":"0123456789abcdef0123456789abcdef","line":3}]}`, "not a JSON document of its format", false},
		{`{"version":1,"findings":["my own list"]}`, "not a JSON document of its format", false},
		{`{"version":1,"format":"atlasint plan","baseUrl":"https://cloud.mongodb.com","plan":{}}`, "it has no findings", false},
		{`{"version":1,"summary":{"files":1},"findings":[` + entry + `],"failures":[]}`, report, false},
		{`{"version":2,"summary":{"files":1},"findings":[` + entry + `],"failures":[]}`, report, false},
		{`{"version":"2.1.0","$schema":"sarif","runs":[]}`, report, false},
		{`{"version":3,"findings":["my own list"],"owner":"team"}`, "not a JSON document of its format", false},
		{`{"version":3,"findings":[{"title":"x"}]}`, "not a JSON document of its format", false},
		{`{"version":3,"findings":[],"owner":"team"}`, "not a JSON document of its format", false},
	} {
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := baseline.Read(file)
		switch {
		case c.read == "" && err != nil:
			t.Errorf("%s: reading it returned %v", c.text, err)
		case c.read != "" && err == nil:
			t.Errorf("%s: it is a baseline, want %q", c.text, c.read)
		case c.read != "" && !strings.HasSuffix(err.Error(), c.read):
			t.Errorf("%s: reading it returned %v, want %q", c.text, err, c.read)
		}
		if err := baseline.Check(file); (err == nil) != c.replaced {
			t.Errorf("%s: replacing it returned %v", c.text, err)
		}
	}
}

// Any file is a baseline or gets an error on one short line.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `[]`, `null`, `{"version":1}`, `{"version":1,"findings":null}`, `{"version":1,"findings":[{}]}`,
		`{"version":1} x`, "\x00", `{"version":"1"}`,
	} {
		f.Add([]byte(seed))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		file := filepath.Join(dir, "b.json")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		known, err := baseline.Read(file)
		if err != nil {
			text := err.Error()
			if len(text) > 300 {
				t.Errorf("the error has %d bytes: %.300q", len(text), text)
			}
			for _, part := range []string{"\n", "unmarshal"} {
				if strings.Contains(text, part) {
					t.Errorf("%q is in the error %q", part, text)
				}
			}
			return
		}
		for _, e := range known.Unused(&report.Report{Dir: dir}, none).Expired {
			if strings.ContainsAny(e.String(), "\n\x1b") {
				t.Errorf("%q", e.String())
			}
		}
	})
}

// The error for a link to a missing file names the cause and the next step.
func TestCheckRejectsADanglingLink(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Symlink("missing", "dangling"); err != nil {
		t.Skip(err)
	}
	const want = "can't replace dangling: it is a link to a missing file; name another file, or delete the link"
	if err := baseline.Check("dangling"); err == nil || err.Error() != want {
		t.Errorf("it says %v", err)
	}
	if err := baseline.Check("new"); err != nil {
		t.Error(err)
	}
}
