package openapi_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
)

// operation has the facts of one operation in the official descriptions, and our additions.
type operation struct {
	id     string
	params string // names, in any order
	status string
	extra  map[string]string // status that no description lists, and why we do
}

const (
	integrationsV1 = "/api/atlas/v1.0/groups/{groupId}/integrations"
	integrationsV2 = "/api/atlas/v2/groups/{groupId}/integrations"

	pathOnly   = "groupId integrationType envelope pretty"
	withPaging = pathOnly + " includeCount itemsPerPage pageNum"
	listParams = "groupId " + paged

	noVersion   = "the manual of versions: no dated Accept"
	sunset      = "reported: the body of a version past its sunset"
	otherMedia  = "a body that is not JSON has to get some response; no response has been seen"
	v1RateLimit = "the manual of v1.0 limits a project to 100 requests a minute"
	basicFails  = "OAuth 2.0: what the token endpoint returns for wrong client credentials"
)

var (
	v2Reads  = map[string]string{"406": noVersion, "410": sunset}
	v2Writes = map[string]string{"406": noVersion, "410": sunset, "415": otherMedia}
	v1Reads  = map[string]string{"429": v1RateLimit}
	v1Writes = map[string]string{"429": v1RateLimit, "415": otherMedia}

	revocations = map[string]string{"400": basicFails, "401": basicFails, "429": "the rate limit of the token endpoint"}
)

var operations = map[string]map[string]operation{
	schemas.V1: {
		"get " + integrationsV1:                           {"listThirdPartyIntegrations", listParams, "200 400 401 403 404 500", v1Reads},
		"get " + integrationsV1 + "/{integrationType}":    {"getThirdPartyIntegration", pathOnly, "200 400 401 403 404 500", v1Reads},
		"post " + integrationsV1 + "/{integrationType}":   {"createThirdPartyIntegration", withPaging, "200 400 401 403 404 409 500", v1Writes},
		"put " + integrationsV1 + "/{integrationType}":    {"updateThirdPartyIntegration", withPaging, "200 400 401 403 404 500", v1Writes},
		"delete " + integrationsV1 + "/{integrationType}": {"deleteThirdPartyIntegration", pathOnly, "204 400 401 403 404 500", v1Reads},
	},
	schemas.V2: {
		"get " + integrationsV2:                           {"listGroupIntegrations", listParams, "200 400 401 403 404 429 500", v2Reads},
		"get " + integrationsV2 + "/{integrationType}":    {"getGroupIntegration", pathOnly, "200 400 401 403 404 429 500", v2Reads},
		"post " + integrationsV2 + "/{integrationType}":   {"createGroupIntegration", withPaging, "200 400 401 403 404 409 429 500", v2Writes},
		"put " + integrationsV2 + "/{integrationType}":    {"updateGroupIntegration", withPaging, "200 400 401 403 404 429 500", v2Writes},
		"delete " + integrationsV2 + "/{integrationType}": {"deleteGroupIntegration", pathOnly, "204 400 401 403 404 429 500", v2Reads},
		"post /api/oauth/token":                           {"createOAuthToken", "envelope pretty", "200 400 401 403 429", nil},
		"post /api/oauth/revoke":                          {"revokeOAuthToken", "", "200", revocations},
	},
}

func TestOperations(t *testing.T) {
	for _, doc := range documents(t) {
		t.Run(doc.apiVersion, func(t *testing.T) {
			want := map[string]operation{}
			for name, op := range operations[doc.apiVersion] {
				op.status = sortWords(op.status + " " + strings.Join(sortedKeys(op.extra), " "))
				op.params, op.extra = sortWords(op.params), nil
				want[name] = op
			}
			got := map[string]operation{}
			for name, op := range doc.operations(t) {
				statuses := sortedKeys(op["responses"].(map[string]any))
				got[name] = operation{
					id:     op["operationId"].(string),
					params: doc.params(op),
					status: sortWords(strings.Join(statuses, " ")),
				}
			}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(operation{})); diff != "" {
				t.Errorf("operations (-official and ours +document):\n%s", diff)
			}
		})
	}
}

// operations returns the operation objects by method and path; path-level parameters are put into them.
func (d document) operations(t *testing.T) map[string]map[string]any {
	t.Helper()
	found := map[string]map[string]any{}
	for path, item := range d.object(t, "/paths") {
		item := item.(map[string]any)
		shared, _ := item["parameters"].([]any)
		for method, op := range item {
			if method == "parameters" {
				continue
			}
			op := maps.Clone(op.(map[string]any))
			own, _ := op["parameters"].([]any)
			op["parameters"] = slices.Concat(shared, own)
			found[method+" "+path] = op
		}
	}
	return found
}

func (d document) params(op map[string]any) string {
	var names []string
	for _, ref := range op["parameters"].([]any) {
		param, _ := d.at(target(ref)).(map[string]any)
		name, _ := param["name"].(string)
		names = append(names, name)
	}
	return sortWords(strings.Join(names, " "))
}

