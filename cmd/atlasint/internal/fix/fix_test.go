package fix

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/validate"
)

// checker returns the Check of a validator.
func checker(t testing.TB, o validate.Options, l validate.Layout) Check {
	t.Helper()
	v, err := validate.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return func(data []byte) (validate.Result, error) {
		return v.CheckReader("payload.json", bytes.NewReader(data), l)
	}
}

// apply corrects a text, and checks that a second correction changes nothing.
func apply(t interface{ Fatal(args ...any) }, data []byte, check Check) *Correction {
	c, err := correct(bytes.Clone(data), check)
	if err != nil {
		t.Fatal(err)
	}
	again, err := correct(c.Data, check)
	if err != nil {
		t.Fatal(fmt.Sprintf("the second correction of %q: %v", c.Data, err))
	}
	if again.Fixes > 0 || !bytes.Equal(again.Data, c.Data) {
		t.Fatal(fmt.Sprintf("the second correction of %q has %d fixes: %q", c.Data, again.Fixes, again.Data))
	}
	if c.Fixes == 0 && !bytes.Equal(c.Data, data) {
		t.Fatal("a text without corrections changed")
	}
	return c
}

func TestApplyCorrectsPayloads(t *testing.T) {
	const key = "0123456789abcdef0123456789abcdef"
	for name, tc := range map[string]struct{ before, after string }{
		"name in lower case":  {`{"type":"OPS_GENIE","apikey":"k"}`, `{"type":"OPS_GENIE","apiKey":"k"}`},
		"name in snake case":  {`{"type":"OPS_GENIE","api_key":"k"}`, `{"type":"OPS_GENIE","apiKey":"k"}`},
		"name with an escape": {`{"type":"OPS_GENIE","\u0041piKey":"k"}`, `{"type":"OPS_GENIE","apiKey":"k"}`},
		"name of the type":    {`{"Type":"OPS_GENIE","apiKey":"k"}`, `{"type":"OPS_GENIE","apiKey":"k"}`},
		"type in lower case":  {`{"type":"opsgenie","apiKey":"k"}`, `{"type":"OPS_GENIE","apiKey":"k"}`},
		"all of them":         {`{"TYPE":" ops-genie\n","API-KEY":"k","Region":"EU.opsgenie.com"}`, `{"type":"OPS_GENIE","apiKey":"k","region":"EU"}`},
		"alias": {
			`{"type":"DATADOG","apiKey":"` + key + `","region":"US1-FED"}`,
			`{"type":"DATADOG","apiKey":"` + key + `","region":"US1_FED"}`,
		},
		"URL of a region": {
			`{"type":"DATADOG","apiKey":"` + key + `","region":"https://app.datadoghq.eu/x"}`,
			`{"type":"DATADOG","apiKey":"` + key + `","region":"EU"}`,
		},
		"value in lower case": {`{"type":"DATADOG","apiKey":"` + key + `","region":"ap1"}`, `{"type":"DATADOG","apiKey":"` + key + `","region":"AP1"}`},
		"white space around a value": {
			`{"type":"DATADOG","apiKey":"` + key + `","region":"\tEU "}`,
			`{"type":"DATADOG","apiKey":"` + key + `","region":"EU"}`,
		},
		"quoted boolean": {
			`{"type":"DATADOG","apiKey":"` + key + `","sendDatabaseMetrics":"\u0074rue"}`,
			`{"type":"DATADOG","apiKey":"` + key + `","sendDatabaseMetrics":true}`,
		},
		"other text of a boolean":     {`{"type":"DATADOG","apiKey":"` + key + `","sendDatabaseMetrics":"True"}`, ""},
		"existing target":             {`{"type":"OPS_GENIE","apikey":"k","apiKey":"l"}`, ""},
		"two candidates":              {`{"type":"OPS_GENIE","apikey":"k","APIKEY":"l"}`, ""},
		"the same name twice":         {`{"type":"OPS_GENIE","apikey":"k","apikey":"l"}`, ""},
		"two names of the type":       {`{"Type":"OPS_GENIE","TYPE":"DATADOG","apiKey":"l"}`, ""},
		"name of separators":          {`{"type":"OPS_GENIE","apiKey":"k","_ -":1}`, ""},
		"another name":                {`{"type":"OPS_GENIE","apiKye":"k"}`, ""},
		"another type":                {`{"type":"OPS_GENI","apiKey":"k"}`, ""},
		"another region":              {`{"type":"DATADOG","apiKey":"` + key + `","region":"AP2"}`, ""},
		"a resource of other systems": {`{"Type":"MongoDB::Atlas::ThirdPartyIntegration","apikey":"k"}`, ""},
		"white space around a secret": {`{"type":"OPS_GENIE","apiKey":" k "}`, ""},
		"white space around a URL":    {`{"type":"WEBHOOK","url":" https://hooks.example.com/x "}`, ""},
		"a reference":                 {`{"type":"OPS_GENIE","apiKey":"k","region":" ${env:REGION} "}`, ""},
		"not JSON":                    {`{"type":"OPS_GENIE","apikey":"k"`, ""},
		"a byte order mark":           {"\ufeff" + `{"type":"OPS_GENIE","apikey":"k"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			want := tc.after
			if want == "" {
				want = tc.before
			}
			c := apply(t, []byte(tc.before), checker(t, validate.Options{}, validate.One))
			if diff := cmp.Diff(want, string(c.Data)); diff != "" {
				t.Error(diff)
			}
			if tc.after != "" && c.Result.Errors > 0 {
				t.Errorf("it has findings: %v", c.Result.Findings)
			}
		})
	}
}

// Corrections are reported in their own place, with the old text of names and values.
func TestCorrectionsNameTheOldText(t *testing.T) {
	for before, want := range map[string]string{
		"{\n  \"Type\":\"OPS_GENIE\",\"apiKey\":\"k\"}": `2:3: missing "type"; renamed "Type" to "type" [type-missing]`,
		"{\"apiKey\":\"k\", \"_type\":\"OPS_GENIE\"}":   `1:16: missing "type"; renamed "_type" to "type" [type-missing]`,
		"{\"t" + strings.Repeat("_", 25) + "ype\":\"OPS_GENIE\",\"apiKey\":\"k\"}": `1:2: missing "type"; ` +
			`renamed a text of 29 characters to "type" [type-missing]`,
		"{\"type\":\"OPS_GENIE\",\"api_key\":\"k\"}": `1:21: OPS_GENIE: unknown field "api_key"; replaced with "apiKey" [unknown-field]`,
		"{\"type\":\"opsgenie\",\"apiKey\":\"k\"}":   `1:9: unknown type "opsgenie"; replaced with "OPS_GENIE" [type-unknown]`,
	} {
		c := apply(t, []byte(before), checker(t, validate.Options{}, validate.One))
		if len(c.Fixed) != 1 || !strings.HasSuffix(c.Fixed[0].String(), ":"+want) {
			t.Errorf("%s: %v, want %s", before, c.Fixed, want)
		}
	}
	array := "[{\"type\":\"SLACK\"},\n{\"type_\":\"OPS_GENIE\",\"apiKey\":\"k\"}]"
	c := apply(t, []byte(array), checker(t, validate.Options{}, validate.Array))
	if len(c.Fixed) != 1 {
		t.Fatalf("in an array: %v, want one correction", c.Fixed)
	}
	got := []int{c.Fixed[0].Line, c.Fixed[0].Column, c.Fixed[0].EndColumn}
	if diff := cmp.Diff([]int{2, 2, 9}, got); diff != "" {
		t.Errorf("line, column, end column in an array (-want +got):\n%s", diff)
	}
}

// White space around a flow name, in its own form and escaped, is removed. White space inside is not.
func TestApplyTrims(t *testing.T) {
	check := checker(t, validate.Options{APIVersion: schemas.V1}, validate.One)
	for before, after := range map[string]string{
		`  main `:              `main`,
		`\t\u00a0main\r\n`:     `main`,
		"\u2003ma\\u0069n\\\\": `ma\u0069n\\`,
		` \uD83D\uDE00\f`:      `\uD83D\uDE00`,
		` \"\/ `:               `\"\/`,
		`main flow `:           ``,
		`  `:                   ``,
	} {
		const payload = `{"type":"FLOWDOCK","flowName":"%s","apiToken":"t","orgName":"o"}`
		if after == "" {
			after = before
		}
		c := apply(t, fmt.Appendf(nil, payload, before), check)
		if diff := cmp.Diff(fmt.Sprintf(payload, after), string(c.Data)); diff != "" {
			t.Errorf("%s: %s", before, diff)
		}
	}
}

// With Expand, the value of a reference is validated, and the text with the reference stays.
func TestApplyKeepsReferences(t *testing.T) {
	t.Setenv("ATLASINT_REGION", " US1 ")
	t.Setenv("ATLASINT_FLAG", "true")
	t.Setenv("ATLASINT_FLOW", " main ")
	for apiVersion, payload := range map[string]string{
		schemas.V2: `{"type":"DATADOG","apiKey":"0123456789abcdef0123456789abcdef","region":"${env:ATLASINT_REGION}",` +
			`"sendDatabaseMetrics":"${env:ATLASINT_FLAG}"}`,
		schemas.V1: `{"type":"FLOWDOCK","flowName":"${env:ATLASINT_FLOW}","apiToken":"t","orgName":"o"}`,
	} {
		c := apply(t, []byte(payload), checker(t, validate.Options{APIVersion: apiVersion, Expand: true}, validate.One))
		if c.Fixes > 0 || c.Result.Errors == 0 {
			t.Errorf("%d fixes, %d errors: %s", c.Fixes, c.Result.Errors, c.Data)
		}
	}
}

// Findings in YAML propose no edits, for any form of values.
func TestApplyLeavesYAML(t *testing.T) {
	v, err := validate.New(validate.Options{APIVersion: schemas.V1})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"type: FLOWDOCK\nflow_name: ' a\\u '\n", "Type: flowdock\n",
		"type: FLOWDOCK\nflowName: ' a\\u '\napiToken: t\norgName: o\n",
		"type: FLOWDOCK\nflowName: \" \\x41\"\napiToken: t\norgName: o\n",
	} {
		c := apply(t, []byte(text), func(data []byte) (validate.Result, error) {
			return v.CheckReader("payload.yaml", bytes.NewReader(data), validate.ByName)
		})
		if c.Fixes > 0 || c.Result.Errors == 0 {
			t.Errorf("%q: %d fixes, %d errors", text, c.Fixes, c.Result.Errors)
		}
	}
}

