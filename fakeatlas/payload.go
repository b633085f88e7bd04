package fakeatlas

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// payload is the body of a request, parsed and validated once.
type payload struct {
	fields map[string]any     // as encoding/json decodes them, empty where the body is not one object
	faults []validate.Finding // errors for a creation
	empty  map[string]bool    // fields that count as not sent
}

// parse validates a body as the validate command does, for a creation: [call.refuse] decides which fields an update may
// omit. Empty fields that count as not sent have no faults.
func (c *call) parse(body []byte) *payload {
	p := c.parseStrict(body)
	if !c.s.config.choices.StrictFields {
		c.setEmpty(p)
	}
	return p
}

func (c *call) parseStrict(body []byte) *payload {
	doc, findings := c.s.checks[c.apiVersion].CheckPayload("body", body, c.typ)
	return &payload{fields: doc.Fields(), faults: onlyErrors(findings)}
}

func onlyErrors(findings []validate.Finding) []validate.Finding {
	return slices.DeleteFunc(findings, func(f validate.Finding) bool { return f.Severity != validate.Error })
}

// rejection returns the answer to a payload with faults: the code of the first fault, and the texts of all. It returns
// nil if the payload is valid. An update of a stored integration may omit required fields, and may send back values
// that answers show: masks, and the values of unset fields.
func (c *call) rejection(p *payload, old *store.Integration) *wire.Error {
	faults := p.faults
	if old != nil || c.linksByOAuth() {
		faults = slices.DeleteFunc(slices.Clone(faults), func(f validate.Finding) bool { return c.allowed(f, p, old) })
	}
	if len(faults) == 0 {
		return c.oauthRejection(p, old)
	}
	return c.rejectionFor(faults, p)
}

// allowed reports whether a payload may have the fault. Of a workspace that is not linked, Atlas needs no field.
func (c *call) allowed(f validate.Finding, p *payload, old *store.Integration) bool {
	if old == nil {
		return f.Rule == "required"
	}
	return c.allowedInUpdate(f, p, old)
}

// updateRules are the rules whose faults an update may have.
var updateRules = map[string]bool{"required": true, "masked-value": true}

// alwaysInvalid reports whether a body has faults that no stored integration excuses.
func (c *call) alwaysInvalid(p *payload) bool {
	return len(p.faults) > 0 && !slices.ContainsFunc(p.faults, func(f validate.Finding) bool {
		return updateRules[f.Rule] || c.sendsUnset(f, p)
	})
}

// sendsUnset reports whether a fault is about a field that is sent as answers show it while it has no value.
// Clients that read, change and write send it as they read it.
func (c *call) sendsUnset(f validate.Finding, p *payload) bool {
	if !unsetRules[f.Rule] {
		return false
	}
	name := fieldName(f)
	value, sent := p.fields[name]
	field := c.field(name)
	return sent && field != nil && field.IsUnset(value)
}

// unsetRules are the rules against the values of unset fields.
var unsetRules = map[string]bool{"null": true, "length": true, "unknown-field": true}

// field is a field of the type that the path names, nil if it has none of that name.
func (c *call) field(name string) *atlas.Field {
	return atlas.Find(c.apiVersion, c.typ).Payload.Lookup(name)
}

// allowedInUpdate reports whether an update of a stored integration may have the fault.
func (c *call) allowedInUpdate(f validate.Finding, p *payload, old *store.Integration) bool {
	name := fieldName(f)
	stored, ok := old.Fields[name]
	switch {
	case f.Rule == "required":
		update, found := f.ForUpdate()
		return !found || update.Severity != validate.Error && !c.s.config.choices.StrictFields
	case c.sendsUnset(f, p):
		return true
	case !ok || !updateRules[f.Rule]:
		return false
	default:
		return !c.s.config.choices.StrictMasks && keepsStored(c.typ, name, p.fields[name], stored)
	}
}

// keepsStored reports whether a value is the mask of the stored one: sent back, it leaves the value unchanged. A secret
// that answers omit has no mask that could be sent back.
func keepsStored(typ, name string, sent, stored any) bool {
	f, known := secretField(typ, name)
	text, isText := sent.(string)
	return known && isText && f.Secret != schemas.MaskOmitted && f.Shown(stored) == any(text)
}

