package validate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

// A secret under a name that another type or the service has for it gets a hint to rename it: at the missing field with
// the place, at the surplus one with the name.
func TestRenamedSecrets(t *testing.T) {
	names := map[string][]string{
		"PAGER_DUTY.serviceKey": {
			"apiKey", "api_key", "routingKey", "integrationKey", "integration_key", "apiToken", "token", "licenseKey",
			"service_key",
		},
		"DATADOG.apiKey":    {"serviceKey", "apiToken", "api_token", "accessToken", "key", "datadogApiKey", "clientSecret"},
		"OPS_GENIE.apiKey":  {"serviceKey", "apiToken", "integrationKey", "genieKey", "apikey"},
		"VICTOR_OPS.apiKey": {"serviceKey", "apiToken", "integrationKey", "api_key"},
		"SLACK.apiToken":    {"apiKey", "api_key", "botToken", "accessKey", "token"},
		"FLOWDOCK.apiToken": {"apiKey", "flowToken", "serviceKey"},
		"WEBHOOK.url":       {"uri", "endpoint", "webhook", "webhookUrl", "hookAddress", "microsoftTeamsWebhookUrl"},
		"MICROSOFT_TEAMS.microsoftTeamsWebhookUrl": {"url", "uri", "endpoint", "teamsWebhook", "webhook_url"},
		"PROMETHEUS.password":                      {"pwd", "pass", "userPassword"},
	}
	for target, list := range names {
		typ, field, _ := strings.Cut(target, ".")
		for _, version := range []string{schemas.V1, schemas.V2} {
			if schemas.Find(version, typ) == nil {
				continue
			}
			for _, name := range list {
				got := strings.Join(check(t, `{"type":"`+typ+`","`+name+`":"x"}`, validate.Options{APIVersion: version}), "\n")
				named := strings.Contains(got, typ+` calls it "`+field+`"`) || strings.Contains(got, `did you mean "`+field+`"?`)
				missing := typ + `: missing required field "` + field + `"`
				_, hint, _ := strings.Cut(got, missing)
				hint, _, _ = strings.Cut(hint, "\n")
				isRequired := strings.Contains(got, missing)
				if !named || isRequired && !strings.HasSuffix(hint, "; rename the "+
					"field at 1:"+column(typ)+" [required]") || !isRequired && typ != "PROMETHEUS" {
					t.Errorf("%s %s %s: %s", version, target, name, got)
				}
			}
		}
	}
}

// column is the column of the second field of a payload.
func column(typ string) string { return fmt.Sprint(len(`{"type":"","`) + len(typ)) }

// A rename that is not certain is not advised.
func TestUncertainRenamesAreNotSuggested(t *testing.T) {
	for _, payload := range []string{
		`{"type":"NEW_RELIC","apiKey":"x"}`, // one of three
		`{"type":"PAGER_DUTY","serviceKey":"0123456789abcdef0123456789abcdef","integrationKey":"x"}`, // it is there
		`{"type":"PAGER_DUTY","pwd":"x"}`, // another role
		`{"type":"WEBHOOK","apiKey":"x"}`,
		`{"type":"PROMETHEUS","bearerToken":"x"}`,
		`{"type":"PAGER_DUTY","colour":"x"}`,
	} {
		if got := strings.Join(check(t, payload, validate.Options{}), "\n"); strings.Contains(got, "rename") || strings.Contains(got, "did you mean") || strings.Contains(got, "calls it") {
			t.Errorf("%s: %s", payload, got)
		}
	}
	got := check(t, `{"type":"PAGER_DUTY","apiKey":"x","integrationKey":"y"}`, validate.Options{})
	want := []string{
		`1:9: PAGER_DUTY: missing required field "serviceKey" (PagerDuty service key, string); rename the field at 1:22 [required]`,
		`1:22: PAGER_DUTY: field "apiKey" belongs to DATADOG, OPS_GENIE and VICTOR_OPS; PAGER_DUTY calls it "serviceKey": rename it, ` +
			`since Atlas rejects the fields of other types [foreign-field]`,
		`1:35: PAGER_DUTY: unknown field "integrationKey"; the fields are id, type, serviceKey and region [unknown-field]`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("of two, the first is meant (-want +got):\n%s", diff)
	}
}
