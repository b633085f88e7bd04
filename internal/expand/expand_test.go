package expand_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/internal/expand"
)

// wholePath is the hint for a path that a shell would expand.
const wholePath = "write its absolute path, or the path relative to the folder of the payload"

func TestTextOfFiles(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string]string{
		"key": "from a file\n", "crlf": "a\r\n", "two": "a\n\n", "empty": "", "large": strings.Repeat("x", 64<<10+1),
		"nested": "${env:ATLASINT_KEY}", "bom": "\ufefffrom an editor\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("ATLASINT_KEY", "secret")
	t.Setenv("ATLASINT_EMPTY", "")
	for _, tc := range []struct{ in, want, err string }{
		{in: "plain", want: "plain"},
		{in: "${env:ATLASINT_KEY}", want: "secret"},
		{in: "https://h/${env:ATLASINT_KEY}/${file:key}", want: "https://h/secret/from a file"},
		{in: "${env:ATLASINT_EMPTY}", want: ""},
		{in: "${file:crlf}", want: "a"},
		{in: "${file:two}", want: "a\n"},
		{in: "${file:empty}", want: ""},
		{in: "${file:nested}", want: "${env:ATLASINT_KEY}"},
		{in: "${file:" + filepath.Join(dir, "key") + "}", want: "from a file"},
		{in: "${id} ${eventType} ${vault:x}", want: "${id} ${eventType} ${vault:x}"},
		{in: "${env:ATLASINT_UNSET}", err: `the environment variable "ATLASINT_UNSET" is not set; set it, or correct the name`},
		{in: "${env:}", err: "${env:} has no name; write ${env:NAME} or ${file:PATH}"},
		{in: "${file:}", err: "${file:} has no name; write ${env:NAME} or ${file:PATH}"},
		{in: "${file:missing}", err: "can't read the referenced file missing: it does not exist; write its path relative to the folder of the payload"},
		{
			in: "${file:~/secrets/pd}",
			err: "can't read the referenced file ~/secrets/pd: it does not exist, and ~ is not expanded; " +
				wholePath,
		},
		{in: "${file:~alice/pd}", err: "can't read the referenced file ~alice/pd: it does not exist, and ~ is not expanded; " + wholePath},
		{in: "${file:$HOME/pd}", err: "can't read the referenced file $HOME/pd: it does not exist, and variables in a path are not expanded; " + wholePath},
		{in: "${file:%TEMP%/pd}", err: "can't read the referenced file %TEMP%/pd: it does not exist, and variables in a path are not expanded; " + wholePath},
		{in: "${file:a~b$1}", err: "can't read the referenced file a~b$1: it does not exist; write its path relative to the folder of the payload"},
		{
			in:  "${file:7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64}",
			err: "can't read the referenced file of 36 characters: it does not exist; write its path relative to the folder of the payload",
		},
		{
			in:  "${env:ATLASINT_UNSET:-s3cret}",
			err: "the reference has text after the name of the variable; references have no default values; write ${env:NAME}",
		},
		{in: "${env: ATLASINT_KEY }", err: "the name of the variable in the reference has spaces around it; remove them"},
		{in: "${env:atlasint-unset}", err: `the environment variable of 14 characters is not set; set it, or correct the name`},
		{in: "${file:.}", err: "can't read the referenced file .: it is not a regular file"},
		{
			in: "${file:bom}",
			err: "can't read the referenced file bom: it starts with a byte order mark (BOM), which would become part of the value; " +
				"save it as UTF-8 without BOM",
		},
		{in: "${file:large}", err: "can't read the referenced file large: it is larger than 65536 bytes"},
	} {
		got, err := expand.Text(tc.in, expand.Process(dir))
		text := ""
		if err != nil {
			text = err.Error()
		}
		if got != tc.want || text != tc.err {
			t.Errorf("%s: got %q, %q; want %q, %q", tc.in, got, text, tc.want, tc.err)
		}
	}
}

func TestHas(t *testing.T) {
	for in, want := range map[string]bool{
		"${env:A}": true, "x${file:a/b}y": true, "${env:}": true,
		"${id}": false, "$env:A": false, "${env:A": false, "env:A": false, "": false,
	} {
		if got := expand.HasReference(in); got != want {
			t.Errorf("Has(%q) = %v", in, got)
		}
	}
}

func TestLocate(t *testing.T) {
	for in, want := range map[string][]expand.Place{
		"":                     nil,
		"${HOME} {env:A}":      nil,
		"${env:}":              {{Start: 0, NameStart: 6, End: 7}},
		"x${env:A}${file:b/c}": {{Start: 1, NameStart: 7, End: 9}, {Start: 9, NameStart: 16, End: 20}},
	} {
		if got := expand.Locate([]byte(in)); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", in, got, want)
		}
	}
}

