package fakeatlas

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// maxBody is how many bytes a request may have.
const maxBody = validate.DefaultMaxSize

// read reads the body of a request.
func (c *call) read() ([]byte, error) {
	if e := checkContentType(c.r); e != nil {
		return nil, e
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, refuse("VALIDATION_ERROR", fmt.Sprintf("the body has more than %d bytes", maxBody))
	case err != nil:
		return nil, refuse("MALFORMED_JSON")
	}
	return body, nil
}

// faults are the errors of a body by the judgement of the validate command, for a creation: [call.judge]
// knows what an update may leave out.
func (c *call) faults(body []byte) []validate.Finding {
	validator := c.s.checks[c.generation]
	return slices.DeleteFunc(validator.CheckType("body", body, c.typ), func(f validate.Finding) bool {
		return f.Severity != validate.Error
	})
}

// judge refuses a body for the first of its faults, and lists all of them. An update of a stored integration
// may leave required fields out, and send back what answers show: masks, and what stands for no value.
func (c *call) judge(body []byte, faults []validate.Finding, old *store.Integration) *apiError {
	if old != nil {
		faults = slices.DeleteFunc(slices.Clone(faults), func(f validate.Finding) bool { return c.excused(f, body, old) })
	}
	if len(faults) == 0 {
		return nil
	}
	return c.refusal(faults, body)
}

// excusable are the rules whose faults an update may have.
var excusable = map[string]bool{"required": true, "masked-value": true}

// hopeless tells faults that no stored integration excuses.
func (c *call) hopeless(faults []validate.Finding, body []byte) bool {
	return len(faults) > 0 && !slices.ContainsFunc(faults, func(f validate.Finding) bool {
		return excusable[f.Rule] || c.sentBackUnset(f, body)
	})
}

// sentBackUnset tells a fault in a field that is sent as answers show it while it has no value. Clients that
// read, change and write send it as they read it.
func (c *call) sentBackUnset(f validate.Finding, body []byte) bool {
	if !againstUnset[f.Rule] {
		return false
	}
	name := attribute(f)
	value, sent := decode(body)[name]
	field := c.field(name)
	return sent && field != nil && isUnset(field, value)
}

// againstUnset are the rules against what stands for no value.
var againstUnset = map[string]bool{"null": true, "length": true, "unknown-field": true}

func isUnset(f *schemas.Field, value any) bool {
	return value == nil && f.Unset == "null" || value == "" && f.Unset == `""`
}

// field is one of the type that the path names.
func (c *call) field(name string) *schemas.Field {
	fields := typesOf(c.generation)[c.typ].Fields
	for i := range fields {
		if fields[i].Name == name {
			return &fields[i]
		}
	}
	return nil
}

// excused tells findings that an update of a stored integration has no need to mind.
func (c *call) excused(f validate.Finding, body []byte, old *store.Integration) bool {
	name := attribute(f)
	stored, ok := old.Fields[name]
	switch {
	case f.Rule == "required":
		secret, known := secretField(c.typ, name)
		return ok || known && secret.Secret == schemas.MaskOmitted // nobody could tell that it is not stored
	case c.sentBackUnset(f, body):
		return true
	case !ok || !excusable[f.Rule]:
		return false
	default:
		return !c.s.config.strictMasks && keepsStored(c.typ, name, decode(body)[name], stored)
	}
}

// keepsStored tells the mask of the stored value: sent back, it leaves the value as it is. What answers
// leave out has no mask that could be sent back.
func keepsStored(typ, name string, sent, stored any) bool {
	f, known := secretField(typ, name)
	return known && f.Secret != schemas.MaskOmitted && sent == shown(f, stored)
}

// fieldsOf lays the fields of a body over the stored ones. A mask that was sent back changes nothing, what
// stands for no value takes away the one that is stored.
func (c *call) fieldsOf(body []byte, old *store.Integration) map[string]any {
	sent := ownFields(body)
	if old == nil {
		return sent
	}
	fields := map[string]any{} // a store may have none to clone
	maps.Copy(fields, old.Fields)
	for name, value := range sent {
		if f := c.field(name); f != nil && isUnset(f, value) {
			delete(fields, name)
			continue
		}
		if stored, ok := old.Fields[name]; !ok || !keepsStored(old.Type, name, value, stored) {
			fields[name] = value
		}
	}
	return fields
}

