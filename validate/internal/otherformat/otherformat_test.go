package otherformat_test

import (
	"strings"
	"testing"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/validate/internal/otherformat"
)

func TestText(t *testing.T) {
	tests := []struct{ text, want string }{
		{"type: DATADOG\napiKey: k\n", "YAML"},
		{"---\ntype: DATADOG\n", "YAML"},
		{"# our key\n\napiVersion: atlas.mongodb.com/v1\n", "YAML"},
		{"- type: DATADOG\n", "YAML"},
		{"apiVersion: atlas.mongodb.com/v1\nkind: AtlasProject\nspec:\n  type: DATADOG\n", "a Kubernetes resource in YAML"},
		{"---\nkind: AtlasProject\r\napiVersion: atlas.mongodb.com/v1\r\n", "a Kubernetes resource in YAML"},
		{"spec:\n  apiVersion: v1\n  kind: x\n", "YAML"},
		{"apiVersion: v1\n" + strings.Repeat("# comment\n", 10000) + "kind: x\n", "YAML"},
		{"AWSTemplateFormatVersion: '2010-09-09'\n", "a CloudFormation template in YAML"},
		{"Description: alerts\nResources:\n  A:\n    Type: x\n", "a CloudFormation template in YAML"},
		{"type: DATADOG\nspec:\n  Resources:\n", "YAML"},
		{"{\"a\": 1,}\napiVersion: v1\nkind: x\n", ""},
		{"spec:\n  type: DATADOG\n", "YAML"},
		{"resource \"mongodbatlas_third_party_integration\" \"a\" {\n", "Terraform (HCL)"},
		{"// alerts\nvariable \"key\" {}\n", "Terraform (HCL)"},
		{"terraform {\n", "Terraform (HCL)"},
		{"api_key = \"k\"\n", "Terraform (HCL)"},
		{"{type: 'DATADOG'}", ""},
		{"{\n  // a comment\n  \"type\": \"DATADOG\"\n}", ""},
		{"\"type\": \"DATADOG\",", ""},
		{"[{\"type\": \"DATADOG\"},]", ""},
		{"https://hooks.example.com/x", ""},
		{"NaN", ""},
		{"", ""},
	}
	for _, test := range tests {
		if got := otherformat.Text([]byte(test.text)); name(got) != test.want {
			t.Errorf("%q: got %q, want %q", test.text, name(got), test.want)
		}
	}
}

func TestObject(t *testing.T) {
	tests := []struct{ text, want string }{
		{`{"apiVersion": "atlas.mongodb.com/v1", "kind": "AtlasProject", "spec": {}}`, "a Kubernetes resource"},
		{`{"Resources": {"A": {"Type": "MongoDB::Atlas::ThirdPartyIntegration"}}}`, "a CloudFormation template"},
		{`{"AWSTemplateFormatVersion": "2010-09-09"}`, "a CloudFormation template"},
		{`{"resource": {"mongodbatlas_third_party_integration": {}}}`, "Terraform's JSON syntax"},
		{`{"terraform_version": "1.9.0", "resources": []}`, "Terraform's JSON syntax"},
		{`{"format": "atlasint-plan", "version": 1, "digests": []}`, "a plan of atlasint diff"},
		{`{"format": "json"}`, ""},
		{`{"apiVersion": 1, "kind": "x"}`, ""},
		{`{"apiKey": "k"}`, ""},
	}
	for _, test := range tests {
		doc, err := jsonpos.Parse([]byte(test.text))
		if err != nil {
			t.Fatal(err)
		}
		if got := otherformat.Object(&doc.Root); name(got) != test.want {
			t.Errorf("%s: got %q, want %q", test.text, name(got), test.want)
		}
	}
}

func name(f *otherformat.Format) string {
	if f == nil {
		return ""
	}
	return f.Name
}

func TestCamelCase(t *testing.T) {
	for name, want := range map[string]string{
		"api_key": "apiKey", "microsoft_teams_webhook_url": "microsoftTeamsWebhookUrl",
		"apiKey": "", "api": "", "api__key": "", "_key": "", "Api_Key": "",
	} {
		if got := otherformat.CamelCase(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
