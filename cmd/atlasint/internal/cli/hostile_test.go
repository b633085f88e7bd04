package cli_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/cli"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/internal/atlas"
)

// Each hostile text gets its findings, and hides neither the file before it nor the one after it.
func TestHostileTexts(t *testing.T) {
	t.Chdir(t.TempDir())
	writeNeighbors(t)
	for _, h := range hostiles() {
		t.Run(h.name, func(t *testing.T) {
			writeFile(t, "hostile.json", h.data)
			got := validateWithNeighbors(t, "hostile.json")
			if diff := cmp.Diff(h.rules, got.rules("hostile.json")); diff != "" {
				t.Errorf("rules (-want +got)\n%s", diff)
			}
			if h.says != "" && !strings.Contains(got.message("hostile.json"), h.says) {
				t.Errorf("message %q, want %q in it", got.message("hostile.json"), h.says)
			}
		})
	}
}

// writeNeighbors writes first.json and last.json, with one fault each. The test validates them before and after a
// hostile file.
func writeNeighbors(t *testing.T) {
	t.Helper()
	writeFile(t, "first.json", `{"type":"X"}`)
	writeFile(t, "last.json", `{"type":"X"}`)
}

// validateWithNeighbors validates a readable file between first.json and last.json.
func validateWithNeighbors(t *testing.T, file string, flags ...string) *parsedReport {
	t.Helper()
	got := validateStdin(t, "", append(flags, "--", "first.json", file, "last.json")...)
	if got.code != 1 || got.stderr != "" {
		t.Errorf("exit code %d, want 1; stderr is %q", got.code, got.stderr)
	}
	if got.Summary.Files != 3 {
		t.Errorf("%d files are checked, want 3", got.Summary.Files)
	}
	got.hidesNone(t)
	return got
}

// parsedReport is the result of one call: the exit code, standard error, and the parsed JSON report.
type parsedReport struct {
	code    int
	stderr  string
	Summary struct{ Files, Payloads, Errors, Warnings int }

	Findings []struct {
		File, Rule, Message string
		Payload             int
	}
}

// validateStdin runs validate with the JSON and the text format, and returns the JSON report. It checks that both
// outputs are safe to print and have the same exit code.
func validateStdin(t *testing.T, stdin string, args ...string) *parsedReport {
	t.Helper()
	got := new(parsedReport)
	var out, errOut bytes.Buffer
	got.code = cli.RunWithoutPauses(append([]string{"validate", "--format", "json"}, args...), strings.NewReader(stdin), &out, &errOut)
	got.stderr = errOut.String()
	if err := json.Unmarshal(out.Bytes(), got); err != nil {
		t.Fatalf("%v: %.200s", err, out.String())
	}
	fit(t, out.String()+got.stderr)
	out.Reset()
	errOut.Reset()
	if code := cli.RunWithoutPauses(append([]string{"validate"}, args...), strings.NewReader(stdin), &out, &errOut); code != got.code {
		t.Errorf("exit code %d, and %d with --format json", code, got.code)
	}
	fit(t, out.String()+errOut.String())
	return got
}

// fit fails the test if a text is too long for a terminal, or contains characters that control one.
func fit(t *testing.T, text string) {
	t.Helper()
	if len(text) > 64<<10 {
		t.Errorf("%d bytes of output", len(text))
	}
	if !utf8.ValidString(text) {
		t.Error("the output is not UTF-8")
	}
	if i := strings.IndexFunc(text, acts); i >= 0 {
		t.Errorf("a control character in the output: %q", text[max(0, i-40):min(len(text), i+40)])
	}
}

func acts(r rune) bool {
	return r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp))
}

// hidesNone fails the test unless the report has the findings of the files before and after the hostile one.
func (r *parsedReport) hidesNone(t *testing.T) {
	t.Helper()
	for _, file := range []string{"first.json", "last.json"} {
		if got := r.rules(file); got != "type-unknown" {
			t.Errorf("%s: findings %q, want type-unknown", file, got)
		}
	}
}

func (r *parsedReport) rules(file string) string {
	var rules []string
	for _, f := range r.Findings {
		if f.File == file {
			rules = append(rules, f.Rule)
		}
	}
	return strings.Join(rules, " ")
}

