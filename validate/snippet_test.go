package validate_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/validate"
)

// snippetOf returns the text of the first finding of a rule, and below it the place that it marks.
func snippetOf(t *testing.T, rule, input string) string {
	t.Helper()
	v, err := validate.New(validate.Options{Snippets: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range v.Check("in", []byte(input)) {
		if f.Rule == rule {
			return f.Snippet.Text + "\n" + strings.Repeat(" ", f.Snippet.Start) + strings.Repeat("^", f.Snippet.Width)
		}
	}
	t.Fatalf("no finding of rule %s", rule)
	return ""
}

func TestSnippets(t *testing.T) {
	pad := strings.Repeat(" ", 200)
	tests := []struct{ name, rule, input, want string }{
		{"one line of many", "enum", "{\n\t\"type\": \"DATADOG\",\r\n\t\"region\": \"US1\",\r\n\t\"apiKey\": \"secret\"}",
			" \"region\": \"US1\",\n           ^^^^^"},
		{"a secret is blanked, its neighbors are not", "enum", `{"type":"DATADOG","apiKey":"s3cr-et","region":"US1"}`,
			`{"type":"DATADOG","apiKey":"••••-••","region":"US1"}` + "\n" + strings.Repeat(" ", 46) + "^^^^^"},
		{"only the first line of a value", "wrong-type", "{\"type\":\"DATADOG\",\"region\":[  \r\n1]}",
			"{\"type\":\"DATADOG\",\"region\":[\n" + strings.Repeat(" ", 27) + "^"},
		{"the end of the input", "syntax", "{\"type\":\"DATADOG\"\n", "\n^"},
		{"a long line is cut at both ends", "enum", `{"type":"DATADOG",` + pad + `"region":"US1"` + pad + `,"apiKey":"k"}`,
			"…" + strings.Repeat(" ", 30) + `"region":"US1"` + strings.Repeat(" ", 74) + "…\n" + strings.Repeat(" ", 40) + "^^^^^"},
		{"a long line is cut at its end", "enum", `{"type":"DATADOG","region":"US1"` + pad + `}`,
			`{"type":"DATADOG","region":"US1"` + strings.Repeat(" ", 87) + "…\n" + strings.Repeat(" ", 27) + "^^^^^"},
		// The limit is in characters of up to four bytes each, not in bytes.
		{"a long line of wide characters", "unknown-field", `{"type":"DATADOG","` + strings.Repeat("𝄞", 130) + `":1,"odd":1}`,
			`{"type":"DATADOG","` + strings.Repeat("•", 100) + "…\n" + strings.Repeat(" ", 18) + strings.Repeat("^", 102)},
		{"control characters and what is no text", "syntax", "{\"type\":\"\x1b[2J\xff\u202e\"}", "{\"type\":\" [••  \"}\n         ^"},
		{"references are readable", "enum", `{"type":"DATADOG","apiKey":"${env:DATADOG_KEY}","region":"US1"}`,
			`{"type":"DATADOG","apiKey":"${env:DATADOG_KEY}","region":"US1"}` + "\n" + strings.Repeat(" ", 57) + "^^^^^"},
		{"text around a reference is not", "unknown-field",
			`{"odd":1,"type":"WEBHOOK","url":"https://a.example/t0k3n/${file:../secrets/the-key-of-a-hook.txt}?k=v"}`,
			`{"odd":•,"type":"WEBHOOK","url":"•••••://•.•••••••/•••••/${file:../secrets/the-key-of-a-hook.txt}?•=•"}` + "\n ^^^^^"},
		{"what may be a secret in a reference is not", "enum", `{"type":"DATADOG","apiKey":"${env:0123456789abcdef0123456789abcdef}","region":"US1"}`,
			`{"type":"DATADOG","apiKey":"${•••:••••••••••••••••••••••••••••••••}","region":"US1"}` + "\n" + strings.Repeat(" ", 78) + "^^^^^"},
		{"what may be a secret in the place of a path is not", "enum", `{"type":"DATADOG","apiKey":"${file:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY}","region":"US1"}`,
			`{"type":"DATADOG","apiKey":"${••••:•••••••••••••/•••••••/••••••••••••••••••}","region":"US1"}` + "\n" + strings.Repeat(" ", 87) + "^^^^^"},
		{"a passphrase in the place of a path is not", "enum", `{"type":"DATADOG","apiKey":"${file:correct.horse.battery.staple}","region":"US1"}`,
			`{"type":"DATADOG","apiKey":"${••••:•••••••.•••••.•••••••.••••••}","region":"US1"}` + "\n" + strings.Repeat(" ", 75) + "^^^^^"},
		{"a passphrase in the place of a variable is not", "enum", `{"type":"DATADOG","apiKey":"${env:correct.horse.battery.staple}","region":"US1"}`,
			`{"type":"DATADOG","apiKey":"${•••:•••••••.•••••.•••••••.••••••}","region":"US1"}` + "\n" + strings.Repeat(" ", 74) + "^^^^^"},
		{"a reference is cut with its line", "enum", `{"type":"DATADOG","apiKey":"${env:DATADOG_API_KEY_OF_THE_TEAM}","region":"US1"` + pad + `}`,
			`…DATADOG_API_KEY_OF_THE_TEAM}","region":"US1"` + strings.Repeat(" ", 74) + "…\n" + strings.Repeat(" ", 40) + "^^^^^"},
		{"a reference in text that is not JSON", "syntax", `{"type":"DATADOG","apiKey":"${env:KEY}",}`,
			`{"type":"•••••••","apiKey":"${env:KEY}",}` + "\n" + strings.Repeat(" ", 39) + "^"},
		{"text that is not JSON shows the names of fields", "syntax", `{type: 'SECRET', apiKey: 'SECRET'}`,
			`{type: '••••••', apiKey: '••••••'}` + "\n ^^^^"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, snippetOf(t, test.rule, test.input)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// The snippet shows a finding in every place of a long line.
func TestSnippetsReachEveryPlace(t *testing.T) {
	for _, filler := range []string{" ", "\u00a0", "\u3000", "\U0001d11e"} {
		for n := range 400 {
			input := `{"type":"DATADOG","id":"` + strings.Repeat(filler, n) + `","odd":1}`
			text, carets, _ := strings.Cut(snippetOf(t, "unknown-field", input), "\n")
			marked := string([]rune(text)[strings.IndexByte(carets, '^'):len(carets)])
			if marked != `"odd"` {
				t.Fatalf("%d fillers %q: %q marks %q", n, filler, text, marked)
			}
			if characters := utf8.RuneCountInString(text); characters > 120 {
				t.Fatalf("%d fillers %q: %d characters: %q", n, filler, characters, text)
			}
		}
	}
}