// Pattern is in the schemas for editors: a text that is fine here must be fine there, and what it matches as a
// reference must be one.
func TestPattern(t *testing.T) {
	pattern := regexp.MustCompile(expand.Pattern)
	for in, want := range map[string]bool{
		"${env:A}": true, "x${file:a/b c}y": true, "${env:}${file:a}": true, "${env:\n}": true, "$${env:A}}": true,
		"${env:}": false, "${file:}": false, "${id}": false, "$env:A": false, "${env:A": false, "${ENV:A}": false,
		"${env:{A}}": false, "${env:${file:}}": false, "": false,
	} {
		matches := pattern.MatchString(in)
		if matches != want {
			t.Errorf("Pattern matches %q: %v", in, matches)
		}
		if correct := expand.HasReference(in) && expand.Check(in) == nil; correct && !matches {
			t.Errorf("%q is correct, but Pattern does not match it", in)
		}
		if matches && !expand.HasReference(in) {
			t.Errorf("Pattern matches %q, which holds no reference", in)
		}
	}
}

func FuzzPattern(f *testing.F) {
	f.Add("${env:A}${file:}")
	pattern := regexp.MustCompile(expand.Pattern)
	f.Fuzz(func(t *testing.T, in string) {
		references, matches := expand.HasReference(in), pattern.MatchString(in)
		if references && expand.Check(in) == nil && !matches {
			t.Errorf("%q: Pattern doesn't match a correct reference", in)
		}
		if matches && !references {
			t.Errorf("%q: Pattern matches, but there is no reference", in)
		}
	})
}

// A text can name a large file many times. What its references add is bounded, and none is looked up after the
// bound.
func TestTextIsBounded(t *testing.T) {
	looked := 0
	_, err := expand.Text(strings.Repeat("${env:A}", 100_000), func(string, string) (string, *expand.Error) {
		looked++
		return strings.Repeat("x", 64<<10), nil
	})
	if want := "its references expand to more than 1048576 bytes; use fewer references"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if looked != 17 {
		t.Errorf("%d look-ups, want 17", looked)
	}
}

// The errors of a variable and of a file hide the same secrets.
func TestErrorsHideSecrets(t *testing.T) {
	for _, secret := range []string{
		"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64", "xoxb-123456789012-AbCdEfGhIjKl", "0123456789abcdef0123456789abcdef", strings.Repeat("Secret", 7),
		"correct.horse.battery.staple", "Tr0ub4dor.and.3xyz", "SG.abcdefghijklmnopqrstuv.wxyz1234", "ghp-abcdef0123456789abcdef.io",
	} {
		for _, in := range []string{"${env:" + secret + "}", "${file:" + secret + "}", "${file:" + secret + "/key}", "${file:/run/" + secret + "0123/x/key.txt}"} {
			_, err := expand.Text(in, expand.Process(t.TempDir()))
			if err == nil || strings.Contains(err.Error(), secret) || strings.Contains(expand.Empty(in).Error(), secret) {
				t.Errorf("%s: %v; %v", in, err, expand.Empty(in))
			}
		}
	}
}

func TestAround(t *testing.T) {
	for in, want := range map[string]string{
		"": " false false", "a$b": "a$b false false", "${env:A}": " true false", "x${file:a/b}y": "xy false true",
		"1${env:A}2${file:b}3${env:C}4": "1234 true true",
	} {
		rest, variables, files := expand.Around([]byte(in))
		if got := fmt.Sprint(rest, " ", variables, " ", files); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestCheckNames(t *testing.T) {
	const defaults, spaces, letters, nesting = "no default values", "spaces around it", "no shell can set", "inside another one"
	for in, want := range map[string]string{
		"${env:A}": "", "${env:_a1}": "", "${env:}": "", "${file:a b:c}": "", "a": "", "${env:A}${file:1}": "",
		"${env:A:-x}": defaults, "${env:A:x}": defaults, "${env:A:?x}": defaults, "${env:A=x}": defaults, "${env:A | default x}": defaults,
		"${env:A?}": defaults, "${env:A:=}": defaults, "${env:A}${env:B,x}": defaults, "${env:A:-${env:B}}": nesting, "${env:A} ${file:b": nesting,
		"${env: A}": spaces, "${env:A\t}": spaces, "${env:a-b}": letters, "${env:1A}": letters, "${env:A B}": letters, "${env: }": letters,
		"${env:é}": letters, "${env:$A}": letters, "${env:\"A\"}": letters,
	} {
		got := ""
		if err := expand.CheckNames(in); err != nil {
			got = err.Error()
		}
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestTextOfBrokenLink(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink("missing", filepath.Join(dir, "link")); err != nil {
		t.Skip(err)
	}
	_, err := expand.Text("${file:link}", expand.Process(dir))
	if want := "can't read the referenced file link: it is a link to a missing file; correct the link"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// A name that no shell can set may have a default value, in the forms of many tools.
func TestDefaultsAreHidden(t *testing.T) {
	for _, name := range []string{"MY-KEY:-hunter2", "my.key:-hunter2", "X-hunter2", "'X':-hunter2", "MY-KEY|hunter2", "X:=hunter2", "X hunter2"} {
		if expand.ShownVariable(name) {
			t.Errorf("%s is shown", name)
		}
		if _, err := expand.Text("${env:"+name+"}", expand.Process(t.TempDir())); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