// message returns the message of the first finding in a file.
func (r *parsedReport) message(file string) string {
	for _, f := range r.Findings {
		if f.File == file {
			return f.Message
		}
	}
	return ""
}

// writeFile writes a file, and creates its folder.
func writeFile(t *testing.T, name, data string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

// allocated returns the number of bytes that f allocates, including those that are freed.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// A file that is not a payload is a finding, and an unreadable file is a diagnostic. Both need little memory, and do
// not hide the findings of other files.
func TestHostileFiles(t *testing.T) {
	for _, tc := range []struct {
		name string
		make func(t *testing.T, name string)
		code int
		want string // the rules at exit code 1, a part of the diagnostic at 3
	}{
		{"missing.json", func(*testing.T, string) {}, 3, "no such file"},
		{"dangling.json", func(t *testing.T, name string) { link(t, "nowhere.json", name) }, 3, "a link to a missing file"},
		{"loop.json", func(t *testing.T, name string) { link(t, name, name) }, 1, "not-a-file"},
		{"long loop.json", func(t *testing.T, name string) { link(t, "b", name); link(t, "c", "b"); link(t, name, "c") }, 1, "not-a-file"},
		{"below/a/file.json", func(t *testing.T, _ string) { writeFile(t, "below", opsGenie) }, 3, "not a directory"},
		{strings.Repeat("long", 100) + ".json", func(*testing.T, string) {}, 3, "too long"},
		{"locked.json", locked, 3, "permission denied"},
		{"pipe.json", pipe, 1, "not-a-file"},
		{"pipe.ndjson", pipe, 1, "not-a-file"},
		{"socket.json", socket, 1, "not-a-file"},
		{"/dev/zero", device, 1, "not-a-file"},
		{"/proc/self/mem", device, 1, "not-a-file"}, // it calls itself regular, as all files in /proc
		{"/proc/self/status", device, 1, "not-a-file"},
		{"kernel.ndjson", kernel, 1, "not-a-file"},
		{"zeros.json", sparse, 1, "too-large"},
		{"zeros.ndjson", sparse, 1, "too-large"},
	} {
		t.Run(filepath.Base(tc.name), func(t *testing.T) {
			if runtime.GOOS == "windows" && (tc.want == "not a directory" || tc.want == "too long") {
				t.Skip("Windows has other errors for such a path")
			}
			t.Chdir(t.TempDir())
			writeNeighbors(t)
			tc.make(t, tc.name)
			var got *parsedReport
			if n := allocated(func() { got = validateStdin(t, "", "first.json", tc.name, "last.json") }); n > 32<<20 {
				t.Errorf("allocated %d bytes", n)
			}
			got.hidesNone(t)
			switch {
			case got.code != tc.code:
				t.Errorf("exit code %d, want %d; %s", got.code, tc.code, got.stderr)
			case tc.code == 1 && (got.rules(tc.name) != tc.want || got.stderr != ""):
				t.Errorf("findings %q, stderr %q; want %s", got.rules(tc.name), got.stderr, tc.want)
			case tc.code == 3 && (!strings.HasPrefix(got.stderr, "atlasint: can't read "+tc.name) ||
				!strings.Contains(got.stderr, tc.want) || strings.Count(got.stderr, "\n") != 1):
				t.Errorf("stderr %q, want one line with %q", got.stderr, tc.want)
			}
		})
	}
}

func link(t *testing.T, to, name string) {
	t.Helper()
	if err := os.Symlink(to, name); err != nil {
		t.Skip(err)
	}
}

func locked(t *testing.T, name string) {
	t.Helper()
	if os.Geteuid() <= 0 {
		t.Skip("nothing is locked for root")
	}
	writeFile(t, name, opsGenie)
	if err := os.Chmod(name, 0); err != nil {
		t.Fatal(err)
	}
}

func pipe(t *testing.T, name string) {
	t.Helper()
	if out, err := exec.Command("mkfifo", name).CombinedOutput(); err != nil {
		t.Skipf("%v: %s", err, out)
	}
}

func socket(t *testing.T, name string) {
	t.Helper()
	l, err := net.Listen("unix", name)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { l.Close() })
}

func device(t *testing.T, name string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("devices of Windows have no paths")
	}
	if _, err := os.Stat(name); err != nil {
		t.Skip(err)
	}
}

