package client

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/mask"
	"github.com/atlasint/atlasint/internal/redact"
)

const (
	hidden = mask.Hidden
	// overlap is how many characters of a secret a text may not share with it.
	overlap = 8
	// maxText is more than Atlas's longest sentence.
	maxText = 600
)

// wash makes a text of the server or of the network fit to show.
func (x *exchange) wash(s string) string {
	return wash(s, x.secrets, x.project)
}

// wash puts a text on one line and hides in it what it shares with a secret, and every word that is long
// enough for one, but those that are harmless.
func wash(s string, secrets []string, harmless ...string) string {
	s = hide(redact.Line(s), secrets)
	s = mapWords(s, func(word string) string {
		if slices.Contains(harmless, word) {
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

// hide replaces each stretch of a text that a secret has too, whatever its case. A short secret counts as a
// whole, a very short one only where it stands alone.
func hide(s string, secrets []string) string {
	low, secret := lower(s), make([]bool, len(s))
	for _, value := range secrets {
		value = lower(value)
		size := min(len(value), overlap)
		if size == 0 {
			continue
		}
		parts := map[string]bool{}
		for i := range len(value) - size + 1 {
			parts[value[i:i+size]] = true
		}
		for i := range max(0, len(low)-size+1) {
			if parts[low[i:i+size]] && (size >= 4 || alone(low, i, i+size)) {
				mark(secret[i : i+size])
			}
		}
	}
	return strings.ToValidUTF8(without(s, secret), "")
}

func mark(list []bool) {
	for i := range list {
		list[i] = true
	}
}

// lower leaves every byte in its place, which strings.ToLower does not.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}

func alone(s string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:from])
	after, _ := utf8.DecodeRuneInString(s[to:])
	return !inWord(before) && !inWord(after)
}

func without(s string, secret []bool) string {
	var out strings.Builder
	for i := range len(s) {
		switch {
		case !secret[i]:
			out.WriteByte(s[i])
		case i == 0 || !secret[i-1]:
			out.WriteString(hidden)
		}
	}
	return out.String()
}

// mapWords replaces the words of a text and leaves what is between them.
func mapWords(s string, change func(string) string) string {
	var out strings.Builder
	for s != "" {
		end := strings.IndexFunc(s, func(r rune) bool { return !inWord(r) })
		if end < 0 {
			end = len(s)
		}
		if end > 0 {
			out.WriteString(change(s[:end]))
		}
		s = s[end:]
		next := strings.IndexFunc(s, inWord)
		if next < 0 {
			next = len(s)
		}
		out.WriteString(s[:next])
		s = s[next:]
	}
	return out.String()
}

// inWord tells what keys and tokens are made of. A slash ends a word, so that paths stay readable.
func inWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-.+=*%~", r))
}

// secretsOf are the texts of a payload that no message may repeat: the values of secret fields, of fields
// that are not known, and of any other field if they are long enough for a secret.
func secretsOf(p Payload) []string {
	object, err := objectOf(p.bytes())
	if err != nil {
		return nil
	}
	delete(object, "type")
	var found []string
	for name, doc := range object {
		open := isOpen(p.typ, name)
		for _, s := range textsIn(doc) {
			if !open || !redact.Readable(s) {
				_, rest, isURL := strings.Cut(s, "://")
				if isURL {
					s = rest // every URL has the first part
				}
				found = append(found, s)
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
