package validate

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	five "github.com/santhosh-tekuri/jsonschema/v5"
	six "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/payloadtest"
	"github.com/atlasint/atlasint/validate/internal/records"
)

// libraries are the schema libraries with which the validator must agree, with one type's published schema.
type libraries struct {
	v5 *five.Schema
	v6 *six.Schema
}

func newLibraries(t testing.TB) map[*schemas.Type]libraries {
	t.Helper()
	all := map[*schemas.Type]libraries{}
	for i := range schemas.Types {
		typ := &schemas.Types[i]
		data, _ := schemas.Schema(typ.APIVersion, typ.Name)
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
	v, err := New(Options{APIVersion: typ.APIVersion})
	if err != nil {
		t.Fatal(err)
	}
	c := v.newCheck("p", payload, records.At{})
	c.root, c.typ = root, v.types.ByName[typ.Name]
	c.schema(root)
	ours, accepted := len(c.findings) == 0, c.typ.Schema().Accepts(root)
	v5, v6 := l.v5.Validate(value) == nil, l.v6.Validate(value) == nil
	if v6 != v5 {
		t.Errorf("%s %s: v5 %v, v6 %v: %s", typ.APIVersion, typ.Name, v5, v6, payload)
	}
	if ours != v5 {
		t.Errorf("%s %s: v5 %v, ours %v: %s", typ.APIVersion, typ.Name, v5, ours, payload)
	}
	if accepted && !v5 {
		t.Errorf("%s %s: v5 false, accepted by the first step: %s", typ.APIVersion, typ.Name, payload)
	}
	return ours, accepted
}

// FuzzSameVerdict: the validator rejects exactly the payloads that the schema rejects.
func FuzzSameVerdict(f *testing.F) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range schemas.Types {
		for range 4 {
			f.Add(i, string(payloadtest.Mutated(random, &schemas.Types[i])))
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

// Package jsonschema, v5 and v6, and the validator have the same verdict for many payloads.
func TestSameVerdictAsSchemas(t *testing.T) {
	payloads := payloadtest.Sample(testing.Short())
	random := rand.New(rand.NewPCG(20230101, 10))
	all := newLibraries(t)
	verdicts, fast := map[bool]int{}, 0
	for range payloads {
		typ := &schemas.Types[random.IntN(len(schemas.Types))]
		payload := payloadtest.Mutated(random, typ)
		doc, err := jsonpos.Parse(payload)
		if err != nil {
			t.Fatal(err)
		}
		verdict, accepted := all[typ].agree(t, typ, payload, &doc.Root)
		if checked := meetsSchema(t, typ, payload); checked != verdict {
			t.Errorf("%s %s: Check says %v, the schema %v: %s", typ.APIVersion, typ.Name, checked, verdict, payload)
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
	if fast > 0 && fast < verdicts[true]*9/10 {
		t.Errorf("the first step accepted %d of %d valid payloads, want nine of ten", fast, verdicts[true])
	}
	if least := min(verdicts[true], verdicts[false]); least < payloads/5 {
		t.Errorf("%d valid payloads and %d others, want a fifth of each", verdicts[true], verdicts[false])
	}
}

func meetsSchema(t *testing.T, typ *schemas.Type, payload []byte) bool {
	t.Helper()
	v, err := New(Options{APIVersion: typ.APIVersion})
	if err != nil {
		t.Fatal(err)
	}
	return !slices.ContainsFunc(v.Check("p", payload), func(f Finding) bool { return f.Severity == Error && payloadtest.SchemaRules[f.Rule] })
}
