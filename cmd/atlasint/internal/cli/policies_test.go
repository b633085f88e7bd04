package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/clitest"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/gen/schemas"
)

// The starter set finds all violations in its payloads, in each format and with schemas of both drafts.
func TestStarterPolicies(t *testing.T) {
	root := rootDir(t)
	inRoot(t)
	const where = "examples/policies/payloads/"
	for _, draft := range []string{"http://json-schema.org/draft-07/schema#", "https://json-schema.org/draft/2020-12/schema"} {
		config := starterSet(t, root, draft)
		for _, format := range []string{"text", "json", "sarif"} {
			code, out, errOut := run("validate", "--config", config, "--format", format, where)
			if code != 1 || errOut != "" {
				t.Fatalf("%s: exit code %d: %s", format, code, errOut)
			}
			for _, want := range []string{
				"Monitoring data stays in the EU; set region to EU", "Webhooks go to our own hosts, by https",
				"Secrets come from the environment or a file; write ${env:NAME} or ${file:PATH}", "Channels for alerts begin with atlas- or oncall-",
				"the nearest form: WEBHOOK.url: Alerts go to https://hooks.example.com/",
			} {
				if !strings.Contains(out, want) {
					t.Errorf("%s, %s: the report lacks %q", draft, format, want)
				}
			}
			if format == "sarif" {
				starterRules(t, out)
			}
		}
	}
}

// starterSet copies the starter set with another draft, and returns its configuration.
func starterSet(t *testing.T, root, draft string) string {
	t.Helper()
	dir := t.TempDir()
	files, err := filepath.Glob(filepath.Join(root, "examples", "policies", "*.schema.json"))
	if err != nil || len(files) != 4 {
		t.Fatal(files, err)
	}
	for _, file := range append(files, filepath.Join(root, "examples", "policies", ".atlasint.yaml")) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := regexp.MustCompile(`"\$schema": "[^"]*"`).ReplaceAllLiteralString(string(data), fmt.Sprintf(`"$schema": %q`, draft))
		writeFile(t, filepath.Join(dir, filepath.Base(file)), text)
	}
	return filepath.Join(dir, ".atlasint.yaml")
}

