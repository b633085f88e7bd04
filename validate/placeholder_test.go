package validate_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

const (
	realValue = "put the real value"
	reference = "only ${env:NAME}"
)

// placeholders are texts of each family, with what to do about them.
var placeholders = []struct {
	family, hint string
	inTemplates  bool // templates have variables and words of their own
	texts        []string
}{
	{"what programs write for a missing value", realValue, true, []string{
		"null", "NULL", "undefined", "None", "nil", "<nil>", "[object Object]", "[object Promise]", "(null)",
		"(sensitive value)", "(known after apply)", "(sensitive)", "%!s(<nil>)", "%!v(MISSING)", "<no value>", "<unset>",
	}},
	{"texts to replace by hand", realValue, true, []string{
		"TODO", "todo", "FIXME", "tbd", "changeme", "<your-key>", "[YOUR KEY]", "REPLACEME", "replaceme", "placeholder", "redacted", "string",
		"XXXXXXXXXXXXXXXX", "xxx", "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "...", "???", " TODO ",
	}},
	{"words to replace by hand", realValue, false, []string{
		"TODO: add the key", "TODO_ADD_KEY", "CHANGE_ME", "change-this", "ChangeMe", "your-api-key-here", "YOUR_API_KEY", "yourApiKey", "your token",
		"api_key_here", "INSERT_KEY_HERE", "INSERT_PAGERDUTY_SERVICE_KEY", "insert key here", "REPLACE", "REPLACE_ME", "replace-me",
		"REPLACE_WITH_SECRET", "PUT_YOUR_KEY_HERE", "ENTER_TOKEN", "xoxb-xxxxxxxxxxxx-xxxxxxxxxxxx", "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx",
	}},
	{"variables of other tools", reference, false, []string{
		"#{KEY}#", "#{KEY}", "__KEY__", "__DatadogApiKey__", "@KEY@", "@@KEY@@", "%KEY%", "$KEY", "${KEY}", "${KEY:-x}", "$(KEY)", "$(cat /key)",
		"{{ key }}", "{{{key}}}", "${{ secrets.KEY }}", "((key))", "[[key]]", "%{KEY}", "%(key)s", "{KEY}", "<%= key %>", "${env.KEY}",
	}},
	{"references to secrets", reference, true, []string{
		"op://vault/item/field", "vault:secret/data/datadog#key", "vault://secret/datadog", "ref+vault://secret/datadog#/key",
		"arn:aws:secretsmanager:eu-west-1:123456789012:secret:datadog-AbCdEf", "arn:aws:ssm:eu-west-1:123456789012:parameter/key",
		"awssm://datadog", "azurekeyvault://v/s", "gcpsm://p/s", "doppler://p/c/KEY", "secretref:datadog", "env:KEY", "file:./key.txt", "env://KEY",
		"ENC[AES256_GCM,data:Zm9v,iv:YmFy,tag:YmF6,type:str]", "ENC[PKCS7,MIIBeQ==]", "ENC(bm8=)", "$ANSIBLE_VAULT;1.1;AES256",
		"@Microsoft.KeyVault(SecretUri=https://v.example/s)", "!vault | x", "projects/p/secrets/s/versions/latest",
	}},
}

// Every placeholder is found in every field that is text, in both API versions. Where the schema rejects the value
// too, its error comes as well.
func TestPlaceholdersInEveryField(t *testing.T) {
	fields := 0
	for _, typ := range schemas.Types {
		for _, f := range typ.Fields {
			if f.Kind != "string" || f.Const != "" || f.ReadOnly || f.Name == "id" {
				continue
			}
			fields++
			for _, family := range placeholders {
				for _, text := range family.texts {
					want := f.TemplateBytes == 0 || family.inTemplates
					if want && !isFound(t, typ, f.Name, text, family.hint) {
						t.Errorf("%s %s.%s: %s: %q is not found, or has another hint than %s",
							typ.APIVersion, typ.Name, f.Name, family.family, text, family.hint)
					}
				}
			}
		}
	}
	if fields < 40 {
		t.Errorf("%d fields", fields)
	}
}

