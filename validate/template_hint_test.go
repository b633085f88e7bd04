package validate_test

import (
	"strings"
	"testing"

	"github.com/atlasint/atlasint/validate"
)

// The hint for a file that is a template of another tool is to render it.
func TestSyntaxOfTemplates(t *testing.T) {
	for text, file := range map[string]string{
		"type: DATADOG\napiKey: {{ .Values.key }}\n":                             "t.yaml",
		"type: DATADOG\napiKey: {{ .Values.key }}-x\n":                           "t.yaml",
		"{{- if .Values.datadog }}\ntype: DATADOG\n{{- end }}\n":                 "t.yaml",
		"type: DATADOG\n{{- if .Values.key }}\napiKey: a\n{{- end }}\n":          "t.yaml",
		"{% if datadog %}\ntype: DATADOG\n{% endif %}\n":                         "t.yaml",
		"{# comment #}\ntype: DATADOG\n":                                         "t.yaml",
		`{"type": "OPS_GENIE", "apiKey": {{ .Values.key }}}`:                     "t.json",
		`{"type": "OPS_GENIE",{% if eu %} "region": "EU",{% endif %}"apiKey":1}`: "t.json",
	} {
		findings := newValidator(t, validate.Options{}).Check(file, []byte(text))
		if len(findings) != 1 || findings[0].Rule != "syntax" || !strings.HasPrefix(findings[0].Hint, "render the template first") {
			t.Errorf("%s: %v", text, findings)
		}
	}
	for text, file := range map[string]string{
		`{"type": "OPS_GENIE", "apiKey": a}`:                      "t.json",
		`{"type": "OPS_GENIE", "apiKey": "{{key}}", "region": a}`: "t.json",
		"type: [DATADOG\napiKey: b\n":                             "t.yaml",
	} {
		findings := newValidator(t, validate.Options{}).Check(file, []byte(text))
		if len(findings) != 1 || strings.Contains(findings[0].Hint, "template") {
			t.Errorf("%s: %v", text, findings)
		}
	}
}
