package fakeatlas

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/validate"
)

// stored returns everything that the server keeps.
func (a *apiClient) stored() store.State {
	a.t.Helper()
	state, err := a.s.store.Snapshot(context.Background())
	if err != nil {
		a.t.Fatal(err)
	}
	return state
}

// fields are the stored fields of one integration.
func (a *apiClient) fields(typ string) map[string]any {
	a.t.Helper()
	in, err := a.s.store.Get(context.Background(), a.project, typ)
	if err != nil {
		a.t.Fatal(err)
	}
	return in.Fields
}

var detailList = regexp.MustCompile(`^\{"badRequestDetail":\{"fields":\[.*?\]\},`)

// Every rule of the validator with severity error has its code. The body has the form of Atlas's, on which clients that
// parse it rely. TestSeveralFaults tests badRequestDetail, whose texts are those of the validator.
var rejections = []struct {
	name, typ, body string
	code, detail    string
	parameters      string // JSON
	ownOnV1Update   bool   // PUT on v1.0 has this code too; otherwise it has INTEGRATION_FIELDS_INVALID
}{
	{"empty", "OPS_GENIE", ``, "MALFORMED_JSON", "Received JSON is malformed.", `[]`, true},
	{"cut off", "OPS_GENIE", `{"type":"OPS_GENIE"`, "MALFORMED_JSON", "Received JSON is malformed.", `[]`, true},
	{"two values", "OPS_GENIE", `{} {}`, "MALFORMED_JSON", "Received JSON is malformed.", `[]`, true},
	{"comment", "OPS_GENIE", `{/**/}`, "MALFORMED_JSON", "Received JSON is malformed.", `[]`, true},
	{"byte order mark", "OPS_GENIE", "\ufeff{}", "MALFORMED_JSON", "Received JSON is malformed.", `[]`, true},
	{"no UTF-8", "OPS_GENIE", "{\"type\":\"\xff\"}", "MALFORMED_JSON", "Received JSON is malformed.", `[]`, true},
	{"name twice", "OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k-1","apiKey":"k-2"}`, "MALFORMED_JSON", "Received JSON is malformed.", `[]`, true},
	{"array", "OPS_GENIE", `[]`, "INVALID_JSON", "Received JSON does not match expected format.", `[]`, true},
	{"null", "OPS_GENIE", `null`, "INVALID_JSON", "Received JSON does not match expected format.", `[]`, true},
	{"number", "OPS_GENIE", `1`, "INVALID_JSON", "Received JSON does not match expected format.", `[]`, true},
	{"no type", "OPS_GENIE", `{"apiKey":"k-1"}`, "MISSING_ATTRIBUTE", "The required attribute type was not specified.", `["type"]`, true},
	{
		"type of another kind", "OPS_GENIE", `{"type":1,"apiKey":"k-1"}`, "INVALID_JSON_ATTRIBUTE",
		"Received JSON for the type attribute does not match expected format.", `["type"]`, true,
	},
	{
		"type of null", "OPS_GENIE", `{"type":null,"apiKey":"k-1"}`, "INVALID_JSON_ATTRIBUTE",
		"Received JSON for the type attribute does not match expected format.", `["type"]`, true,
	},
	{"unknown type", "OPS_GENIE", `{"type":"OPSGENIE","apiKey":"k-1"}`, "INVALID_ATTRIBUTE", "Invalid attribute type specified.", `["type"]`, true},
	{"HIP_CHAT", "OPS_GENIE", `{"type":"HIP_CHAT","apiKey":"k-1"}`, "INVALID_ATTRIBUTE", "Invalid attribute type specified.", `["type"]`, true},
	{
		"another type than the path", "OPS_GENIE", `{"type":"VICTOR_OPS","apiKey":"k-1"}`, "INVALID_ATTRIBUTE",
		"Invalid attribute type specified.", `["type"]`, true,
	},
	{"missing field", "OPS_GENIE", `{"type":"OPS_GENIE"}`, "MISSING_ATTRIBUTE", "The required attribute apiKey was not specified.", `["apiKey"]`, true},
	{
		"several missing fields", "NEW_RELIC", `{"type":"NEW_RELIC"}`, "MISSING_ATTRIBUTE",
		"The required attribute accountId was not specified.", `["accountId"]`, true,
	},
	{"unknown field", "OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k-1","b":1}`, "INVALID_ATTRIBUTE", "Invalid attribute b specified.", `["b"]`, false},
	{
		"field in another case", "OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k-1","APIKEY":"k"}`, "INVALID_ATTRIBUTE",
		"Invalid attribute APIKEY specified.", `["APIKEY"]`, false,
	},
	{
		"name with a slash", "OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k-1","a/b~c":1}`, "INVALID_ATTRIBUTE",
		"Invalid attribute a/b~c specified.", `["a/b~c"]`, false,
	},
	{
		"name without end", "OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k-1","` + strings.Repeat("n", 50) + `":1}`,
		"INVALID_ATTRIBUTE", "Invalid attribute (hidden) specified.", `["(hidden)"]`, false,
	},
	{"field of another type, though false", "PROMETHEUS",
		`{"type":"PROMETHEUS","enabled":true,"username":"u","password":"p","serviceDiscovery":"http","sendCollectionLatencyMetrics":false}`,
		"INVALID_ATTRIBUTE", "Invalid attribute sendCollectionLatencyMetrics specified.", `["sendCollectionLatencyMetrics"]`, false},
	{"removed field", "PROMETHEUS", `{"type":"PROMETHEUS","enabled":true,"username":"u","password":"p","serviceDiscovery":"http","listenAddress":":9216"}`,
		"INVALID_ATTRIBUTE", "Invalid attribute listenAddress specified.", `["listenAddress"]`, false},
	{
		"number for a text", "OPS_GENIE", `{"type":"OPS_GENIE","apiKey":1}`, "INVALID_JSON_ATTRIBUTE",
		"Received JSON for the apiKey attribute does not match expected format.", `["apiKey"]`, true,
	},
	{
		"object for a text", "OPS_GENIE", `{"type":"OPS_GENIE","apiKey":{"a":["b"]}}`, "INVALID_JSON_ATTRIBUTE",
		"Received JSON for the apiKey attribute does not match expected format.", `["apiKey"]`, true,
	},
	{"text for a boolean", "PROMETHEUS", `{"type":"PROMETHEUS","enabled":"true","username":"u","password":"p","serviceDiscovery":"http"}`,
		"INVALID_JSON_ATTRIBUTE", "Received JSON for the enabled attribute does not match expected format.", `["enabled"]`, true},
	{
		"null for a text", "OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k-1","region":null}`, "INVALID_JSON_ATTRIBUTE",
		"Received JSON for the region attribute does not match expected format.", `["region"]`, false,
	},
	{
		"value of no list", "DATADOG", `{"type":"DATADOG","apiKey":"` + testKey + `","region":"US1"}`,
		"INVALID_ENUM_VALUE", "An invalid enumeration value US1 was specified.", `["US1"]`, false,
	},
	{
		"empty region", "OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k-1","region":""}`, "INVALID_ENUM_VALUE",
		"An invalid enumeration value  was specified.", `[""]`, false,
	},
	{
		"long value of no list", "DATADOG", `{"type":"DATADOG","apiKey":"` + testKey + `","region":"` + testKey + `"}`,
		"INVALID_ENUM_VALUE", "An invalid enumeration value (hidden) was specified.", `["(hidden)"]`, false,
	},
	{"long text", "SLACK", `{"type":"SLACK","apiToken":"t-1","teamName":"T","channelName":"` + strings.Repeat("c", 81) + `"}`,
		"VALIDATION_ERROR",
		"The request content produced the validation error: SLACK.channelName: want at most 80 characters, got 81.",
		`["SLACK.channelName: want at most 80 characters, got 81"]`, false},
	{"key of no digits", "DATADOG", `{"type":"DATADOG","apiKey":"not-hexadecimal"}`, "INVALID_INTEGRATION_SETTINGS",
		"The provided settings for the DATADOG integration were invalid: apiKey must be a hexadecimal string.",
		`["DATADOG","apiKey must be a hexadecimal string"]`, false},
	{"key of 31 digits", "PAGER_DUTY", `{"type":"PAGER_DUTY","serviceKey":"` + testKey[1:] + `"}`, "INVALID_INTEGRATION_SETTINGS",
		"The provided settings for the PAGER_DUTY integration were invalid: serviceKey must be a hexadecimal string.",
		`["PAGER_DUTY","serviceKey must be a hexadecimal string"]`, false},
	{"masked key", "DATADOG", `{"type":"DATADOG","apiKey":"****************************abcd"}`, "INVALID_INTEGRATION_SETTINGS",
		"The provided settings for the DATADOG integration were invalid: apiKey must not be a redacted value.",
		`["DATADOG","apiKey must not be a redacted value"]`, false},
	{"masked URL", "WEBHOOK", `{"type":"WEBHOOK","url":"https://hooks.example.com/****abcd"}`, "INVALID_INTEGRATION_SETTINGS",
		"The provided settings for the WEBHOOK integration were invalid: url must not be a redacted value.",
		`["WEBHOOK","url must not be a redacted value"]`, false},
	{"masked password", "PROMETHEUS",
		`{"type":"PROMETHEUS","enabled":true,"username":"u","password":"***********************word","serviceDiscovery":"http"}`,
		"INVALID_INTEGRATION_SETTINGS",
		"The provided settings for the PROMETHEUS integration were invalid: password must not be a redacted value.",
		`["PROMETHEUS","password must not be a redacted value"]`, false},
	{"empty key", "OPS_GENIE", `{"type":"OPS_GENIE","apiKey":" "}`, "INVALID_INTEGRATION_SETTINGS",
		"The provided settings for the OPS_GENIE integration were invalid: apiKey must not be empty.", `["OPS_GENIE","apiKey must not be empty"]`, false},
	{"no URL", "WEBHOOK", `{"type":"WEBHOOK","url":"/hooks"}`, "INVALID_URL", "Invalid URL (hidden).", `["(hidden)"]`, true},
	{"too much", "OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"` + strings.Repeat("k", atlas.MaxPayload) + `"}`, "VALIDATION_ERROR",
		"The request content produced the validation error: the body has more than 1048576 bytes.", `["the body has more than 1048576 bytes"]`, true},
}

