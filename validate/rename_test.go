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
				if !strings.Contains(got, typ+` calls it "`+field+`"`) && !strings.Contains(got, `did you mean "`+field+`"?`) {
					t.Errorf("%s %s %s: the field is not named: %s", version, target, name, got)
				}
				_, hint, isRequired := strings.Cut(got, typ+`: missing required field "`+field+`"`)
				if wantRequired := typ != "PROMETHEUS"; wantRequired && !isRequired {
					t.Errorf("%s %s %s: no finding of the required field: %s", version, target, name, got)
				}
				hint, _, _ = strings.Cut(hint, "\n")
				if want := "; rename the field at 1:" + column(typ) + " [required]"; isRequired && !strings.HasSuffix(hint, want) {
					t.Errorf("%s %s %s: the hint is %q, want it to end with %q", version, target, name, hint, want)
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
		got := strings.Join(check(t, payload, validate.Options{}), "\n")
		for _, words := range []string{"rename", "did you mean", "calls it"} {
			if strings.Contains(got, words) {
				t.Errorf("%s: %q in %s", payload, words, got)
			}
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
