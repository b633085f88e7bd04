package rename_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/validate/internal/rename"
	"github.com/atlasint/atlasint/validate/internal/types"
)

func TestFields(t *testing.T) {
	for name, c := range map[string]struct {
		typ, payload string
		want         map[string]string // fields by the surplus names
	}{
		"none":                    {"DATADOG", `{"type":"DATADOG","apiKey":"x"}`, nil},
		"separators":              {"DATADOG", `{"api_key":"x"}`, map[string]string{"api_key": "apiKey"}},
		"misspelled":              {"DATADOG", `{"apiKye":"x"}`, map[string]string{"apiKye": "apiKey"}},
		"a part":                  {"SLACK", `{"token":"x"}`, map[string]string{"token": "apiToken"}},
		"of the same role":        {"PAGER_DUTY", `{"integrationKey":"x"}`, map[string]string{"integrationKey": "serviceKey"}},
		"the secret is there":     {"PAGER_DUTY", `{"serviceKey":"x","integrationKey":"y"}`, nil},
		"only the first":          {"PAGER_DUTY", `{"integrationKey":"x","otherSecret":"y"}`, map[string]string{"integrationKey": "serviceKey"}},
		"the nearer name":         {"PAGER_DUTY", `{"integrationKey":"x","service_key":"y"}`, map[string]string{"service_key": "serviceKey"}},
		"another API's name":      {"DATADOG", `{"site":"datadoghq.eu"}`, map[string]string{"site": "region"}},
		"of another type":         {"WEBHOOK", `{"site":"x"}`, nil},
		"with a value":            {"DATADOG", `{"apiKey:x":null,"apiKey=x":"y","apiKey x":null,"apiKey\tx":null}`, nil},
		"with a blank":            {"DATADOG", `{"api key":"x"}`, map[string]string{"api key": "apiKey"}},
		"nothing like it":         {"DATADOG", `{"color":"red"}`, nil},
		"part of several or none": {"DATADOG", `{"ap":"x"}`, nil},
	} {
		doc, err := jsonpos.Parse([]byte(c.payload))
		if err != nil {
			t.Fatal(err)
		}
		version := schemas.V2
		if types.Of(version).ByName[c.typ] == nil {
			version = schemas.V1
		}
		got := rename.Fields(&doc.Root, types.Of(version).ByName[c.typ].Payload)
		if len(got) == 0 {
			got = nil
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestValueHint(t *testing.T) {
	region := types.Of(schemas.V2).ByName["DATADOG"].Payload.Lookup("region")
	allowed := []string{"US", "EU", "US3"}
	const use = `use "US", "EU" or "US3"`
	for value, want := range map[string]string{
		"US1":                              `Atlas calls it "US"`,
		"us1":                              `Atlas calls it "US"`,
		"https://app.datadoghq.eu/account": `Atlas calls it "EU"`,
		"https://us3.datadoghq.com":        `Atlas calls it "US3"`,
		"datadoghq.eu.example.com":         use, // another host
		"notdatadoghq.eu":                  use,
		"eu":                               `did you mean "EU"? (` + use + `)`,
		"MARS":                             use,
	} {
		if got := rename.ValueHint(allowed, region, value); got != want {
			t.Errorf("%s: got %s, want %s", value, got, want)
		}
	}
}

func TestIsProject(t *testing.T) {
	for name, want := range map[string]bool{"project_id": true, "groupId": true, "ProjectId": true, "id": false, "projectIds": false} {
		if got := rename.IsProject(name); got != want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}