func TestRejectedBodies(t *testing.T) {
	for _, c := range rejections {
		for _, apiVersion := range apiVersions {
			for _, method := range []string{"POST", "PUT"} {
				for _, configured := range []bool{false, true} {
					if configured && (method == "POST" || strings.HasPrefix(c.code, "MISSING") && c.name != "no type") {
						continue // other tests cover POST to a configured type, and the fields that a PUT may leave out
					}
					t.Run(fmt.Sprintf("%s %s %s %t", c.name, apiVersion, method, configured), func(t *testing.T) {
						a := newAPIClient(t, apiVersion, WithChoices(Choices{StrictFields: true}))
						if configured {
							a.has(c.typ)
						}
						before := a.stored()
						got := a.do(method, "/"+c.typ, c.body)
						code, detail, parameters := c.code, c.detail, c.parameters
						if apiVersion == schemas.V1 && method == "PUT" && !c.ownOnV1Update {
							code, detail, parameters = "INTEGRATION_FIELDS_INVALID", "At least one integration field is invalid.", "[]"
						}
						a.want(got, 400, code)
						if apiVersion == schemas.V2 && c.name != "too much" != detailList.MatchString(got.body) {
							t.Errorf("badRequestDetail: %s", got.body)
						}
						if apiVersion == schemas.V2 {
							got.body = detailList.ReplaceAllString(got.body, "{")
						}
						wantBody(t, got, `{"detail":"`+detail+`","error":400,"errorCode":"`+code+`","parameters":`+parameters+`,"reason":"Bad Request"}`)
						if diff := cmp.Diff(before, a.stored()); diff != "" {
							t.Errorf("a rejected request has changed the state:\n%s", diff)
						}
					})
				}
			}
		}
	}
}

