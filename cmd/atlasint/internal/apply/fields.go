package apply

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
)

// State is how a field of a payload compares with the same field of the integration.
type State string

// The states. Equal fields have no [Change].
const (
	// Differs means that the payload has another value.
	Differs State = "differs"
	// Incomparable means that Atlas does not return enough of the value.
	Incomparable State = "incomparable"
	// Kept means that the payload omits the field, and the integration has a value that is not the default.
	Kept State = "kept"
)

// Change is a field that is not equal in the payload and the integration.
type Change struct {
	Field  string
	State  State
	Secret bool // the API description calls the field a secret
	// From and To are the values in the integration and in the payload as JSON, null for a value that is not set.
	// Both are nil if they may be secret: values of secret fields, of references, of unknown fields, and long texts.
	From, To json.RawMessage
}

// fieldComparison is the state of [compare].
type fieldComparison struct {
	local                     *Local
	localFields, remoteFields map[string]any
	payload                   *atlas.Field // nil if the API description does not have the type
	secrets                   *redact.Hider
	changes                   []Change
}

// compare returns the fields that are not equal, in the order of the API description, unknown fields last.
func compare(l *Local, r *Remote) []Change {
	c := &fieldComparison{local: l, localFields: l.Document.Fields(), remoteFields: atlas.Object(r.JSON), secrets: hider(l, r)}
	var order []string
	if t := atlas.Find(l.APIVersion, l.Type); t != nil {
		c.payload = t.Payload
		for i := range t.Fields {
			order = append(order, t.Fields[i].Name)
		}
	}
	for _, name := range slices.Concat(order, c.others()) {
		f := c.field(name)
		if name == "id" || name == "type" || f != nil && f.ReadOnly {
			continue
		}
		if here, sent := c.localFields[name]; sent {
			c.sent(name, f, here)
		} else {
			c.omitted(name, f)
		}
	}
	return c.changes
}

// field returns the field of the type with that name, nil if the API description does not have it.
func (c *fieldComparison) field(name string) *atlas.Field {
	if c.payload == nil {
		return nil
	}
	return c.payload.Lookup(name)
}

// others returns the names of fields that the API description does not have, sorted.
func (c *fieldComparison) others() []string {
	all := maps.Clone(c.localFields)
	maps.Copy(all, c.remoteFields)
	return slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(name string) bool { return c.field(name) != nil })
}

func (c *fieldComparison) sent(name string, f *atlas.Field, here any) {
	there, shown := c.remoteFields[name]
	switch {
	case f == nil && !shown, f != nil && f.Secret == schemas.MaskOmitted:
		c.add(name, Incomparable, f)
	case f != nil && f.Secret != "":
		c.secret(name, f, here, there)
	case !same(f, here, there):
		c.add(name, Differs, f)
	}
}

// secret compares a secret with its mask. Earlier versions of Atlas returned some secrets unmasked.
func (c *fieldComparison) secret(name string, f *atlas.Field, here, there any) {
	text, _ := here.(string)
	shown, _ := there.(string)
	origin := strings.TrimSuffix(shown, "****")
	switch {
	case f.MaskedValue(text) == any(shown), shown == text, atlas.IsEmpty(here) && atlas.IsEmpty(there):
	case f.Secret == schemas.MaskOrigin && shown != origin && strings.HasPrefix(text, origin): // as in an example of the manual
		c.add(name, Incomparable, f)
	default:
		c.add(name, Differs, f)
	}
}

// omitted adds a change for a field that the payload omits, unless the integration has the default.
func (c *fieldComparison) omitted(name string, f *atlas.Field) {
	if there := c.remoteFields[name]; !atlas.IsEmpty(there) && (f == nil || !same(f, nil, there)) && name != "links" {
		c.add(name, Kept, f)
	}
}

// same reports whether two values of a field that is not secret are equal. A missing value equals the default.
// Secrets inside of a value are compared by their masks.
func same(f *atlas.Field, here, there any) bool {
	if f == nil {
		return atlas.IsEmpty(here) && atlas.IsEmpty(there) || atlas.Equal(here, there)
	}
	here, there = f.Effective(here), f.Effective(there)
	return atlas.Equal(here, there) || atlas.Equal(f.MaskedValue(here), there)
}

func (c *fieldComparison) add(name string, state State, f *atlas.Field) {
	change := Change{Field: name, State: state, Secret: f != nil && f.Secret != ""}
	from, to := c.remoteFields[name], c.localFields[name]
	if f != nil && !change.Secret && c.isPublic(name, f) && c.showable(f, from) && c.showable(f, to) {
		change.From, _ = json.Marshal(from) // both were read from JSON
		change.To, _ = json.Marshal(to)
	}
	if c.secrets.HasSecret(name) {
		change.Field = redact.Hidden
	}
	c.changes = append(c.changes, change)
}

// isPublic reports whether the value of a field that is not secret is public although it may come from a
// reference: only values that the API lists are.
func (c *fieldComparison) isPublic(name string, f *atlas.Field) bool {
	to, _ := c.localFields[name].(string)
	return !slices.Contains(c.local.Expanded, name) || isListed(f, to)
}

// showable reports whether the value of a field that is not secret is too short to be a misplaced secret, and has no
// part in common with a secret of the payload or of the integration.
func (c *fieldComparison) showable(f *atlas.Field, value any) bool {
	switch value := value.(type) {
	case nil, bool:
		return true
	case string:
		return isListed(f, value) || redact.Readable(value) && !c.secrets.HasSecret(value)
	case json.Number:
		return redact.Readable(value.String()) && !c.secrets.HasSecret(value.String())
	}
	return false
}
