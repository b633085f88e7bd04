package validate

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	six "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/jsonpos"
)

// FuzzAccepts: what the accept path accepts, the schema accepts.
func FuzzAccepts(f *testing.F) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range schemas.Types {
		for range 4 {
			f.Add(i, string(mutated(random, &schemas.Types[i])))
		}
	}
	f.Fuzz(func(t *testing.T, index int, payload string) {
		doc, err := jsonpos.Parse([]byte(payload))
		if err != nil || doc.Root.Kind != jsonpos.Object {
			return
		}
		typ := &schemas.Types[(index%len(schemas.Types)+len(schemas.Types))%len(schemas.Types)]
		ts := typesOf(typ.Generation)[typ.Name]
		if !ts.accepts(&doc.Root) {
			return
		}
		if err := ts.compiled().Validate(doc.Root.Any()); err != nil {
			t.Errorf("%s %s: accepted, but the schema refuses: %#v", typ.Generation, typ.Name, err)
		}
	})
}

// schemaRules are the rules that speak for the schema.
var schemaRules = map[string]bool{
	ruleRequired: true, ruleUnknownField: true, ruleForeignField: true, ruleRemovedField: true,
	ruleWrongType: true, ruleEnum: true, ruleLength: true, ruleNull: true, ruleKeyFormat: true,
}

// jsonschema v5, v6 and the validator give the same verdict on many payloads, by the schema alone. The
// validator accepts most of the good ones without asking the schema, and has to be right about it.
func TestSameVerdictAsSchemas(t *testing.T) {
	const payloads = 100_000
	random := rand.New(rand.NewPCG(20230101, 10))
	second := v6Schemas(t)
	validators := map[string]*Validator{}
	for _, generation := range []string{schemas.V1, schemas.V2} {
		v, err := New(WithGeneration(generation))
		if err != nil {
			t.Fatal(err)
		}
		validators[generation] = v
	}
	verdicts, shortcuts := map[bool]int{}, 0
	for range payloads {
		typ := &schemas.Types[random.IntN(len(schemas.Types))]
		payload := mutated(random, typ)
		ts := typesOf(typ.Generation)[typ.Name]
		doc, err := jsonpos.Parse(payload)
		if err != nil {
			t.Fatal(err)
		}
		if ts.accepts(&doc.Root) {
			shortcuts++
		}
		value := doc.Root.Any()
		v5 := ts.compiled().Validate(value) == nil
		v6 := second[typ].Validate(value) == nil
		ours := true
		for _, f := range validators[typ.Generation].Check("p", payload) {
			ours = ours && !schemaRules[f.Rule]
		}
		if v5 != v6 || v5 != ours {
			t.Fatalf("%s %s: v5 %v, v6 %v, ours %v: %s", typ.Generation, typ.Name, v5, v6, ours, payload)
		}
		verdicts[v5]++
	}
	t.Logf("%d valid, %d not; %d took the accept path", verdicts[true], verdicts[false], shortcuts)
	if verdicts[true] < payloads/5 || verdicts[false] < payloads/5 || shortcuts < verdicts[true]*9/10 {
		t.Errorf("lopsided: %d valid, %d not, %d took the accept path", verdicts[true], verdicts[false], shortcuts)
	}
}

func v6Schemas(t *testing.T) map[*schemas.Type]*six.Schema {
	t.Helper()
	compiled := map[*schemas.Type]*six.Schema{}
	for i := range schemas.Types {
		typ := &schemas.Types[i]
		data, _ := schemas.Schema(typ.Generation, typ.Name)
		doc, err := six.UnmarshalJSON(strings.NewReader(string(data)))
		if err != nil {
			t.Fatal(err)
		}
		compiler := six.NewCompiler()
		if err := compiler.AddResource("schema.json", doc); err != nil {
			t.Fatal(err)
		}
		compiled[typ] = compiler.MustCompile("schema.json")
	}
	return compiled
}

// mutated makes a payload of the type: its fields, most of them good, now and then one that is not. It
// makes no masked, blank or referring texts, of which other rules speak first.
func mutated(random *rand.Rand, typ *schemas.Type) []byte {
	var members []string
	add := func(name string, value any) {
		data, _ := json.Marshal(value)
		members = append(members, `"`+name+`":`+string(data))
	}
	for i := range typ.Fields {
		f := &typ.Fields[i]
		if f.Const != "" {
			add(f.Name, f.Const)
			continue
		}
		if !f.Required && random.IntN(3) == 0 || f.Required && random.IntN(20) == 0 || f.ReadOnly && random.IntN(20) != 0 {
			continue
		}
		add(f.Name, valueFor(random, f))
		if random.IntN(60) == 0 {
			add(f.Name, valueFor(random, f))
		}
	}
	if random.IntN(12) == 0 {
		names := []string{"note", "scheme", "region", "sendDatabaseMetrics", "webhookBodyTemplate", "id", "apikey"}
		add(names[random.IntN(len(names))], "x")
	}
	random.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	return []byte("{" + strings.Join(members, ",") + "}")
}

func valueFor(random *rand.Rand, f *schemas.Field) any {
	if random.IntN(25) == 0 {
		return []any{nil, true, 1.5, -1, "other", []any{}, map[string]any{"a": nil}, "US", 0}[random.IntN(9)]
	}
	switch {
	case f.Kind == "boolean":
		return random.IntN(2) == 0
	case f.Enum != nil:
		return f.Enum[random.IntN(len(f.Enum))]
	case f.Pattern != "":
		return strings.Repeat("aF09", 7+random.IntN(20)/6) + "bcde"[:4-random.IntN(30)/29]
	case f.MaxLength > 0:
		return strings.Repeat("é", f.MinLength+random.IntN(f.MaxLength+3))
	default:
		return []string{"x", "https://hooks.example.com/x", "{}", "0123456789abcdef0123456789abcdef01234567"}[random.IntN(4)]
	}
}
