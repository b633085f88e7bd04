package jsonpos_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

const (
	noText    = "text without double quotes"
	notClosed = "the string that begins here is never closed"
	half      = `lone surrogate: a \u escape that is half of a character`
	twoValues = "a second value after the first: the input contains two values"
	tooLarge  = "number too large for a 64-bit floating point number"
	tooSmall  = "number too close to zero for a 64-bit floating point number"
	tooDeep   = "more than 100 levels of arrays and objects"
	badUTF8   = "byte that is not valid UTF-8"
	conflict  = "a merge conflict"
	comment   = "comments are not allowed in JSON"
	invisible = "white space or an invisible character that JSON does not allow"
)

func endsInside(kind, position string) string {
	return "the input ends before the " + kind + " that opens on " + position + " is closed"
}

var syntaxErrors = []struct {
	data       string
	start, end int
	message    string
}{
	// Nothing to read.
	{"", 0, 0, "the input is empty"},
	{" \n\t", 0, 3, "the input contains only white space"},

	// Merge conflicts, also after another fault or with CRLF. Text such as a rule of = is none.
	{"{\n<<<<<<< HEAD\n\"a\":1\n=======\n\"b\":1\n>>>>>>> b\n}", 2, 14, conflict},
	{"[1,\n=======\n2]", 4, 11, conflict},
	{"[1,\r\n>>>>>>> b\r\n2]", 5, 14, conflict},
	{"[1 2,\n||||||| 1a2b3c\n2]", 6, 20, conflict},
	{"[1,\n======\n2]", 4, 5, "unexpected ="},
	{"[1,\n <<<<<<< HEAD\n2]", 5, 6, "unexpected <"},
	{"[1,\n========\n2]", 4, 5, "unexpected ="},

	// Encodings.
	{"\xef\xbb\xbf{}", 0, 3, "the file starts with a byte order mark (BOM)"},
	{"\xff\xfe{\x00}\x00", 0, 2, "the file is in UTF-16 (little-endian), not in UTF-8"},
	{"\xfe\xff\x00{\x00}", 0, 2, "the file is in UTF-16 (big-endian), not in UTF-8"},
	{"{\x00}\x00", 0, 2, "the file is in UTF-16 (little-endian), not in UTF-8"},
	{"\x00{\x00}", 0, 2, "the file is in UTF-16 (big-endian), not in UTF-8"},
	{"\"\x00a\x00\"\x00", 0, 2, "the file is in UTF-16 (little-endian), not in UTF-8"},
	{"\xff\xfe\x00\x00{\x00\x00\x00", 0, 4, "the file is in UTF-32 (little-endian), not in UTF-8"},
	{"\x00\x00\xfe\xff\x00\x00\x00{", 0, 4, "the file is in UTF-32 (big-endian), not in UTF-8"},
	{"\x00", 0, 1, "NUL byte"},
	{"{\"a\":\x00}", 5, 6, "NUL byte"},
	{"{\"a\":\"b\x00\"}", 7, 8, "NUL byte inside a string"},
	{"{} \x00", 3, 4, "NUL byte"},
	{"[\"\xff\"]", 2, 3, badUTF8},
	{"[\"a\xc0\xafb\"]", 3, 4, badUTF8},
	{"[\"\xe2\x82\"]", 2, 3, badUTF8},
	{"[\"\xe2\x82", 2, 3, badUTF8},
	{"[\"\xed\xa0\x80\"]", 2, 3, badUTF8},
	{"{\"a\xff\":1}", 3, 4, badUTF8},
	{"[\xff]", 1, 2, badUTF8},
	{"{} \xff", 3, 4, badUTF8},
	{"{}\ufeff", 2, 5, "byte order mark (BOM) inside the file"},
	{"{\u00a0}", 1, 3, invisible},
	{"[1\u200b]", 2, 5, invisible},
	{"[€]", 1, 4, "unexpected character"},

	// Comments.
	{"// c\n{}", 0, 4, comment},
	{"# c\n{}", 0, 3, comment},
	{"{/* c */}", 1, 8, comment},
	{"/*/{}", 0, 5, comment},
	{"[1 /* c", 3, 7, comment},
	{"{\"a\":1, // c\n\"b\":2}", 8, 12, comment},
	{`{"a" /**/ :1}`, 5, 9, comment},
	{`{"a": #`, 6, 7, comment},
	{"{} // c", 3, 7, comment},

	// Commas.
	{`{"a":1,}`, 6, 7, "trailing comma after the last member"},
	{`[1,2 , ]`, 5, 6, "trailing comma after the last element"},
	{`{,}`, 1, 2, "comma before the first member"},
	{`[,]`, 1, 2, "comma before the first element"},
	{`,`, 0, 1, "comma before the value"},
	{`{"a":1,,"b":2}`, 7, 8, "two commas in a row"},
	{`[1,,2]`, 3, 4, "two commas in a row"},
	{"{\"a\":1\n \"b\":2}", 8, 9, "missing comma before this member"},
	{`[1 2]`, 3, 4, "missing comma before this element"},
	{`["a""b"]`, 4, 5, "missing comma before this element"},
	{`[{} {}]`, 4, 5, "missing comma before this element"},
	{`[1;2]`, 2, 3, "unexpected ;"},

	// Colons and names.
	{`{"a" 1}`, 5, 6, "missing colon after the member name"},
	{`{"a"}`, 4, 5, "member name without a value"},
	{`{"a","b"}`, 4, 5, "member name without a value"},
	{`{"a"=1}`, 4, 5, "= in place of a colon after the member name"},
	{`{"a"::1}`, 5, 6, "two colons in a row"},
	{`{"a":1:2}`, 6, 7, "colon after a value"},
	{`["a":1]`, 4, 5, "colon in an array"},
	{`:`, 0, 1, "colon outside an object"},
	{`{:1}`, 1, 2, "missing member name before the colon"},
	{`{"a":,}`, 5, 6, "missing value after the colon"},
	{`{"a":}`, 5, 6, "missing value after the colon"},
	{`{a:1}`, 1, 2, "member name without double quotes"},
	{`{"a":1, b_c:1}`, 8, 11, "member name without double quotes"},
	{`{1:2}`, 1, 2, "member name without double quotes"},
	{`{{}:1}`, 1, 2, "a member name must be a string"},

	// Quotes.
	{`{'a':1}`, 1, 4, "single quotes in place of double quotes"},
	{`{"a":'x'}`, 5, 8, "single quotes in place of double quotes"},
	{"['x\n']", 1, 2, "single quotes in place of double quotes"},
	{"[`x`]", 1, 4, "backquotes in place of double quotes"},
	{"[\u201cx\u201d]", 1, 4, "typographic quotation mark in place of a double quote"},
	{`{"a":"say "hi" now"}`, 11, 13, "text directly after the closing double quote"},

	// Words.
	{`hello`, 0, 5, noText},
	{`{"a":hello}`, 5, 10, noText},
	{`[nul]`, 1, 4, noText},
	{`[truefalse]`, 1, 10, noText},
	{`[é]`, 1, 3, noText},
	{`[True]`, 1, 5, "the word True is not a JSON value"},
	{`[FALSE]`, 1, 6, "the word FALSE is not a JSON value"},
	{`[None]`, 1, 5, "the word None is not a JSON value"},
	{`[nil]`, 1, 4, "the word nil is not a JSON value"},
	{`[undefined]`, 1, 10, "the word undefined is not a JSON value"},
	{`[NaN]`, 1, 4, "NaN is not a JSON number"},
	{`[Infinity]`, 1, 9, "Infinity is not a JSON number"},
	{`[-Infinity]`, 1, 10, "-Infinity is not a JSON number"},

	// Numbers.
	{`01`, 0, 2, "number with a leading zero"},
	{`[-012]`, 1, 5, "number with a leading zero"},
	{`[+1]`, 1, 3, "number with a plus sign in front"},
	{`[.5]`, 1, 3, "number that begins with a decimal point"},
	{`[5.]`, 1, 3, "decimal point without digits after it"},
	{`[1e+]`, 1, 4, "exponent without digits"},
	{`[0x1F]`, 1, 5, "hexadecimal number"},
	{`[1_000]`, 1, 6, "number with an underscore"},
	{`[- 1]`, 1, 2, "sign or decimal point without digits"},
	{`[2024-01-02]`, 1, 11, noText},
	{`[1.2.3]`, 1, 6, noText},
	{`[12px]`, 1, 5, noText},
	{`[1e400]`, 1, 6, tooLarge},
	{`{"a":-1E400}`, 5, 11, tooLarge},
	{`1e9999999`, 0, 9, tooLarge},
	{"1" + strings.Repeat("0", 400), 0, 401, tooLarge},
	{`[1e-400]`, 1, 7, tooSmall},
	{`[1e-9999999]`, 1, 11, tooSmall},
	{`[0e999999]`, 1, 9, "number with an exponent out of range"},
	{"1." + strings.Repeat("1", 100_000), 0, 100_002, "number of more than 100000 characters"},

	// Strings.
	{"[\"a\nb\"]", 3, 4, "line break inside a string"},
	{"[\"a\r\nb\"]", 3, 4, "line break inside a string"},
	{"[\"a\rb\"]", 3, 4, "carriage return inside a string"},
	{"[\"a\tb\"]", 3, 4, "tab inside a string"},
	{"[\"a\x01b\"]", 3, 4, "control character inside a string"},
	{"[\x01]", 1, 2, "control character outside a string"},
	{`["a\xb"]`, 3, 5, "backslash before a character that has no escape"},
	{`["a\éb"]`, 3, 6, "backslash before a character that has no escape"},
	{`["a\'b"]`, 3, 5, "backslash before a single quote"},
	{`["a\u12"]`, 3, 7, `\u without four hexadecimal digits`},
	{`["\u12g4"]`, 2, 6, `\u without four hexadecimal digits`},
	{`["\ud800"]`, 2, 8, half},
	{`["\ud800\u0041"]`, 2, 8, half},
	{`["\udc00\ud800"]`, 2, 8, half},
	{`["\ud83d\ude00\ud800....."]`, 14, 20, half},
	{`{"\uDFFF":1}`, 2, 8, half},
	{`["abc`, 1, 5, notClosed},
	{`{"a`, 1, 3, notClosed},
	{`["abc\`, 1, 6, notClosed},
	{`["abc\u00`, 1, 9, notClosed},
	{`["abc\"]`, 1, 8, notClosed},

	// Brackets.
	{`{`, 1, 1, endsInside("object", "line 1, column 1")},
	{`[1,`, 3, 3, endsInside("array", "line 1, column 1")},
	{`{"a"`, 4, 4, endsInside("object", "line 1, column 1")},
	{`{"a":`, 5, 5, endsInside("object", "line 1, column 1")},
	{`{"a":1,`, 7, 7, endsInside("object", "line 1, column 1")},
	{"{\n \"é\": [1,\n 2\n", 16, 16, endsInside("array", "line 2, column 7")},
	{`{"a":1]`, 6, 7, "] cannot close the object that opens on line 1, column 1"},
	{"[1,\n {\"a\":[1,2}", 14, 15, "} cannot close the array that opens on line 2, column 7"},
	{`[}`, 1, 2, "} cannot close the array that opens on line 1, column 1"},
	{`[1,}`, 3, 4, "} cannot close the array that opens on line 1, column 1"},
	{`{]`, 1, 2, "] cannot close the object that opens on line 1, column 1"},
	{`]`, 0, 1, "closing ] without an opening one"},
	{`{}}`, 2, 3, "closing } without an opening one"},
	{strings.Repeat("[", 1_000_000), 100, 101, tooDeep},
	{strings.Repeat(`{"a":`, 101), 500, 501, tooDeep},

	// More than one value.
	{"{}\n{\"a\":1}", 3, 4, twoValues},
	{`1 -2`, 2, 4, twoValues},
	{`1 true`, 2, 6, twoValues},
	{`{},{}`, 2, 3, "comma after the end of the value"},
	{`{} x`, 3, 4, "text after the end of the value"},
	{`{};`, 2, 3, "text after the end of the value"},
	{`[(1)]`, 1, 2, "unexpected ("},
}

func TestSyntaxErrors(t *testing.T) {
	for _, test := range syntaxErrors {
		_, err := jsonpos.Parse([]byte(test.data))
		var got *jsonpos.SyntaxError
		if !errors.As(err, &got) {
			t.Errorf("%.40q: got error %v, want a SyntaxError", test.data, err)
			continue
		}
		want := &jsonpos.SyntaxError{Start: test.start, End: test.end, Message: test.message, Hint: got.Hint}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%.40q (-want +got):\n%s", test.data, diff)
		}
		checkStyle(t, got)
	}
}

// checkStyle checks that the text of an error has the common form.
func checkStyle(t *testing.T, err *jsonpos.SyntaxError) {
	t.Helper()
	for _, text := range []string{err.Message, err.Hint} {
		if text == "" {
			t.Errorf("a text of %#v is empty", err)
		}
		if strings.HasSuffix(text, ".") || strings.Contains(text, "\n") {
			t.Errorf("%q: want one line without a full stop", text)
		}
		if strings.TrimSpace(text) != text {
			t.Errorf("%q has space around it", text)
		}
	}
	if want := err.Message + "; " + err.Hint; err.Error() != want {
		t.Errorf("got Error() %q, want %q", err.Error(), want)
	}
}

func TestErrorWithoutHint(t *testing.T) {
	err := &jsonpos.SyntaxError{Message: "message"}
	if err.Error() != "message" {
		t.Errorf("got %q", err.Error())
	}
}

func TestHints(t *testing.T) {
	for data, want := range map[string]string{
		`{"a":1,}`:       "remove the comma",
		"\xef\xbb\xbf{}": "save the file as UTF-8 without BOM",
		`{} {}`:          "keep one value",
		`[True]`:         "write true",
		`{"a":[1,2}`:     "write ] to close it",
		`{"a":1`:         "add the missing }, or check whether the end of the input was cut off",
	} {
		if got := syntaxError(t, data).Hint; got != want {
			t.Errorf("%q: got hint %q, want %q", data, got, want)
		}
	}
}

func syntaxError(t *testing.T, data string) *jsonpos.SyntaxError {
	t.Helper()
	_, err := jsonpos.Parse([]byte(data))
	var got *jsonpos.SyntaxError
	if !errors.As(err, &got) {
		t.Fatalf("%.60q: got error %v, want a SyntaxError", data, err)
	}
	return got
}

// secretSample is a secret. No message may contain it.
const secretSample = "zqxjkvbw7731"

// TestSyntaxErrorsContainNoInput puts a secret in strings, names, numbers and stray text,
// and breaks the data in every way listed above next to it.
func TestSyntaxErrorsContainNoInput(t *testing.T) {
	around := []struct{ before, after string }{
		{`{"` + secretSample + `":"` + secretSample + `","k":`, `}`},
		{`["` + secretSample + `",`, `,"` + secretSample + `"]`},
		{`["` + secretSample, secretSample + `"]`},
		{`[` + secretSample, secretSample + `]`},
		{`{"` + secretSample + `"`, `"` + secretSample + `"}`},
		{`{"a":"` + secretSample + `"`, `:"` + secretSample + `"}`},
		{`"` + secretSample + `"`, secretSample},
		{`{`, secretSample + `:'` + secretSample + `'}`},
	}
	for _, test := range syntaxErrors {
		for _, a := range around {
			checkSilent(t, a.before+test.data+a.after)
		}
	}
}

func checkSilent(t *testing.T, data string) {
	t.Helper()
	_, err := jsonpos.Parse([]byte(data))
	if err == nil {
		return
	}
	for i := range len(secretSample) - 3 {
		if strings.Contains(err.Error(), secretSample[i:i+4]) {
			t.Errorf("%.60q: error quotes the data: %q", data, err)
		}
	}
}

// TestSyntaxErrorsOfEveryByte puts each byte in each place of the grammar, and cuts the data
// there: every place must have a fault, and inside the data.
func TestSyntaxErrorsOfEveryByte(t *testing.T) {
	const sample = `{"a" : [1.5e3, true, null, "x\u00e9\n", {}, []], "b":-0} `
	for i := range len(sample) + 1 {
		checkFault(t, []byte(sample[:i]))
		for c := range 256 {
			broken := append([]byte(sample[:i]), byte(c))
			checkFault(t, append(broken, sample[i:]...))
			if i < len(sample) {
				checkFault(t, append(broken, sample[i+1:]...))
			}
		}
	}
}
