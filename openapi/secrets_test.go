package openapi_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/gen/schemas"
)

// secret is the place of a secret in an example response, by its schema.
type secret struct {
	at      string // schema and property
	mask    string
	value   any
	present bool
}

// issued are the secrets that a response exists to hand out.
var issued = map[string]string{
	"/components/schemas/Token/properties/access_token": "the token endpoint responds with a token",
}

var maskForms = map[string]*regexp.Regexp{
	schemas.MaskLast4:  regexp.MustCompile(`^\*+[^*]{4}$`),
	schemas.MaskOrigin: regexp.MustCompile(`^https?://[^/*]+/\*{4}[^*]{4}$`),
}

func TestSecretsInResponsesAreMasked(t *testing.T) {
	for _, doc := range documents(t) {
		checked := 0
		for _, ex := range examples(t, doc) {
			if ex.request {
				continue
			}
			for _, s := range doc.secrets(ex.schema, ex.value) {
				if issued[s.at] != "" {
					continue
				}
				checked++
				if err := s.check(); err != nil {
					t.Errorf("%s %s: %s: %v", doc.apiVersion, ex.at, s.at, err)
				}
			}
		}
		if floor := map[string]int{schemas.V1: 6, schemas.V2: 15}[doc.apiVersion]; checked < floor {
			t.Errorf("%s: checked %d secrets, want at least %d", doc.apiVersion, checked, floor)
		}
	}
}

// check returns an error if a secret is not masked. A null is fine.
func (s secret) check() error {
	text, isText := s.value.(string)
	form := maskForms[s.mask]
	switch {
	case !s.present || s.value == nil:
		return nil
	case form == nil:
		return fmt.Errorf("is in a response, yet its mask is %q", s.mask)
	case !isText || !form.MatchString(text):
		return fmt.Errorf("does not look masked by %s", s.mask)
	}
	return nil
}

// secrets walks value along the schema at pointer.
func (d document) secrets(pointer string, value any) (found []secret) {
	schema, _ := d.at(pointer).(map[string]any)
	if to := target(schema); to != "" {
		return d.secrets(to, value)
	}
	if mapping, ok := d.at(pointer + "/discriminator/mapping").(map[string]any); ok {
		to, _ := mapping[typeOf(value)].(string)
		return d.secrets(strings.TrimPrefix(to, "#"), value)
	}
	if list, ok := value.([]any); ok {
		for _, item := range list {
			found = append(found, d.secrets(pointer+"/items", item)...)
		}
		return found
	}
	object, _ := value.(map[string]any)
	properties, _ := schema["properties"].(map[string]any)
	for _, name := range sortedKeys(properties) {
		at := join(pointer+"/properties", name)
		child, present := object[name]
		if mask, ok := properties[name].(map[string]any)["x-secret"].(string); ok {
			found = append(found, secret{at, mask, child, present})
		}
		found = append(found, d.secrets(at, child)...)
	}
	return found
}

// What an example response shows of a secret is the mask of what the example request of that type sends, so
// that the two can be read side by side.
func TestMasksAreThoseOfTheRequests(t *testing.T) {
	for _, doc := range documents(t) {
		sent := map[string]any{}
		for _, ex := range examples(t, doc) {
			if ex.request && ex.schema == unionSchema {
				sent[typeOf(ex.value)] = ex.value
			}
		}
		compared := 0
		for _, ex := range examples(t, doc) {
			if ex.request || ex.schema != unionSchema {
				continue
			}
			shown := doc.secrets(unionSchema, ex.value)
			for i, s := range doc.secrets(unionSchema, sent[typeOf(ex.value)]) {
				text, _ := s.value.(string)
				if got := shown[i].value; got != nil && got != mask(s.mask, text) {
					t.Errorf("%s %s: %s is not the mask of the request's", doc.apiVersion, ex.at, s.at)
				}
				compared++
			}
		}
		if compared == 0 {
			t.Errorf("%s: compared nothing", doc.apiVersion)
		}
	}
}

func mask(form, value string) string {
	tail := value[len(value)-4:]
	if form == schemas.MaskLast4 {
		return strings.Repeat("*", len(value)-4) + tail
	}
	u, err := url.Parse(value)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host + "/****" + tail
}
