package yamlpos_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/payloadtest"
	"github.com/atlasint/atlasint/internal/yamlpos"
)

// texts are strings that YAML could read as something else, or that need quotes in some places.
func texts() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{
			"", " ", "yes", "null", "~", "12345678e1", "0x1", "a: b", "a #b", "- a", "${env:A}", "*a", "&a", "!a",
			"é\nb\n\n", "  a\n b", "a\n\n\tb \n", "it's \"a\"", "\t", "\n",
		}),
		rapid.StringMatching(`[a-zé ]{0,12}`),
		rapid.StringMatching("[a-cé😀 \t\n:#'\"{}\\\\]{0,12}"),
	)
}

// values are JSON values of up to some levels.
func values(levels int) *rapid.Generator[jsonpos.Value] {
	return rapid.Custom(func(t *rapid.T) jsonpos.Value {
		kind := jsonpos.Kind(rapid.IntRange(0, 5).Draw(t, "kind"))
		if levels == 0 {
			kind %= jsonpos.Array
		}
		v := jsonpos.Value{Kind: kind}
		switch kind {
		case jsonpos.Bool:
			v.Text = rapid.SampledFrom([]string{"true", "false"}).Draw(t, "bool")
		case jsonpos.Number:
			v.Text = rapid.SampledFrom([]string{"0", "-1", "1.50", "12345678e1", "1E-5"}).Draw(t, "number")
		case jsonpos.String:
			v.Text = texts().Draw(t, "text")
		case jsonpos.Array:
			v.Elements = rapid.SliceOfN(values(levels-1), 0, 4).Draw(t, "elements")
		case jsonpos.Object:
			for range rapid.IntRange(0, 4).Draw(t, "members") {
				v.Members = append(v.Members, jsonpos.Member{Name: texts().Draw(t, "name"), Value: values(levels-1).Draw(t, "value")})
			}
		}
		return v
	})
}

// All styles have the same value, at its place.
func TestStyles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := values(3).Draw(t, "value")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		data, want := payloadtest.YAML(random, &v)
		doc, err := yamlpos.ParseOne(data)
		if err != nil {
			t.Fatalf("%s\n%v", data, err)
		}
		withoutEmpty(&want)
		withoutEmpty(&doc.Root)
		if diff := cmp.Diff(want, doc.Root); diff != "" {
			t.Fatalf("%s\n%s", data, diff)
		}
	})
}

// withoutEmpty sets empty lists to nil.
func withoutEmpty(v *jsonpos.Value) {
	if len(v.Elements) == 0 {
		v.Elements = nil
	}
	for i := range v.Elements {
		withoutEmpty(&v.Elements[i])
	}
	for i := range v.Members {
		withoutEmpty(&v.Members[i].Value)
	}
}

// Any input ends in few values, whose places are in the data and in its order. A text in JSON has the same value at the
// same places as in package jsonpos. Faults contain no text of the data and none of the library.
func FuzzParse(f *testing.F) {
	for _, data := range []string{
		"type: DATADOG\napiKey: 'k'\n",
		`{"type": "DATADOG", "apiKey": "\u00e9\n", "n": [1, 1.5, null, true, {}]}`,
		"a: &x |2-\n   b\nc: [*x, {d: *x}]\n---\n- a\n",
		"a: >\n  b\n\n  c\n", "? a\n: - b\n", "&a a: &b\n  - c\n", "[a: b, ? c, \"d\"]", "%YAML 1.2\n---\n...\n", "a: !b c", "<<: *a",
		"- - - a\n    b\n", "# c\n\na: # d\n  b # e\n# f\n", "&a?d]",
		`{"a": "b\/\\/", 'c\/': "\/"}`, "a\\/: &b\\/ |\n  \\/\n",
	} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		documents := yamlpos.Parse(data)
		if !bytes.Equal(before, data) {
			t.Fatal("Parse changed the data")
		}
		if len(documents) == 0 || !yamlpos.FindsAll(data) {
			t.Fatalf("%q: %d documents, all texts found: %v", data, len(documents), yamlpos.FindsAll(data))
		}
		for _, d := range documents {
			checkDocument(t, data, d)
		}
		want, err := jsonpos.Parse(data)
		if got, other := yamlpos.ParseOne(data); err == nil && other == nil && want.Root.Kind >= jsonpos.Array {
			withoutEmpty(&got.Root)
			if diff := cmp.Diff(want.Root, got.Root); diff != "" {
				t.Fatalf("%q:\n%s", data, diff)
			}
		}
	})
}

func checkDocument(t *testing.T, data []byte, d yamlpos.Document) {
	t.Helper()
	if f := d.Fault; f != nil {
		if !slices.IsSorted([]int{0, f.Start, f.End, len(data)}) {
			t.Fatalf("%q: fault at %d to %d", data, f.Start, f.End)
		}
		if f.Message == "" {
			t.Fatalf("%q: a fault without a message", data)
		}
		if text := f.Error(); strings.Contains(text, "yaml:") || strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) {
			t.Fatalf("%q: the message has text of the data or of the library: %s", data, text)
		}
		return
	}
	count := 0
	checkPlace(t, data, &d.Root, 0, len(data), &count)
	if most := len(data) + 1<<20/64 + 1; count > most {
		t.Fatalf("%q: %d values", data, count)
	}
}

// checkPlace checks that v is between two offsets, and so are its parts, in their order.
func checkPlace(t *testing.T, data []byte, v *jsonpos.Value, from, to int, count *int) {
	t.Helper()
	*count++
	if !slices.IsSorted([]int{from, v.Start, v.End, to}) {
		t.Fatalf("%q: %v at %d to %d, want inside %d to %d", data, v.Kind, v.Start, v.End, from, to)
	}
	at := v.Start
	for i := range v.Elements {
		checkPlace(t, data, &v.Elements[i], at, v.End, count)
		at = v.Elements[i].Start
	}
	for i := range v.Members {
		m := &v.Members[i]
		if m.NameStart < at || m.NameEnd > v.End {
			t.Fatalf("%q: name at %d to %d", data, m.NameStart, m.NameEnd)
		}
		checkPlace(t, data, &m.Value, m.NameStart, v.End, count)
		at = m.Value.Start
	}
}
