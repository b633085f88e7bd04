package otherformat_test

import (
	"strings"
	"testing"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/validate/internal/otherformat"
)

func TestTextFormat(t *testing.T) {
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

func TestJSONFormat(t *testing.T) {
	tests := []struct{ text, want string }{
		{`{"apiVersion": "atlas.mongodb.com/v1", "kind": "AtlasProject", "spec": {}}`, "a Kubernetes resource"},
		{`{"Resources": {"A": {"Type": "MongoDB::Atlas::ThirdPartyIntegration"}}}`, "a CloudFormation template"},
		{`{"AWSTemplateFormatVersion": "2010-09-09"}`, "a CloudFormation template"},
		{`{"resource": {"mongodbatlas_third_party_integration": {}}}`, "Terraform's JSON syntax"},
		{`{"terraform_version": "1.9.0", "resources": []}`, "Terraform's JSON syntax"},
		{`{"format": "atlasint-plan", "version": 1, "digests": []}`, "a plan of atlasint diff"},
		{`{"version": 1, "findings": [{"fingerprint": "a"}]}`, "a baseline of atlasint validate"},
		{`{"version": 1, "summary": {}, "findings": [], "failures": []}`, "a report of atlasint validate"},
		{`{"version": 1, "project": "5", "summary": {}, "steps": [], "findings": []}`, "a report of atlasint diff or apply"},
		{`{"version": 1, "summary": {}, "documents": [], "failures": []}`, "a report of atlasint drift"},
		{`{"$schema": "https://example.com", "version": "2.1.0", "runs": []}`, "a SARIF report"},
		{`[{"description": "a", "check_name": "enum", "fingerprint": "b"}]`, "a Code Quality report"},
		{`{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}`, "a JSON Schema"},
		{`{"$schema": "http://json-schema.org/draft-07/schema#", "dependencies": {}}`, "a JSON Schema"},
		{`{"$schema": "https://json.schemastore.org/schema-catalog.json", "version": 1, "schemas": []}`, "a catalog of JSON Schemas"},
		{`{"openapi": "3.1.0", "info": {}, "paths": {}}`, "an OpenAPI document"},
		{`{"swagger": "2.0", "info": {}}`, "an OpenAPI document"},
		{`{"name": "x", "version": "1.0.0", "lockfileVersion": 3, "packages": {}}`, "a lock file of npm"},
		{`{"name": "x", "type": "module", "scripts": {}}`, "a package.json of npm"},
		{`{"name": "x", "devDependencies": {}}`, "a package.json of npm"},
		{`{"name": "x/y", "type": "library", "require": {}}`, "a composer.json of PHP"},
		{`{"compilerOptions": {}}`, "a configuration of TypeScript, such as tsconfig.json"},
		{`{"$schema": "https://json.schemastore.org/prettierrc", "semi": false}`, "a configuration of another tool"},
		{`{"$schema": "https://example.com/json-schema.org/", "type": "object"}`, ""},
		{`{"$schema": "v2/datadog.json", "apiKey": "k"}`, ""},
		{`{"$schema": 7, "openapi": "3.1.0", "dependencies": []}`, ""},
		{`{"eventTypeName": "NO_PRIMARY", "notifications": [{"typeName": "DATADOG"}]}`, "an alert configuration"},
		{`{"eventTypeName": "NO_PRIMARY", "status": "OPEN"}`, ""},
		{`{"eventTypeName": ["x"], "notifications": []}`, ""},
		{`[{"type": "DATADOG"}]`, ""},
		{`[]`, ""},
		{`["check_name"]`, ""},
		{`{"version": 1, "findings": {}}`, ""},
		{`{"version": "1", "findings": []}`, ""},
		{`{"format": "json"}`, ""},
		{`{"apiVersion": 1, "kind": "x"}`, ""},
		{`{"apiKey": "k"}`, ""},
	}
	for _, test := range tests {
		doc, err := jsonpos.Parse([]byte(test.text))
		if err != nil {
			t.Fatal(err)
		}
		if got := otherformat.JSON(&doc.Root); name(got) != test.want {
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
