package journal

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/logtext"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/snippet"
)

// secrets are the secret texts of a request or of a stored object: clients may repeat them in plain fields. The zero
// value has none.
type secrets struct {
	texts *redact.Hider // of secret and unknown fields, by the rules of package validate; nil: none
	// own are those of secret fields, without URLs. IDs and addresses are compared with these only.
	own   []string
	masks []string // of secrets that earlier requests have stored, in the object that is shown; nil: not collected
	all   bool     // there are secrets that are not known
}

// secretsOf returns the secrets of a JSON document that a field describes, none if nothing describes it.
func secretsOf(f *atlas.Field, data []byte) secrets {
	if f == nil || len(data) == 0 {
		return secrets{}
	}
	doc, err := jsonpos.Parse(data)
	if err != nil {
		return secrets{all: true}
	}
	isReference := func(string) bool { return false } // the server expands none
	return secrets{
		texts: redact.NewHider(snippet.Secrets{Refers: isReference}.Of(&doc.Root, f), snippet.IsPublic),
		own:   ownSecrets(f, decode(data), nil),
	}
}

// secretsOfFields is like secretsOf for an object in memory.
func secretsOfFields(f *atlas.Field, object map[string]any) secrets {
	data, err := json.Marshal(object)
	if err != nil {
		return secrets{all: true}
	}
	return secretsOf(f, data)
}

// ownSecrets returns the texts of secret fields in the body of the request, except URLs. It is fast for requests that
// are logged.
func (e *Entry) ownSecrets() []string {
	if e.known != nil {
		return e.known.own
	}
	f := e.requestField()
	if f == nil || len(e.Body) == 0 {
		return nil
	}
	return ownSecrets(f, decode(e.Body), nil)
}

// ownSecrets appends the texts of the secret fields of a value, except URLs.
func ownSecrets(f *atlas.Field, value any, list []string) []string {
	if f == nil {
		return list
	}
	switch value := value.(type) {
	case string:
		if f.Secret != "" && !strings.Contains(value, "://") {
			list = append(list, value)
		}
	case []any:
		for _, element := range value {
			list = ownSecrets(f.Items, element, list)
		}
	case map[string]any:
		for name, member := range value {
			list = ownSecrets(fieldIn(f, value, name), member, list)
		}
	}
	return list
}

// fieldIn returns the field of a member of an object that f describes, nil if it is unknown.
func fieldIn(f *atlas.Field, object map[string]any, name string) *atlas.Field {
	if field := f.VariantOf(object).Lookup(name); field != nil {
		return field
	}
	return f.Lookup(name)
}

// withMasks returns the secrets together with the masks that an object has in secret fields, also in nested objects.
func (s secrets) withMasks(f *atlas.Field, object map[string]any) secrets {
	if s.masks != nil {
		return s
	}
	s.masks = []string{}
	for _, text := range ownSecrets(f, object, nil) {
		if end := strings.TrimLeft(text, "*"); end != "" && end != text {
			s.masks = append(s.masks, strings.ToLower(text))
		}
	}
	return s
}

// repeatedIn reports whether a text of a plain field has a part in common with a secret, or has the end of a masked one
// and at least its length up to there. Words of the API are public.
func (s secrets) repeatedIn(text string) bool {
	if snippet.IsPublic(text) {
		return false
	}
	low := strings.ToLower(text)
	for _, mask := range s.masks {
		end := strings.TrimLeft(mask, "*")
		if i := strings.LastIndex(low, end); i+len(end) >= len(mask) && i > 0 {
			return true
		}
	}
	return s.all || s.texts != nil && s.texts.HasSecret(text)
}

// repeatedID reports whether an ID, a number or another word of an address is a secret. A secret that only contains it
// does not count: keys of tests often have the ID of the project as a part.
func (s secrets) repeatedID(word string) bool {
	return slices.ContainsFunc(s.own, func(secret string) bool { return strings.EqualFold(word, secret) })
}

// withoutRepeated hides the words of an address or a header that clients choose and that are a secret. All words with
// digits count as such, except those of paths that the API has.
func (s secrets) withoutRepeated(text string) string {
	if len(s.own) == 0 {
		return text
	}
	return redact.Words(text, func(word string) string {
		name, value, _ := strings.Cut(word, "=") // of a query
		isFixed := !strings.ContainsAny(word, "0123456789") || logtext.IsSegment(word)
		switch {
		case !isFixed && s.repeatedID(word):
			return logtext.Hidden
		case !isFixed && s.repeatedID(value):
			return name + "=" + logtext.Hidden
		}
		return word
	})
}
