package snippet_test

import (
	"strings"
	"testing"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/snippet"
)

// typeNamed returns a type of v2, nil if there is none.
func typeNamed(name string) *atlas.Type {
	for _, typ := range atlas.Types(schemas.V2) {
		if typ.Name == name {
			return typ
		}
	}
	return nil
}

// source returns an input, and its payload if it is JSON.
func source(text, typ string) *snippet.Source {
	s := &snippet.Source{Data: []byte(text), Type: typeNamed(typ)}
	if doc, err := jsonpos.Parse(s.Data); err == nil {
		s.Root = &doc.Root
	}
	return s
}

// Letters and digits are hidden unless they are a known name, or the value of a field that is no secret.
func TestLine(t *testing.T) {
	for name, c := range map[string]struct{ typ, text, want string }{
		"secret":                {"DATADOG", `{"apiKey": "s3cr3t-key", "region": "EU"}`, `{"apiKey": "••••••-•••", "region": "EU"}`},
		"unknown type":          {"", `{"type": "X", "region": "EU"}`, `{"type": "X", "region": "••"}`},
		"unknown field":         {"DATADOG", `{"color": "red", "sent": 12}`, `{"color": "•••", "sent": ••}`},
		"long name":             {"DATADOG", `{"` + strings.Repeat("a1", 40) + `": 1}`, `{"` + strings.Repeat("•", 80) + `": •}`},
		"known name, not here":  {"DATADOG", `{"color": {"region": "EU"}}`, `{"color": {"region": "••"}}`},
		"nested":                {"DATADOG", `{"region": {"name": "EU"}}`, `{"region": {"name": "••"}}`},
		"reference":             {"DATADOG", `{"apiKey": "${env:DD_KEY}x"}`, `{"apiKey": "${env:DD_KEY}•"}`},
		"no JSON":               {"", `{"apiKey": "s3cr3t"`, `{"apiKey": "••••••"`},
		"no JSON, not a name":   {"", `{"hello": s3cr3t`, `{"•••••": ••••••`},
		"other letters":         {"DATADOG", `{"apiKey": "ключ ☃"}`, `{"apiKey": "•••• •"}`},
		"control characters":    {"DATADOG", "{\"apiKey\":\t\"\u202ex\"}", `{"apiKey": " •"}`},
		"the type, if readable": {"DATADOG", `{"type": "` + strings.Repeat("k3y", 20) + `"}`, `{"type": "` + strings.Repeat("•", 60) + `"}`},
	} {
		if got := source(c.text, c.typ).Line(0, 1); got.Text != c.want {
			t.Errorf("%s: got  %s\nwant %s", name, got.Text, c.want)
		}
	}
}

func TestLinePlaces(t *testing.T) {
	long := strings.Repeat("-", 200) + "X" + strings.Repeat("-", 200)
	for name, c := range map[string]struct {
		text       string
		start, end int
		want       snippet.Line
	}{
		"empty":            {"", 0, 0, snippet.Line{}},
		"second line":      {"--\n-=-\n--", 4, 5, snippet.Line{Text: "-=-", Start: 1, Width: 1}},
		"several lines":    {"--\n-=-\n--", 4, 9, snippet.Line{Text: "-=-", Start: 1, Width: 2}},
		"characters":       {"«»--", 4, 6, snippet.Line{Text: "«»--", Start: 2, Width: 2}},
		"after the end":    {"--", 9, 9, snippet.Line{Text: "--", Start: 2, Width: 1}},
		"middle of a line": {long, 200, 201, snippet.Line{Text: "…" + strings.Repeat("-", 39) + "•" + strings.Repeat("-", 78) + "…", Start: 40, Width: 1}},
	} {
		got := source(c.text, "").Line(c.start, c.end)
		if got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

func TestMask(t *testing.T) {
	first, second := `{"type":"DATADOG","apiKey":"s3cr3t"}`, `{"type":"DATADOG","region":"EU"}`
	text := first + "\n" + second + "\n"
	var payloads []snippet.Payload
	for line := range strings.Lines(text) {
		doc, err := jsonpos.Parse([]byte(strings.Repeat(" ", strings.Index(text, line)) + line))
		if err != nil {
			t.Fatal(err)
		}
		payloads = append(payloads, snippet.Payload{Root: &doc.Root, Type: typeNamed("DATADOG")})
	}
	want := strings.Replace(text, "s3cr3t", "••••••", 1)
	if got := snippet.Mask([]byte(text), payloads); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got, want := snippet.Mask([]byte("apiKey: s3cr3t\nx ${env:A}"), nil), "apiKey: ••••••\n• ${env:A}"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