// A rule that is off proposes no correction.
func TestApplyHonoursSeverities(t *testing.T) {
	check := checker(t, validate.Options{Severities: map[string]validate.Severity{"unknown-field": validate.Off}}, validate.One)
	if c := apply(t, []byte(`{"type":"OPS_GENIE","apiKey":"k","Region":"EU"}`), check); c.Fixes > 0 {
		t.Errorf("corrected to %s", c.Data)
	}
}

// Texts with more findings than the validator lists are corrected as well. The kept findings are bounded.
func TestApplyManyFindings(t *testing.T) {
	const lines = 3*maxFixed + 1
	data := strings.Repeat("{\"type\":\"X\"}\r\n{\"type\":\"OPS_GENIE\",\"ApiKey\":\"k\"}\n", lines)
	c := apply(t, []byte(data), checker(t, validate.Options{MaxFindings: 2 * lines}, validate.Lines))
	if want := strings.ReplaceAll(data, "ApiKey", "apiKey"); string(c.Data) != want {
		t.Error("the text is not corrected")
	}
	got := []int{c.Fixes, len(c.Fixed), c.Result.Errors}
	if diff := cmp.Diff([]int{lines, maxFixed, lines}, got); diff != "" {
		t.Errorf("corrections, listed ones, errors (-want +got):\n%s", diff)
	}
}

