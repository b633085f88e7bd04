package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/gen/schemas"
)

// coded looks like a real secret with digits. Reports may show names without digits of up to 40 characters.
const coded = "c4naryC4NARYc4naryC4NARYc4naryC4NARYc4n"

// shows returns the first substring of eight characters that the text and the secret share, or "" if there is none.
func shows(text, secret string) string {
	for i := 0; i+8 <= len(secret); i++ {
		if strings.Contains(text, secret[i:i+8]) {
			return secret[i : i+8]
		}
	}
	return ""
}

// A repository from another person can contain links to any file of the machine that validates it. Reports show the
// positions of faults in such a file, and no word of its content.
func TestReportsHideLinkedFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	outside := t.TempDir()
	for name, text := range map[string]string{
		"environ": "TOKEN=" + coded + "\x00PATH=/bin\x00", "key": "-----BEGIN PRIVATE KEY-----\n" + coded + "\n", "netrc": "machine x password " + coded,
		"json": `{"token":"` + coded + `","type":"` + coded + `"}`, "list": `["` + coded + `"]`, "words": coded, "yaml": "token: " + coded,
		"names":  `{"type":"OPS_GENIE","` + coded + `":1}`,
		"deep":   `{"type":"OPS_GENIE","apiKey":{"x":"` + coded + `"}}`,
		"region": `{"type":"OPS_GENIE","apiKey":"k","region":"` + coded + `"}`,
	} {
		writeFile(t, filepath.Join(outside, name), text)
		for _, ext := range []string{".json", ".ndjson"} {
			link(t, filepath.Join(outside, name), name+ext)
		}
	}
	for _, format := range report.Names() {
		for _, args := range [][]string{{"."}, {"--array", "."}, {"--expand", "."}, {"--for", "update", "--api", "v1.0", "."}} {
			code, out, errOut := run(append([]string{"validate", "--format", format}, args...)...)
			if part := shows(out+errOut, coded); code != 1 || part != "" {
				t.Errorf("%s %v: exit code %d, shows %q", format, args, code, part)
			}
		}
	}
}

// With --expand, a payload can refer to any file and environment variable that the process can read. The author of the
// payload can learn from the report which of them exist and which values are valid, but not the values.
func TestReportsHideExpandedReferences(t *testing.T) {
	t.Chdir(t.TempDir())
	secret := filepath.Join(t.TempDir(), "secret")
	t.Setenv("ATTACKED", coded)
	for _, value := range []string{
		coded, "https://" + coded + ".example.com/x", "http://10.0.0.1/" + coded, "ftp://" + coded, "****" + coded,
		" " + coded + " ", coded + "\n" + coded, strings.Repeat(coded, 400),
	} {
		writeFile(t, secret, value)
		for _, typ := range schemas.Types {
			for _, reference := range []string{
				"${file:" + secret + "}", "x${env:ATTACKED}", "https://${env:ATTACKED}/",
				"${file:../../../../../../../../../../.." + secret + "}",
			} {
				writeFile(t, "payload.json", everyField(typ, reference))
				_, out, errOut := run("validate", "--expand", "--api", typ.APIVersion, "payload.json")
				if part := shows(out+errOut, coded); part != "" {
					t.Fatalf("%s %s shows %q:\n%s", typ.Name, reference, part, out)
				}
			}
		}
	}
}