// starterRules checks that each result of a SARIF log has the rule of its schema, with the title of the schema.
func starterRules(t *testing.T, log string) {
	t.Helper()
	var sarif struct {
		Runs []struct {
			Tool struct {
				Driver struct {
					Rules []struct {
						ID    string
						Short struct{ Text string } `json:"shortDescription"`
					}
				}
			}
			Results []struct {
				RuleID    string `json:"ruleId"`
				RuleIndex int    `json:"ruleIndex"`
			}
		}
	}
	if err := json.Unmarshal([]byte(log), &sarif); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, result := range sarif.Runs[0].Results {
		rule := sarif.Runs[0].Tool.Driver.Rules[result.RuleIndex]
		if rule.ID != result.RuleID {
			t.Errorf("the result of %s has the rule %s", result.RuleID, rule.ID)
		}
		got = append(got, rule.ID+": "+rule.Short.Text)
	}
	want := []string{
		"policy/eu-only.schema.json: Region EU only", "policy/references.schema.json: References instead of literals",
		"policy/channel-names.schema.json: Names of channels", "policy/own-hosts.schema.json: Own hosts only, by https",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The policy for references names each secret field that is neither a URL nor a template.
func TestStarterReferences(t *testing.T) {
	inRoot(t)
	data, err := os.ReadFile("examples/policies/references.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct{ Properties map[string]any }
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, typ := range schemas.Types {
		for _, f := range typ.Fields {
			if isKey := f.Format != "uri" && f.TemplateBytes == 0; isKey && f.Secret != "" {
				known[f.Name] = true
				if schema.Properties[f.Name] == nil {
					t.Errorf("the policy lacks %s.%s", typ.Name, f.Name)
				}
			}
		}
	}
	if len(known) != len(schema.Properties) {
		t.Errorf("the policy has %d fields, want the %d secret ones", len(schema.Properties), len(known))
	}
}

// No report format shows a secret of a payload or a schema. In this test, every string of a schema is a secret.
func TestPolicyReportsHideSecrets(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir)
	t.Chdir(dir)
	long := canary + canary
	schema := strings.NewReplacer("LONG", long, "CANARY", canary).Replace(`{
		"title":"CANARY","description":"x CANARY, https://CANARY.example/CANARY","$comment":"CANARY",
		"$defs":{"LONG":{"anyOf":[{"const":"CANARY","title":"CANARY"},{"pattern":"^CANARY$"}],"description":"CANARY"}},
		"required":["LONG"],"properties":{"LONG":{"default":"CANARY"}},"additionalProperties":{"$ref":"#/$defs/LONG"},"examples":["CANARY"]}`)
	writeFile(t, "p.schema", schema)
	schema = strings.ReplaceAll(`{"additionalProperties":{"enum":["CANARY"]},"not":{"minProperties":1,"title":"CANARY"}}`, "CANARY", canary)
	writeFile(t, "q.schema", schema)
	for _, format := range report.Names() {
		for _, api := range []string{schemas.V1, schemas.V2} {
			code, out, errOut := run("validate", "--api", api, "--format", format, "--schema", "p.schema", "--schema", "q.schema",
				"--max-findings", "1000", ".")
			if code != 1 || !strings.Contains(out, "policy") {
				t.Errorf("%s: exit code %d: %s", format, code, errOut)
			}
			for i := 0; i+8 <= len(canary); i++ {
				if part := canary[i : i+8]; strings.Contains(out+errOut, part) {
					at := strings.Index(out+errOut, part)
					t.Fatalf("%s: the report shows %s: %s", format, part, (out + errOut)[max(0, at-300):at+20])
				}
			}
		}
	}
	// Errors of schemas show none either.
	for _, text := range []string{
		`{"pattern":"(?=` + canary + `)"}`, `{"$ref":"#/` + canary + `"}`, `{"type":"` + canary + `"}`,
		`{"` + long + `":`, `{"format":"` + canary + `"}`,
	} {
		writeFile(t, "p.schema", text)
		code, out, errOut := run("validate", "--schema", "p.schema", ".")
		if code != 2 {
			t.Errorf("%s: exit code %d, want 2", text, code)
		}
		wantParts(t, text, errOut, "p.schema:1:")
		wantNoParts(t, text, out+errOut, canary[:8])
	}
}

// A short secret that a schema has as a value, a bound or a name reaches no report, for any operation.
func TestPolicyReportsHideShortSecrets(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("POLICY_SECRET", "hunter2")
	writeFile(t, "dd.json", `{"type":"DATADOG","apiKey":"hunter2","region":"US","nested":{"hunter2":1,"zq001x0f3b9c77d2e":2}}`)
	writeFile(t, "ref.json", `{"type":"DATADOG","apiKey":"${env:POLICY_SECRET}","region":"US","nested":{"x":1}}`)
	writeFile(t, "number.json", `{"type":"DATADOG","apiKey":12345678,"region":"US","nested":{"x":1}}`)
	writeFile(t, "p.schema", `{"title":"hunter2","description":"not hunter2",
		"dependentRequired":{"type":["hunter2"]},"required":["12345678","hunter2","zq001x0f3b9c77d2e0"],
		"properties":{"region":{"allOf":[{"const":"hunter2"},{"enum":["hunter2","x"]},{"const":12345678},{"minLength":12345678},
			{"anyOf":[{"const":"hunter2"},{"const":12345678}]}]},
		"nested":{"properties":{"hunter2":false},"additionalProperties":false,"required":["hunter2"]}}}`)
	writeFile(t, "q.schema", `{"x-atlasint-expand":false,"required":["hunter2"],"properties":{"region":{"enum":["hunter2",12345678]}}}`)
	for _, format := range report.Names() {
		for _, flags := range [][]string{
			{"dd.json"}, {"--for", "update", "dd.json"}, {"--expand", "ref.json"},
			{"--expand", "--for", "update", "ref.json"}, {"number.json"}, {"--for", "update", "number.json"},
		} {
			args := []string{
				"validate", "--format", format, "--schema", "p.schema", "--schema", "q.schema",
				"--rule", "unknown-field=off", "--rule", "key-format=off",
			}
			_, out, errOut := run(append(args, flags...)...)
			secret := "hunter2"
			if slices.Contains(flags, "number.json") {
				secret = "12345678"
			}
			if !strings.Contains(out, "policy") || errOut != "" {
				t.Errorf("%s %v: no policy in the report: %s%s", format, flags, out, errOut)
			}
			for _, hidden := range []string{secret, "zq001x0f3b9c77d2e"} {
				if strings.Contains(out, hidden) {
					t.Errorf("%s %v: the report shows %s: %s", format, flags, hidden, out)
				}
			}
		}
	}
}

// Commands of terminals and CI systems in a schema never appear in the output.
func TestPolicyReportsHaveNoCommands(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, "dd.json", datadogPayload)
	text := `\u001b]0;x\u0007::error::a\n::error::b ##[error]c ##vso[task.complete]d \u202e`
	writeFile(t, "p.schema", `{"title":"`+text+`","properties":{"region":{"const":"US","description":"`+text+`"}}}`)
	for _, format := range report.Names() {
		_, out, errOut := run("validate", "--format", format, "--schema", "p.schema", "dd.json")
		if !strings.Contains(out, "error::a") || errOut != "" {
			t.Errorf("%s: the report lacks the description: %s%s", format, out, errOut)
		}
		wantNoParts(t, format, out, "\x1b", "\x07", "\u202e", "##[", "##vso[")
		if format != report.Annotations && regexp.MustCompile(`(?m)^\s*::`).MatchString(out) {
			t.Errorf("%s: the report has a command: %q", format, out)
		}
		if format == report.Annotations && strings.Count(out, "\n") != 1 {
			t.Errorf("%s: want one command: %q", format, out)
		}
	}
}

// The page docs/policies.md lists the formats.
func TestPolicyFormats(t *testing.T) {
	inRoot(t)
	page, err := os.ReadFile("docs/policies.md")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	writeFile(t, "dd.json", datadogPayload)
	writeFile(t, "p.schema", `{"format":"none"}`)
	_, _, errOut := run("validate", "--schema", "p.schema", "dd.json")
	_, list, found := strings.Cut(strings.TrimSpace(errOut), "the formats are ")
	listed := strings.Join(strings.Fields(string(page)), " ")
	if want := "in both drafts: `" + strings.ReplaceAll(list, ", ", "`, `") + "`. "; !found || !strings.Contains(listed, want) {
		t.Errorf("docs/policies.md lacks %q", want)
	}
}

// The error for a schema that is too large does not depend on its size.
func TestLargeSchemas(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, "dd.json", datadogPayload)
	writeFile(t, "c.yaml", `schemas: [{types: ["*"], file: p.schema}]`)
	for _, size := range []int{256<<10 + 1, 1<<20 + 1} {
		writeFile(t, "p.schema", "{}"+strings.Repeat(" ", size-2))
		for prefix, flags := range map[string][]string{"": {"--schema", "p.schema"}, "c.yaml:1:32: ": {"--config", "c.yaml"}} {
			got := outcomeOf(run(append([]string{"validate", "dd.json"}, flags...)...))
			wantOutcome(t, fmt.Sprintf("%d bytes", size), outcome{2, "", "atlasint: " + prefix +
				"can't read the schema p.schema: it is larger than 256 KiB; split it into several schemas\n"}, got)
		}
	}
	writeFile(t, "p.schema", "{}"+strings.Repeat(" ", 256<<10-2))
	if code, _, errOut := run("validate", "dd.json", "--schema", "p.schema"); code != 0 {
		t.Errorf("256 KiB: exit code %d: %s", code, errOut)
	}
}

