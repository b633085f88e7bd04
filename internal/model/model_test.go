package model_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/gen/atlasv1"
	"github.com/atlasint/atlasint/gen/atlasv2"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/model"
)

type (
	defined  atlasv2.Datadog
	embedded struct {
		atlasv2.Datadog
		Note string
	}
	both struct {
		atlasv2.Datadog
		*atlasv2.OpsGenie
	}
	endless struct{ *endless }
	failing struct{ Key string }
)

func (failing) MarshalJSON() ([]byte, error) { return nil, errors.New("secret-1234") }

type document struct{ doc string }

func (d *document) JSON() json.RawMessage { return json.RawMessage(d.doc) }

type (
	text        string
	sealed      struct{}
	typedReader struct {
		io.Reader `json:"-"`
		Type      string `json:"type"`
	}
)

func (sealed) MarshalJSON() ([]byte, error) { return []byte("{}"), nil }

var raw = []byte(`{"a":1}`)

func builder(text string) *strings.Builder {
	b := new(strings.Builder)
	b.WriteString(text)
	return b
}

func TestOf(t *testing.T) {
	pointer := &atlasv2.Datadog{}
	for name, tc := range map[string]struct {
		value        any
		typ, version string
	}{
		"v2":           {atlasv2.Datadog{}, "DATADOG", schemas.V2},
		"v1.0":         {atlasv1.Flowdock{}, "FLOWDOCK", schemas.V1},
		"pointers":     {&pointer, "DATADOG", schemas.V2},
		"defined":      {defined{}, "DATADOG", schemas.V2},
		"embedded":     {embedded{}, "DATADOG", schemas.V2},
		"two embedded": {both{}, "", ""},
		"endless":      {endless{}, "", ""},
		"union of v2":  {&atlasv2.Integration{}, "", schemas.V2},
		"union of v1":  {atlasv1.Integration{}, "", schemas.V1},
		"map":          {map[string]any{"type": "DATADOG"}, "", ""},
		"nil":          {nil, "", ""},
	} {
		if typ, version := model.Name(tc.value), model.Version(tc.value); typ != tc.typ || version != tc.version {
			t.Errorf("%s: %q of %q, want %q of %q", name, typ, version, tc.typ, tc.version)
		}
	}
}

func TestEncode(t *testing.T) {
	for name, tc := range map[string]struct {
		value any
		want  string // the payload, or a part of the error
	}{
		"text":            {`{"b":1, "a":2}`, `{"b":1, "a":2}`},
		"bytes":           {[]byte("no JSON"), "no JSON"},
		"method":          {&document{`{"type":"X"}`}, `{"type":"X"}`},
		"nil document":    {(*document)(nil), "null"},
		"map":             {map[string]any{"type": "X", "n": 1}, `{"n":1,"type":"X"}`},
		"type is set":     {defined{APIKey: "k"}, `"type":"DATADOG"`},
		"other type":      {atlasv2.Datadog{Type: "SLACK"}, `its Type is "SLACK"`},
		"nil pointer":     {(*atlasv2.Datadog)(nil), "it is not a JSON object"},
		"buffer":          {*bytes.NewBufferString("secret-1234"), "a bytes.Buffer has no fields that encoding/json writes; pass its content, from its method Bytes"},
		"*buffer":         {bytes.NewBufferString("secret-1234"), "a *bytes.Buffer has no fields that encoding/json writes; pass its content, from its method Bytes"},
		"builder":         {*builder("secret-1234"), "a strings.Builder has no fields that encoding/json writes; pass its content, for example from its method String"},
		"reader by value": {*strings.NewReader("secret-1234"), "a strings.Reader is a reader; pass its content, for example from io.ReadAll"},
		"reader with a field": {
			&io.LimitedReader{R: strings.NewReader("secret-1234")}, "a *io.LimitedReader is a reader; pass its content, for example from io.ReadAll",
		},
		"unexported fields": {
			document{"secret-1234"}, "a model_test.document has no fields that encoding/json writes; pass JSON, a map, or a struct with exported fields",
		},
		"no fields": {&struct{}{}, "a *struct {} has no fields that encoding/json writes; "},
		"omitted fields": {struct {
			A string `json:",omitempty"`
		}{}, "{}"},
		"empty map":           {map[string]any{}, "{}"},
		"marshaler":           {sealed{}, "{}"},
		"embedded fields":     {struct{ embedded }{}, `"type":"DATADOG"`},
		"reader with a type":  {&typedReader{Type: "X"}, `{"type":"X"}`},
		"defined string":      {text("secret-1234"), "a model_test.text is not encoded as a JSON object; pass its content as a string or []byte"},
		"pointer to a string": {new(string), "a *string is not encoded as a JSON object; pass its content as a string or []byte"},
		"array of bytes":      {[3]byte{}, "a [3]uint8 is not encoded as a JSON object; "},
		"raw message":         {(*json.RawMessage)(&raw), `{"a":1}`},
		"reader":              {strings.NewReader("secret-1234"), "a *strings.Reader is a reader; pass its content, for example from io.ReadAll"},
		"failing":             {failing{"secret-1234"}, "a model_test.failing can't be written as JSON"},
	} {
		doc, err := model.Encode(tc.value)
		got := string(doc)
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, tc.want) || strings.Contains(got, "secret-1234") {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}
