package client

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/redact"
)

const hidden = redact.Hidden

// cleanText returns a text of the server or of the network in a form that is safe to show.
func (x *exchange) cleanText(s string) string {
	return cleanText(s, x.secretTexts(), x.project)
}

// secretTexts returns the texts that no message may contain.
func (x *exchange) secretTexts() []string {
	texts := x.credentials()
	for _, secret := range x.secrets {
		texts = append(texts, secret.text)
	}
	return texts
}

// cleanText returns a text on one line. It hides the parts that the text has in common with a secret, and every word
// that is long enough for one, except harmless ones and those with the form of an error code.
func cleanText(s string, secrets []string, harmless ...string) string {
	s = redact.Secrets(redact.Line(s), secrets)
	s = redact.Words(s, func(word string) string {
		if slices.Contains(harmless, word) || redact.IsCode(strings.TrimRight(word, ".")) {
			return word
		}
		return redact.Plain(word)
	})
	return redact.Shorten(s)
}

// secret is a text of a payload that no message may repeat.
type secret struct {
	field, text string
	secretField bool // the field is secret or unknown; else the text is only long enough for a secret
}

// secretsOf returns the values of secret fields, of unknown fields, and of any other field if they are long enough
// for a secret.
func secretsOf(p Payload) []secret {
	object, err := objectOf(p.bytes())
	if err != nil {
		return nil
	}
	delete(object, "type")
	var found []secret
	for name, doc := range object {
		open := isPublicField(p.typ, name)
		for _, s := range textsIn(doc) {
			if !open || !redact.Readable(s) {
				_, rest, isURL := strings.Cut(s, "://")
				if isURL {
					s = rest // the scheme is public
				}
				found = append(found, secret{name, s, !open})
			}
		}
	}
	return found
}

// isPublicField reports whether the API description has the field and does not mark it as secret.
func isPublicField(typ, name string) bool {
	open := false
	for _, t := range schemas.Types {
		for _, f := range t.Fields {
			if t.Name == typ && f.Name == name {
				if f.Secret != "" {
					return false
				}
				open = true
			}
		}
	}
	return open
}

// textsIn returns the strings in a document, at any depth.
func textsIn(doc json.RawMessage) []string {
	var value any
	_ = json.Unmarshal(doc, &value) // it was part of a valid document
	return stringsOf(value)
}

func stringsOf(value any) (found []string) {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		for _, v := range value {
			found = append(found, stringsOf(v)...)
		}
	case map[string]any:
		for _, v := range value {
			found = append(found, stringsOf(v)...)
		}
	}
	return found
}
