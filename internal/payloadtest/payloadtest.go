// Package payloadtest generates random payloads for tests.
package payloadtest

import (
	"encoding/json"
	"math/rand/v2"
	"strings"

	"github.com/atlasint/atlasint/gen/schemas"
)

// SchemaRules are the IDs of the rules that report what a schema rejects.
var SchemaRules = map[string]bool{
	"required": true, "unknown-field": true, "foreign-field": true, "removed-field": true,
	"wrong-type": true, "enum": true, "length": true, "null": true, "key-format": true, "white-space": true, "schema": true,
}

// Sample returns the number of payloads that a test checks: Count, or a tenth if short, the value of testing.Short.
func Sample(short bool) int {
	if short {
		return Count / 10
	}
	return Count
}

// Mutated returns a payload of the type. Most of its fields are valid. It contains no masked, blank or
// referring strings, because rules beyond the schema report those first.
func Mutated(random *rand.Rand, typ *schemas.Type) []byte {
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
	case f.Pattern == `^[^ \t\n\v\f\r]+$`: // no white space
		return []string{"main", "main-flow", "main flow", "main\n", "\u00a0main", "a\vb"}[random.IntN(6)]
	case f.Pattern != "":
		return strings.Repeat("aF09", 7+random.IntN(20)/6) + "bcde"[:4-random.IntN(30)/29]
	case f.MaxLength > 0:
		return strings.Repeat("é", f.MinLength+random.IntN(f.MaxLength+3))
	default:
		return []string{"x", "https://hooks.example.com/x", "{}", "0123456789abcdef0123456789abcdef01234567"}[random.IntN(4)]
	}
}
