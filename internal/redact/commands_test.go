package redact_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/atlasint/atlasint/internal/cirunner"
	"github.com/atlasint/atlasint/internal/redact"
)

func TestInert(t *testing.T) {
	for text, want := range map[string]string{
		"":                                   "",
		"a::b ##x # #[ #[ [##] ##v[ ##vs o[": "a::b ##x # #[ #[ [##] ##v[ ##vs o[",
		"::stop-commands::t":                 `:\:stop-commands::t`,
		"a\n \t::error::x":                   "a\n \t:\\:error::x",
		"a\r::error::x":                      "a\r:\\:error::x",
		"\u00a0::error::x":                   "\u00a0:\\:error::x",
		":::error::":                         `:\::error::`,
		": :error::":                         ": :error::",
		"a ##[error]b ##[error]c":            `a ##\[error]b ##\[error]c`,
		"####[error]":                        `####\[error]`,
		"##v##vso[task.complete]":            `##v##vso\[task.complete]`,
		"##VSO[task.complete]":               `##VSO\[task.complete]`,
		"##vs##[error]":                      `##vs##\[error]`,
		"##teamcity[a 'b']":                  `##teamcity\[a 'b']`,
		"x ##TeamCity[a]":                    `x ##TeamCity\[a]`,
		"##team##teamcity[a]":                `##team##teamcity\[a]`,
		"##vteamcity[a ##tso[b ##teamcity":   "##vteamcity[a ##tso[b ##teamcity",
		"##teamcit[a ##vs[b ##t[c":           "##teamcit[a ##vs[b ##t[c",
		"#\ufe0f#\u00ad[error]":              "#\ufe0f#\u00ad\\[error]",
		"##\x00[error]":                      "##\x00\\[error]",
	} {
		if got := redact.Inert(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// A prefix is found however the writes divide it.
func TestWriterJoinsWrites(t *testing.T) {
	const text = "x\n::error::y ##[error] ##vso[task.complete]\n"
	var out bytes.Buffer
	w := redact.NewWriter(&out, redact.EscapeText)
	if n, err := io.Copy(w, iotest.OneByteReader(strings.NewReader(text))); err != nil || n != int64(len(text)) {
		t.Errorf("%d bytes, %v", n, err)
	}
	if got, want := out.String(), redact.Inert(text); got != want || want == text {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestWriterReportsFailures(t *testing.T) {
	full := errors.New("disk full")
	w := redact.NewWriter(failing{full}, redact.EscapeText)
	if err := w.Err(); err != nil {
		t.Errorf("before the first write: %v", err)
	}
	n, err := w.Write([]byte("::x"))
	if n != 0 || !errors.Is(err, full) {
		t.Errorf("%d bytes written, %v", n, err)
	}
	if err := w.Err(); !errors.Is(err, full) {
		t.Errorf("after the write: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// FuzzInert: no text leaves a command, escaping twice is escaping once, and documents keep their values.
func FuzzInert(f *testing.F) {
	for _, text := range slices.Concat(cirunner.Samples(), []string{"a\n::x::", "\\::x", "##\\[x", "&#[x", "#\u0301#[error]"}) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := redact.Inert(text)
		if found := cirunner.Commands(once); len(found) > 0 {
			t.Fatalf("%q leaves %q", text, found)
		}
		if twice := redact.Inert(once); twice != once {
			t.Fatalf("%q becomes %q, and then %q", text, once, twice)
		}
		sameJSON(t, text)
		sameXML(t, text)
	})
}

func sameJSON(t *testing.T, text string) {
	t.Helper()
	plain, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	_, _ = redact.NewWriter(&out, redact.EscapeJSON).Write(plain)
	var want, got string
	if err := errors.Join(json.Unmarshal(plain, &want), json.Unmarshal(out.Bytes(), &got)); err != nil || got != want {
		t.Fatalf("%s becomes %s (%v)", plain, out.Bytes(), err)
	}
	if found := cirunner.Commands(out.String()); len(found) > 0 {
		t.Fatalf("%s leaves %q", plain, found)
	}
}

func sameXML(t *testing.T, text string) {
	t.Helper()
	type element struct {
		Attribute string `xml:"a,attr"`
		Text      string `xml:",chardata"`
	}
	plain, err := xml.Marshal(element{text, text})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	_, _ = redact.NewWriter(&out, redact.EscapeXML).Write(plain)
	var want, got element
	if err := errors.Join(xml.Unmarshal(plain, &want), xml.Unmarshal(out.Bytes(), &got)); err != nil || got != want {
		t.Fatalf("%s becomes %s (%v)", plain, out.Bytes(), err)
	}
	if found := cirunner.Commands(out.String()); len(found) > 0 {
		t.Fatalf("%s leaves %q", plain, found)
	}
}
