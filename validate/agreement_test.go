package validate

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	five "github.com/santhosh-tekuri/jsonschema/v5"
	six "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/jsonpos"
)

// libraries are the schema libraries that the validator has to agree with, with one type's published schema.
type libraries struct {
	v5 *five.Schema
	v6 *six.Schema
}

func newLibraries(t testing.TB) map[*schemas.Type]libraries {
	t.Helper()
	all := map[*schemas.Type]libraries{}
	for i := range schemas.Types {
		typ := &schemas.Types[i]
		data, _ := schemas.Schema(typ.Generation, typ.Name)
		all[typ] = libraries{five.MustCompileString("https://schemas.invalid/schema.json", string(data)), compileV6(t, data)}
	}
	return all
}

func compileV6(t testing.TB, schema []byte) *six.Schema {
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

// agree compares the verdict of the libraries with ours by the schema alone; it returns the verdict, and whether
// the first step accepted.
func (l libraries) agree(t *testing.T, typ *schemas.Type, payload []byte, root *jsonpos.Value) (verdict, accepted bool) {
	t.Helper()
	var value any
	if err := json.Unmarshal(payload, &value); err != nil {
		t.Fatal(err)
	}
	v, err := New(WithGeneration(typ.Generation))
	if err != nil {
		t.Fatal(err)
	}
	c := v.newCheck("p", payload, record{})
	c.root, c.typ = root, v.types[typ.Name]
	c.schema(root)
	ours, accepted := len(c.findings) == 0, c.typ.schema().Accepts(root)
	v5, v6 := l.v5.Validate(value) == nil, l.v6.Validate(value) == nil
	if v5 != v6 || v5 != ours || accepted && !v5 {
		t.Errorf("%s %s: v5 %v, v6 %v, ours %v, accepted by the first step %v: %s", typ.Generation, typ.Name, v5, v6, ours, accepted, payload)
	}
	return ours, accepted
}

// FuzzSameVerdict: the validator rejects what the schema rejects, and nothing else.
func FuzzSameVerdict(f *testing.F) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range schemas.Types {
		for range 4 {
			f.Add(i, string(mutated(random, &schemas.Types[i])))
		}
	}
	all := newLibraries(f)
	f.Fuzz(func(t *testing.T, index int, payload string) {
		doc, err := jsonpos.Parse([]byte(payload))
		typ := &schemas.Types[(index%len(schemas.Types)+len(schemas.Types))%len(schemas.Types)]
		if err != nil || doc.Root.Kind != jsonpos.Object || !isOf(&doc.Root, typ.Name) {
			return
		}
		all[typ].agree(t, typ, []byte(payload), &doc.Root)
	})
}

// isOf reports whether a payload is of the type whose schema validates it.
func isOf(root *jsonpos.Value, typ string) bool {
	m := root.Member("type")
	return m != nil && m.Value.Kind == jsonpos.String && m.Value.Text == typ
}

// jsonschema v5, v6 and the validator give the same verdict on many payloads.
func TestSameVerdictAsSchemas(t *testing.T) {
	const payloads = payloadsOfOneRun
	random := rand.New(rand.NewPCG(20230101, 10))
	all := newLibraries(t)
	verdicts, fast := map[bool]int{}, 0
	for range payloads {
		typ := &schemas.Types[random.IntN(len(schemas.Types))]
		payload := mutated(random, typ)
		doc, err := jsonpos.Parse(payload)
		if err != nil {
			t.Fatal(err)
		}
		verdict, accepted := all[typ].agree(t, typ, payload, &doc.Root)
		if checked := meetsSchema(t, typ, payload); checked != verdict {
			t.Errorf("%s %s: Check says %v, the schema %v: %s", typ.Generation, typ.Name, checked, verdict, payload)
		}
		verdicts[verdict]++
		if accepted {
			fast++
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d valid, %d not; %d were accepted by the first step", verdicts[true], verdicts[false], fast)
	// Without its fast path the first step accepts nothing.
	if verdicts[true] < payloads/5 || verdicts[false] < payloads/5 || fast > 0 && fast < verdicts[true]*9/10 {
		t.Errorf("lopsided: %d valid, %d not, %d were accepted by the first step", verdicts[true], verdicts[false], fast)
	}
}

// ofSchema are the rules that explain the schema.
var ofSchema = map[string]bool{
	"required": true, "unknown-field": true, "foreign-field": true, "removed-field": true,
	"wrong-type": true, "enum": true, "length": true, "null": true, "key-format": true, "white-space": true, "schema": true,
}

func meetsSchema(t *testing.T, typ *schemas.Type, payload []byte) bool {
	t.Helper()
	v, err := New(WithGeneration(typ.Generation))
	if err != nil {
		t.Fatal(err)
	}
	return !slices.ContainsFunc(v.Check("p", payload), func(f Finding) bool { return ofSchema[f.Rule] })
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
	case f.Pattern == noWhiteSpace:
		return []string{"main", "main-flow", "main flow", "main\n", "\u00a0main"}[random.IntN(5)]
	case f.Pattern != "":
		return strings.Repeat("aF09", 7+random.IntN(20)/6) + "bcde"[:4-random.IntN(30)/29]
	case f.MaxLength > 0:
		return strings.Repeat("é", f.MinLength+random.IntN(f.MaxLength+3))
	default:
		return []string{"x", "https://hooks.example.com/x", "{}", "0123456789abcdef0123456789abcdef01234567"}[random.IntN(4)]
	}
}
