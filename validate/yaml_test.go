package validate_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/payloadtest"
	"github.com/atlasint/atlasint/validate"
)

func TestYAML(t *testing.T) {
	tests := []struct {
		name, data string
		want       []string
	}{
		{"valid", "type: OPS_GENIE\napiKey: 'k' # ours\nregion: US\n", nil},
		{"valid documents", "---\ntype: OPS_GENIE\napiKey: k\n---\ntype: WEBHOOK\nurl: https://hooks.example.com/x\n---\n", nil},
		{
			"a number where text is needed", "type: VICTOR_OPS\napiKey: 12345678e1\n",
			[]string{"0 2:9 wrong-type: VICTOR_OPS.apiKey: want string, got number; put it in quotes"},
		},
		{
			"digits of a key", "type: PAGER_DUTY\nserviceKey: 01234567890123456789012345678901\n",
			[]string{"0 2:13 wrong-type: PAGER_DUTY.serviceKey: want string, got number; put it in quotes"},
		},
		{
			"a boolean of YAML 1.1",
			"type: PROMETHEUS\nenabled: yes\nusername: u\npassword: p\nserviceDiscovery: http\n",
			[]string{"0 2:10 wrong-type: PROMETHEUS.enabled: want boolean, got string; write true or false"},
		},
		{"a mask", "type: OPS_GENIE\napiKey: ****7890\n", []string{"0 2:1 syntax: * or & without a name; put text that begins with * or & in quotes"}},
		{"no value", "type: OPS_GENIE\napiKey:\n", []string{"0 2:8 null: OPS_GENIE.apiKey: null is not allowed; the field is required: give it a string"}},
		{
			"a comment as the value", "type: OPS_GENIE\napiKey: #k\n",
			[]string{"0 2:8 null: OPS_GENIE.apiKey: null is not allowed; # begins a comment; put the value in quotes"},
		},
		{
			"an anchor as the value", "type: OPS_GENIE\nregion: &US\napiKey: k\n",
			[]string{"0 2:8 null: OPS_GENIE.region: null is not allowed; & begins the name of an anchor; put the value in quotes"},
		},
		{
			"a comment as the value of a nullable field", "type: SLACK\napiToken: t\nchannelName: #alerts\n",
			[]string{oauthFinding, "0 3:13 null: SLACK.channelName: the value is null; # begins a comment; put the value in quotes"},
		},
		{
			"an anchor as the value of a nullable field", "{type: SLACK, apiToken: t, channelName: &alerts }\n",
			[]string{strings.Replace(oauthFinding, "1:7", "1:8", 1), "0 1:40 null: SLACK.channelName: the value is null; & begins the name of an anchor; put the value in quotes"},
		},
		{"a comment after a nullable field", "type: SLACK\napiToken: t\nchannelName: # the default\n", []string{oauthFinding}},
		{"a comment below a nullable field", "type: SLACK\napiToken: t\nchannelName:\n  #alerts\n", []string{oauthFinding}},
		{"null before a comment", "type: SLACK\napiToken: t\nchannelName: null #alerts\n", []string{oauthFinding}},
		{"no space after the colon", "type:DATADOG\napiKey:k\n", []string{"0 1:1 not-an-object: want one payload object, got a string; " + addSpace}},
		{"no space after a colon in braces", "{type: OPS_GENIE, apiKey: k, region:EU}\n", []string{"0 1:30 unknown-field: OPS_GENIE: unknown field of 9 characters; " + addSpace}},
		{"no space after the colon of the type", "{type:OPS_GENIE, apiKey: k}\n", []string{`0 1:1 type-missing: missing "type"; ` + addSpace}},
		{"a URL", "https://example.com\n", []string{`0 1:1 not-an-object: want one payload object, got a string; a payload is one object, such as {"type": "WEBHOOK", …}`}},
		{
			"a merge conflict", "type: OPS_GENIE\n<<<<<<< HEAD\napiKey: k\n=======\napiKey: j\n>>>>>>> b\n",
			[]string{"0 2:1 syntax: a merge conflict; keep one of its two versions, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>"},
		},
		{"a block text", "type: OPS_GENIE\napiKey: k\nregion: |\n  UK\n", []string{`0 4:3 enum: OPS_GENIE.region: "UK\n" is not allowed; use "US" or "EU"`}},
		{
			"the second document", "type: OPS_GENIE\napiKey: k\n---\ntype: OPS_GENIE\napiKey: {}\n",
			[]string{"2 5:9 wrong-type: OPS_GENIE.apiKey: want string, got object"},
		},
		{
			"duplicates", "type: OPS_GENIE\napiKey: k\n\"apiKey\": j\n",
			[]string{"0 3:1 duplicate-key: the name \"apiKey\" occurs twice in one object; keep one; the first is at 2:1"},
		},
		{
			"a list", "- type: OPS_GENIE\n  apiKey: k\n",
			[]string{"0 1:1 not-an-object: want one payload object, got an array; validate each element as a payload"},
		},
		{
			"Kubernetes", "apiVersion: v1\nkind: Secret\ndata: !!binary x\n",
			[]string{"0 3:7 syntax: this looks like a Kubernetes resource in YAML, not JSON; " + noPayload},
		},
		{
			"Kubernetes without a fault", "apiVersion: v1\nkind: Secret\n",
			[]string{`0 1:1 type-missing: missing "type"; this is a Kubernetes resource; ` + noPayload},
		},
		{
			"CloudFormation", "Resources:\n  A:\n    Value: !Ref B\n",
			[]string{"0 3:12 syntax: this looks like a CloudFormation template in YAML, not JSON; " + noPayload},
		},
	}
	v := validate.Validator{}
	for _, test := range tests {
		result := checkLayout(t, &v, "payload.yaml", validate.ByName, test.data)
		var got []string
		for _, f := range result.Findings {
			got = append(got, fmt.Sprintf("%d %d:%d %s: %s", f.Record, f.Line, f.Column, f.Rule, f.Text()))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s:\n%s", test.name, diff)
		}
	}
}

