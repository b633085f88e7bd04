package atlas

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/big"
	"slices"
)

// Object returns the members of a JSON object with exact numbers, as [json.Number]; nil if doc is not one object.
func Object(doc []byte) map[string]any {
	decoder := json.NewDecoder(bytes.NewReader(doc))
	decoder.UseNumber()
	var object map[string]any
	if !json.Valid(doc) || decoder.Decode(&object) != nil {
		return nil
	}
	return object
}

// Equal reports whether two values are equal as JSON: numbers by their value, however they are written, objects
// with their members in any order. Values are those of encoding/json with UseNumber.
func Equal(a, b any) bool {
	switch a := a.(type) {
	case json.Number:
		other, ok := b.(json.Number)
		return ok && equalNumbers(a, other)
	case []any:
		other, ok := b.([]any)
		return ok && slices.EqualFunc(a, other, Equal)
	case map[string]any:
		other, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, other, Equal)
	}
	switch b.(type) {
	case json.Number, []any, map[string]any:
		return false
	}
	return a == b
}

func equalNumbers(a, b json.Number) bool {
	x, ok := new(big.Rat).SetString(a.String())
	y, alsoOK := new(big.Rat).SetString(b.String())
	if !ok || !alsoOK { // an exponent beyond all that a parsed payload can have
		return a == b
	}
	return x.Cmp(y) == 0
}