// ownFields are the fields of a body but for those that are not the integration's own.
func ownFields(body []byte) map[string]any {
	sent := decode(body)
	delete(sent, "id")
	delete(sent, "type")
	return sent
}

// decode reads the fields of an object: texts, booleans and nulls, since an integration has no others. The
// validator has accepted it, or found what is wrong with it.
func decode(body []byte) map[string]any {
	sent := map[string]any{}
	doc, err := jsonpos.Parse(body)
	if err != nil {
		return sent
	}
	for i := range doc.Root.Members {
		switch m := &doc.Root.Members[i]; m.Value.Kind {
		case jsonpos.String:
			sent[m.Name] = m.Value.Text
		case jsonpos.Bool:
			sent[m.Name] = m.Value.Text == "true"
		case jsonpos.Null:
			sent[m.Name] = nil
		}
	}
	return sent
}

func attribute(f validate.Finding) string {
	name := strings.TrimPrefix(f.Pointer, "/")
	if !strings.Contains(name, "~") {
		return name
	}
	return unescape.Replace(name)
}

// unescape makes a name of a token of a JSON Pointer.
var unescape = strings.NewReplacer("~1", "/", "~0", "~")

// untold stands for what is long enough to be a secret in the wrong place.
const untold = "(hidden)"

// sentValue is the value of a field as far as an answer may repeat it.
func sentValue(body []byte, name string) string {
	doc, err := jsonpos.Parse(body)
	if err != nil {
		return untold
	}
	if m := doc.Root.Member(name); m != nil && m.Value.Kind == jsonpos.String && redact.Readable(m.Value.Text) {
		return m.Value.Text
	}
	return untold
}

// refusal words findings as Atlas does.
func (c *call) refusal(findings []validate.Finding, body []byte) *apiError {
	e := c.coded(findings[0], body)
	if c.generation == schemas.V1 {
		return e
	}
	e.BadRequestDetail = &badRequestDetail{}
	for _, f := range findings {
		text := f.Message
		if f.Hint != "" && !strings.Contains(f.Hint, "--") { // flags are for who runs the command
			text += "; " + f.Hint
		}
		e.BadRequestDetail.Fields = append(e.BadRequestDetail.Fields, fieldViolation{Description: text, Field: attribute(f)})
	}
	return e
}

// coded gives a finding the code that Atlas has for it.
func (c *call) coded(f validate.Finding, body []byte) *apiError {
	name := attribute(f)
	if c.generation == schemas.V1 && c.r.Method == http.MethodPut && fieldFault[f.Rule] {
		return refuse("INTEGRATION_FIELDS_INVALID")
	}
	switch f.Rule {
	case "syntax", "duplicate-key":
		return refuse("MALFORMED_JSON")
	case "not-an-object":
		return refuse("INVALID_JSON")
	case "type-missing", "required":
		return refuse("MISSING_ATTRIBUTE", name)
	case "type-unknown", "type-mismatch", "unknown-field", "foreign-field", "removed-field":
		if f.Pointer == "" { // the validator does not tell such a name
			name = untold
		}
		return refuse("INVALID_ATTRIBUTE", name)
	case "wrong-type", "null":
		return refuse("INVALID_JSON_ATTRIBUTE", name)
	case "enum":
		return refuse("INVALID_ENUM_VALUE", sentValue(body, name))
	case "key-format":
		return refuse("INVALID_INTEGRATION_SETTINGS", c.typ, name+" "+wrongForm(c.field(name).Pattern))
	case "masked-value":
		return refuse("INVALID_INTEGRATION_SETTINGS", c.typ, name+" must not be a redacted value")
	case "empty-value":
		return refuse("INVALID_INTEGRATION_SETTINGS", c.typ, name+" must not be empty")
	case "url":
		return refuse("INVALID_URL")
	default:
		return refuse("VALIDATION_ERROR", f.Message)
	}
}

// wrongForm says what is wrong with a text that does not meet its pattern. Of digits it is what Atlas says; of
// other forms no answer of Atlas is known.
func wrongForm(pattern string) string {
	if strings.Contains(strings.ToLower(pattern), "[0-9a-f") {
		return "must be a hexadecimal string"
	}
	return "does not have the right form"
}

// fieldFault are the rules for whose faults v1.0 has one code on update.
var fieldFault = map[string]bool{
	"unknown-field": true, "foreign-field": true, "removed-field": true, "enum": true, "length": true,
	"key-format": true, "masked-value": true, "empty-value": true, "null": true,
}