func isFound(t *testing.T, typ schemas.Type, field, text, hint string) bool {
	t.Helper()
	var payload map[string]any
	if err := json.Unmarshal(example(t, typ), &payload); err != nil {
		t.Fatal(err)
	}
	payload[field] = text
	v, err := validate.New(validate.Options{APIVersion: typ.APIVersion})
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(v.Check("p", encode(t, payload)), func(f validate.Finding) bool {
		return f.Rule == "placeholder" && f.Pointer == "/"+field && strings.HasPrefix(f.Hint, hint)
	})
}

// Words for no value are placeholders where a secret or a user is expected. They are names where people choose one.
func TestPlaceholdersForMissingValues(t *testing.T) {
	secrets := []string{
		`"null"`, `'undefined'`, "dummy", "Dummy", "example", "sample", "n/a", "N/A", "unset", "not-set", "NOT_SET",
		"NaN", "my-api-key", "my_token", "MY_SECRET",
		"to be replaced", "TO_BE_REPLACED", "to-be-defined later", "00000000-0000-0000-0000-000000000000", "00000000000000000000000000000000",
	}
	names := []string{
		"none", "your-team", "my-team", "your_channel", "your org", "example", "dummy", "n/a", "unset", "sample", "nan",
		"my-service", "to-be-announced", "0", "00000000",
	}
	for _, typ := range schemas.Types {
		for _, f := range typ.Fields {
			if f.Kind != "string" || f.Const != "" || f.ReadOnly || f.Name == "id" || f.TemplateBytes > 0 || f.Format == "uri" {
				continue
			}
			for _, text := range secrets {
				if f.Secret != "" && !isFound(t, typ, f.Name, text, realValue) {
					t.Errorf("%s %s.%s: %q is not found", typ.APIVersion, typ.Name, f.Name, text)
				}
			}
			for _, text := range names {
				if f.Secret == "" && f.Name != "username" && f.Enum == nil && isFound(t, typ, f.Name, text, "") {
					t.Errorf("%s %s.%s: %q is found", typ.APIVersion, typ.Name, f.Name, text)
				}
			}
		}
	}
	prometheus := *schemas.Find(schemas.V2, "PROMETHEUS")
	for text, want := range map[string]bool{
		"dummy": true, "n/a": true, "to be replaced": true, "example": true, "none": true, "my-user": false, "prom_user": false,
	} {
		if got := isFound(t, prometheus, "username", text, ""); got != want {
			t.Errorf("username %q is found: %t", text, got)
		}
	}
}

// Parts of URLs are placeholders too.
func TestPlaceholdersInURLs(t *testing.T) {
	for text, hint := range map[string]string{
		"https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX": "put",
		"https://hooks.slack.com/services/YOUR/WEBHOOK/URL":                             "put",
		"https://your-domain.example/hook":                                              "put",
		"https://hooks.example.com/undefined":                                           "put",
		"https://hooks.example.com/null/x":                                              "put",
		"https://hooks.example.com/None/x":                                              "put",
		"https://hooks.example.com/NULL":                                                "put",
		"https://null/x":                                                                "put",
		"https://hooks.example.com/x?key=undefined":                                     "put",
		"https://hooks.example.com/x?undefined=1":                                       "put",
		"https://hooks.example.com/x?key=<nil>":                                         "put",
		"https://hooks.example.com/x?key=${KEY}":                                        "only ${env",
		"https://hooks.example.com/x?key={{key}}":                                       "only ${env",
		"https://hooks.example.com/x?key=__KEY__":                                       "only ${env",
		"https://hooks.example.com/x?auth=none":                                         "",
		"https://hooks.example.com/x?proxy=null&severity=None":                          "",
		"https://hooks.example.com/x?none&null=1&a=NULL&b=nil":                          "",
		"https://hooks.example.com/x?path=/null":                                        "",
		"https://hooks.example.com/tenants/none/hook":                                   "",
		"https://hooks.example.com/none":                                                "",
		"https://hooks.example.com/__your_key_here__/x":                                 "put",
		"https://hooks.example.com/__internal__/alerts":                                 "",
		"https://hooks.example.com/x?field=__name__":                                    "",
		"https://hooks.example.com/TODO":                                                "put",
		"https://hooks.example.com/INSERT_KEY":                                          "put",
		"https://hooks.example.com/x?key=REPLACE_ME":                                    "put",
		"https://hooks.example.com/API_KEY":                                             "put",
		"https://hooks.example.com/__KEY__":                                             "only ${env",
		"https://hooks.example.com/@@KEY@@/x":                                           "only ${env",
		"https://hooks.example.com/#{KEY}#":                                             "only ${env",
		"https://hooks.example.com/todo":                                                "",
		"https://hooks.example.com/api/team-webhook":                                    "",
		"https://hooks.example.com/add-user/set-name?a=$b&string=string":                "",
		"https://hooks.example.com/nullable/nonesuch":                                   "",
		"https://hooks.example.com":                                                     "",
	} {
		got := strings.Join(check(t, `{"type":"WEBHOOK","url":`+quote(text)+`}`, validate.Options{}), "\n")
		switch {
		case hint == "" && got != "":
			t.Errorf("%s: %q, want no finding", text, got)
		case hint != "" && !strings.Contains(got, "the value is a placeholder; "+hint):
			t.Errorf("%s: %q, want %q", text, got, hint)
		}
	}
}