// kernel creates a link to an endless file that has the mode of a regular file.
func kernel(t *testing.T, name string) {
	t.Helper()
	device(t, "/proc/self/pagemap")
	link(t, "/proc/self/pagemap", name)
}

// sparse creates a file of 1 GiB that uses no disk space. A .ndjson file has 128 MiB, because its only line ends at the
// end of the file, so that it is read whole.
func sparse(t *testing.T, name string) {
	t.Helper()
	size := int64(1 << 30)
	if filepath.Ext(name) == ".ndjson" {
		size = 1 << 27
	}
	writeFile(t, name, "")
	if err := os.Truncate(name, size); err != nil {
		t.Skip(err)
	}
}

// In a folder, neither unreadable files nor odd names hide the other files.
func TestHostileFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.MkdirAll("in/folder.json", 0o700); err != nil {
		t.Fatal(err)
	}
	t.Chdir("in")
	writeNeighbors(t)
	writeFile(t, "folder.json/inner.json", `{"type":"X"}`)
	link(t, "folder.json", "link to folder.json")
	link(t, "nowhere", "dangling.json")
	link(t, "loop.json", "loop.json")
	for _, args := range [][]string{{"."}, {"../in"}, {"*.json", "folder.json/*.json"}} {
		got := validateStdin(t, "", args...)
		rules := map[string]int{}
		for _, f := range got.Findings {
			rules[f.Rule]++
		}
		if diff := cmp.Diff(map[string]int{"type-unknown": 3, "not-a-file": 1}, rules); got.code != 3 || diff != "" {
			t.Errorf("%v: exit code %d, findings (-want +got)\n%s", args, got.code, diff)
		}
		if !strings.Contains(got.stderr, "dangling.json: it is a link to a missing file") {
			t.Errorf("%v: stderr %q does not name the link that has no target", args, got.stderr)
		}
	}
}

var hostileNames = []string{
	"a b.json", " .json", "a\nb.json", "a\n::error::b.json", "a\r.json", "a\tb.json", erase + ".json", "\x7f.json",
	"\u009b2J.json", "\u202enosj.json", "\u2028.json", "\xff.json", "\u00a0.json", "a:1:1: b [syntax].json",
	"[a].json", "*.json", "{a,b}.json", "a%0Ab.json", "<a>&\"'.json", "--.json", "-.json", "--strict.json", "a,b.json",
}

// File names with special characters of shells and terminals are handled like all others.
func TestHostileNames(t *testing.T) {
	t.Chdir(t.TempDir())
	writeNeighbors(t)
	for _, name := range hostileNames {
		t.Run(fmt.Sprintf("%q", name), func(t *testing.T) {
			if err := os.WriteFile(name, []byte("{"), 0o600); err != nil {
				t.Skip(err) // not every file system takes every name
			}
			defer os.Remove(name)
			got := validateWithNeighbors(t, name)
			if len(got.Findings) != 3 || got.Findings[1].Rule != "syntax" {
				t.Fatalf("findings %v", got.Findings)
			}
			if utf8.ValidString(name) && got.Findings[1].File != name {
				t.Errorf("the report calls it %q", got.Findings[1].File)
			}
		})
	}
}

// The output of every format is valid for any names and contents of files.
func TestHostileReports(t *testing.T) {
	t.Chdir(t.TempDir())
	for i, h := range slices.Concat(duplicates(), encodings(), grammar(), escapes()) {
		writeFile(t, fmt.Sprintf("%03d.json", i), h.data)
	}
	for _, name := range hostileNames {
		_ = os.WriteFile(name, []byte(`{"type":"`+"\u202e"+`"}`), 0o600)
	}
	for _, format := range report.Names() {
		code, out, _ := run("validate", "--format", format, ".")
		if code != 1 || !utf8.ValidString(out) {
			t.Errorf("%s: exit code %d, UTF-8 %v", format, code, utf8.ValidString(out))
		}
		if i := strings.IndexFunc(out, acts); i >= 0 {
			t.Errorf("%s: a control character: %q", format, out[max(0, i-40):min(len(out), i+40)])
		}
		if err := wellFormed(format, out); err != nil {
			t.Errorf("%s: %v", format, err)
		}
	}
}

