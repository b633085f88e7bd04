package validate_test

import (
	"encoding/json"
	"testing"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

// example returns the example in a type's request schema.
func example(t *testing.T, typ schemas.Type) []byte {
	t.Helper()
	data, ok := schemas.Schema(typ.APIVersion, typ.Name)
	if !ok {
		t.Fatalf("no schema of %s %s", typ.APIVersion, typ.Name)
	}
	var schema struct{ Examples []json.RawMessage }
	if err := json.Unmarshal(data, &schema); err != nil || len(schema.Examples) == 0 {
		t.Fatalf("%s %s: no example: %v", typ.APIVersion, typ.Name, err)
	}
	return schema.Examples[0]
}

// numbers are those of a result.
type numbers struct{ Payloads, Errors, Warnings, Kept, Omitted int }

func numbersOf(r validate.Result) numbers {
	return numbers{r.Payloads, r.Errors, r.Warnings, len(r.Findings), r.Omitted()}
}

func encode(t *testing.T, value any) []byte {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func quote(s string) string {
	data, _ := json.Marshal(s)
	return string(data)
}
