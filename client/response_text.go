package client

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/redact"
)

// integration reads one integration of a response. The result has neither credentials nor secrets of the payload in
// other fields, even if the server repeats them.
func (x *exchange) integration(doc json.RawMessage) (Integration, error) {
	if _, err := objectOf(doc); err != nil {
		return Integration{}, err
	}
	in := Integration{JSON: doc}
	if x.containsSecrets(doc) {
		in.JSON, in.Hidden = x.cleanObject(doc)
	}
	object, err := objectOf(in.JSON)
	in.Type, _ = stringOf(object["type"])
	in.ID, _ = stringOf(object["id"])
	return in, err
}

// containsSecrets reports whether an object contains a secret outside of its own field, also under a repeated name.
func (x *exchange) containsSecrets(doc json.RawMessage) bool {
	decoder := json.NewDecoder(bytes.NewReader(doc))
	_, _ = decoder.Token() // the brace; the document was parsed before, so it has no error
	for decoder.More() {
		name, _ := decoder.Token()
		field, _ := name.(string)
		var value json.RawMessage
		_ = decoder.Decode(&value)
		texts := append(textsOf(value), field)
		if x.areSpread(field, texts) || slices.ContainsFunc(texts, func(s string) bool { return x.cleanFieldText(field, s) != s }) {
			return true
		}
	}
	return false
}

// textsOf returns the strings and numbers of a document, with names and repeated names.
func textsOf(doc json.RawMessage) (texts []string) {
	decoder := json.NewDecoder(bytes.NewReader(doc))
	decoder.UseNumber()
	for {
		token, err := decoder.Token()
		if err != nil { // io.EOF
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

// cleanFieldText hides credentials in the text of a field, and secrets that the payload has in other fields. The
// password of a proxy can be a word such as "password" or "http", which every integration of some type has.
func (x *exchange) cleanFieldText(field, s string) string {
	if isPublicWord(s) {
		return s
	}
	s = redact.Secrets(s, x.credentials())
	for _, secret := range x.secrets {
		if secret.secretField && secret.field != field && len(secret.text) >= minSecret {
			s = redact.Separated(s, []string{secret.text})
		}
	}
	return s
}

// isPublicWord reports whether a text is a type, the name of a field, or a listed value in the API description.
func isPublicWord(s string) bool {
	return slices.ContainsFunc(schemas.Types, func(t schemas.Type) bool {
		return t.Name == s || slices.ContainsFunc(t.Fields, func(f schemas.Field) bool { return f.Name == s || slices.Contains(f.Enum, s) })
	})
}

// minSecret is the length in bytes from which a secret of the payload can't be a usual value of another field.
const minSecret = 8

// cleanObject returns an object without secrets, and the names of the fields that had any.
func (x *exchange) cleanObject(doc json.RawMessage) (clean json.RawMessage, hid []string) {
	decoder := json.NewDecoder(bytes.NewReader(doc))
	decoder.UseNumber()
	var object map[string]any
	_ = decoder.Decode(&object) // the object was parsed before
	result := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		value, changed := any(hidden), true
		if !x.isSpread(name, object[name]) {
			value, changed = x.cleanValue(name, object[name])
		}
		shown := x.cleanFieldText(name, name)
		result[shown] = value
		if changed || shown != name {
			hid = append(hid, shown)
		}
	}
	clean, _ = json.Marshal(result) // values of JSON can be encoded
	return clean, hid
}

// cleanValue returns the value of a field without secrets, and reports whether it had any.
func (x *exchange) cleanValue(field string, value any) (clean any, changed bool) {
	switch value := value.(type) {
	case string:
		shown := x.cleanFieldText(field, value)
		return shown, shown != value
	case json.Number:
		if shown := x.cleanFieldText(field, value.String()); shown != value.String() {
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
			key := x.cleanFieldText(field, name)
			result[key], changed = shown, changed || c || key != name
		}
		return result, changed
	}
	return value, false
}

// isSpread reports whether the texts in the value of a field have a secret in common that no single text has. It looks
// through the whole value: once for each field, not again for the values in it.
func (x *exchange) isSpread(field string, value any) bool {
	doc, _ := json.Marshal(value) // it was decoded from JSON
	texts := textsOf(doc)
	for i, s := range texts {
		texts[i] = x.cleanFieldText(field, s)
	}
	return x.areSpread(field, texts)
}

// areSpread reports whether a secret is spread over several texts of a field, such as a character in each.
func (x *exchange) areSpread(field string, texts []string) bool {
	texts = slices.DeleteFunc(slices.Clone(texts), isPublicWord)
	if len(texts) < 2 {
		return false
	}
	all, secrets := strings.Join(texts, "\n"), x.credentials()
	for _, secret := range x.secrets {
		if secret.secretField && secret.field != field {
			secrets = append(secrets, secret.text)
		}
	}
	return redact.Separated(all, secrets) != all
}