// Words for no value that services define are usual in the URLs of all types, in JSON and in YAML.
func TestOrdinaryWordsInURLs(t *testing.T) {
	fields := 0
	for _, typ := range schemas.Types {
		for _, f := range typ.Fields {
			if f.Format != "uri" {
				continue
			}
			fields++
			v, err := validate.New(validate.Options{APIVersion: typ.APIVersion})
			if err != nil {
				t.Fatal(err)
			}
			for path, want := range map[string]bool{
				"x?auth=none": false, "x?proxy=null": false, "x?severity=None&y=1": false, "tenants/none/hook": false, "__internal__/x": false,
				"null": true, "x?a=undefined": true, "x?a=<key>": true, "x?a=${KEY}": true, "x?a={{key}}": true, "__KEY__": true,
			} {
				text := fmt.Sprintf(`{"type":%q,%q:%q}`, typ.Name, f.Name, "https://example.webhook.office.com/"+path)
				for _, file := range []string{"p.json", "p.yaml"} {
					found := slices.ContainsFunc(v.Check(file, []byte(text)), func(f validate.Finding) bool { return f.Rule == "placeholder" })
					if found != want {
						t.Errorf("%s, %s: %s: %t", typ.APIVersion, file, text, found)
					}
				}
			}
		}
	}
	if fields < 3 {
		t.Errorf("%d fields", fields)
	}
}

// The hint for the value of a reference names what has the value. The text around it may be the placeholder.
func TestPlaceholdersInReferences(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "key"), []byte("#{KEY}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ATLASINT_TEST_KEY", "#{KEY}")
	t.Setenv("ATLASINT_TEST_WORD", "changeme")
	t.Setenv("ATLASINT_TEST_REAL", "k-1")
	t.Setenv("ATLASINT_TEST_TEMPLATE", "${env :KEY}")
	const ops, hook = `{"type":"OPS_GENIE","apiKey":"%s"}`, `{"type":"WEBHOOK","url":"https://hooks.example.com/%s"}`
	for _, tc := range []struct{ payload, text, want string }{
		{ops, "${env:ATLASINT_TEST_KEY}", "set the variable to the real value"},
		{ops, "${env:ATLASINT_TEST_WORD}", "set the variable to the real value"},
		{ops, "${file:key}", "write the real value into the file"},
		{ops, "<${env:ATLASINT_TEST_REAL}${file:key}>", realValue},
		{ops, `\u0024{env:ATLASINT_TEST_KEY}`, "set the variable or file to the real value"},
		{ops, "${env:ATLASINT_TEST_REAL}", ""},
		{ops, "changeme", realValue},
		{ops, "#{KEY}", reference},
		{hook, "x/${env:ATLASINT_TEST_KEY}", "set the variable to the real value"},
		{hook, "x/${env:ATLASINT_TEST_REAL}?a=${file:key}", "set the variable or file to the real value"},
		{hook, "<your-path>/${env:ATLASINT_TEST_REAL}", realValue},
		{hook, "{path}/${env:ATLASINT_TEST_REAL}", reference},
		{`{"type":"WEBHOOK","url":"https://hooks.example.com/x","bodyTemplate":"%s"}`, "${env:ATLASINT_TEST_TEMPLATE}", "correct the template"},
		{`{"type":"WEBHOOK","url":"https://hooks.example.com/x","bodyTemplate":"%s"}`, "${env:ATLASINT_TEST_REAL}${ENV:A}", reference},
	} {
		for _, file := range []string{"p.json", "p.yaml"} {
			got := ""
			v := newValidator(t, validate.Options{Expand: true})
			for _, f := range v.Check(filepath.Join(dir, file), fmt.Appendf(nil, tc.payload, tc.text)) {
				if f.Rule == "placeholder" || f.Rule == "template-syntax" {
					got = f.Hint
				}
			}
			if !strings.HasPrefix(got, tc.want) || (got == "") != (tc.want == "") {
				t.Errorf("%s: %s: hint %q, want %q", file, tc.text, got, tc.want)
			}
		}
	}
}