// The code is that of the first fault by position; badRequestDetail has all of them, as the validator words them. v1.0
// has no such member.
func TestSeveralFaults(t *testing.T) {
	body := `{"bogus":1,"region":"US1","type":"DATADOG","apiKey":"short","sendDatabaseMetrics":7}`
	v, err := validate.New(validate.Options{Type: "DATADOG", Literals: true})
	if err != nil {
		t.Fatal(err)
	}
	var fields []string
	for _, f := range v.Check("", []byte(body)) {
		text := f.Message
		if f.Hint != "" {
			text += "; " + f.Hint
		}
		fields = append(fields, `{"description":`+string(wire.Encode(text))+`,"field":"`+f.Pointer[1:]+`"}`)
	}
	if len(fields) != 4 {
		t.Fatal(fields)
	}
	rest := `"detail":"Invalid attribute bogus specified.","error":400,"errorCode":"INVALID_ATTRIBUTE","parameters":["bogus"],"reason":"Bad Request"}`
	wantBody(t, newAPIClient(t, schemas.V2).do("POST", "/DATADOG", body), `{"badRequestDetail":{"fields":[`+strings.Join(fields, ",")+`]},`+rest)
	wantBody(t, newAPIClient(t, schemas.V1).do("POST", "/DATADOG", body), "{"+rest)
	wantBody(t, newAPIClient(t, schemas.V2).do("PUT", "/DATADOG?envelope=true", body),
		`{"status":400,"content":{"badRequestDetail":{"fields":[`+strings.Join(fields, ",")+`]},`+rest+`}`)
}

