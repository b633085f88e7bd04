package editor

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/cirunner"
	"github.com/atlasint/atlasint/internal/yamlpos"
	"github.com/atlasint/atlasint/validate"
)

func TestPayloadInFormats(t *testing.T) {
	const payload = "{\n  \"type\": \"WEBHOOK\",\n  \"url\": \"${env:WEBHOOK_URL}\",\n  \"big\": 1e3,\n  \"list\": [1, {\"a\": null}]\n}\n"
	const inYAML = "type: \"WEBHOOK\"\nurl: \"${env:WEBHOOK_URL}\"\nbig: 1e3\nlist:\n  - 1\n  - a: null\n"
	const inLine = `{"type":"WEBHOOK","url":"${env:WEBHOOK_URL}","big":1e3,"list":[1,{"a":null}]}` + "\n"
	for file, want := range map[string]string{
		"a.json": payload, "a": payload, "yaml": payload, "a.yaml": inYAML, "b/A.YML": inYAML, "a.ndjson": inLine, "a.JSONL": inLine,
	} {
		got, err := InFormat(file, []byte(payload))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", file, diff)
		}
	}
}

// A payload to start from is valid in every format.
func TestStartersInFormats(t *testing.T) {
	for i := range schemas.Types {
		typ := &schemas.Types[i]
		payload, err := Starter(typ)
		if err != nil {
			t.Fatal(err)
		}
		v, err := validate.New(validate.Options{APIVersion: typ.APIVersion})
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"a.yaml", "a.ndjson"} {
			data, err := InFormat(name, payload)
			if err != nil {
				t.Fatal(err)
			}
			result, err := v.CheckReader(name, strings.NewReader(string(data)), validate.ByName)
			if err != nil {
				t.Fatalf("%s %s: %v\n%s", typ.APIVersion, typ.Name, err, data)
			}
			if result.Errors > 0 {
				t.Errorf("%s %s: %v\n%s", typ.APIVersion, typ.Name, result.Findings, data)
			}
			if result.Payloads != 1 {
				t.Errorf("%s %s: %d payloads, want 1\n%s", typ.APIVersion, typ.Name, result.Payloads, data)
			}
		}
	}
}

// YAML has the same texts as JSON, no commands of CI systems, and nothing that a terminal acts on.
func TestYAMLKeepsTexts(t *testing.T) {
	check := func(t interface{ Fatalf(string, ...any) }, text string) {
		payload, err := json.Marshal(map[string]any{"text": text, "list": []string{text}})
		if err != nil {
			t.Fatalf("%v", err)
		}
		data, err := InFormat("a.yaml", payload)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		var want string // without invalid UTF-8
		mustDecode(t, payload, &want)
		doc, err := yamlpos.ParseOne(data)
		if err != nil {
			t.Fatalf("%q: %v in\n%s", text, err, data)
		}
		if got := doc.Root.Member("text").Value.Text; got != want || doc.Root.Member("list").Value.Elements[0].Text != want {
			t.Fatalf("%q becomes %q in\n%s", want, got, data)
		}
		if found := cirunner.Commands(string(data)); len(found) > 0 {
			t.Fatalf("%q leaves %q", text, found)
		}
		if i := bytes.IndexFunc(data, isUnprintable); i >= 0 {
			t.Fatalf("%q leaves %q", text, data[i:])
		}
	}
	texts := append(cirunner.Samples(),
		"", "yes", "1", " a: b #c ", "a\nb\r\n\tc", unprintable, strings.Repeat("long text ", 50))
	for _, text := range texts {
		check(t, text)
	}
	rapid.Check(t, func(t *rapid.T) { check(t, rapid.String().Draw(t, "text")) })
}

// unprintable has C0, C1, direction, zero width, line and private characters, below and above U+FFFF.
const unprintable = "a\x1b\x7f\u0085\u009b31m\u202e\u2066\u200b\u2028\ufeff\ue000\U0001f600\U000e0041\U0010fffdz"

func isUnprintable(r rune) bool { return r != '\n' && !strconv.IsPrint(r) }

func mustDecode(t interface{ Fatalf(string, ...any) }, payload []byte, text *string) {
	var doc struct{ Text string }
	if err := json.Unmarshal(payload, &doc); err != nil {
		t.Fatalf("%v", err)
	}
	*text = doc.Text
}
