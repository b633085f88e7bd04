package apply

import (
	"encoding/json"
	"slices"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/snippet"
)

// hider returns what hides the texts that a payload and its integration must not show: of secret and unknown fields,
// and the values of references except those that the API lists.
func hider(l *Local, r *Remote) *redact.Hider {
	typ := atlas.Find(l.APIVersion, l.Type)
	var list []string
	for _, data := range []json.RawMessage{l.Payload.JSON(), r.JSON} {
		if doc, err := jsonpos.Parse(data); err == nil { // both were read before
			list = append(list, secretsOf(&doc.Root, typ)...)
		}
	}
	return redact.NewHider(append(list, expandedTexts(l, typ)...), snippet.IsPublic)
}

// secretsOf returns the texts of the secret and unknown fields of a payload: none of an unknown type, whose fields have
// no value in a change.
func secretsOf(root *jsonpos.Value, typ *atlas.Type) []string {
	if typ == nil {
		return nil
	}
	replaced := func(string) bool { return false } // no text is a reference any more
	return snippet.Secrets{Refers: replaced}.Of(root, typ.Payload)
}

func expandedTexts(l *Local, typ *atlas.Type) (list []string) {
	fields := l.Document.Fields()
	for _, name := range l.Expanded {
		text, isText := fields[name].(string)
		if isText && (typ == nil || !isListed(typ.Payload.Lookup(name), text)) {
			list = append(list, text)
		}
	}
	return list
}

// isListed reports whether the API lists the value of a field.
func isListed(f *atlas.Field, text string) bool { return f != nil && slices.Contains(f.Enum, text) }