// fieldsOf merges the fields of a payload into the stored ones. A mask that was sent back changes nothing; the value
// of an unset field removes the stored one.
func (c *call) fieldsOf(p *payload, old *store.Integration) map[string]any {
	sent := p.own()
	if old == nil {
		return sent
	}
	fields := map[string]any{} // a store may have none to clone
	maps.Copy(fields, old.Fields)
	for name, value := range p.fields {
		if f := c.field(name); f != nil && f.IsUnset(value) {
			delete(fields, name)
			delete(sent, name)
		}
	}
	for name, value := range sent {
		if stored, ok := old.Fields[name]; !ok || !keepsStored(old.Type, name, value, stored) {
			fields[name] = value
		}
	}
	return fields
}

// own are the fields of a body that belong to the integration itself and count as sent.
func (p *payload) own() map[string]any {
	own := ownFields(p.fields)
	for name := range p.empty {
		delete(own, name)
	}
	return own
}

func ownFields(fields map[string]any) map[string]any {
	own := make(map[string]any, len(fields))
	for name, value := range fields {
		if name != "id" && name != "type" {
			own[name] = value
		}
	}
	return own
}

func fieldName(f validate.Finding) string {
	name := strings.TrimPrefix(f.Pointer, "/")
	if !strings.Contains(name, "~") {
		return name
	}
	return unescape.Replace(name)
}

// unescape makes a name of a token of a JSON Pointer.
var unescape = strings.NewReplacer("~1", "/", "~0", "~")

// hidden takes the place of text that is long enough to be a secret in the wrong place.
const hidden = "(hidden)"

// shownValue is the value of a field as far as an answer may repeat it.
func (p *payload) shownValue(name string) string {
	if s, ok := p.fields[name].(string); ok && redact.Readable(s) {
		return s
	}
	return hidden
}

// rejectionFor returns findings in the form of Atlas's errors.
func (c *call) rejectionFor(findings []validate.Finding, p *payload) *wire.Error {
	e := c.errorOf(findings[0], p)
	if c.apiVersion == schemas.V1 {
		return e
	}
	e.BadRequestDetail = &wire.BadRequestDetail{}
	for _, f := range findings {
		text := f.Message
		if f.Hint != "" {
			text += "; " + f.Hint
		}
		e.BadRequestDetail.Fields = append(e.BadRequestDetail.Fields, wire.FieldViolation{Description: text, Field: fieldName(f)})
	}
	return e
}

// errorOf returns a finding as the error code that Atlas has for it.
func (c *call) errorOf(f validate.Finding, p *payload) *wire.Error {
	name := fieldName(f)
	if c.apiVersion == schemas.V1 && c.r.Method == http.MethodPut && v1UpdateRules[f.Rule] {
		return wire.NewError("INTEGRATION_FIELDS_INVALID")
	}
	switch f.Rule {
	case "syntax", "duplicate-key":
		return wire.NewError("MALFORMED_JSON")
	case "not-an-object":
		return wire.NewError("INVALID_JSON")
	case "type-missing", "required":
		return wire.NewError("MISSING_ATTRIBUTE", name)
	case "type-unknown", "type-mismatch", "unknown-field", "foreign-field", "removed-field":
		if f.Pointer == "" { // the validator hides such a name
			name = hidden
		}
		return wire.NewError("INVALID_ATTRIBUTE", name)
	case "wrong-type", "null":
		return wire.NewError("INVALID_JSON_ATTRIBUTE", name)
	case "enum":
		return wire.NewError("INVALID_ENUM_VALUE", p.shownValue(name))
	case "key-format":
		return wire.NewError("INVALID_INTEGRATION_SETTINGS", c.typ, name+" "+formError(c.field(name)))
	case "white-space": // only FLOWDOCK.flowName has the rule
		return wire.NewError("INVALID_FLOWDOCK_FLOW_NAME")
	case "masked-value":
		return wire.NewError("INVALID_INTEGRATION_SETTINGS", c.typ, name+" must not be a redacted value")
	case "empty-value":
		return wire.NewError("INVALID_INTEGRATION_SETTINGS", c.typ, name+" must not be empty")
	case "url":
		return wire.NewError("INVALID_URL", hidden) // a URL may contain a key
	default:
		return wire.NewError("VALIDATION_ERROR", f.Message)
	}
}

// formError describes a text that does not match the pattern of its field: as Atlas does for hexadecimal digits;
// for other forms no answer of Atlas is known.
func formError(f *atlas.Field) string {
	if f != nil && f.Form != nil && f.Form.Digits() > 0 {
		return "must be a hexadecimal string"
	}
	return "does not have the right form"
}

// v1UpdateRules are the rules for whose faults v1.0 has one code on update.
var v1UpdateRules = map[string]bool{
	"unknown-field": true, "foreign-field": true, "removed-field": true, "enum": true, "length": true,
	"key-format": true, "masked-value": true, "empty-value": true, "null": true,
}
