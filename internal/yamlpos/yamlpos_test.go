package yamlpos_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/yamlpos"
)

// places lists the texts of all names and values, except lists and mappings, as "POINTER JSON TEXT". A value without a
// text has its offset.
func places(data string, v *jsonpos.Value, pointer string) (list []string) {
	for i := range v.Elements {
		list = append(list, places(data, &v.Elements[i], fmt.Sprint(pointer, "/", i))...)
	}
	for i := range v.Members {
		m := &v.Members[i]
		list = append(list, fmt.Sprintf("%s/%s: %q", pointer, m.Name, data[m.NameStart:m.NameEnd]))
		list = append(list, places(data, &m.Value, pointer+"/"+m.Name)...)
	}
	if len(v.Elements)+len(v.Members) == 0 {
		text := fmt.Sprintf("%q", data[v.Start:v.End])
		if v.Start == v.End {
			text = fmt.Sprint(v.Start)
		}
		list = append(list, fmt.Sprintf("%s %s %s", pointer, v.AppendJSON(nil), text))
	}
	return list
}

func TestPlaces(t *testing.T) {
	tests := []struct {
		name, data string
		want       []string
	}{
		{"plain", "type: DATADOG # c\n", []string{`/type: "type"`, `/type "DATADOG" "DATADOG"`}},
		{"plain on two lines", "a: b\n  c\r\n\n  d # e\n", []string{`/a: "a"`, `/a "b c\nd" "b\n  c\r\n\n  d"`}},
		{"quotes", `"a\u0062": 'it''s'`, []string{`/ab: "\"a\\u0062\""`, `/ab "it's" "'it''s'"`}},
		{"escapes", `é: "\"\\\x41\
  b"`, []string{`/é: "é"`, `/é "\"\\Ab" "\"\\\"\\\\\\x41\\\n  b\""`}},
		{"slashes", `"a\/b": "c\/\\/\\\/d"`, []string{`/a/b: "\"a\\/b\""`, `/a/b "c/\\/\\/d" "\"c\\/\\\\/\\\\\\/d\""`}},
		{"slashes before other values", `{"a": "À\/\/", b: "c\/", d: e}`, []string{`/a: "\"a\""`, `/a "À//" "\"À\\/\\/\""`, `/b: "b"`, `/b "c/" "\"c\\/\""`, `/d: "d"`, `/d "e" "e"`}},
		{"slashes outside of double quotes", "a: b\\/\nc: 'd\\/'\ne: |-\n  f\\/\ng: h # \\/\n", []string{
			`/a: "a"`, `/a "b\\/" "b\\/"`, `/c: "c"`, `/c "d\\/" "'d\\/'"`, `/e: "e"`, `/e "f\\/" "f\\/"`, `/g: "g"`, `/g "h" "h"`,
		}},
		{"slashes of an alias", `{a: &x "b\/", c: *x}`, []string{`/a: "a"`, `/a "b/" "\"b\\/\""`, `/c: "c"`, `/c "b/" "*x"`}},
		{"literal", "a: |2- # c\n   b\n  \n  c\n\n", []string{`/a: "a"`, `/a " b\n\nc" "b\n  \n  c"`}},
		{"folded", "a: >\n  b # c\n  d\n", []string{`/a: "a"`, `/a "b # c d\n" "b # c\n  d"`}},
		{"empty block", "a: |\n\nb: x\n", []string{`/a: "a"`, `/a "" "|"`, `/b: "b"`, `/b "x" "x"`}},
		{"flow", "a: {b: [c, 'd'], }\n", []string{`/a: "a"`, `/a/b: "b"`, `/a/b/0 "c" "c"`, `/a/b/1 "d" "'d'"`}},
		{"nulls", "a:\nb: ~\nc: {d}\n", []string{`/a: "a"`, `/a null 2`, `/b: "b"`, `/b null "~"`, `/c: "c"`, `/c/d: "d"`, `/c/d null 13`}},
		{"nulls before comments", "a: # c\n\nb :\n# d\nc: &x\n", []string{`/a: "a"`, `/a null 2`, `/b: "b"`, `/b null 11`, `/c: "c"`, `/c null 18`}},
		{"lists", "- a\n-\n  - b\n- \n", []string{`/0 "a" "a"`, `/1/0 "b" "b"`, `/2 null 13`}},
		{"anchors", "a: &x\n  b: &y c\nd: *x\n", []string{`/a: "a"`, `/a/b: "b"`, `/a/b "c" "c"`, `/d: "d"`, `/d/b: "*x"`, `/d/b "c" "*x"`}},
		{"explicit names", "? a\n: b\n? c\n\n? d\n", []string{`/a: "a"`, `/a "b" "b"`, `/c: "c"`, `/c null 11`, `/d: "d"`, `/d null 16`}},
		{"directive", "# c\n%YAML 1.2\n---\na: b\n...\n", []string{`/a: "a"`, `/a "b" "b"`}},
		{"trailing separator", "a: b\n---\n# c\n", []string{`/a: "a"`, `/a "b" "b"`}},
	}
	for _, test := range tests {
		doc, err := yamlpos.ParseOne([]byte(test.data))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if diff := cmp.Diff(test.want, places(test.data, &doc.Root, "")); diff != "" {
			t.Errorf("%s:\n%s", test.name, diff)
		}
	}
}