func wellFormed(format, out string) error {
	switch format {
	case "json", "sarif", "gitlab":
		return json.Unmarshal([]byte(out), new(any))
	case "junit":
		d := xml.NewDecoder(strings.NewReader(out))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
	case "github":
		for line := range strings.Lines(out) {
			kind, _, _ := strings.Cut(line, " file=")
			if !slices.Contains([]string{"::error", "::warning", "::notice"}, kind) {
				return fmt.Errorf("not a command: %q", line)
			}
		}
	}
	return nil
}

// A pattern without a match and an invalid flag are usage errors, and their diagnostics are safe for a terminal.
func TestHostileArguments(t *testing.T) {
	t.Chdir(t.TempDir())
	writeNeighbors(t)
	for _, args := range [][]string{
		{"nothing*.json"}, {"first.json", "**/nothing.json"}, {"[.json"}, {"{first.json"}, {""}, {erase + "*.json"},
		{"--" + erase + ".json"}, {"-" + erase}, {"--strict=" + erase}, {"--max-size", erase, "first.json"},
		{"--type", erase, "first.json"}, {"--rule", erase + "=off", "first.json"}, {"--rule", "url=" + erase, "first.json"},
		{"--rule", erase, "first.json"}, {"--api", erase, "first.json"}, {"--for", erase, "first.json"}, {"--format", erase, "first.json"},
	} {
		code, out, errOut := run(append([]string{"validate"}, args...)...)
		wantFailure(t, fmt.Sprintf("%q", args), 2, outcome{code, out, errOut})
		if !strings.HasPrefix(errOut, "atlasint: ") || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%q: stderr is %q, want one line of atlasint", args, errOut)
		}
		fit(t, errOut)
	}
}

// The configuration is found without a flag. A hostile one must not use much memory, and an unreadable one must not be
// ignored.
func TestHostileConfiguration(t *testing.T) {
	for _, tc := range []struct {
		name string
		make func(t *testing.T, name string)
	}{
		{"a loop", func(t *testing.T, name string) { link(t, name, name) }},
		{"a folder", func(t *testing.T, name string) { _ = os.Mkdir(name, 0o700) }},
		{"dangling", func(t *testing.T, name string) { link(t, "nowhere", name) }},
		{"a pipe", pipe},
		{"a socket", socket},
		{"locked", locked},
		{"a device", func(t *testing.T, name string) { link(t, "/dev/zero", name) }},
		{"a kernel file", func(t *testing.T, name string) { link(t, "/proc/self/status", name) }},
		{"64 KiB and a byte", func(t *testing.T, name string) { writeFile(t, name, "#"+strings.Repeat("\n", 64<<10)) }},
		{"escapes", func(t *testing.T, name string) { writeFile(t, name, `"\e[2J": 1`) }},
		{"large", sparse},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			writeNeighbors(t)
			tc.make(t, ".atlasint.yaml")
			var code int
			var out, errOut string
			if n := allocated(func() { code, out, errOut = run("validate", "first.json") }); n > 32<<20 {
				t.Errorf("allocated %d bytes", n)
			}
			if code != 2 && code != 3 {
				t.Errorf("exit code %d, want 2 or 3: %q", code, errOut)
			}
			if out != "" {
				t.Errorf("stdout is %q, want none", out)
			}
			if lines := strings.Count(errOut, "\n"); lines != 1 {
				t.Errorf("the error has %d lines, want 1: %q", lines, errOut)
			}
			fit(t, errOut)
		})
	}
}