// Requests that are rejected before their body is read, in the order of the checks.
func TestRejectedPathsAndQueries(t *testing.T) {
	other := strings.Repeat("1", 24)
	error400 := func(code, detail, parameters string) string {
		return `{"detail":"` + detail + `","error":400,"errorCode":"` + code + `","parameters":` + parameters + `,"reason":"Bad Request"}`
	}
	query := func(name string) string {
		return error400("INVALID_QUERY_PARAMETER", "Invalid query parameter "+name+" specified.", `["`+name+`"]`)
	}
	group := func(id string) string {
		return `{"detail":"An invalid group ID ` + id +
			` was specified.","error":404,"errorCode":"INVALID_GROUP_ID","parameters":["` + id +
			`"],"reason":"Not Found"}`
	}
	unknownType := error400("INVALID_PATH_PARAMETER", "Invalid path parameter integrationType specified.", `["integrationType"]`)
	for _, c := range []struct {
		name, project, rest string
		status              int
		code, want          string
	}{
		{"short project", "1234", "", 404, "INVALID_GROUP_ID", group("1234")},
		{"project in capitals", "32B6E34B3D91647ABB20E7B8", "", 404, "INVALID_GROUP_ID", group("32B6E34B3D91647ABB20E7B8")},
		{"project and more", testProject + "0", "", 404, "INVALID_GROUP_ID", group(testProject + "0")},
		{"project of escapes", "%25zz%20%22", "", 404, "INVALID_GROUP_ID", group(`%zz \"`)},
		{"project, before all else", "x", "/NONE?pageNum=0", 404, "INVALID_GROUP_ID", group("x")},
		{"unknown project", other, "", 404, "GROUP_NOT_FOUND",
			`{"detail":"No group with ID ` + other +
				` exists.","error":404,"errorCode":"GROUP_NOT_FOUND","parameters":["` + other +
				`"],"reason":"Not Found"}`},
		{"type", testProject, "/NONE", 400, "INVALID_PATH_PARAMETER", unknownType},
		{"type in small", testProject, "/ops_genie", 400, "INVALID_PATH_PARAMETER", unknownType},
		{"type of escapes", testProject, "/%25zz", 400, "INVALID_PATH_PARAMETER", unknownType},
		{"type, decoded once", testProject, "/OPS%255FGENIE", 400, "INVALID_PATH_PARAMETER", unknownType},
		{"type with a slash", testProject, "/OPS_GENIE%2F", 400, "INVALID_PATH_PARAMETER", unknownType},
		{"log export", testProject, "/DATADOG_LOG_EXPORT", 400, "INVALID_PATH_PARAMETER", unknownType},
		{
			"HIP_CHAT", testProject, "/HIP_CHAT", 400, "HIPCHAT_NOT_SUPPORTED",
			error400("HIPCHAT_NOT_SUPPORTED", "HipChat integration is only supported for Ops Manager projects.", "[]"),
		},
		{"pageNum of 0", testProject, "?pageNum=0", 400, "INVALID_QUERY_PARAMETER", query("pageNum")},
		{"negative pageNum", testProject, "?pageNum=-1", 400, "INVALID_QUERY_PARAMETER", query("pageNum")},
		{"pageNum too great", testProject, "?pageNum=9223372036854775808", 400, "INVALID_QUERY_PARAMETER", query("pageNum")},
		{"empty pageNum", testProject, "?pageNum=", 400, "INVALID_QUERY_PARAMETER", query("pageNum")},
		{"pageNum of letters", testProject, "?pageNum=x", 400, "INVALID_QUERY_PARAMETER", query("pageNum")},
		{"pageNum with a fraction", testProject, "?pageNum=1.5", 400, "INVALID_QUERY_PARAMETER", query("pageNum")},
		{"pageNum twice", testProject, "?pageNum=1&pageNum=2", 400, "INVALID_QUERY_PARAMETER", query("pageNum")},
		{"no items", testProject, "?itemsPerPage=0", 400, "INVALID_QUERY_PARAMETER", query("itemsPerPage")},
		{"501 items", testProject, "?itemsPerPage=501", 400, "INVALID_QUERY_PARAMETER", query("itemsPerPage")},
		{"items of letters", testProject, "?itemsPerPage=x", 400, "INVALID_QUERY_PARAMETER", query("itemsPerPage")},
		{"includeCount", testProject, "?includeCount=maybe", 400, "INVALID_QUERY_PARAMETER", query("includeCount")},
		{"envelope", testProject, "?envelope=yes", 400, "INVALID_QUERY_PARAMETER", query("envelope")},
		{"pretty", testProject, "/OPS_GENIE?pretty=yes", 400, "INVALID_QUERY_PARAMETER", query("pretty")},
		{"paging of a write", testProject, "/OPS_GENIE?itemsPerPage=501", 400, "INVALID_QUERY_PARAMETER", query("itemsPerPage")},
	} {
		for _, apiVersion := range apiVersions {
			for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
				if (method != "GET") != strings.HasPrefix(c.rest, "/") || c.name == "paging of a write" && (method == "GET" || method == "DELETE") {
					continue
				}
				t.Run(c.name+" "+apiVersion+" "+method, func(t *testing.T) {
					a := newAPIClient(t, apiVersion, WithProjects(testProject))
					a.project = c.project
					got := a.do(method, c.rest, examplePayload(t, apiVersion, "OPS_GENIE"))
					a.want(got, c.status, c.code)
					wantBody(t, got, c.want)
					if len(a.stored()) != 0 {
						t.Errorf("stored %v", a.stored())
					}
				})
			}
		}
	}
}

