package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/validate"
)

// command is a workflow command as GitHub's runner reads one.
type command struct {
	name       string
	properties map[string]string
	message    string
}

func readCommand(t *testing.T, line string) command {
	t.Helper()
	rest, ok := strings.CutPrefix(line, "::")
	head, message, found := strings.Cut(rest, "::")
	if !ok || !found {
		t.Fatalf("no command: %q", line)
	}
	unescape := strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
	name, list, _ := strings.Cut(head, " ")
	c := command{name, map[string]string{}, unescape.Replace(message)}
	for pair := range strings.SplitSeq(list, ",") {
		key, value, _ := strings.Cut(pair, "=")
		c.properties[key] = unescape.Replace(value)
	}
	return c
}

func TestGitHubCommandsReadBack(t *testing.T) {
	var got []command
	for line := range strings.Lines(string(write(t, "github", hostileText()))) {
		got = append(got, readCommand(t, strings.TrimSuffix(line, "\n")))
	}
	many := "many.ndjson"
	want := []command{
		{"error", map[string]string{"file": awkward, "line": "4", "endLine": "4", "col": "13", "endColumn": "17", "title": "enum"},
			`DATADOG.region: "<US1>" & co is not allowed: 100%0A, ]]>; Atlas calls it "US"::[x](y) {0}`},
		{"error", map[string]string{"file": awkward, "line": "5", "endLine": "5", "col": "3", "endColumn": "11", "title": "unknown-field"},
			`DATADOG: unknown field "界面é🎉"`},
		{"warning", map[string]string{"file": awkward, "line": "12345", "endLine": "12346", "title": "url"},
			"DATADOG.url is plain http; use https"},
		{"error", map[string]string{"file": `"odd/a\x1b[2J\n::error::b\u202e\U000e0001.json"`, "line": "1", "endLine": "1", "col": "1", "endColumn": "1",
			"title": "not-an-object"}, "want one payload object, got nothing"},
		{"warning", map[string]string{"file": `"odd/\xff.json"`, "line": "1", "endLine": "1", "col": "10", "endColumn": "16", "title": "slack-oauth"},
			"SLACK: Slack is linked by OAuth2"},
		{"error", map[string]string{"file": many, "line": "2", "endLine": "2", "col": "9", "endColumn": "19", "title": "required"},
			`OPS_GENIE: missing required field "apiKey"`},
		{"error", map[string]string{"file": many, "line": "2", "endLine": "2", "col": "9", "endColumn": "19", "title": "required"},
			`OPS_GENIE: missing required field "apiKey"`},
		{"error", map[string]string{"file": many, "line": "4", "endLine": "4", "col": "9", "endColumn": "19", "title": "required"},
			`OPS_GENIE: missing required field "apiKey"`},
		{"notice", map[string]string{"file": many}, "7 more findings in many.ndjson; --max-findings shows more"},
		{"error", map[string]string{"title": "unknown-field"}, `<stdin>:2:5: unknown field "odd"; remove it`},
		{"error", map[string]string{"file": "missing.json"}, "can't read missing.json: no such file or directory; check the path"},
		{"error", map[string]string{"file": `"odd/a\x1b[2J\n::error::b\u202e\U000e0001.json"`},
			`can't read "odd/a\x1b[2J\n::error::b\u202e\U000e0001.json": permission denied`},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(command{})); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

type issue struct {
	Description string `json:"description"`
	CheckName   string `json:"check_name"`
	Fingerprint string `json:"fingerprint"`
	Severity    string `json:"severity"`
	Location    struct {
		Path  string `json:"path"`
		Lines struct {
			Begin int `json:"begin"`
			End   int `json:"end"`
		} `json:"lines"`
	} `json:"location"`
}

func readIssues(t *testing.T, r *report.Report) []issue {
	t.Helper()
	var list []issue
	dec := json.NewDecoder(bytes.NewReader(write(t, "gitlab", r)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&list); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestGitLabReadsBack(t *testing.T) {
	list := readIssues(t, hostileText())
	if len(list) != 9 {
		t.Fatalf("%d issues, want one for each of 9 findings", len(list))
	}
	seen := map[string]bool{}
	for _, i := range list {
		for member, value := range map[string]string{
			"description": i.Description, "check_name": i.CheckName, "location.path": i.Location.Path,
		} {
			if value == "" {
				t.Errorf("%s is missing: %+v", member, i)
			}
		}
		if i.Location.Lines.Begin < 1 {
			t.Errorf("the line is %d: %+v", i.Location.Lines.Begin, i)
		}
		if strings.HasPrefix(i.Location.Path, "./") {
			t.Errorf("GitLab does not find the path %s", i.Location.Path)
		}
		if !slices.Contains([]string{"info", "minor", "major", "critical", "blocker"}, i.Severity) {
			t.Errorf("GitLab knows no severity %q", i.Severity)
		}
		if seen[i.Fingerprint] {
			t.Errorf("fingerprint %s occurs twice", i.Fingerprint)
		}
		seen[i.Fingerprint] = true
	}
}

// A finding keeps its fingerprint when the lines above it, the words of its message or its neighbours change.
func TestFingerprintsAreStable(t *testing.T) {
	before, after := hostileText(), &report.Report{}
	moved := slices.Clone(before.Files[1].Findings)
	moved[1].Line += 10
	moved[1].EndLine += 10
	moved[1].Message, moved[1].Hint, moved[1].Severity = "other words", "other advice", validate.Warning
	after.Add(awkward, validate.Result{Errors: 2, Findings: moved[1:]})
	if want, got := readIssues(t, before)[1].Fingerprint, readIssues(t, after)[0].Fingerprint; want != got {
		t.Errorf("%s became %s", want, got)
	}
}

// Findings that differ in the file, the rule, the type, the place, the schema of a policy or the number have different
// fingerprints, and --quiet changes none.
func TestFingerprintsDiffer(t *testing.T) {
	base := validate.Finding{File: "a.json", Rule: "url", Type: "WEBHOOK", Pointer: "/url", Severity: validate.Warning}
	other := []func(*validate.Finding){
		func(*validate.Finding) {},
		func(*validate.Finding) {},
		func(f *validate.Finding) { f.Rule = "enum" },
		func(f *validate.Finding) { f.Type = "SLACK" },
		func(f *validate.Finding) { f.Pointer = "/urk" },
		func(f *validate.Finding) { f.Rule, f.Policy = "policy", &validate.Policy{Schema: "a.schema.json"} },
		func(f *validate.Finding) { f.Rule, f.Policy = "policy", &validate.Policy{Schema: "b.schema.json"} },
		func(f *validate.Finding) { f.Severity = validate.Error },
	}
	var findings []validate.Finding
	for _, change := range other {
		f := base
		change(&f)
		findings = append(findings, f)
	}
	all, errorsOnly := &report.Report{}, &report.Report{Quiet: true}
	seen := map[string]bool{}
	for _, file := range []string{"a.json", "b.json", "a.json"} {
		all.Add(file, validate.Result{Findings: findings})
		errorsOnly.Add(file, validate.Result{Findings: findings})
	}
	for i, f := range all.Files {
		if got, want := errorsOnly.Files[i].Fingerprints[0], f.Fingerprints[len(findings)-1]; got != want {
			t.Errorf("quiet: %s, want %s", got, want)
		}
		for _, fingerprint := range f.Fingerprints {
			if seen[fingerprint] {
				t.Errorf("%s occurs twice", fingerprint)
			}
			seen[fingerprint] = true
		}
	}
}

// Every format with names has the same name for a file, however it was named, and the three formats with fingerprints
// the same ones.
func TestFormatsAgreeOnNamesAndFingerprints(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"a/b.json", "./a/b.json", "a//b.json", "./a/./b.json", filepath.Join(root, "a", "b.json")} {
		r := &report.Report{Dir: root}
		r.Add(name, validate.Result{Payloads: 1, Errors: 1, Findings: []validate.Finding{{
			File: name, Line: 1, Column: 1, EndLine: 1, EndColumn: 2, Rule: "enum", Pointer: "/region", Severity: validate.Error, Message: "m",
		}}})
		r.AddFixes(name, []validate.Finding{{File: name, Rule: "enum"}}, 1)
		r.Fail(name, "m")
		var document struct {
			Findings []struct{ File, Fingerprint string }
			Fixed    []struct{ File string }
			Failures []struct{ File string }
		}
		if err := json.Unmarshal(write(t, "json", r), &document); err != nil {
			t.Fatal(err)
		}
		log, err := sarif.FromBytes(write(t, "sarif", r))
		if err != nil {
			t.Fatal(err)
		}
		result, tests, issue := log.Runs[0].Results[0], readSuites(t, r), readIssues(t, r)[0]
		text, _, _ := strings.Cut(string(write(t, "text", r)), ":")
		annotations := strings.Split(string(write(t, "github", r)), "\n")
		names := []string{
			text, document.Findings[0].File, document.Fixed[0].File, document.Failures[0].File, issue.Location.Path,
			*result.Locations[0].PhysicalLocation.ArtifactLocation.URI,
			tests.Suites[0].Name, tests.Suites[0].Cases[0].Name, tests.Suites[1].Name,
			readCommand(t, annotations[0]).properties["file"], readCommand(t, annotations[1]).properties["file"],
		}
		for i, got := range names {
			if got != "a/b.json" {
				t.Errorf("%s: name %d is %s", name, i, got)
			}
		}
		want := document.Findings[0].Fingerprint
		if len(want) != 32 {
			t.Errorf("%s: the fingerprint %s has %d characters, want 32", name, want, len(want))
		}
		got := []string{issue.Fingerprint, result.PartialFingerprints["atlasintFinding/v1"]}
		if diff := cmp.Diff([]string{want, want}, got); diff != "" {
			t.Errorf("%s: the fingerprints of GitLab and SARIF (-want +got):\n%s", name, diff)
		}
	}
}

type testSuites struct {
	XMLName xml.Name    `xml:"testsuites"`
	Suites  []testSuite `xml:"testsuite"`
}

type testSuite struct {
	Name     string     `xml:"name,attr"`
	Tests    int        `xml:"tests,attr"`
	Failures int        `xml:"failures,attr"`
	Errors   int        `xml:"errors,attr"`
	Cases    []testCase `xml:"testcase"`
	Out      string     `xml:"system-out"`
}

type testCase struct {
	Class   string     `xml:"classname,attr"`
	Name    string     `xml:"name,attr"`
	File    string     `xml:"file,attr"`
	Line    int        `xml:"line,attr"`
	Failure []testText `xml:"failure"`
	Error   []testText `xml:"error"`
}

type testText struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

func readSuites(t *testing.T, r *report.Report) testSuites {
	t.Helper()
	data := write(t, "junit", r)
	var got testSuites
	if err := xml.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	dec := xml.NewDecoder(bytes.NewReader(data))
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	return got
}

func TestJUnitCountsAddUp(t *testing.T) {
	for _, options := range [][]func(*report.Report){nil, {quiet}, {strict}} {
		all := readSuites(t, hostileText(options...))
		names := map[string]bool{}
		for _, s := range all.Suites {
			bad, lost := 0, 0
			for _, c := range s.Cases {
				// The first failure is all that Jenkins and GitLab read, and of two tests with one name only one.
				if max(len(c.Failure), len(c.Error)) > 1 {
					t.Errorf("%s: %d failures, %d errors, want at most one of each", c.Name, len(c.Failure), len(c.Error))
				}
				if names[c.Name] && len(c.Error) == 0 {
					t.Errorf("%s: a second test of this name", c.Name)
				}
				names[c.Name] = true
				bad += len(c.Failure)
				lost += len(c.Error)
			}
			want, got := []int{len(s.Cases), bad, lost}, []int{s.Tests, s.Failures, s.Errors}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: tests, failures, errors (-want +got):\n%s", s.Name, diff)
			}
		}
	}
}

// If findings are omitted, the payloads after the last listed finding can have faults. So they share one test, which
// fails.
func TestJUnitListsNoUnknownTests(t *testing.T) {
	many := readSuites(t, hostileText()).Suites[4]
	var got []string
	for _, c := range many.Cases {
		text := c.Name + ": ok"
		if len(c.Failure) > 0 {
			text = c.Name + ": " + c.Failure[0].Message
		}
		got = append(got, text)
	}
	want := []string{
		"many.ndjson payload 1: ok",
		`many.ndjson payload 2: OPS_GENIE: missing required field "apiKey" (and 1 more)`,
		"many.ndjson payload 3: ok",
		`many.ndjson payload 4: OPS_GENIE: missing required field "apiKey"`,
		"many.ndjson past the limit of findings: 7 more findings in many.ndjson; --max-findings shows more",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// With --strict a warning fails the run, so it fails its test; else it is output of the suite.
func TestJUnitFailsWhereTheRunFails(t *testing.T) {
	warned := validate.Result{Payloads: 1, Warnings: 2, Findings: []validate.Finding{{
		File: "f", Line: 1, Column: 1, Rule: "url", Severity: validate.Warning, Message: "m",
	}}}
	loose, tight := &report.Report{}, &report.Report{Strict: true}
	loose.Add("f", warned)
	tight.Add("f", warned)
	s := readSuites(t, loose).Suites[0]
	if diff := cmp.Diff([]int{2, 0}, []int{s.Tests, s.Failures}); diff != "" {
		t.Errorf("tests, failures (-want +got):\n%s", diff)
	}
	if want := "warning: m [url]\n1 more finding"; !strings.Contains(s.Out, want) {
		t.Errorf("the output is %q, want %q", s.Out, want)
	}
	s = readSuites(t, tight).Suites[0]
	if diff := cmp.Diff([]int{2, 2}, []int{s.Tests, s.Failures}); diff != "" {
		t.Errorf("strict: tests, failures (-want +got):\n%s", diff)
	}
	if s.Out != "" {
		t.Errorf("strict: the output is %q, want none", s.Out)
	}
}
