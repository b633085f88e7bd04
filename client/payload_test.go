package client_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/gen/atlasv1"
	"github.com/atlasint/atlasint/gen/atlasv2"
)

func TestNewPayload(t *testing.T) {
	region := atlasv2.DatadogRegionUS5
	for _, tc := range []struct {
		name string
		in   any
		typ  string
		doc  string
	}{
		{"bytes stay as they are", []byte("{ \"type\":\"DATADOG\",\n \"x\": 1.0}\n"), "DATADOG", "{ \"type\":\"DATADOG\",\n \"x\": 1.0}\n"},
		{"text", `{"x":[],"type":"NEW_THING"}`, "NEW_THING", `{"x":[],"type":"NEW_THING"}`},
		{"raw", json.RawMessage(datadog), "DATADOG", datadog},
		{"a view", atlasv2.Datadog{APIKey: hexKey, Region: &region, Type: "DATADOG"}, "DATADOG", `{"apiKey":"` + hexKey + `","region":"US5","type":"DATADOG"}`},
		{"a view without its type", &atlasv2.Datadog{APIKey: hexKey}, "DATADOG", `{"apiKey":"` + hexKey + `","type":"DATADOG"}`},
		{
			"a view of v1.0", atlasv1.Flowdock{FlowName: "f", APIToken: "a", OrgName: "o"}, "FLOWDOCK",
			`{"apiToken":"a","flowName":"f","orgName":"o","type":"FLOWDOCK"}`,
		},
		{"a payload", payload(t, "{ \"type\":\"DATADOG\" }"), "DATADOG", "{ \"type\":\"DATADOG\" }"},
		{"a reference", `{"type":"OPS_GENIE","apiKey":"${env:NAME}"}`, "OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"${env:NAME}"}`},
		{"anything", map[string]any{"type": "SLACK", "apiToken": "a<b"}, "SLACK", `{"apiToken":"a\u003cb","type":"SLACK"}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := payload(t, tc.in)
			if p.Type() != tc.typ || string(p.JSON()) != tc.doc {
				t.Errorf("%s %s, want %s", p.Type(), p.JSON(), tc.doc)
			}
		})
	}
}

func TestPayloadIsNotShared(t *testing.T) {
	doc := []byte(datadog)
	p := payload(t, doc)
	clear(doc)
	clear(p.JSON())
	if string(p.JSON()) != datadog {
		t.Errorf("it became %s", p.JSON())
	}
}

// ownDatadog is a struct that atlasint generate wrote into another module.
type ownDatadog struct {
	Type   string `json:"type"`
	APIKey string `json:"apiKey"`
}

const repeated = `the payload: the required field "type" repeats another value of the payload; ` +
	"types have capital letters and underscores, such as DATADOG"

func TestNewPayloadRejects(t *testing.T) {
	for name, tc := range map[string]struct {
		in   any
		want string
	}{
		"nothing":  {[]byte{}, "the payload: it is empty"},
		"nil":      {nil, "the payload: it is not a JSON object"},
		"half":     {`{"type":`, "the payload: it is not valid JSON after 8 bytes"},
		"two":      {`{"type":"SLACK"} {}`, "the payload: it is not valid JSON after 18 bytes"},
		"an array": {`[]`, "the payload: it is not a JSON object"},
		"no type":  {`{"apiToken":"SLACK"}`, `the payload: the required field "type" is missing`},
		"a capital letter": {
			`{"Type":"SLACK"}`,
			"the payload: the required field \"type\" is missing: its name has no capital letter; in a struct, add the tag `json:\"type\"`",
		},
		"a struct without a tag": {
			struct{ Type string }{"SLACK"},
			"the payload: the required field \"type\" is missing: its name has no capital letter; in a struct, add the tag `json:\"type\"`",
		},
		"an empty type":       {`{"type":""}`, `the payload: the required field "type" is empty`},
		"a number for a type": {`{"type":1}`, `the payload: the required field "type" is not a string`},
		"null for a type":     {`{"type":null}`, `the payload: the required field "type" is not a string`},
		"a reader":            {strings.NewReader(datadog), "the payload: a *strings.Reader is a reader; pass its content, for example from io.ReadAll"},
		"a buffer": {
			*bytes.NewBufferString(datadog), "the payload: a bytes.Buffer has no fields that encoding/json writes; pass its content, from its method Bytes",
		},
		"lower case": {
			`{"type":"slack"}`,
			`the payload: "slack" is not an integration type; types have capital letters and underscores, such as DATADOG`,
		},
		"a long type": {
			`{"type":"` + hexKey + `"}`,
			"the payload: a type of 32 characters is not an integration type; types have capital letters and underscores, such as DATADOG",
		},
		"a repeated secret":                  {`{"type":"Summer2026!","apiKey":"Summer2026!"}`, repeated},
		"a repeated secret in a nested list": {`{"type":"Summer2026!","a":[{"b":"x Summer2026! y"}]}`, repeated},
		"a repeated name":                    {`{"type":"Summer2026!","a":{"Summer2026!":1}}`, repeated},
		"a repeated number":                  {`{"type":"12345678","apiKey":12345678}`, repeated},
		"a repeated secret in a map":         {map[string]string{"type": "Summer2026!", "apiKey": "Summer2026!"}, repeated},
		"a repeated secret in a view":        {atlasv2.Slack{Type: "Summer2026!", APIToken: "Summer2026!"}, `the payload of SLACK: its Type must be SLACK or empty`},
		"an empty type of a struct": {
			ownDatadog{APIKey: hexKey},
			`the payload: the required field "type" is empty; set it, or use a struct of gen/atlasv2, whose Type may be empty`,
		},
		"an empty type of a pointer": {
			&ownDatadog{APIKey: hexKey},
			`the payload: the required field "type" is empty; set it, or use a struct of gen/atlasv2, whose Type may be empty`,
		},
		"no type of a struct": {
			struct{ Key string }{hexKey},
			`the payload: the required field "type" is missing; set it, or use a struct of gen/atlasv2, whose Type may be empty`,
		},
		"another view's type": {atlasv2.Slack{Type: "DATADOG"}, `the payload of SLACK: its Type is "DATADOG"`},
		"a view that is nil":  {(*atlasv2.Slack)(nil), "the payload of SLACK: it is not a JSON object"},
		"a payload of none":   {client.Payload{}, "the payload: it is empty"},
		"a payload, nil":      {(*client.Payload)(nil), "the payload: it is not a JSON object"},
		"no JSON":             {make(chan int), "the payload: a chan int can't be written as JSON"},
	} {
		_, err := client.NewPayload(tc.in)
		var wrong *client.PayloadError
		if !errors.As(err, &wrong) || err.Error() != tc.want {
			t.Errorf("%s: the error is %v, want %s", name, err, tc.want)
		}
	}
}

func TestAsRejects(t *testing.T) {
	in := client.Integration{Type: "DATADOG", JSON: json.RawMessage(`{"type":"DATADOG","apiKey":123456789012345678901234567890}`)}
	for _, target := range []any{nil, atlasv2.Datadog{}, (*atlasv2.Datadog)(nil), new(atlasv2.Datadog), new(int)} {
		err := in.As(target)
		var wrong *client.UsageError
		if !errors.As(err, &wrong) || strings.Contains(err.Error(), "1234") {
			t.Errorf("%T: %v", target, err)
		}
	}
	want := `the integration DATADOG does not fit into *atlasv2.Datadog at "apiKey", which is not a string; read its field JSON instead`
	if err := in.As(new(atlasv2.Datadog)); err.Error() != want {
		t.Errorf("the error is %v, want %s", err, want)
	}
}

// A type of a newer Atlas can be sent and read, and errors name it.
func TestIntegrationOfAnUnknownType(t *testing.T) {
	const unknownType = `{"type":"CARRIER_PIGEON","ring":"secretRing"}`
	c := reach(t, respondWith(200, "application/json", `{"results":[`+unknownType+`]}`), client.Options{})
	in := must[client.Integration](t)(c.Create(context.Background(), project, payload(t, unknownType)))
	if in.Type != "CARRIER_PIGEON" || string(in.JSON) != unknownType {
		t.Errorf("%s %s", in.Type, in.JSON)
	}
	c = reach(t, respondWith(400, "application/json",
		`{"error":400,"errorCode":"INVALID_ATTRIBUTE","detail":"No ring secretRing of CARRIER_PIGEON."}`), client.Options{})
	_, err := c.Create(context.Background(), project, payload(t, unknownType))
	expectEnd(t, err, ": No ring (hidden) of CARRIER_PIGEON; remove the field")
}
