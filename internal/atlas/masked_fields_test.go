package atlas_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
)

func TestMaskedFields(t *testing.T) {
	for name, tc := range map[string]struct {
		version, typ, doc, want string
	}{
		"known fields in their order": {schemas.V2, "DATADOG",
			`{"region":"EU","sendDatabaseMetrics":true,"customEndpoint":null,"apiKey":"5f1d3b7a9c2e4806b1d7f3a95c0e2846","id":"1","type":"DATADOG"}`,
			"apiKey=****************************2846 region=EU sendDatabaseMetrics=true"},
		"a secret that is never shown": {schemas.V2, "PROMETHEUS", `{"username":"u","password":"p","enabled":false}`, "enabled=false username=u"},
		"unknown fields": {schemas.V2, "OPS_GENIE", `{"zone":"north","pin":1234,"wing":true,"list":["x"],"object":{"x":"y"},"none":null,"region":"US"}`,
			"region=US list=(hidden) object=(hidden) pin=(hidden) wing=true zone=(hidden)"},
		"an unknown type":             {schemas.V2, "PIGEON_POST", `{"loft":"roof","on":false}`, "loft=(hidden) on=false"},
		"a type of the other version": {schemas.V2, "FLOWDOCK", `{"flowName":"f"}`, "flowName=(hidden)"},
		"a type of any version":       {"", "FLOWDOCK", `{"flowName":"f","apiToken":"12345678"}`, "flowName=f apiToken=****5678"},
		"other kinds of values":       {"", "OPS_GENIE", `{"apiKey":{"key":"s"},"region":["s"]}`, "apiKey=(hidden) region=(hidden)"},
		"large numbers":               {"", "OPS_GENIE", `{"region":9007199254740993}`, "region=9007199254740993"},
		"an object cut short":         {"", "OPS_GENIE", `{"region":"US"`, ""},
		"an object with a remainder":  {"", "OPS_GENIE", `{"region":"US"}}`, ""},
		"a number for a secret":       {"", "OPS_GENIE", `{"apiKey":12345678}`, "apiKey=(hidden)"},
		"quotes and line ends":        {"", "VICTOR_OPS", `{"routingKey":"a \"b\"\n\u001b[2J"}`, `routingKey="a \"b\" ` + "\ufffd" + `[2J"`},
		"no object":                   {"", "DATADOG", `[]`, ""},
	} {
		var got []string
		for _, f := range atlas.MaskedFields(tc.version, tc.typ, []byte(tc.doc)) {
			if text := f.String(); text != "" {
				got = append(got, text)
			}
		}
		if diff := cmp.Diff(tc.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Every secret field of every type is masked, for any kind of value that the server sends.
func TestMaskedFieldsHideEverySecret(t *testing.T) {
	const secretSample = "canary5f1d3b7a9c2e4806"
	for _, typ := range schemas.Types {
		for _, f := range typ.Fields {
			for _, value := range []string{`"` + secretSample + `"`, `["` + secretSample + `"]`, `{"` + secretSample + `":"` + secretSample + `"}`} {
				for _, version := range []string{"", typ.APIVersion} {
					for _, shown := range atlas.MaskedFields(version, typ.Name, []byte(`{"`+f.Name+`":`+value+`}`)) {
						plain := f.Secret == "" && value[0] == '"'
						if got := shown.String(); strings.Contains(got, secretSample) && !plain {
							t.Errorf("%s %s: %s", typ.APIVersion, typ.Name, got)
						}
					}
				}
			}
		}
	}
}

// A credential that the client has hidden is not masked once more.
func TestMaskedFieldsKeepHidden(t *testing.T) {
	for typ, tc := range map[string]struct{ doc, want string }{
		"DATADOG": {`{"apiKey":"(hidden)"}`, "(hidden)"},
		"WEBHOOK": {`{"url":"https://h/(hidden)/x"}`, "https://h/(hidden)"},
	} {
		fields := atlas.MaskedFields("v2", typ, []byte(tc.doc))
		if len(fields) != 1 || fields[0].Value != tc.want {
			t.Errorf("%s: %v, want %s", typ, fields, tc.want)
		}
	}
}