func sortWords(s string) string {
	words := strings.Fields(s)
	slices.Sort(words)
	return strings.Join(words, " ")
}

func TestParameters(t *testing.T) {
	type param struct {
		In, Type, Pattern      string
		Required               bool
		Default, Minimum, Most any
	}
	want := map[string]param{
		"groupId":         {In: "path", Required: true, Type: "string", Pattern: "^([a-f0-9]{24})$"},
		"integrationType": {In: "path", Required: true, Type: "string"},
		"envelope":        {In: "query", Type: "boolean", Default: false},
		"pretty":          {In: "query", Type: "boolean", Default: false},
		"includeCount":    {In: "query", Type: "boolean", Default: true},
		"itemsPerPage":    {In: "query", Type: "integer", Minimum: "1", Most: "500", Default: "100"},
		"pageNum":         {In: "query", Type: "integer", Minimum: "1", Default: "1"},
	}
	for _, doc := range documents(t) {
		got := map[string]param{}
		for name, raw := range doc.object(t, "/components/parameters") {
			raw := raw.(map[string]any)
			schema := raw["schema"].(map[string]any)
			if to := target(schema); to != "" {
				schema = doc.object(t, to)
			}
			p := param{Default: plain(schema["default"]), Minimum: plain(schema["minimum"]), Most: plain(schema["maximum"])}
			p.In, _ = raw["in"].(string)
			p.Required, _ = raw["required"].(bool)
			p.Type, _ = schema["type"].(string)
			p.Pattern, _ = schema["pattern"].(string)
			got[name] = p
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: parameters (-official +document):\n%s", doc.apiVersion, diff)
		}
	}
}

// plain turns a json.Number into its text.
func plain(value any) any {
	if number, ok := value.(interface{ String() string }); ok {
		return number.String()
	}
	return value
}

func TestMediaTypes(t *testing.T) {
	const dated = "application/vnd.atlas.2023-01-01+json"
	success := map[string][]string{schemas.V1: {"application/json"}, schemas.V2: {dated}}
	bodies := map[string][]string{schemas.V1: {"application/json"}, schemas.V2: {"application/json", dated}}
	for _, doc := range documents(t) {
		for name, op := range doc.operations(t) {
			if strings.Contains(name, "/oauth/") {
				continue
			}
			for status, raw := range op["responses"].(map[string]any) {
				want := []string{"application/json"} // errors are never dated
				switch {
				case status == "204":
					want = nil
				case status < "300":
					want = success[doc.apiVersion]
				}
				if diff := cmp.Diff(want, doc.media(raw)); diff != "" {
					t.Errorf("%s returns %s (-captured +document):\n%s", name, status, diff)
				}
			}
			body, ok := op["requestBody"]
			if ok != (strings.HasPrefix(name, "post") || strings.HasPrefix(name, "put")) {
				t.Errorf("%s: has a body: %v", name, ok)
			}
			if diff := cmp.Diff(bodies[doc.apiVersion], doc.media(body)); ok && diff != "" {
				t.Errorf("%s takes (-official +document):\n%s", name, diff)
			}
		}
	}
}

func (d document) media(node any) []string {
	if to := target(node); to != "" {
		node = d.at(to)
	}
	object, _ := node.(map[string]any)
	content, _ := object["content"].(map[string]any)
	return sortedKeys(content)
}

// The union, its discriminator, the types of the path and the index name the same types, in the order in
// which Atlas lists them; HIP_CHAT has a path and no configuration.
func TestTypesAgree(t *testing.T) {
	for _, doc := range documents(t) {
		union := doc.object(t, unionSchema)
		mapping := union["discriminator"].(map[string]any)["mapping"].(map[string]any)
		var inPath, inUnion, ofIndex []string
		for _, name := range doc.object(t, "/components/schemas/IntegrationType")["enum"].([]any) {
			if name != "HIP_CHAT" {
				inPath = append(inPath, name.(string))
			}
		}
		for _, member := range union["oneOf"].([]any) {
			properties := doc.object(t, target(member))["properties"].(map[string]any)
			name, _ := properties["type"].(map[string]any)["const"].(string)
			inUnion = append(inUnion, name)
			if mapping[name] != "#"+target(member) {
				t.Errorf("%s: the discriminator maps %s to %v, the union has %s", doc.apiVersion, name, mapping[name], target(member))
			}
		}
		ofIndex = typeNames(doc.apiVersion)
		if diff := cmp.Diff(inPath, inUnion); diff != "" || len(mapping) != len(inPath) {
			t.Errorf("%s: %d mapped; (-path +union):\n%s", doc.apiVersion, len(mapping), diff)
		}
		if diff := cmp.Diff(inPath, ofIndex); diff != "" {
			t.Errorf("%s (-path +index):\n%s", doc.apiVersion, diff)
		}
	}
}