// For huge payloads, the report stays small and counts all findings.
func TestHugePayloads(t *testing.T) {
	const many = 10_000
	long := strings.Repeat("k", 4<<20)
	raised := "--max-size=100000000"
	fields := make([]string, many)
	for i := range fields {
		fields[i] = fmt.Sprintf(`"%0150d":%d`, i, i)
	}
	all := strings.Join(fields, ",")
	list := func(element string) string { return "[" + strings.Repeat(element+",\n", many-1) + element + "]" }
	for _, tc := range []struct {
		name, data string
		flags      []string
		payloads   int
		rule       string
		errors     int
	}{
		{"a large text", `{"type":"OPS_GENIE","apiKey":"` + long + `"}`, nil, 1, "too-large", 1},
		{"a large text that may be", `{"type":"OPS_GENIE","apiKey":"` + long + `"}`, []string{raised}, 1, "", 0},
		{"a text too long for its field", `{"type":"SLACK","apiToken":"t","channelName":"` + long + `"}`,
			[]string{raised, "--rule=slack-oauth=off"}, 1, "length", 1},
		{"a long name", opsGenieWith(`"` + long + `":1`), []string{raised}, 1, "unknown-field", 1},
		{"many unknown fields", opsGenieWith(all), []string{raised}, 1, "unknown-field", many},
		{"many fields and no type", "{" + all + "}", []string{raised}, 1, "type-missing", 1},
		{"a field many times", opsGenieWith(strings.Repeat(`"apiKey":"k",`, many) + `"apiKey":"k"`), []string{raised}, 1, "duplicate-key", many + 1},
		{"a large array", list(opsGenie), []string{raised, "--array"}, many, "", 0},
		{"a large array of bad ones", list(`{"type":"X"}`), []string{"--array"}, many, "type-unknown", many},
		{"an array of numbers", list("1"), []string{"--array"}, many, "not-an-object", many},
		{"many lines", strings.Repeat("{\n", many), []string{"--ndjson"}, many, "syntax", many},
		{"a large line among many", "{\n" + strings.Repeat(" ", 2<<20) + opsGenie + "\n{", []string{"--ndjson"}, 3, "", 3},
		{"a line that is too large behind a carriage return", opsGenie + "\rx", []string{"--ndjson", "--max-size=33"}, 1, "too-large", 1},
		{"a limit past all numbers", `{"type":"X"}`, []string{"--max-size=9223372036854775807"}, 1, "type-unknown", 1},
		{"a limit past all numbers, by line", `{"type":"X"}`, []string{"--max-size=9223372036854775807", "--ndjson"}, 1, "type-unknown", 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := validateStdin(t, tc.data, append(tc.flags, "-")...)
			if got.code != min(tc.errors, 1) || got.stderr != "" {
				t.Errorf("exit code %d, stderr %q", got.code, got.stderr)
			}
			want := struct{ Files, Payloads, Errors, Warnings int }{1, tc.payloads, tc.errors, 0}
			if diff := cmp.Diff(want, got.Summary); diff != "" {
				t.Errorf("summary (-want +got)\n%s", diff)
			}
			if n := len(got.Findings); n != min(tc.errors, 100) {
				t.Errorf("%d findings are listed", n)
			}
			for _, f := range got.Findings {
				if tc.rule != "" && f.Rule != tc.rule {
					t.Fatalf("%s: %s, want %s only", f.Rule, f.Message, tc.rule)
				}
			}
		})
	}
}

// endless is an input without an end. It counts the bytes that were read.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	clear(p)
	e.read += int64(len(p))
	return len(p), nil
}

func TestEndlessInput(t *testing.T) {
	for _, flag := range []string{"--strict", "--array"} {
		input := new(endless)
		var out, errOut bytes.Buffer
		code := cli.RunWithoutPauses([]string{"validate", flag, "-"}, input, &out, &errOut)
		if code != 1 {
			t.Errorf("%s: exit code %d, want 1: %s", flag, code, errOut.String())
		}
		wantParts(t, flag, out.String(), "[too-large]")
		if input.read > 2*atlas.MaxPayload {
			t.Errorf("%s: %d bytes were read, want at most %d", flag, input.read, 2*atlas.MaxPayload)
		}
	}
}

// If reading an input fails, the report has the findings before the failure and those of all other files.
func TestBrokenInput(t *testing.T) {
	t.Chdir(t.TempDir())
	writeNeighbors(t)
	input := io.MultiReader(strings.NewReader(opsGenie+"\n{\n"), iotest.ErrReader(errors.New("the cable broke"+erase)))
	var out, errOut bytes.Buffer
	code := cli.RunWithoutPauses([]string{"validate", "--ndjson", "first.json", "-", "last.json"}, input, &out, &errOut)
	fit(t, out.String()+errOut.String())
	for _, want := range []string{"\n<stdin>:2:2: ", "first.json:1:9: ", "last.json:1:9: "} {
		if !strings.Contains("\n"+out.String(), want) {
			t.Errorf("no finding at %q in\n%s", want, out.String())
		}
	}
	if code != 3 {
		t.Errorf("exit code %d, want 3", code)
	}
	wantParts(t, "stderr", errOut.String(), "line 3", "the cable broke")
}