// Names that consist of the words of placeholders are names.
func TestNamesAreNoPlaceholders(t *testing.T) {
	for _, text := range []string{
		"todo-list", "set-up", "add-ons", "change-requests", "replace-parts-team", "key-accounts", "api-team", "enterprise", "ENTERPRISE TEAM",
		"API_USER", "SERVICE_ACCOUNT", "insert-coin", "vault", "none-of-the-above", "xx", "op", "team: a", "a:b", "ops (eu)", "CHANGES", "yours",
	} {
		for _, payload := range []string{
			`{"type":"VICTOR_OPS","apiKey":"k-1","routingKey":%s}`,
			`{"type":"PROMETHEUS","enabled":true,"username":%s,"password":"p","serviceDiscovery":"http"}`,
		} {
			if got := check(t, fmt.Sprintf(payload, quote(text)), validate.Options{}); len(got) > 0 {
				t.Errorf("%q: %v", text, got)
			}
		}
	}
}

// A reference that can have no value is found without an environment. A value that it has is not shown.
func TestNamesOfReferences(t *testing.T) {
	t.Setenv("ATLASINT_TEST_KEY", "k-1")
	t.Setenv("atlasint-test-key", "k-1")
	for text, want := range map[string]string{
		"${env:A}": "", "${file:a:-b}": "", "${file: a b }": "", "${env:atlasint-test-key}": "no shell can set the variable that the reference names",
		"${env:OPSGENIE_KEY:-s3cr3t}":       "the reference has text after the name of the variable; references have no default values; write ${env:NAME}",
		"x${env:A}${env: B }":               "the name of the variable in the reference has spaces around it; remove them",
		"${env:A:-${env:B}}":                "a reference is inside another one",
		"${env:ATLASINT_TEST_KEY:-x}":       "no default values",
		"${env:" + canary + ":-x}":          "no default values",
		"${env:A:-" + canary + canary + "}": "no default values",
	} {
		for _, field := range []string{`"type":"OPS_GENIE","apiKey"`, `"type":"WEBHOOK","url":"https://hooks.example.com","bodyTemplate"`} {
			for _, opts := range []validate.Options{{}, {Snippets: true}, {Literals: true}, {Expand: true}} {
				v := newValidator(t, opts)
				got := ""
				for _, f := range v.Check("p.json", []byte("{"+field+":"+quoted(text)+"}")) {
					if f.Rule == "placeholder" {
						got = f.Message + "; " + f.Hint
					}
					if shown := fmt.Sprint(f.Message, f.Hint, f.Snippet); strings.Contains(shown, "s3cr3t") || strings.Contains(shown, canary+canary) {
						t.Errorf("%s: %s", text, shown)
					}
				}
				if plain := !opts.Literals && !opts.Expand; plain && ((got == "") != (want == "") || !strings.Contains(got, want)) || !plain && got != "" {
					t.Errorf("%s, %+v: got %q, want %q", text, opts, got, want)
				}
			}
		}
	}
}

func quoted(s string) string {
	text, _ := json.Marshal(s)
	return string(text)
}
