package validate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

// Sites of the services, as hosts and as URLs, are regions by another name.
func TestRegionsGivenAsSites(t *testing.T) {
	for _, tc := range []struct{ typ, key, site, want string }{
		{"DATADOG", "apiKey", "datadoghq.com", `Atlas calls it "US"`},
		{"DATADOG", "apiKey", "https://app.datadoghq.com", `Atlas calls it "US"`},
		{"DATADOG", "apiKey", "https://api.datadoghq.com/", `Atlas calls it "US"`},
		{"DATADOG", "apiKey", "DATADOGHQ.EU", `Atlas calls it "EU"`},
		{"DATADOG", "apiKey", "app.datadoghq.eu", `Atlas calls it "EU"`},
		{"DATADOG", "apiKey", "us3.datadoghq.com", `Atlas calls it "US3"`},
		{"DATADOG", "apiKey", "https://us5.datadoghq.com/account/login", `Atlas calls it "US5"`},
		{"DATADOG", "apiKey", "https://api.ap1.datadoghq.com", `Atlas calls it "AP1"`},
		{"DATADOG", "apiKey", "https://app.ddog-gov.com", `Atlas calls it "US1_FED"`},
		{"DATADOG", "apiKey", "https://ap2.datadoghq.com", `this is AP2, which the log integrations of the API offer and this one does not; use "US"`},
		{"DATADOG", "apiKey", "us4.datadoghq.com", `use "US"`},
		{"DATADOG", "apiKey", "datadoghq.com.example", `use "US"`},
		{"DATADOG", "apiKey", "intake.us3.datadoghq.com", `Atlas calls it "US3"`},
		{"DATADOG", "apiKey", "http-intake.logs.us5.datadoghq.com:443", `Atlas calls it "US5"`},
		{"DATADOG", "apiKey", "https://intake.profile.datadoghq.eu/api?x", `Atlas calls it "EU"`},
		{"DATADOG", "apiKey", "trace.agent.datadoghq.com.", `Atlas calls it "US"`},
		{"DATADOG", "apiKey", "intake.ap1.datadoghq.com", `Atlas calls it "AP1"`},
		{"DATADOG", "apiKey", "intake.ap2.datadoghq.com", `this is AP2`},
		{"DATADOG", "apiKey", "logs.ddog-gov.com", `Atlas calls it "US1_FED"`},
		{"DATADOG", "apiKey", "intake.us4.datadoghq.com", `use "US"`},
		{"DATADOG", "apiKey", "notdatadoghq.com", `use "US"`},
		{"PAGER_DUTY", "serviceKey", "events.eu.pagerduty.com", `Atlas calls it "EU"`},
		{"PAGER_DUTY", "serviceKey", "https://events.pagerduty.com/v2/enqueue", `Atlas calls it "US"`},
		{"PAGER_DUTY", "serviceKey", "acme.eu.pagerduty.com", `Atlas calls it "EU"`},
		{"OPS_GENIE", "apiKey", "acme.app.eu.opsgenie.com", `Atlas calls it "EU"`},
		{"OPS_GENIE", "apiKey", "app.opsgenie.com", `Atlas calls it "US"`},
		{"OPS_GENIE", "apiKey", "api.eu.opsgenie.com", `Atlas calls it "EU"`},
		{"OPS_GENIE", "apiKey", "https://api.opsgenie.com/v2", `Atlas calls it "US"`},
		{"PAGER_DUTY", "serviceKey", "https://api.eu.pagerduty.com", `Atlas calls it "EU"`},
	} {
		for _, version := range []string{schemas.V1, schemas.V2} {
			typ := schemas.Find(version, tc.typ)
			if !slices.ContainsFunc(typ.Fields, func(f schemas.Field) bool { return f.Name == "region" }) {
				continue
			}
			payload := `{"type":"` + tc.typ + `","` + tc.key + `":"0123456789abcdef0123456789abcdef","region":` + quote(tc.site) + `}`
			got := check(t, payload, validate.Options{APIVersion: version})
			if len(got) != 1 || !strings.Contains(got[0], "; "+tc.want) {
				t.Errorf("%s %s %s: %v, want %q", version, tc.typ, tc.site, got, tc.want)
			}
		}
	}
}