// A key that is pasted in place of the name in a reference is a secret, also if the reference has no value.
func TestReportsHideNamesOfReferences(t *testing.T) {
	startAtlas(t)
	for _, secret := range []string{
		"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64", "xoxb-" + coded, strings.ReplaceAll(coded, "4n", "/n"), "https://hooks.example.com/" + coded,
		"correct.horse.battery.staple", "SG." + coded + ".wxyz1234", "ghp-abcdef0123456789abcdef.io", "/aB3dE5fG7hI9jK/LmN3oP5qR7sT9u/0vWxYz12",
	} {
		for _, reference := range []string{"${file:" + secret + "}", "${env:" + secret + "}", "x${file:/run/" + strings.ReplaceAll(secret, "/", "") + "0123/key.txt}"} {
			writeFile(t, "payload.json", `{"type":"OPS_GENIE","apiKey":"`+reference+`","region":"`+reference+`"}`)
			commands := [][]string{
				{"validate", "payload.json"}, {"validate", "--fix", "--dry-run", "payload.json"}, {"diff", "payload.json"}, {"apply", "--yes", "payload.json"},
				{"diff", "--json", "payload.json"}, {"apply", "--yes", "--json", "payload.json"},
			}
			for _, format := range report.Names() {
				commands = append(commands, []string{"validate", "--expand", "--format", format, "payload.json"})
			}
			for _, args := range commands {
				_, out, errOut := run(args...)
				if part := shows(out+errOut, strings.TrimPrefix(secret, "https://")); part != "" {
					t.Errorf("%v shows %q:\n%s%s", args, part, out, errOut)
				}
			}
		}
	}
}

// everyField returns a payload with the same value in all string fields.
func everyField(typ schemas.Type, value string) string {
	fields := []string{fmt.Sprintf(`"type":%q`, typ.Name)}
	for _, f := range typ.Fields {
		if f.Kind == "string" && f.Const == "" {
			fields = append(fields, fmt.Sprintf("%q:%q", f.Name, value))
		}
	}
	return "{" + strings.Join(fields, ",") + "}"
}

// Without --expand, no reference is expanded: no file is opened and no variable is read.
func TestReferencesAreNotFollowedByDefault(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, "payload.json", `{"type":"OPS_GENIE","apiKey":"${file:/no/such/file}","region":"${env:NO_SUCH_VARIABLE}"}`)
	if code, out, errOut := run("validate", "payload.json"); code != 0 {
		t.Errorf("exit code %d: %s%s", code, out, errOut)
	}
}

// bombConfig returns nine lines of YAML whose aliases expand to a billion names.
func bombConfig() string {
	text := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 9; i++ {
		text += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10), ", "))
	}
	return text + "exclude: *a8\n"
}

func manyRules(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " r%d: off\n", i)
	}
	return b.String()
}

// The cost of a pattern is limited. A pattern with many alternatives is rejected, and the error shows it escaped and
// shortened. Links between folders don't multiply the search.
func TestCostlyPatterns(t *testing.T) {
	t.Chdir(t.TempDir())
	writeNeighbors(t)
	if err := os.Mkdir("deep", 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, "deep/a.json", `{"type":"X"}`)
	for _, name := range []string{"x", "y"} {
		link(t, ".", filepath.Join("deep", name))
	}
	costly := "\x1b[2J]" + strings.Repeat("{a,b}", 28)
	writeFile(t, "list", "first.json\n"+costly+"\n")
	for _, args := range [][]string{{"--files-from", "list"}, {costly}, {"first.json", strings.Repeat("{a,b}*", 5000)}} {
		code, out, errOut := run(append([]string{"validate"}, args...)...)
		where := fmt.Sprintf("%.40q", args)
		wantFailure(t, where, 2, outcome{code, out, errOut}, "is too complex: ")
		if !strings.Contains(errOut, "{a,b}{a,b}") && !strings.Contains(errOut, "{a,b}*{a,b}*") {
			t.Errorf("%s: the error doesn't show the pattern: %.500q", where, errOut)
		}
		if len(errOut) > 400 {
			t.Errorf("%s: the error has %d bytes, want at most 400", where, len(errOut))
		}
		fit(t, errOut)
	}
	for _, pattern := range []string{
		"**/*.json", "deep/" + strings.Repeat("**/*/", 20) + "a.json", "deep/" + strings.Repeat("**/", 60) + "*.json",
		"{deep,deep/x}/**",
	} {
		code, out, errOut := run("validate", pattern, "first.json")
		if n := strings.Count(out, "deep/a.json:1:9: "); code == 3 || n > 1 {
			t.Errorf("%.40q: exit code %d, found %d times; %s", pattern, code, n, errOut)
		}
	}
}

