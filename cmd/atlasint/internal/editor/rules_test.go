package editor_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	six "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/editor"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/payloadtest"
	"github.com/atlasint/atlasint/validate"
)

// editorSchemas are the compiled schemas for editors, by path.
func editorSchemas(t *testing.T) map[string]*six.Schema {
	t.Helper()
	files, err := editor.Files("https://example.com/")
	if err != nil {
		t.Fatal(err)
	}
	compiled := map[string]*six.Schema{}
	for _, f := range files {
		if f.Path == "catalog.json" {
			continue
		}
		compiled[f.Path] = compiled6(t, f.Data)
	}
	return compiled
}

// The schemas for editors accept the same payloads without references as the published schemas. If a reference replaces
// a valid string, the payload stays valid. The schema for all types agrees with the schema for the type of the payload.
func TestEditorSchemasMatchValidator(t *testing.T) {
	payloads := payloadtest.Sample(testing.Short()) / 5
	random := rand.New(rand.NewPCG(7, 20230101))
	published, editors := publishedSchemas(t), editorSchemas(t)
	counts, referring := map[bool]int{}, 0
	for range payloads {
		typ := &schemas.Types[random.IntN(len(schemas.Types))]
		payload := object(t, payloadtest.Mutated(random, typ))
		want := published[typ].Validate(payload) == nil
		counts[want]++
		check := func(what string) {
			for _, name := range []string{typ.Name, "integration"} {
				if got := editors[typ.APIVersion+"/"+name+".json"].Validate(payload) == nil; got != want {
					text, _ := json.Marshal(payload)
					t.Fatalf("%s %s, %s: the schema %s says %v, the judge %v: %s", typ.APIVersion, typ.Name, what, name, got, want, text)
				}
			}
		}
		check("as it is")
		if want && refer(random, typ, payload) {
			referring++
			check("with references")
		}
	}
	t.Logf("%d valid, %d not; %d with references", counts[true], counts[false], referring)
	if least := payloads / 5; min(counts[true], counts[false]) < least {
		t.Errorf("%d payloads are valid, %d are not; want at least %d of each", counts[true], counts[false], least)
	}
	if least := payloads / 10; referring < least {
		t.Errorf("%d payloads have references, want at least %d", referring, least)
	}
}

// publishedSchemas are the compiled schemas of requests.
func publishedSchemas(t *testing.T) map[*schemas.Type]*six.Schema {
	t.Helper()
	compiled := map[*schemas.Type]*six.Schema{}
	for i := range schemas.Types {
		typ := &schemas.Types[i]
		data, _ := schemas.Schema(typ.APIVersion, typ.Name)
		compiled[typ] = compiled6(t, data)
	}
	return compiled
}

func compiled6(t *testing.T, schema []byte) *six.Schema {
	t.Helper()
	doc, err := six.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	compiler := six.NewCompiler()
	if err := compiler.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	return compiler.MustCompile("schema.json")
}

func object(t *testing.T, data []byte) map[string]any {
	t.Helper()
	var value map[string]any
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// refer replaces some strings with references, and reports whether it replaced any.
func refer(random *rand.Rand, typ *schemas.Type, payload map[string]any) (done bool) {
	references := []string{"${env:NAME}", "https://h/${file:a/b}", "${env:A}${file:" + strings.Repeat("x", 99) + "}"}
	for _, f := range typ.Fields {
		if _, isText := payload[f.Name].(string); isText && f.Const == "" && random.IntN(2) == 0 {
			payload[f.Name] = references[random.IntN(len(references))]
			done = true
		}
	}
	return done
}

// The schemas for editors reject and accept the same examples as the rules that a schema can express.
func TestEditorSchemasMatchRules(t *testing.T) {
	schema, tried := editorSchemas(t)[schemas.V2+"/integration.json"], 0
	for _, r := range validate.Rules() {
		if !payloadtest.SchemaRules[r.ID] {
			continue
		}
		for text, want := range map[string]bool{r.Fails: false, r.Passes: true} {
			if !strings.HasPrefix(text, "{") {
				continue
			}
			tried++
			if got := schema.Validate(object(t, []byte(text))) == nil; got != want {
				t.Errorf("%s: %s: accepted: %v", r.ID, text, got)
			}
		}
	}
	if tried != 2*(len(payloadtest.SchemaRules)-2) { // v2 has no example of the rules schema and white-space
		t.Errorf("%d examples of %d rules", tried, len(payloadtest.SchemaRules))
	}
}
