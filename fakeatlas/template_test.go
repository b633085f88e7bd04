package fakeatlas

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/gen/schemas"
)

// Atlas checks the syntax of webhook templates when it saves them.
func TestWebhookTemplates(t *testing.T) {
	for template, legal := range map[string]bool{
		`{"a":"${id}"}`: true,
		`{"a":<#if x??>"${x?json_string}"<#else>null</#if>}`: true,
		`{"a":"${s3cret"}`:      false,
		`{"a":"<#if s3cret>"}`:  false,
		`{"a":"<#s3cret>"}`:     false,
		`{"a":"${env:s3cret}"}`: false,
		`s3cret</#list>`:        false,
	} {
		for _, field := range []string{"bodyTemplate", "headersTemplate"} {
			quoted, err := json.Marshal(template)
			if err != nil {
				t.Fatal(err)
			}
			a := newAPIClient(t, schemas.V2)
			payload := `{"type":"WEBHOOK","url":"https://a.example/x","` + field + `":` + string(quoted) + `}`
			for _, method := range []string{"POST", "PUT"} {
				got := a.do(method, "/WEBHOOK", payload)
				if legal {
					a.want(got, 200, "")
					continue
				}
				a.want(got, 400, "VALIDATION_ERROR")
				if strings.Contains(got.body, "s3cret") || !strings.Contains(got.body, "FreeMarker") {
					t.Errorf("%s: %s", template, got.body)
				}
			}
		}
	}
}