const (
	oauthFinding = "0 1:7 slack-oauth: SLACK: Atlas links Slack by OAuth2 on the project's integrations page; it rejects new integrations by token, and the API can change the channel of a linked one"
	addSpace     = "write a space after the colon, as in type: WEBHOOK"
)

const noPayload = `a payload is a request body of the Atlas API, with "type" at the top level`

// The layouts of a YAML file, and its documents as the JSON to send.
func TestYAMLLayouts(t *testing.T) {
	t.Setenv("KEY", `k"1`)
	v, err := validate.New(validate.Options{Documents: true, Expand: true})
	if err != nil {
		t.Fatal(err)
	}
	const two = "type: OPS_GENIE\napiKey: ${env:KEY}\n---\ntype: OPS_GENIE\napiKey: &k 'j'\nregion: EU\n"
	tests := []struct {
		name, data string
		layout     validate.Layout
		want       []string
	}{
		{
			"payload.yml", two, validate.ByName,
			[]string{`1 [apiKey] {"type":"OPS_GENIE","apiKey":"k\"1"}`, `2 [] {"type":"OPS_GENIE","apiKey":"j","region":"EU"}`},
		},
		{"payload.yaml", two, validate.One, []string{"syntax"}},
		{"payload.yaml", "- {type: OPS_GENIE, apiKey: k}\n- {}\n", validate.Array, []string{`1 [] {"type":"OPS_GENIE","apiKey":"k"}`, "type-missing"}},
		{"payload.yaml", `{"type":"OPS_GENIE","apiKey":"k"}` + "\n" + `{"type":"OPS_GENIE","apiKey":"k"}`, validate.Lines,
			[]string{`1 [] {"type":"OPS_GENIE","apiKey":"k"}`, `2 [] {"type":"OPS_GENIE","apiKey":"k"}`}},
	}
	for _, test := range tests {
		result, err := v.CheckReader(test.name, strings.NewReader(test.data), test.layout)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range result.Documents {
			got = append(got, fmt.Sprint(d.Record, " ", d.Expanded, " ", string(d.JSON)))
		}
		for _, f := range result.Findings {
			got = append(got, f.Rule)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s, layout %d:\n%s", test.name, test.layout, diff)
		}
	}
}

// A YAML file of many documents has as many findings as options allow, and all are counted.
func TestYAMLFindingsAreLimited(t *testing.T) {
	v := newValidator(t, validate.Options{MaxFindings: 3, MaxSize: 1000})
	r := checkLayout(t, v, "payload.yaml", validate.ByName, strings.Repeat("type: X\n---\n", 50))
	if diff := cmp.Diff(numbers{Payloads: 50, Errors: 50, Kept: 3, Omitted: 47}, numbersOf(r)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	r = checkLayout(t, v, "payload.yaml", validate.ByName, strings.Repeat("type: X\n---\n", 100))
	if diff := cmp.Diff([]string{"0:1:1 too-large"}, places(r.Findings)); diff != "" {
		t.Errorf("a file over the limit (-want +got)\n%s", diff)
	}
}

// A payload has the same findings in YAML as in JSON, at the same names and values.
func TestYAMLAgreesWithJSON(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range schemas.Types {
		typ := &schemas.Types[i]
		v, err := validate.New(validate.Options{APIVersion: typ.APIVersion})
		if err != nil {
			t.Fatal(err)
		}
		for range 300 {
			data := payloadtest.Mutated(random, typ)
			doc, err := jsonpos.Parse(data)
			if err != nil {
				t.Fatal(err)
			}
			yaml, places := payloadtest.YAML(random, &doc.Root)
			moved := map[string]string{}
			move(moved, jsonpos.NewLines(data), jsonpos.NewLines(yaml), &doc.Root, &places)
			want := findingLines(v.Check("payload.json", data), func(place string) string { return moved[place] })
			got := findingLines(v.Check("payload.yaml", yaml), func(place string) string { return place })
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s\n%s\n%s", data, yaml, diff)
			}
		}
	}
}

// move adds the places in YAML of all names and values by their places in JSON.
func move(moved map[string]string, from, to *jsonpos.Lines, v, w *jsonpos.Value) {
	add := func(a, b int) {
		line, column := from.Position(a)
		newLine, newColumn := to.Position(b)
		moved[fmt.Sprintf("%d:%d", line, column)] = fmt.Sprintf("%d:%d", newLine, newColumn)
	}
	add(v.Start, w.Start)
	for i := range v.Elements {
		move(moved, from, to, &v.Elements[i], &w.Elements[i])
	}
	for i := range v.Members {
		add(v.Members[i].NameStart, w.Members[i].NameStart)
		move(moved, from, to, &v.Members[i].Value, &w.Members[i].Value)
	}
}

var placeInHint = regexp.MustCompile(` at (\d+:\d+)`)

// findingLines returns findings as sorted lines, with their places, also those in hints, replaced.
func findingLines(findings []validate.Finding, replace func(string) string) []string {
	lines := []string{}
	for _, f := range findings {
		text := placeInHint.ReplaceAllStringFunc(f.Text(), func(at string) string { return " at " + replace(at[len(" at "):]) })
		lines = append(lines, fmt.Sprintf("%s %s %s %s %s", replace(fmt.Sprintf("%d:%d", f.Line, f.Column)), f.Pointer, f.Rule, f.Severity, text))
	}
	slices.Sort(lines)
	return lines
}
