// Package payload decides which bodies of requests the fake server accepts, and what it stores of them: the errors that
// an update may have, fields that count as not sent, and masks in place of secrets.
package payload

import (
	"maps"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// Payload is the body of a request, parsed and validated once.
type Payload struct {
	Fields   map[string]any     // as encoding/json decodes them, empty where the body is not one object
	Findings []validate.Finding // errors for a creation
	empty    map[string]bool    // fields that count as not sent
}

// Rules determine which payloads an operation accepts.
type Rules struct {
	Validator    *validate.Validator // of the API version and the type
	APIVersion   string
	Type         string // the type that the path names, "" for a payload without a path
	Update       bool   // the request is a PUT, for which v1.0 has its own error code
	StrictMasks  bool   // reject every mask
	StrictFields bool   // reject updates that omit required fields, and empty fields
	SlackOAuth   bool   // reject what Atlas rejects since it links workspaces by OAuth2
}

// Parse validates a body as the validate command does, for a creation: [Rules.Rejection] decides which fields an update
// may omit. Empty fields that count as not sent have no findings.
func (r Rules) Parse(body []byte) *Payload {
	p := r.ParseStrict(body)
	if !r.StrictFields {
		r.setEmpty(p)
	}
	return p
}

// ParseStrict is like [Rules.Parse], but no field counts as not sent.
func (r Rules) ParseStrict(body []byte) *Payload {
	doc, findings := r.Validator.CheckPayload("body", body)
	return &Payload{Fields: doc.Fields(), Findings: onlyErrors(findings)}
}

// Of returns the payload of a document that was validated before.
func (r Rules) Of(doc *validate.Document) *Payload {
	p := &Payload{Fields: doc.Fields()}
	if !r.StrictFields {
		r.setEmpty(p)
	}
	return p
}

func onlyErrors(findings []validate.Finding) []validate.Finding {
	return slices.DeleteFunc(findings, func(f validate.Finding) bool { return f.Severity != validate.Error })
}

// Rejection returns the response to a payload with findings: the code of the first one, and the texts of all. It
// returns nil if the payload is valid. An update of a stored integration may omit required fields, and may send back
// values that responses show: masks, and the values of unset fields.
func (r Rules) Rejection(p *Payload, old *store.Integration) *wire.Error {
	findings := p.Findings
	if old != nil || r.linksByOAuth() {
		findings = slices.DeleteFunc(slices.Clone(findings), func(f validate.Finding) bool { return r.allowed(f, p, old) })
	}
	if len(findings) == 0 {
		return r.oauthRejection(p, old)
	}
	return r.rejectionFor(findings, p)
}

// allowed reports whether a payload may have the finding. Of a workspace that is not linked, Atlas needs no field.
func (r Rules) allowed(f validate.Finding, p *Payload, old *store.Integration) bool {
	if old == nil {
		return f.Rule == "required"
	}
	return r.allowedInUpdate(f, p, old)
}

// updateRules are the rules whose findings an update may have.
var updateRules = map[string]bool{"required": true, "masked-value": true}

// AlwaysInvalid reports whether a body has findings that no stored integration excuses.
func (r Rules) AlwaysInvalid(p *Payload) bool {
	return len(p.Findings) > 0 && !slices.ContainsFunc(p.Findings, func(f validate.Finding) bool {
		return updateRules[f.Rule] || r.sendsUnset(f, p)
	})
}

// sendsUnset reports whether a finding is about a field that is sent as responses show it while it has no value.
// Clients that read, change and write send it as they read it.
func (r Rules) sendsUnset(f validate.Finding, p *Payload) bool {
	if !unsetRules[f.Rule] {
		return false
	}
	name := FieldName(f)
	value, sent := p.Fields[name]
	field := r.field(name)
	return sent && field != nil && field.IsUnset(value)
}

// unsetRules are the rules against the values of unset fields.
var unsetRules = map[string]bool{"null": true, "length": true, "unknown-field": true}

// field returns a field of the type that the path names, nil if it has none of that name.
func (r Rules) field(name string) *atlas.Field {
	return atlas.Find(r.APIVersion, r.Type).Payload.Lookup(name)
}

// allowedInUpdate reports whether an update of a stored integration may have the finding.
func (r Rules) allowedInUpdate(f validate.Finding, p *Payload, old *store.Integration) bool {
	name := FieldName(f)
	stored, ok := old.Fields[name]
	switch {
	case f.Rule == "required":
		update, found := f.ForUpdate()
		return !found || update.Severity != validate.Error && !r.StrictFields
	case r.sendsUnset(f, p):
		return true
	case !ok || !updateRules[f.Rule]:
		return false
	default:
		return !r.StrictMasks && keepsStored(r.Type, name, p.Fields[name], stored)
	}
}

// keepsStored reports whether a value is the mask of the stored one: sent back, it leaves the value unchanged. A secret
// that responses omit has no mask that could be sent back.
func keepsStored(typ, name string, sent, stored any) bool {
	f, known := secretField(typ, name)
	text, isText := sent.(string)
	return known && isText && f.Secret != schemas.MaskOmitted && f.MaskedValue(stored) == any(text)
}

// Merge merges the fields of a payload into those of the stored integration, nil if there is none. A mask that was sent
// back changes nothing; the value of an unset field removes the stored one.
func (r Rules) Merge(p *Payload, old *store.Integration) map[string]any {
	sent := p.Own()
	if old == nil {
		return sent
	}
	fields := map[string]any{} // a store may have none to clone
	maps.Copy(fields, old.Fields)
	for name, value := range p.Fields {
		if f := r.field(name); f != nil && f.IsUnset(value) {
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

// Own returns the fields of a body that belong to the integration itself and count as sent.
func (p *Payload) Own() map[string]any {
	own := ownFields(p.Fields)
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

// FieldName returns the name of the field that a finding is about.
func FieldName(f validate.Finding) string {
	return jsonpos.Unescape(strings.TrimPrefix(f.Pointer, "/"))
}

// hidden replaces a text that may be a secret in the wrong place.
const hidden = "(hidden)"

// shownValue returns the value of a field if it is a text that a response may repeat, else hidden.
func (p *Payload) shownValue(name string) string {
	if s, ok := p.Fields[name].(string); ok && redact.Readable(s) {
		return s
	}
	return hidden
}

// rejectionFor returns findings in the form of Atlas's errors.
func (r Rules) rejectionFor(findings []validate.Finding, p *Payload) *wire.Error {
	e := r.errorOf(findings[0], p)
	if r.APIVersion == schemas.V1 {
		return e
	}
	e.BadRequestDetail = &wire.BadRequestDetail{}
	for _, f := range findings {
		text := f.Message
		if f.Hint != "" {
			text += "; " + f.Hint
		}
		e.BadRequestDetail.Fields = append(e.BadRequestDetail.Fields, wire.FieldViolation{Description: text, Field: FieldName(f)})
	}
	return e
}

// errorOf returns a finding as the error code that Atlas has for it.
func (r Rules) errorOf(f validate.Finding, p *Payload) *wire.Error {
	name := FieldName(f)
	if r.APIVersion == schemas.V1 && r.Update && v1UpdateRules[f.Rule] {
		return wire.NewError("INTEGRATION_FIELDS_INVALID")
	}
	switch f.Rule {
	case "type-unknown":
		if _, isString := p.Fields[name].(string); !isString {
			return wire.NewError("INVALID_JSON_ATTRIBUTE", name)
		}
		return wire.NewError("INVALID_ATTRIBUTE", name)
	case "syntax", "duplicate-key":
		return wire.NewError("MALFORMED_JSON")
	case "not-an-object":
		return wire.NewError("INVALID_JSON")
	case "type-missing", "required":
		return wire.NewError("MISSING_ATTRIBUTE", name)
	case "type-mismatch", "unknown-field", "foreign-field", "removed-field":
		if f.Pointer == "" { // the validator hides such a name
			name = hidden
		}
		return wire.NewError("INVALID_ATTRIBUTE", name)
	case "wrong-type", "null":
		return wire.NewError("INVALID_JSON_ATTRIBUTE", name)
	case "enum":
		return wire.NewError("INVALID_ENUM_VALUE", p.shownValue(name))
	case "key-format":
		return wire.NewError("INVALID_INTEGRATION_SETTINGS", r.Type, name+" "+formError(r.field(name)))
	case "white-space": // only FLOWDOCK.flowName has the rule
		return wire.NewError("INVALID_FLOWDOCK_FLOW_NAME")
	case "masked-value":
		return wire.NewError("INVALID_INTEGRATION_SETTINGS", r.Type, name+" must not be a redacted value")
	case "empty-value":
		return wire.NewError("INVALID_INTEGRATION_SETTINGS", r.Type, name+" must not be empty")
	case "url":
		return wire.NewError("INVALID_URL", hidden) // a URL may contain a key
	default:
		return wire.NewError("VALIDATION_ERROR", f.Message)
	}
}

// formError describes a text that does not match the pattern of its field. The text for hexadecimal digits is Atlas's;
// for other forms, no response of Atlas is known.
func formError(f *atlas.Field) string {
	if f != nil && f.Form != nil && f.Form.Digits() > 0 {
		return "must be a hexadecimal string"
	}
	return "does not have the right form"
}

// v1UpdateRules are the rules for whose findings v1.0 has one code on update.
var v1UpdateRules = map[string]bool{
	"unknown-field": true, "foreign-field": true, "removed-field": true, "enum": true, "length": true,
	"key-format": true, "masked-value": true, "empty-value": true, "null": true,
}