// example is a valid payload.
type example struct {
	apiVersion string
	data       []byte
	root       jsonpos.Value
}

func examples(t testing.TB) (list []example) {
	t.Helper()
	for _, apiVersion := range atlas.Versions() {
		files, err := filepath.Glob(filepath.Join("../../../../examples/payloads", apiVersion, "*.json"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no examples: %v", err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			doc, err := jsonpos.Parse(data)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, example{apiVersion, data, doc.Root})
		}
	}
	return list
}

// A payload of any type that was damaged in correctable ways, in any layout, becomes the undamaged one, byte for byte.
// Other faults stay with their findings.
func TestApplyRestoresDamagedPayloads(t *testing.T) {
	all := examples(t)
	checks := map[string]Check{}
	for _, apiVersion := range atlas.Versions() {
		checks[apiVersion] = checker(t, validate.Options{APIVersion: apiVersion}, validate.Array)
	}
	rapid.Check(t, func(t *rapid.T) {
		apiVersion := rapid.SampledFrom(atlas.Versions()).Draw(t, "API version")
		var damaged, whole strings.Builder
		both := func(text string) { damaged.WriteString(text); whole.WriteString(text) }
		both(space(t) + "[")
		wrong := 0
		for i := range rapid.IntRange(1, 3).Draw(t, "payloads") {
			if i > 0 {
				both(",")
			}
			e := rapid.SampledFrom(all).Filter(func(e example) bool { return e.apiVersion == apiVersion }).Draw(t, "payload")
			both(space(t) + "{")
			for j := range e.root.Members {
				if j > 0 {
					both(",")
				}
				damageMember(t, e, &e.root.Members[j], &damaged, &whole)
			}
			if rapid.Bool().Draw(t, "wrong") {
				both(`, "zebra" :"\u0041 b"`)
				wrong++
			}
			both(space(t) + "}")
		}
		both("]" + space(t))
		c := apply(t, []byte(damaged.String()), checks[apiVersion])
		if diff := cmp.Diff(whole.String(), string(c.Data)); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
		if c.Result.Errors != wrong {
			t.Fatalf("%d errors, want %d: %v", c.Result.Errors, wrong, c.Result.Findings)
		}
	})
}

func space(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", " ", "\r\n\t", "\n  "}).Draw(t, "space")
}

// damageMember writes a member, and the same with a name, a type, a region, or a boolean that can be corrected.
func damageMember(t *rapid.T, e example, m *jsonpos.Member, damaged, whole *strings.Builder) {
	name, value := `"`+m.Name+`"`, string(e.data[m.Value.Start:m.Value.End])
	wrongName, wrongValue := name, value
	if rapid.Bool().Draw(t, "damage the name") {
		wrongName = `"` + otherCase(t, m.Name) + `"`
	}
	field := atlas.Find(e.apiVersion, e.root.Member("type").Value.Text).Payload.Lookup(m.Name)
	correctable := m.Name == "type" || field.Enum != nil || m.Value.Kind == jsonpos.Bool || m.Name == "flowName"
	if correctable && rapid.Bool().Draw(t, "damage the value") {
		switch {
		case m.Name == "flowName":
			wrongValue = `"\t` + m.Value.Text + ` "`
		case m.Value.Kind == jsonpos.Bool:
			wrongValue = `"` + value + `"`
		case m.Name == "region" && rapid.Bool().Draw(t, "use an alias") && alias(field, m.Value.Text) != "":
			wrongValue = `"` + alias(field, m.Value.Text) + `"`
		default:
			wrongValue = `" ` + otherCase(t, m.Value.Text) + `\n"`
		}
	}
	before, colon := space(t), space(t)+":"+space(t)
	damaged.WriteString(before + wrongName + colon + wrongValue)
	whole.WriteString(before + name + colon + value)
}

func alias(field *atlas.Field, value string) string {
	for _, a := range field.Aliases {
		if a.Text == value {
			return a.Value
		}
	}
	return ""
}

func otherCase(t *rapid.T, name string) string {
	switch rapid.IntRange(0, 3).Draw(t, "case") {
	case 0:
		return strings.ToLower(name)
	case 1:
		return strings.ToUpper(name)
	case 2:
		return name[:1] + "_" + name[1:]
	}
	return `\u00` + fmt.Sprintf("%02x", name[0]) + "-" + name[1:]
}

// For any text, a correction keeps the number of lines, all other names and values, and the values of secrets.
func FuzzApply(f *testing.F) {
	for _, e := range examples(f) {
		f.Add(e.data, false, e.apiVersion == schemas.V1)
	}
	f.Add([]byte(`{"Type":"ops genie","api_key":" k ","REGION":"US\n"}`+"\r\n"+`{"type":"X"}`), true, false)
	f.Add([]byte(`{"type":"flowdock","Flow_Name":" a\u0020","apiToken":"\ud83d\ude00"}`), false, true)
	layouts := map[bool]validate.Layout{false: validate.One, true: validate.Lines}
	f.Fuzz(func(t *testing.T, data []byte, lines, v1 bool) {
		apiVersion := schemas.V2
		if v1 {
			apiVersion = schemas.V1
		}
		l := layout{layouts[lines], apiVersion}
		c := apply(t, data, checker(t, validate.Options{APIVersion: apiVersion}, l.Layout))
		before, after := bytes.Split(data, lineFeed), bytes.Split(c.Data, lineFeed)
		if len(before) != len(after) {
			t.Fatalf("%d lines became %d", len(before), len(after))
		}
		l.diff("payload.json", data, c.Data)
		if !lines {
			before, after = [][]byte{data}, [][]byte{c.Data}
		}
		for i := range before {
			from, err := jsonpos.Parse(before[i])
			if err == nil {
				sameSecrets(t, apiVersion, before[i], after[i], &from.Root)
			}
		}
	})
}

// sameSecrets checks that two texts have the same members, except corrected ones that are not secrets.
func sameSecrets(t *testing.T, apiVersion string, before, after []byte, from *jsonpos.Value) {
	t.Helper()
	to, err := jsonpos.Parse(after)
	if err != nil || len(to.Root.Members) != len(from.Members) {
		t.Fatalf("%q became %q: %v", before, after, err)
	}
	typ := to.Root.Member("type")
	for i := range from.Members {
		m := &to.Root.Members[i]
		old, now := before[from.Members[i].Value.Start:from.Members[i].Value.End], after[m.Value.Start:m.Value.End]
		if bytes.Equal(old, now) {
			continue
		}
		found := atlas.Find(apiVersion, typ.Value.Text)
		if found == nil {
			t.Fatalf("the value of %s changed in the unknown type %s: %q became %q", m.Name, typ.Value.Text, old, now)
		}
		if field := found.Payload.Lookup(m.Name); field == nil || field.Secret != "" {
			t.Fatalf("the value of %s changed: %q became %q", m.Name, old, now)
		}
	}
}