// The core schema of YAML 1.2: booleans of YAML 1.1, dates and numbers with underscores are strings.
func TestScalars(t *testing.T) {
	for text, want := range map[string]string{
		"true": `true`, "True": `true`, "FALSE": `false`, "null": `null`, "NULL": `null`, "~": `null`,
		"yes": `"yes"`, "No": `"No"`, "on": `"on"`, "OFF": `"OFF"`, "y": `"y"`, "tRUE": `"tRUE"`, "nULL": `"nULL"`,
		"0": `0`, "-0": `-0`, "+12": `12`, "012": `12`, "0o17": `15`, "0xfF": `255`, "0x0": `0`, "0o8": `"0o8"`, "-0x1": `"-0x1"`, "0b1": `"0b1"`,
		"1.": `1`, ".5": `0.5`, "-.5e+3": `-0.5e+3`, "+01.50": `1.50`, "12345678e1": `12345678e1`, "1E5": `1E5`, "1e": `"1e"`, ".": `"."`, "-": `[null]`,
		"1_000": `"1_000"`, "12:30": `"12:30"`, "2024-01-01": `"2024-01-01"`, "1,5": `"1,5"`, "<<": `"<<"`, "=": `"="`,
		"0xffffffffffffffff": `18446744073709551615`,
	} {
		doc, err := yamlpos.ParseOne([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := string(doc.Root.AppendJSON(nil)); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestFaults(t *testing.T) {
	tests := []struct{ data, at, message string }{
		{"a:\n\tb: 1\n", "\t", "tab in the indentation"},
		{"a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n", "<<<<<<< HEAD", "a merge conflict"},
		{"a: 1\n---\nb:\n  - c\n=======\n", "=======", "a merge conflict"},
		{"a: 1\n b: 2\n", "b: 2", "a second colon, or a name that is indented too far"},
		{"a:\n  b: 1\n c: 2\n", "c: 2", "wrong indentation, or text after a value"},
		{"a: 'x' y\n", "a: 'x' y", "wrong indentation, or text after a value"},
		{"a: 1\nb\nc: 2\n", "b", "text without a colon after it"},
		{"a: \"b\nc\n", "a: \"b", "the quoted text that begins here is never closed"},
		{"a: b\nc: 'd\n---\n", "c: 'd", "the quoted text that begins here is not closed before the next document"},
		{"a: [1, 2\nb: 3\n", "b: 3", "missing comma or ] in a list"},
		{"a: {x: ${env:X}}\n", "a: {x: ${env:X}}", "missing comma or } in a mapping"},
		{"a: - b\n", "a: - b", "a list begins where none is allowed"},
		{"a: ? b\n", "a: ? b", "a name begins where none is allowed"},
		{"- a\n b: c\n", "b: c", "a second colon, or a name that is indented too far"},
		{"- a\nb: c\n", "b: c", "wrong indentation, or text after an element"},
		{"a: ****7890\n", "a: ****7890", "* or & without a name"},
		{"a: *b\n", "a: *b", "the alias has no anchor before it"},
		{"a: @b\n", "a: @b", "a character that no value can begin with"},
		{"a: \"\\q\"\n", `a: "\q"`, "backslash before a character that has no escape"},
		{"a: \"\\u12\"\n", `a: "\u12"`, "escape without its hexadecimal digits"},
		{"a: \"\\ud83d\\ude00\"\n", `a: "\ud83d\ude00"`, "escape that is no character, such as half of a surrogate pair"},
		{"a: |0\n  b\n", "a: |0", "a block text with the indentation 0"},
		{"a: |b\n  c\n", "a: |b", "text after the indicator of a block text"},
		{"%TAG ! x:\n---\na: b\n", "%TAG", "tags are not supported"},
		{"a: b\n...\n%TAG ! x:\n---\n", "%TAG", "tags are not supported"},
		{"%FOO\n---\na: b\n", "%FOO", "a directive that is not supported"},
		{"%YAML 1.2\n# c\n\n%FOO x\n---\na: b\n", "%FOO x", "a directive that is not supported"},
		{"%YAML 1.2\n%YAML 1.2\n---\na: b\n", "%YAML", "a second directive %YAML"},
		{"%YAML 1.2\n%YAML 1.1\n---\na: b\n", "%YAML", "a directive for another version than YAML 1.2"},
		{"%YAML 1.1\n---\na: b\n", "%YAML", "a directive for another version than YAML 1.2"},
		{"a: !!str b\n", "!!str", "tags are not supported"},
		{"a: !secret\n  b: c\n", "!secret", "tags are not supported"},
		{"a: &x !y b\n", "!y", "tags are not supported"},
		{"a: &x !\n", "!", "tags are not supported"},
		{"a: !\n", "!", "tags are not supported"},
		{"&a?d]", "&a?d", "unsupported character in the name of an anchor or alias"},
		{"- &a: b\n", "&a:", "unsupported character in the name of an anchor or alias"},
		{"a: &b:c d\n", "&b:c", "unsupported character in the name of an anchor or alias"},
		{"&a\n&b?c : d\n", "&b?c", "unsupported character in the name of an anchor or alias"},
		{"a: &b c\nd: [*b:]\n", "*", "a name must be a text, not a list, a mapping or an alias"},
		{"a: &x {b: c}\nd:\n  <<: *x\n", "<<", "merge keys are not supported"},
		{"? [a]\n: b\n", "[", "a name must be a text, not a list, a mapping or an alias"},
		{"a: &x b\n*x : c\n", "*", "a name must be a text, not a list, a mapping or an alias"},
		{"? \n: b\n", " ", "missing name before the colon"},
		{"a: &x [*x]\n", "*x", "the alias is inside the value of its own anchor"},
		{"a: .inf\n", ".inf", "number that JSON can't express"},
		{"a: -.INF\n", "-.INF", "number that JSON can't express"},
		{"a: .NaN\n", ".NaN", "number that JSON can't express"},
		{"a: 0x" + strings.Repeat("f", 1000), "0x" + strings.Repeat("f", 1000), "number that JSON can't express"},
		{"a: 1e999\n", "1e999", "number too large for a 64-bit floating point number"},
		{strings.Repeat("[", 101) + strings.Repeat("]", 101), "[", "more than 100 levels of lists and mappings"},
		{strings.Repeat("- ", 20000), strings.Repeat("- ", 20000)[:39999], "too many levels of lists and mappings"},
		{"\ufeffa: b\n", "\ufeff", "the file starts with a byte order mark (BOM)"},
		{"\xff\xfea\x00", "\xff\xfe", "the file is in UTF-16 (little-endian), not in UTF-8"},
		{"a\x00:\x00 \x00", "a\x00", "the file is in UTF-16 (little-endian), not in UTF-8"},
		{"a: \xff\n", "\xff", "byte that is not valid UTF-8"},
		{"a: b\rc: d\n", "\r", "carriage return without a line feed"},
		{"a: b\u0085c: d\n", "\u0085", "control character"},
		{"a: b\u2028c\n", "\u2028", "line or paragraph separator"},
		{"a: b\x1b[1m\n", "\x1b", "control character"},
		{"a: b\x00\n", "\x00", "NUL byte"},
		{"a: \ufeffb\n", "\ufeff", "byte order mark (BOM) inside the file"},
		{"a: \uffff\n", "\uffff", "character that is not valid in YAML"},
		{"", "", "the input has no value"},
		{"# c\n---\n", "", "the input has no value"},
		{"a: b\n---\nc: d\n", "", "a second document after the first"},
		{"a: b\n---\nc: [\n", "c: [", "missing value"},
		{"a: b\n... c\n", "... c", "text after the end of the document"},
	}
	for _, test := range tests {
		doc, err := yamlpos.ParseOne([]byte(test.data))
		var fault *jsonpos.SyntaxError
		if !errors.As(err, &fault) {
			t.Errorf("%.50q: got %v, %v", test.data, doc, err)
			continue
		}
		if at := test.data[fault.Start:fault.End]; fault.Message != test.message || at != test.at {
			t.Errorf("%.50q: got %.50q at %.50q, want %.50q at %.50q", test.data, fault.Message, at, test.message, test.at)
		}
	}
}

// A file has several documents. A fault in a value concerns its document only; after text that is not YAML, nothing is
// read.
func TestDocuments(t *testing.T) {
	var got []string
	for _, d := range yamlpos.Parse([]byte("a: 1\n---\na: !x 2\n---\n\n---\na: &y 3\nb: *y\n---\na: *y\n")) {
		if d.Fault != nil {
			got = append(got, d.Fault.Message)
		} else {
			got = append(got, string(d.Root.AppendJSON(nil)))
		}
	}
	want := []string{`{"a":1}`, "tags are not supported", `{"a":3,"b":3}`, "the anchor of the alias is in another document"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDuplicates(t *testing.T) {
	const data = "a: 1\nb: {c: 1, \"\\x63\": 2}\n'a': 2\n"
	doc, err := yamlpos.ParseOne([]byte(data))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range doc.Duplicates {
		got = append(got, fmt.Sprintf("%s %d %s", d.Pointer, d.First, data[d.NameStart:d.NameEnd]))
	}
	if diff := cmp.Diff([]string{`/b/c 9 "\x63"`, `/a 0 'a'`}, got); diff != "" {
		t.Error(diff)
	}
}

// Aliases of aliases would expand to a billion values, or to a text of many gigabytes.
func TestAliasesAreBounded(t *testing.T) {
	var laughs strings.Builder
	laughs.WriteString("a0: &a0 [x]\n")
	for i := range 12 {
		fmt.Fprintf(&laughs, "a%d: &a%d [%s*a%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d, ", i), 9), i)
	}
	long := "a: &a " + strings.Repeat("x", 1<<19) + "\nb: [" + strings.Repeat("*a, ", 1000) + "]\n"
	for _, data := range []string{laughs.String(), long} {
		_, err := yamlpos.ParseOne([]byte(data))
		if err == nil || !strings.Contains(err.Error(), "expand to more than 1 MiB") {
			t.Errorf("got %v", err)
		}
	}
	few := "a: &a {b: c}\nd: [" + strings.Repeat("*a, ", 100) + "]\n"
	if _, err := yamlpos.ParseOne([]byte(few)); err != nil {
		t.Error(err)
	}
}

func TestIsName(t *testing.T) {
	for name, want := range map[string]bool{"a.yaml": true, "b/A.YML": true, "yaml": false, "a.yaml.json": false, ".yml": true, "": false} {
		if yamlpos.IsName(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}

func TestErrorLine(t *testing.T) {
	for data, want := range map[string]int{
		"a: 1\n b: 2": 2, // an error of the syntax
		"a: 1\nb: x":  2, // an error of the type
		"b: x":        1,
		"a: *x":       0, // the library has no line for it
	} {
		var numbers map[string]int
		err := yaml.Unmarshal([]byte(data), &numbers)
		if err == nil {
			t.Fatalf("%q: want an error of the library", data)
		}
		if got := yamlpos.ErrorLine(err); got != want {
			t.Errorf("%v: got line %d, want %d", err, got, want)
		}
	}
	if got := yamlpos.ErrorLine(errors.New("yaml: panic")); got != 0 {
		t.Errorf("got line %d for an error without a line", got)
	}
}
