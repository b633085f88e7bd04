package validate

import (
	"fmt"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/expand"
	"github.com/atlasint/atlasint/internal/hintkind"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/suggest"
	"github.com/atlasint/atlasint/internal/words"
	"github.com/atlasint/atlasint/validate/internal/correction"
	"github.com/atlasint/atlasint/validate/internal/otherformat"
	"github.com/atlasint/atlasint/validate/internal/rename"
	"github.com/atlasint/atlasint/validate/internal/types"
)

// detect returns the type of a payload. If no type's schema applies, it adds a finding and returns nil.
func (c *check) detect(root *jsonpos.Value) *types.Type {
	member := root.Member("type")
	if member == nil {
		typeMissingRule{}.report(c, root)
		return nil
	}
	at := place(&member.Value, "type")
	if member.Value.Kind != jsonpos.String {
		c.add(wrongTypeRule{}, at, "type: want string, got "+member.Value.Kind.String(), hint("write one of "+words.List(c.v.types.Names, "or")))
		return nil
	}
	name := member.Value.Text
	t := c.v.types.ByName[name]
	switch {
	case t == nil:
		message, next := c.v.unknownType(name)
		next.edits = correction.Allowed(&member.Value, c.v.types.Names, nil)
		c.add(typeUnknownRule{}, at, message, next)
	case c.v.options.Type != "" && name != c.v.options.Type:
		c.add(typeMismatchRule{}, at, fmt.Sprintf("the type is %s, want %s", name, c.v.options.Type),
			hint("Atlas rejects a payload if its type differs from the type in the path"))
	}
	return t
}

type typeMissingRule struct{}

func (typeMissingRule) about() Rule {
	return Rule{
		ID: "type-missing", Default: Error, Fixed: true,
		Summary:  `the payload has no type`,
		Evidence: `The manual requires a type in every request body, equal to the type in the path (official)`,
		Fails:    `{"apiKey": "k-1"}`,
		Passes:   `{"type": "OPS_GENIE", "apiKey": "k-1"}`,
	}
}

func (r typeMissingRule) report(c *check, root *jsonpos.Value) {
	c.add(r, span{start: root.Start, end: root.Start + 1, path: []string{"type"}}, `missing "type"`, r.hintFor(c, root))
}

func (typeMissingRule) hintFor(c *check, root *jsonpos.Value) advice {
	if other := otherformat.Object(root); other != nil {
		return hint("this is " + other.Name + "; " + other.Hint)
	}
	if m := misnamedType(root); m != nil {
		next := hint("rename the field at " + c.position(m.NameStart))
		if c.v.types.ByName[m.Value.Text] != nil || correction.Allowed(&m.Value, c.v.types.Names, nil) != nil {
			next.edits = correction.Name(root, m, "type")
		}
		return next
	}
	if isAnswer(root) {
		return advice{text: "this is a response of Atlas, not a payload", kind: hintkind.Answer}
	}
	if c.v.options.Type != "" {
		return hint(fmt.Sprintf(`add "type": "%s"`, c.v.options.Type))
	}
	var names []string
	for _, m := range root.Members {
		names = append(names, m.Name)
	}
	text := "one of " + words.List(c.v.types.Names, "or")
	if fits := c.v.types.Fitting(names); len(fits) > 0 {
		text += "; the fields here fit " + words.List(fits, "and")
	}
	return hint(text)
}

// misnamedType returns the field that was meant to be the type, if there is one.
func misnamedType(root *jsonpos.Value) *jsonpos.Member {
	for i := range root.Members[:min(len(root.Members), rename.MaxFields)] {
		if suggest.Nearest(root.Members[i].Name, []string{"type"}) != "" {
			return &root.Members[i]
		}
	}
	return nil
}

// isAnswer recognizes the pages and envelopes in which Atlas returns integrations.
func isAnswer(root *jsonpos.Value) bool {
	if list := root.Member("results"); list != nil {
		return list.Value.Kind == jsonpos.Array
	}
	content := root.Member("content")
	return content != nil && content.Value.Kind == jsonpos.Object && root.Member("status") != nil
}

type typeUnknownRule struct{}

func (typeUnknownRule) about() Rule {
	return Rule{
		ID: "type-unknown", Default: Error, Fixed: true,
		Summary:  `the API version has no integration type of this name`,
		Evidence: `The types are an enumeration; HIP_CHAT returns 400 HIPCHAT_NOT_SUPPORTED (official)`,
		Fails:    `{"type": "OPSGENIE", "apiKey": "k-1"}`,
		Passes:   `{"type": "OPS_GENIE", "apiKey": "k-1"}`,
	}
}

// unknownType returns the message and hint for a name that isn't a type of the API version.
func (v *Validator) unknownType(name string) (message string, next advice) {
	if rejectedType := atlas.RefusedType(name); rejectedType != nil {
		return "type " + redact.Value(name) + " can't be sent", hint(rejectedType.Text)
	}
	if other := v.others().ByName[name]; other != nil {
		return fmt.Sprintf("%s has no type %s", v.options.APIVersion, name), inOtherVersion("it exists in %s only", other.APIVersion)
	}
	message = "unknown type " + redact.Value(name)
	if expand.HasReference(name) {
		return message, hint("the type can't be a reference: write one of " + words.List(v.types.Names, "or"))
	}
	if near := v.types.Meant(name); near != "" {
		return message, hint(fmt.Sprintf("did you mean %q?", near))
	}
	for _, t := range v.others().ByName {
		if suggest.SameLetters(name, t.Name) {
			return message, inOtherVersion(fmt.Sprintf("did you mean %q? it exists in %%s only", t.Name), t.APIVersion)
		}
	}
	return message, hint("it is one of " + words.List(v.types.Names, "or"))
}

// inOtherVersion returns the advice to validate for the other API version, whose name replaces %s in the text.
func inOtherVersion(text, apiVersion string) advice {
	return advice{text: fmt.Sprintf(text, apiVersion), kind: hintkind.APIVersion, value: apiVersion}
}

type typeMismatchRule struct{}

func (typeMismatchRule) about() Rule {
	return Rule{
		ID: "type-mismatch", Default: Error,
		Summary:  `the type differs from --type or from the type in the request path`,
		Evidence: `The manual requires that they are equal (official)`,
		Fails:    `an OPS_GENIE payload, with --type VICTOR_OPS`,
		Passes:   `a VICTOR_OPS payload, with --type VICTOR_OPS`,
	}
}

// others returns the types of the other API version.
func (v *Validator) others() *types.Set {
	return types.Of(atlas.OtherVersion(v.options.APIVersion))
}