// The folder of the starter set can be validated as a whole: its configuration excludes the schemas.
func TestStarterFolder(t *testing.T) {
	inRoot(t)
	t.Chdir("examples/policies")
	code, out, errOut := run("validate", ".")
	if code != 1 || errOut != "" {
		t.Errorf("exit code %d, want 1; stderr is %q", code, errOut)
	}
	wantParts(t, "stdout", out, "payloads/datadog.json:4:13: ")
	wantNoParts(t, "stdout", out, "schema.json:")
}

// The commands apply and diff reject a payload that violates a policy, and send no change. The fake accepts the
// payload. For an update, the policy applies to the fields in the payload.
func TestApplyRefusesPolicies(t *testing.T) {
	atlas := startAtlas(t)
	t.Setenv("POLICY_KEY", "5f1d3b7a9c2e4806b1d7f3a95c0e2846")
	writeFile(t, "dd.json", strings.Replace(datadogPayload, `"EU"`, `"US"`, 1))
	writeFile(t, "eu.schema", `{"properties":{"region":{"const":"EU","description":"EU only"}}}`)
	writeFile(t, ".atlasint.yaml", "schemas: [{types: [DATADOG], file: eu.schema}]\n")
	for _, args := range [][]string{{"apply", "--yes", "dd.json"}, {"diff", "dd.json"}} {
		out, errOut := must(t, 1, args...)
		if !strings.Contains(out+errOut, "DATADOG.region: EU only (eu.schema#/properties/region)") || len(writes(atlas)) > 0 {
			t.Errorf("%v: %s%s", args, out, errOut)
		}
	}
	must(t, 0, "apply", "--yes", "--rule", "policy=off", "dd.json")
	if len(writes(atlas)) != 1 {
		t.Errorf("the fake did not accept the payload: %v", writes(atlas))
	}
	// A schema that checks the text before expansion accepts references that apply replaces.
	writeFile(t, "eu.schema", `{"x-atlasint-expand":false,"properties":{"apiKey":{"pattern":"^\\$\\{env:"}}}`)
	must(t, 1, "diff", "dd.json")
	writeFile(t, "dd.json", `{"type":"DATADOG","apiKey":"${env:POLICY_KEY}","region":"EU"}`)
	must(t, 0, "apply", "--yes", "dd.json")
	// Only a creation must have all fields.
	writeFile(t, "eu.schema", `{"required":["sendDatabaseMetrics"]}`)
	must(t, 0, "diff", "dd.json")
	must(t, 1, "apply", "--yes", "--schema", "eu.schema", "--config", ".atlasint.yaml", writeOps(t))
}

// writeOps writes a payload whose integration does not exist.
func writeOps(t *testing.T) string {
	t.Helper()
	writeFile(t, "ops.json", opsPayload)
	return "ops.json"
}

// The published schema of the configuration is the one that the command prints, and its errors use.
func TestConfigurationSchema(t *testing.T) {
	inRoot(t)
	_, out, _ := run("schema", "--configuration")
	clitest.Golden(t, "docs/atlasint.schema.json", out)
}