func TestConfiguredAndNotConfigured(t *testing.T) {
	for _, apiVersion := range apiVersions {
		a := newAPIClient(t, apiVersion).has("OPS_GENIE")
		before := a.stored()
		got := a.do("POST", "/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"another"}`)
		a.want(got, 409, "INTEGRATION_ALREADY_CONFIGURED")
		wantBody(t, got, `{"detail":"The integration of type 'OPS_GENIE' is already configured for this group.","error":409,`+
			`"errorCode":"INTEGRATION_ALREADY_CONFIGURED","parameters":["OPS_GENIE"],"reason":"Conflict"}`)
		for _, method := range []string{"GET", "DELETE"} {
			got := a.do(method, "/WEBHOOK", "")
			a.want(got, 404, "INTEGRATION_NOT_CONFIGURED")
			wantBody(t, got, `{"detail":"The integration of type 'WEBHOOK' is not configured for this group.","error":404,`+
				`"errorCode":"INTEGRATION_NOT_CONFIGURED","parameters":["WEBHOOK"],"reason":"Not Found"}`)
		}
		// The same type in another project is another integration.
		a.project = strings.Repeat("1", 24)
		a.want(a.do("GET", "/OPS_GENIE", ""), 404, "INTEGRATION_NOT_CONFIGURED")
		if diff := cmp.Diff(before, a.stored()); diff != "" {
			t.Error(diff)
		}
	}
}

// A PUT of a missing integration creates it, for which v1.0 needs the password and v2 does not.
func TestCreateByUpdateRequiresFields(t *testing.T) {
	const body = `{"type":"PROMETHEUS","enabled":true,"username":"u","serviceDiscovery":"http"}`
	v1 := newAPIClient(t, "v1.0")
	v1.want(v1.do("PUT", "/PROMETHEUS", body), 400, "MISSING_ATTRIBUTE")
	v2 := newAPIClient(t, "v2")
	v2.want(v2.do("PUT", "/PROMETHEUS", body), 200, "")
}

// A PUT merges the sent fields into the stored ones.
func TestMerge(t *testing.T) {
	for _, c := range []struct {
		name, typ, body string
		want            map[string]any // over the fields of the example
	}{
		{"nothing", "DATADOG", ``, nil},
		{"only one", "DATADOG", `,"region":"EU"`, map[string]any{"region": "EU"}},
		{"explicit false", "DATADOG", `,"sendDatabaseMetrics":false`, map[string]any{"sendDatabaseMetrics": false}},
		{"required ones are stored", "NEW_RELIC", `,"readToken":"new"`, map[string]any{"readToken": "new"}},
		{"no password", "PROMETHEUS", `,"username":"new"`, map[string]any{"username": "new"}},
		{"another password", "PROMETHEUS", `,"password":"new"`, map[string]any{"password": "new"}},
		{"URL without secret and templates", "WEBHOOK", `,"url":"https://new.example.com/"`, map[string]any{"url": "https://new.example.com/"}},
		{"null", "SLACK", `,"channelName":null`, map[string]any{"channelName": nil}},
		{"id", "OPS_GENIE", `,"id":"ffffffffffffffffffffffff"`, nil},
		{"id of null", "OPS_GENIE", `,"id":null`, nil},
		{"mask of a key", "OPS_GENIE", `,"apiKey":"********************************cdef","region":"US"`, map[string]any{"region": "US"}},
		{"mask of a key that must be hexadecimal", "DATADOG", `,"apiKey":"****************************cdef","region":"EU"`, map[string]any{"region": "EU"}},
		{"mask of a URL", "WEBHOOK", `,"url":"https://hooks.example.com/****6789","secret":"new"`, map[string]any{"secret": "new"}},
		{
			"mask of a secret", "WEBHOOK", `,"secret":"******************cret","url":"https://new.example.com/"`,
			map[string]any{"url": "https://new.example.com/"},
		},
		{"mask of a Teams URL", "MICROSOFT_TEAMS", `,"microsoftTeamsWebhookUrl":"https://example.webhook.office.com/****6789"`, nil},
	} {
		for _, apiVersion := range apiVersions {
			t.Run(c.name+" "+apiVersion, func(t *testing.T) {
				a := newAPIClient(t, apiVersion).has(c.typ)
				want := maps.Clone(a.fields(c.typ))
				maps.Copy(want, c.want)
				a.want(a.do("PUT", "/"+c.typ, `{"type":"`+c.typ+`"`+c.body+`}`), 200, "")
				if diff := cmp.Diff(want, a.fields(c.typ)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if got := a.do("GET", "/"+c.typ, ""); !strings.Contains(got.body, `"id":"`+nth(1)+`"`) {
					t.Errorf("the id has changed: %s", got.body)
				}
			})
		}
	}
}

// Clients read an integration, change a field and send all of it. They drop null fields, since Atlas's own SDK does,
// and get back the same integration.
func TestReadAndWriteBack(t *testing.T) {
	for _, apiVersion := range apiVersions {
		for _, typ := range typeNames(apiVersion) {
			t.Run(apiVersion+" "+typ, func(t *testing.T) {
				a := newAPIClient(t, apiVersion).has(typ)
				before := a.stored()
				read := map[string]any{}
				if err := json.Unmarshal([]byte(a.do("GET", "/"+typ, "").body), &read); err != nil {
					t.Fatal(err)
				}
				maps.DeleteFunc(read, func(_ string, value any) bool { return value == nil })
				got := a.do("PUT", "/"+typ, string(wire.Encode(read)))
				a.want(got, 200, "")
				// Defaults that responses show come back as if they had been sent.
				for name, value := range before[testProject].Integrations[0].Fields {
					if diff := cmp.Diff(value, a.fields(typ)[name]); diff != "" {
						t.Errorf("%s (-before +after):\n%s", name, diff)
					}
				}
			})
		}
	}
}

// A mask overwrites no secret: the mask of another value is rejected, and in strict mode each mask.
func TestRejectedMasks(t *testing.T) {
	for name, c := range map[string]struct {
		opts      []Option
		typ, body string
	}{
		"of another end":          {nil, "OPS_GENIE", `"apiKey":"********************************0000"`},
		"of another length":       {nil, "OPS_GENIE", `"apiKey":"****cdef"`},
		"only stars":              {nil, "OPS_GENIE", `"apiKey":"****"`},
		"of another host":         {nil, "WEBHOOK", `"url":"https://other.example.com/****6789"`},
		"of the URL as a secret":  {nil, "WEBHOOK", `"secret":"https://hooks.example.com/****6789"`},
		"of what is never shown":  {nil, "PROMETHEUS", `"password":"***********************word"`},
		"strict, of a key":        {[]Option{WithChoices(Choices{StrictMasks: true})}, "OPS_GENIE", `"apiKey":"********************************cdef"`},
		"strict, of a URL":        {[]Option{WithChoices(Choices{StrictMasks: true})}, "WEBHOOK", `"url":"https://hooks.example.com/****6789"`},
		"strict, of a secret":     {[]Option{WithChoices(Choices{StrictMasks: true})}, "WEBHOOK", `"secret":"******************cret"`},
		"of a field not there":    {nil, "VICTOR_OPS", `"apiKey":"********************************cdee"`},
		"with another good field": {nil, "OPS_GENIE", `"region":"US","apiKey":"****"`},
	} {
		for _, apiVersion := range apiVersions {
			a := newAPIClient(t, apiVersion, c.opts...).has(c.typ)
			before := a.stored()
			got := a.do("PUT", "/"+c.typ, `{"type":"`+c.typ+`",`+c.body+`}`)
			code := map[string]string{schemas.V2: "INVALID_INTEGRATION_SETTINGS", schemas.V1: "INTEGRATION_FIELDS_INVALID"}[apiVersion]
			a.want(got, 400, code)
			if diff := cmp.Diff(before, a.stored()); diff != "" {
				t.Errorf("%s %s:\n%s", apiVersion, name, diff)
			}
		}
	}
}

// A secret of fewer than eight characters has a mask of fewer than four stars, which looks like a text.
func TestShortMasks(t *testing.T) {
	for secret, mask := range map[string]string{"a": "*", "abcd": "****", "abcde": "*bcde", "abcdefg": "***defg"} {
		a := newAPIClient(t, schemas.V2)
		a.want(a.do("POST", "/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"`+secret+`"}`), 200, "")
		a.want(a.do("PUT", "/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"`+mask+`"}`), 200, "")
		if got := a.fields("OPS_GENIE")["apiKey"]; got != secret {
			t.Errorf("%q has become %q", secret, got)
		}
	}
}

// A PUT of an absent type creates it, and then needs all that a creation needs.
func TestPutCreates(t *testing.T) {
	for _, apiVersion := range apiVersions {
		for _, typ := range typeNames(apiVersion) {
			a := newAPIClient(t, apiVersion)
			a.want(a.do("PUT", "/"+typ, examplePayload(t, apiVersion, typ)), 200, "")
			a.want(a.do("GET", "/"+typ, ""), 200, "")
			a = newAPIClient(t, apiVersion)
			a.want(a.do("PUT", "/"+typ, `{"type":"`+typ+`"}`), 400, "MISSING_ATTRIBUTE")
			a.want(a.do("GET", "/"+typ, ""), 404, "INTEGRATION_NOT_CONFIGURED")
		}
	}
}

// An update may omit a field that the other API version does not require, and that is not stored.
func TestUpdateOmitsWhatIsNotStored(t *testing.T) {
	v1 := newAPIClient(t, schemas.V1)
	v1.want(v1.do("POST", "/SLACK", `{"type":"SLACK","apiToken":"t-1","teamName":"T"}`), 200, "")
	v2 := v1.withVersion(schemas.V2)
	v2.want(v2.do("PUT", "/SLACK", `{"type":"SLACK","apiToken":"t-2"}`), 200, "")
	v2.want(v2.do("PUT", "/SLACK", `{"type":"SLACK","channelName":"c"}`), 200, "")
	if diff := cmp.Diff(map[string]any{"apiToken": "t-2", "teamName": "T", "channelName": "c"}, v2.fields("SLACK")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The server chooses IDs and ignores those in requests. An integration that is created again has another one.
func TestIDs(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	payload := `{"type":"OPS_GENIE","apiKey":"k-1","id":"ffffffffffffffffffffffff"}`
	want := func(n int) {
		t.Helper()
		if got := a.do("GET", "/OPS_GENIE", ""); !strings.Contains(got.body, `"id":"`+nth(n)+`"`) {
			t.Errorf("want %s: %s", nth(n), got.body)
		}
	}
	a.want(a.do("POST", "/OPS_GENIE", payload), 200, "")
	want(1)
	a.want(a.do("PUT", "/OPS_GENIE", payload), 200, "")
	want(1)
	a.want(a.do("DELETE", "/OPS_GENIE", ""), 204, "")
	a.want(a.do("PUT", "/OPS_GENIE", payload), 200, "")
	want(2)
	if nth(1) != "695735a50000000000000001" {
		t.Errorf("an id does not begin with the time: %s", nth(1))
	}
}

// Both requests to v1.0, the only API version with FLOWDOCK, have a code of their own for it.
func TestFlowNameWithWhiteSpace(t *testing.T) {
	a := newAPIClient(t, schemas.V1)
	for _, method := range []string{"POST", "PUT"} {
		got := a.do(method, "/FLOWDOCK", `{"type":"FLOWDOCK","flowName":"main flow","apiToken":"t-1","orgName":"an org"}`)
		a.want(got, 400, "INVALID_FLOWDOCK_FLOW_NAME")
		wantBody(t, got,
			`{"detail":"Flowdock flow name cannot contain spaces.","error":400,`+
				`"errorCode":"INVALID_FLOWDOCK_FLOW_NAME","parameters":[],"reason":"Bad Request"}`)
	}
	a.want(a.do("POST", "/FLOWDOCK", `{"type":"FLOWDOCK","flowName":"main-flow","apiToken":"t-1","orgName":"an org"}`), 200, "")
}

// Responses contain no hints about a command line.
func TestDetailHasNoFlags(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	for _, body := range []string{`[]`, `{"type":"FLOWDOCK"}`, `{"type":"DATADOG","flowName":"x"}`} {
		got := a.do("POST", "/DATADOG", body)
		if got.status != 400 {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
		wantParts(t, body, got.body, "badRequestDetail")
		wantNoParts(t, body, got.body, "--")
	}
}

// Clients that read, change and write an integration also send the fields that have no value. In an update, such a
// field removes the stored value. A payload of such fields can't create an integration.
func TestUnsetIsSentBack(t *testing.T) {
	for _, tt := range []struct{ apiVersion, payload, back, want string }{
		{
			schemas.V2, `{"type":"DATADOG","apiKey":"0123456789abcdef0123456789abcdef","region":"US"}`,
			`{"type":"DATADOG","region":"EU","customEndpoint":null}`, `"customEndpoint":null,`,
		},
		{
			schemas.V2, `{"type":"WEBHOOK","url":"https://a.example/x","bodyTemplate":"{}"}`,
			`{"type":"WEBHOOK","bodyTemplate":null,"headersTemplate":null}`,
			`{"bodyTemplate":null,"headersTemplate":null,`,
		},
		{schemas.V1, `{"type":"SLACK","apiToken":"xoxb-1234","teamName":"t","channelName":"c"}`, `{"type":"SLACK","channelName":""}`, `"channelName":"",`},
	} {
		a := newAPIClient(t, tt.apiVersion)
		path := "/" + knownType(strings.Split(tt.back, `"`)[3])
		for _, method := range []string{"POST", "PUT"} {
			if got := a.do(method, path, tt.back); got.status != 400 {
				t.Errorf("%s of a missing integration: %d %s", method, got.status, got.body)
			}
		}
		a.want(a.do("POST", path, tt.payload), 200, "")
		a.want(a.do("PUT", path, tt.back), 200, "")
		if got := a.do("GET", path, ""); !strings.Contains(got.body, tt.want) {
			t.Errorf("%s is not in %s", tt.want, got.body)
		}
		in, _ := a.s.Integration(testProject, path[1:])
		for _, name := range []string{"customEndpoint", "bodyTemplate", "channelName"} {
			if value := in.Fields[name]; value != nil {
				t.Errorf("%s: %s is stored as %v", path, name, value)
			}
		}
		for _, wrong := range []string{
			`{"type":"` + path[1:] + `","customEndpoint":"x"}`,
			strings.Replace(tt.back, "}", `,"bodyTemplate":null,"bodyTemplate":null,"channelName":"","channelName":""}`, 1),
		} {
			if got := a.do("PUT", path, wrong); got.status != 400 {
				t.Errorf("%s: %d %s", wrong, got.status, got.body)
			}
		}
	}
}
