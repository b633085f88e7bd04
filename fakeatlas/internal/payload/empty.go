package payload

import (
	"slices"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/validate"
)

// setEmpty marks the fields that count as not sent, and removes the findings about their values.
func (r Rules) setEmpty(p *Payload) {
	typ := r.Type
	if typ == "" { // a seed has no path
		typ, _ = p.Fields["type"].(string)
	}
	t := atlas.Find(r.APIVersion, typ)
	if t == nil {
		return
	}
	p.empty = map[string]bool{}
	for name, value := range p.Fields {
		if isEmpty(t, name, value) {
			p.empty[name] = true
		}
	}
	p.Findings = slices.DeleteFunc(p.Findings, func(f validate.Finding) bool {
		return emptyRules[f.Rule] && p.empty[FieldName(f)]
	})
}

// emptyRules are the rules against empty values, and against fields of other types.
var emptyRules = map[string]bool{
	"null": true, "length": true, "enum": true, "empty-value": true, "unknown-field": true, "foreign-field": true,
	"removed-field": true,
}

// isEmpty reports whether a field counts as not sent: it is null or an empty text, and the type does not require it.
// SDKs send the fields of other types this way. A null that the type allows is a value.
func isEmpty(t *atlas.Type, name string, value any) bool {
	if !atlas.IsEmpty(value) || name == "id" || name == "type" {
		return false
	}
	f := t.Payload.Lookup(name)
	switch {
	case f == nil:
		f = fieldOfAnother(name)
		return f != nil && (value == nil || f.Kind == "string")
	case f.Required:
		return false
	case value == nil:
		return !f.Nullable || f.ReadOnly
	}
	return f.Kind == "string"
}

// fieldOfAnother returns the field of that name of any type whose requests have it, nil if there is none. SDKs send
// the same fields to both API versions.
func fieldOfAnother(name string) *atlas.Field {
	for _, apiVersion := range []string{schemas.V2, schemas.V1} {
		for _, t := range atlas.Types(apiVersion) {
			if f := t.Payload.Lookup(name); f != nil && !f.ReadOnly {
				return f
			}
		}
	}
	return nil
}

// linksByOAuth reports whether the type's service is linked by OAuth2 in the user interface alone.
func (r Rules) linksByOAuth() bool {
	t := atlas.Find(r.APIVersion, r.Type)
	return r.SlackOAuth && t != nil && t.OAuthFields != nil
}

// oauthRejection returns the response to a body without findings that Atlas rejects because the service is linked by
// OAuth2. A new integration can't be linked through the API, and a linked one keeps its token and its team.
func (r Rules) oauthRejection(p *Payload, old *store.Integration) *wire.Error {
	if !r.linksByOAuth() {
		return nil
	}
	linked := atlas.Find(r.APIVersion, r.Type).OAuthFields
	for name, value := range p.Own() {
		switch {
		case slices.Contains(linked, name):
		case old == nil:
			return wire.NewError("LEGACY_SLACK_CONFIGURATION_UNSUPPORTED")
		case !keepsValue(old, name, value):
			return wire.NewError("MUST_RECONFIGURE_SLACK_OAUTH2")
		}
	}
	if old == nil {
		return wire.NewError("SLACK_OAUTH2_NOT_CONFIGURED")
	}
	return nil
}

// keepsValue reports whether a value that was sent is the stored one or its mask, or has the mask that is stored.
func keepsValue(old *store.Integration, name string, sent any) bool {
	stored, ok := old.Fields[name]
	if !ok {
		return false
	}
	isMask := atlas.Equal(storedMask(old.Type, name, stored), stored)
	return atlas.Equal(sent, stored) || keepsStored(old.Type, name, sent, stored) ||
		isMask && atlas.Equal(storedMask(old.Type, name, sent), stored)
}
