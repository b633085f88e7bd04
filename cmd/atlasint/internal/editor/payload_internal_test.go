package editor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
)

// A payload file has numbers, arrays and objects as Atlas returns them, with references in the place of secrets.
func TestFieldOfNestedValues(t *testing.T) {
	typ := atlas.NewType(&schemas.Type{Name: "RELAY", Fields: []schemas.Field{
		{Name: "count", Kind: "integer"},
		{Name: "hooks", Kind: "array", Items: &schemas.Field{Kind: "object", Fields: []schemas.Field{
			{Name: "name", Kind: "string"}, {Name: "token", Kind: "string", Secret: schemas.MaskLast4}, {Name: "id", Kind: "string", ReadOnly: true},
		}}},
	}})
	response := atlas.Object([]byte(`{"count":12345678901234567890,"hooks":[{"name":"a","token":"****1234","id":"x","_new":"secret"}]}`))
	for name, want := range map[string]string{
		"count": `12345678901234567890`,
		"hooks": `[{"name":"a","token":"${env:RELAY_TOKEN}"}]`,
	} {
		doc, ok := payloadField("RELAY", typ.Payload.Lookup(name), response[name], true)
		if diff := cmp.Diff(want, string(doc)); diff != "" || !ok {
			t.Errorf("%s: %t (-want +got):\n%s", name, ok, diff)
		}
	}
	if doc, ok := payloadField("RELAY", typ.Payload.Lookup("count"), []any{"secret"}, true); doc != nil || !ok {
		t.Errorf("a value of another type is kept: %s", doc)
	}
}

// A payload has what an update accepts. Other values are left out, with the reason.
func TestPayloadOf(t *testing.T) {
	for _, tc := range []struct{ response, want, leftOut string }{
		{`{"type":"SLACK","apiToken":"****abcd","channelName":"a","teamName":"T"}`, `{"type":"SLACK","channelName":"a"}`,
			"apiToken: " + linkedField + "; teamName: " + linkedField + "; "},
		{`{"type":"SLACK","channelName":"a"}`, `{"type":"SLACK","channelName":"a"}`, ""},
		{`{"type":"SLACK","apiToken":"****abcd","channelName":null}`, `{"type":"SLACK","channelName":null}`, "apiToken: " + linkedField + "; "},
		{`{"type":"SLACK","channelName":""}`, `{"type":"SLACK","channelName":null}`, ""},
		{`{"type":"SLACK","id":"0123456789abcdef01234567"}`, `{"type":"SLACK","channelName":null}`, ""},
		{`{"type":"DATADOG","apiKey":"****abcd","region":"AP9","customEndpoint":null,"sendDatabaseMetrics":true}`,
			`{"type":"DATADOG","apiKey":"${env:DATADOG_API_KEY}","sendDatabaseMetrics":true}`, "region: " + unknownValue + "; "},
		{`{"type":"VICTOR_OPS","apiKey":"****abcd","routingKey":"****abcd"}`, `{"type":"VICTOR_OPS","apiKey":"${env:VICTOR_OPS_API_KEY}"}`,
			"routingKey: " + maskedField + "; "},
		{`{"type":"PROMETHEUS","enabled":true,"username":"u","serviceDiscovery":"dns"}`,
			`{"type":"PROMETHEUS","enabled":true,"username":"u","password":"${env:PROMETHEUS_PASSWORD}"}`, "serviceDiscovery: " + unknownValue + "; "},
		{`{"type":"OPS_GENIE","apiKey":"****abcd","region":7,"zone":"north"}`, `{"type":"OPS_GENIE","apiKey":"${env:OPS_GENIE_API_KEY}"}`,
			"region: " + unknownField + "; zone: " + unknownField + "; "},
	} {
		for _, version := range atlas.Versions() {
			in := client.Integration{JSON: []byte(tc.response)}
			in.Type, _ = atlas.Object(in.JSON)["type"].(string)
			payload, leftOut := payloadOf(schemas.Find(version, in.Type), in)
			var got bytes.Buffer
			if err := json.Compact(&got, payload); err != nil {
				t.Fatal(err)
			}
			texts := ""
			for _, f := range leftOut {
				texts += fmt.Sprintf("%s: %s; ", f.name, f.reason)
			}
			if diff := cmp.Diff([]string{tc.want, tc.leftOut}, []string{got.String(), texts}); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", version, tc.response, diff)
			}
		}
	}
}

// No payload has a character that a terminal acts on, in any format, and each has the text that Atlas returned.
func TestPayloadsArePrintable(t *testing.T) {
	response, err := json.Marshal(map[string]any{"type": "SLACK", "channelName": unprintable})
	if err != nil {
		t.Fatal(err)
	}
	payload, _ := payloadOf(schemas.Find(schemas.V2, "SLACK"), client.Integration{Type: "SLACK", JSON: response})
	if got := atlas.Object(payload)["channelName"]; got != unprintable {
		t.Errorf("the channel is %q", got)
	}
	for _, file := range []string{"a.json", "a.ndjson", "a.yaml"} {
		data, err := InFormat(file, payload)
		if i := bytes.IndexFunc(data, isUnprintable); err != nil || i >= 0 {
			t.Errorf("%s: %v, %q", file, err, data)
		}
	}
}

// A server lists types twice: each file is written once, and each warning is passed once.
func TestRepeatedTypes(t *testing.T) {
	var list []client.Integration
	for _, doc := range []string{
		`{"type":"SLACK","channelName":"first"}`, `{"type":"OPS_GENIE","apiKey":"****abcd","zone":"a"}`, `{"type":"SLACK","channelName":"second"}`,
		`{"type":"NEW"}`, `{"type":"SLACK","channelName":"third"}`, `{"type":"NEW"}`,
	} {
		in := client.Integration{JSON: []byte(doc)}
		in.Type, _ = atlas.Object(in.JSON)["type"].(string)
		list = append(list, in)
	}
	var warned []string
	output := filepath.Join(t.TempDir(), "out")
	files := PayloadFiles{Output: output}
	files.AddIntegrations(schemas.V2, list, func(text string) { warned = append(warned, text) })
	want := []string{
		"OPS_GENIE: the field \"zone\" is left out: " + unknownField, "a second integration of type SLACK is left out: is this the right server?",
		"NEW is left out: this version does not support the type",
	}
	if diff := cmp.Diff(want, warned); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := files.Save(); err != nil || !strings.HasPrefix(files.Summary(), "wrote 2 files in ") {
		t.Errorf("%v, %s", err, files.Summary())
	}
	if data, err := os.ReadFile(filepath.Join(output, "slack.json")); err != nil || !strings.Contains(string(data), "first") {
		t.Errorf("%v, %s", err, data)
	}
}