// An untrusted configuration can only turn findings off: it can't read a file, run a program, name a server or use much
// memory.
func TestUntrustedConfiguration(t *testing.T) {
	t.Chdir(t.TempDir())
	writeNeighbors(t)
	writeFile(t, "../secret.yaml", "password: hunter2")
	link(t, "../secret.yaml", "link.yaml")
	pipe(t, "pipe")
	for name, c := range map[string]struct {
		text string
		code int
	}{
		"a rule off that holds":  {"rules: {type-unknown: off}", 2},
		"all files left out":     {`exclude: ["**"]`, 0},
		"files outside left out": {`exclude: ["../**", "/etc/**"]`, 1},
		"another API version":    {`overrides: [{paths: ["**"], api: v1.0}]`, 1},
		"a bomb of aliases":      {bombConfig(), 2},
		"a bomb in a known key": {
			"exclude: &a [" + strings.Repeat("x,", 1000) + "x]\noverrides: [" + strings.Repeat("{api: v2, paths: *a},", 900) + "]",
			2,
		},
		"a file outside":          {"extends: ../../../../../../../../../../../../etc/passwd", 2},
		"an absolute file":        {"extends: /etc/passwd", 2},
		"itself":                  {"extends: .atlasint.yaml", 2},
		"a link out":              {"extends: link.yaml", 2},
		"a pipe":                  {"extends: pipe", 2},
		"a payload":               {"extends: first.json", 2},
		"a merge":                 {"<<: *x", 2},
		"a tag":                   {"exclude: !!python/object/apply:os.system [id]", 2},
		"an include":              {"exclude: !include /etc/passwd", 2},
		"two documents":           {"api: v2\n---\napi: v9", 2},
		"a base URL":              {"baseURL: http://page.invalid", 1}, // apply and the like refuse it: TestTrustedBaseURLs
		"an alias of itself":      {"exclude: &a [*a]", 2},
		"a costly pattern":        {`exclude: ["` + strings.Repeat("{a,b}*", 30) + `"]`, 2},
		"many alternatives":       {`exclude: ["` + strings.Repeat("{a,b}", 24) + `"]`, 2},
		"costly in an override":   {`overrides: [{api: v2, paths: ["` + strings.Repeat("{{a,b},c}", 20) + `"]}]`, 2},
		"many costly patterns":    {"exclude:\n" + strings.Repeat(`- "`+strings.Repeat("{a,b}", 9)+"\"\n", 1000), 2},
		"a key many times":        {strings.Repeat("api: v2\n", 8_000), 2},
		"a key twice":             {"api: v2\napi: v1.0\n", 2},
		"many rules":              {"rules:\n" + manyRules(5_000), 2},
		"many overrides":          {"overrides: [&o {paths: [a], api: v2}" + strings.Repeat(",*o", 20_000) + "]", 2},
		"many schemas":            {"schemas: [&s {types: ['*'], file: a.json}" + strings.Repeat(",*s", 20_000) + "]", 2},
		"large schemas":           {"schemas: [" + strings.Join(largeSchemas(t), ",") + "]", 2},
		"many tag directives":     {strings.Repeat("%TAG !a! x\n", 5_000) + "---\napi: v2", 2},
		"deep lists":              {"exclude: " + strings.Repeat("[", 60_000), 2},
		"deep mappings":           {strings.Repeat("{a: ", 15_000), 2},
		"deep keys":               {strings.Repeat("? ", 30_000), 2},
		"a NUL byte":              {"api: v2\x00", 2},
		"bytes of another coding": {"api: \xff\xfe", 2},
		"a key twice below":       {"overrides: [{paths: [a], rules: {url: off, url: error}}]", 2},
		"a pattern of many stars": {`exclude: ["` + strings.Repeat("**/", 40) + "*" + strings.Repeat("*a", 40) + `"]`, 1},
	} {
		t.Run(name, func(t *testing.T) {
			writeFile(t, ".atlasint.yaml", c.text)
			var code int
			var out, errOut string
			n := allocated(func() { code, out, errOut = run("validate", "first.json") })
			if code != c.code {
				t.Errorf("exit code %d, want %d; stdout %.300q, stderr %.300q", code, c.code, out, errOut)
			}
			if n > 64<<20 {
				t.Errorf("allocated %d bytes, want at most 64 MiB", n)
			}
			if code == 2 {
				wantFailure(t, name, 2, outcome{code, out, errOut})
				if lines := strings.Count(errOut, "\n"); lines != 1 {
					t.Errorf("the error has %d lines, want 1: %.300q", lines, errOut)
				}
			}
			wantNoParts(t, "stderr", errOut, "hunter2", "password")
			fit(t, errOut)
		})
	}
}

