package client

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/internal/redact"
)

// integration reads one integration of an answer. A server that repeats credentials, or a secret of the
// payload in another field than its own, gets them into no result.
func (x *exchange) integration(doc json.RawMessage) (Integration, error) {
	if _, err := objectOf(doc); err != nil {
		return Integration{}, err
	}
	in := Integration{JSON: doc}
	if x.repeats(doc) {
		in.JSON, in.Hidden = x.cleanObject(doc)
	}
	object, err := objectOf(in.JSON)
	in.Type, _ = text(object["type"])
	in.ID, _ = text(object["id"])
	return in, err
}

// repeats reports whether an object contains a secret that it must not, in a repeated name too.
func (x *exchange) repeats(doc json.RawMessage) bool {
	decoder := json.NewDecoder(bytes.NewReader(doc))
	_, _ = decoder.Token() // the brace: it was read before, as is all that follows
	for decoder.More() {
		name, _ := decoder.Token()
		field, _ := name.(string)
		var value json.RawMessage
		_ = decoder.Decode(&value)
		if texts := field + "\n" + strings.Join(textsOf(value), "\n"); x.clean(field, texts) != texts {
			return true
		}
	}
	return false
}

// textsOf are the strings and numbers of a document, names and repeated names included.
func textsOf(doc json.RawMessage) (texts []string) {
	decoder := json.NewDecoder(bytes.NewReader(doc))
	decoder.UseNumber()
	for {
		token, err := decoder.Token()
		if err != nil { // the end
			return texts
		}
		switch token := token.(type) {
		case string:
			texts = append(texts, token)
		case json.Number:
			texts = append(texts, token.String())
		}
	}
}

// clean hides credentials in the text of a field, and secrets that the payload has in other fields.
func (x *exchange) clean(field, s string) string {
	s = redact.Secrets(s, x.credentials())
	for _, secret := range x.secrets {
		if secret.closed && secret.field != field && len(secret.text) >= minSecret {
			s = strings.ReplaceAll(s, secret.text, hidden)
		}
	}
	return s
}

// minSecret is the length in bytes from which on a secret of the payload can't be a usual value of another field.
const minSecret = 8

// cleanObject returns an object without secrets, and the names of the fields that had any.
func (x *exchange) cleanObject(doc json.RawMessage) (clean json.RawMessage, hid []string) {
	decoder := json.NewDecoder(bytes.NewReader(doc))
	decoder.UseNumber()
	var object map[string]any
	_ = decoder.Decode(&object) // it was read before
	result := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		value, changed := x.cleanValue(name, object[name])
		shown := x.clean(name, name)
		result[shown] = value
		if changed || shown != name {
			hid = append(hid, shown)
		}
	}
	clean, _ = json.Marshal(result) // it holds what was read from JSON
	return clean, hid
}

// cleanValue returns the value of a field without secrets, and reports whether it had any.
func (x *exchange) cleanValue(field string, value any) (clean any, changed bool) {
	switch value := value.(type) {
	case string:
		shown := x.clean(field, value)
		return shown, shown != value
	case json.Number:
		if shown := x.clean(field, value.String()); shown != value.String() {
			return shown, true
		}
	case []any:
		for i, v := range value {
			shown, c := x.cleanValue(field, v)
			value[i], changed = shown, changed || c
		}
		return value, changed
	case map[string]any:
		result := map[string]any{}
		for name, v := range value {
			shown, c := x.cleanValue(field, v)
			key := x.clean(field, name)
			result[key], changed = shown, changed || c || key != name
		}
		return result, changed
	}
	return value, false
}
