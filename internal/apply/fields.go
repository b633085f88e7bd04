package apply

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/mask"
	"github.com/atlasint/atlasint/internal/redact"
)

// State is how a field of a payload stands to that of the integration.
type State string

// The states. Fields that are the same have no [Change].
const (
	// Differs means that the payload has another value.
	Differs State = "differs"
	// Incomparable means that Atlas does not show enough of the value.
	Incomparable State = "incomparable"
	// Kept means that the payload leaves the field out, and Atlas has a value that is not its default.
	Kept State = "kept"
)

// Change is what is to be said of one field.
type Change struct {
	Field  string
	State  State
	Secret bool // the API description calls the field a secret
	// From and To are the values of Atlas and of the payload as JSON, null for one that is not set. Both are
	// nil where they must not be shown: secrets, what may be one, and what came of a reference.
	From, To json.RawMessage
}

// comparison is what is compared, and what came of it so far.
type comparison struct {
	local       *Local
	here, there map[string]any
	fields      map[string]*schemas.Field
	order       []string
	changes     []Change
}

// compare tells of the fields that are not the same, in the order of the API description, unknown ones last.
func compare(l *Local, r *Remote) []Change {
	c := &comparison{local: l, fields: map[string]*schemas.Field{}}
	// Both are objects, or there would be no payload and no integration.
	_ = json.Unmarshal(l.Payload.JSON(), &c.here)
	_ = json.Unmarshal(r.JSON, &c.there)
	if t := schemas.Find(l.Generation, l.Type); t != nil {
		for i := range t.Fields {
			c.fields[t.Fields[i].Name] = &t.Fields[i]
			c.order = append(c.order, t.Fields[i].Name)
		}
	}
	for _, name := range slices.Concat(c.order, c.others()) {
		f := c.fields[name]
		if name == "id" || name == "type" || f != nil && f.ReadOnly {
			continue
		}
		if here, sent := c.here[name]; sent {
			c.sent(name, f, here)
		} else {
			c.leftOut(name, f)
		}
	}
	return c.changes
}

// others are the fields that the API description does not have.
func (c *comparison) others() []string {
	all := maps.Clone(c.here)
	maps.Copy(all, c.there)
	return slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(name string) bool { return c.fields[name] != nil })
}

func (c *comparison) sent(name string, f *schemas.Field, here any) {
	there, shown := c.there[name]
	switch {
	case f == nil && !shown, f != nil && f.Secret == schemas.MaskOmitted:
		c.note(name, Incomparable, f)
	case f != nil && f.Secret != "":
		c.secret(name, f, here, there)
	case !same(f, here, there):
		c.note(name, Differs, f)
	}
}

// secret compares a secret with its mask. An Atlas that masks nothing, as it once was, shows the secret itself.
func (c *comparison) secret(name string, f *schemas.Field, here, there any) {
	text, _ := here.(string)
	shown, _ := there.(string)
	origin := strings.TrimSuffix(shown, "****")
	switch {
	case shown == mask.Text(f.Secret, text), shown == text, unset(here) && unset(there):
	case f.Secret == schemas.MaskOrigin && shown != origin && strings.HasPrefix(text, origin): // an example of the manual
		c.note(name, Incomparable, f)
	default:
		c.note(name, Differs, f)
	}
}

// leftOut notes what the payload does not speak of, unless Atlas has filled it in of its own.
func (c *comparison) leftOut(name string, f *schemas.Field) {
	if there := c.there[name]; !unset(there) && (f == nil || !same(f, nil, there)) && name != "links" {
		c.note(name, Kept, f)
	}
}

// same compares values that are no secrets. Where there is none, the default holds.
func same(f *schemas.Field, here, there any) bool {
	return reflect.DeepEqual(effective(f, here), effective(f, there))
}

func effective(f *schemas.Field, value any) any {
	switch {
	case !unset(value):
		return value
	case f == nil || f.Default == "":
		return nil
	case f.Kind == "boolean":
		return f.Default == "true"
	}
	return f.Default
}

// unset tells values that Atlas shows where there is none.
func unset(value any) bool { return value == nil || value == "" }

func (c *comparison) note(name string, state State, f *schemas.Field) {
	change := Change{Field: name, State: state, Secret: f != nil && f.Secret != ""}
	from, to := c.there[name], c.here[name]
	if f != nil && !change.Secret && !slices.Contains(c.local.Expanded, name) && showable(from) && showable(to) {
		change.From, _ = json.Marshal(from) // both were read from JSON
		change.To, _ = json.Marshal(to)
	}
	c.changes = append(c.changes, change)
}

// showable tells values that are too short for a secret in the wrong place.
func showable(value any) bool {
	switch value := value.(type) {
	case nil, bool:
		return true
	case string:
		return redact.Readable(value)
	}
	return false
}