// largeSchemas writes schemas of 2.4 MiB together, and returns their entries in a configuration.
func largeSchemas(t *testing.T) (entries []string) {
	t.Helper()
	writeFile(t, "large.schema", "{}"+strings.Repeat(" ", 250<<10))
	for i := range 10 {
		name := fmt.Sprintf("large%d.schema", i)
		link(t, "large.schema", name)
		entries = append(entries, "{types: ['*'], file: "+name+"}")
	}
	return entries
}

// The author of a change chooses the file names in a list for --files-from. Each entry is one file name, and is
// never parsed as a flag or as two names.
func TestHostileLists(t *testing.T) {
	t.Chdir(t.TempDir())
	writeNeighbors(t)
	for name, c := range map[string]struct {
		list, stderr string
		code         int
	}{
		"flags":             {"--rule=type-unknown=off\nfirst.json\n", "can't read --rule=type-unknown=off: no such file", 3},
		"a command":         {"$(touch x)\nfirst.json\n", "can't read $(touch x): no such file", 3},
		"a device":          {"/dev/zero\nfirst.json\n", "", 1},
		"NUL between":       {"first.json\x00no\nsuch\x00", `can't read "no\nsuch": no such file`, 3},
		"an escape":         {"\x1b]0;x\a.json\nfirst.json\n", `can't read "\x1b]0;x\a.json": no such file`, 3},
		"a workflow":        {"::error::x\nfirst.json\n", "can't read ::error::x: no such file", 3},
		"a very long name":  {strings.Repeat("x", 10_000) + "\nfirst.json\n", "too long", 3},
		"many times":        {strings.Repeat("first.json\n", 10_000), "", 1},
		"carriage returns":  {"first.json\r\n\r\n", "", 1},
		"not UTF-8":         {"\xff.json\nfirst.json\n", "no such file", 3},
		"a folder too high": {"first.json/../..\nfirst.json\n", "not a directory", 3},
	} {
		t.Run(name, func(t *testing.T) {
			isOtherError := c.stderr == "too long" || c.stderr == "not a directory"
			if runtime.GOOS == "windows" && (isOtherError || strings.ContainsAny(c.list, "\x00\x1b:")) {
				t.Skip("Windows has other errors for such a path")
			}
			writeFile(t, "list", c.list)
			code, out, errOut := run("validate", "--files-from", "list")
			if code != c.code {
				t.Errorf("exit code %d, want %d; stdout %.300q, stderr %.300q", code, c.code, out, errOut)
			}
			wantParts(t, "stdout", out, "first.json:1:9: ")
			wantParts(t, "stderr", errOut, c.stderr)
			wantNoParts(t, "stderr", errOut, "first.json:1:9")
			fit(t, out+errOut)
		})
	}
	if left, _ := filepath.Glob("x"); len(left) > 0 {
		t.Error("a name was run")
	}
}
