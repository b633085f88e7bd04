package client

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/redact"
)

const (
	hidden = redact.Hidden
	// maxText is more than Atlas's longest sentence.
	maxText = 600
)

// wash makes a text of the server or of the network fit to show.
func (x *exchange) wash(s string) string {
	return wash(s, x.texts(), x.project)
}

// texts are those that nothing may show.
func (x *exchange) texts() []string {
	texts := x.credentials()
	for _, secret := range x.secrets {
		texts = append(texts, secret.text)
	}
	return texts
}

// wash puts a text on one line and hides in it what it shares with a secret, and every word that is long
// enough for one, but those that are harmless or have the form of an error code.
func wash(s string, secrets []string, harmless ...string) string {
	s = redact.Secrets(redact.Line(s), secrets)
	s = redact.Words(s, func(word string) string {
		if slices.Contains(harmless, word) || redact.IsCode(strings.TrimRight(word, ".")) {
			return word
		}
		return redact.Plain(word)
	})
	return shorten(s)
}

func shorten(s string) string {
	if utf8.RuneCountInString(s) <= maxText {
		return s
	}
	return string([]rune(s)[:maxText]) + "…"
}

// secret is a text of a payload that no message may repeat.
type secret struct {
	field, text string
	closed      bool // the field is a secret or not known; else the text is just long enough for a secret
}

// secretsOf are the values of secret fields, of fields that are not known, and of any other field if they are
// long enough for a secret.
func secretsOf(p Payload) []secret {
	object, err := objectOf(p.bytes())
	if err != nil {
		return nil
	}
	delete(object, "type")
	var found []secret
	for name, doc := range object {
		open := isOpen(p.typ, name)
		for _, s := range textsIn(doc) {
			if !open || !redact.Readable(s) {
				_, rest, isURL := strings.Cut(s, "://")
				if isURL {
					s = rest // every URL has the first part
				}
				found = append(found, secret{name, s, !open})
			}
		}
	}
	return found
}

// isOpen tells the fields that the API description names and does not call secret.
func isOpen(typ, name string) bool {
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

// textsIn are the strings in a document, at any depth.
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
