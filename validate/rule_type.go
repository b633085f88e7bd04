package validate

import (
	"fmt"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
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
		typeUnknownRule{}.reportKind(c, root, member)
		return nil
	}
	name := member.Value.Text
	t := c.v.types.ByName[name]
	switch {
	case t == nil:
		typeUnknownRule{}.report(c, root, member)
	case c.v.options.Type != "" && name != c.v.options.Type:
		c.add(typeMismatchRule{}, at, fmt.Sprintf("the type is %s, want %s", name, c.v.options.Type),
			hint("Atlas rejects a payload if its type differs from the type in the path"))
	}
	return t
}

type typeMissingRule struct{}

func (typeMissingRule) about() Rule {
	return Rule{
		ID: "type-missing", Default: Error, FixedSeverity: true,
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
	renamed := rename.TypeField(root)
	isType := renamed != nil && c.isType(&renamed.Value)
	if other := otherformat.JSON(root); other != nil && !isType {
		return notAPayload(other)
	}
	if renamed != nil {
		next := c.hintAt("rename the field", renamed.NameStart)
		if isType {
			next.edits = correction.Name(root, renamed, "type")
		}
		return next
	}
	if otherformat.IsResponse(root) {
		return advice{text: "this is a response of Atlas, not a payload", suggestion: Suggestion{Format: "response"}}
	}
	if text := otherformat.Nested(root, c.isType, c.shownWord); text != "" {
		return hint(text)
	}
	if c.v.options.Type != "" {
		return hint(fmt.Sprintf(`add "type": "%s"`, c.v.options.Type))
	}
	var fields []string
	for _, m := range root.Members {
		if text := otherformat.ColonHint(m.Name); c.yaml && text != "" {
			return hint(text)
		}
		fields = append(fields, m.Name)
	}
	text := "one of " + words.List(c.v.types.Names, "or")
	if fits := c.v.types.Fitting(fields); len(fits) > 0 {
		text += "; the fields here fit " + words.List(fits, "and")
	}
	return hint(text)
}

// isType reports whether a value is the name of a type, or is corrected to one.
func (c *check) isType(v *jsonpos.Value) bool {
	return c.v.types.ByName[v.Text] != nil || correction.Allowed(v, c.v.types.Names, nil) != nil
}

// shownWord returns a type or a key for messages.
func (c *check) shownWord(text string) string {
	if c.hides(text) {
		return redact.Hidden
	}
	return redact.Value(text)
}

type typeUnknownRule struct{}

func (typeUnknownRule) about() Rule {
	return Rule{
		ID: "type-unknown", Default: Error, FixedSeverity: true,
		Summary:  `the API version has no integration type of this name, or the type is not a string`,
		Evidence: `The types are an enumeration; HIP_CHAT returns 400 HIPCHAT_NOT_SUPPORTED (official)`,
		Fails:    `{"type": "OPSGENIE", "apiKey": "k-1"}`,
		Passes:   `{"type": "OPS_GENIE", "apiKey": "k-1"}`,
	}
}

// report adds the finding of an unknown type. Files of other tools, such as a package.json, have a type too.
func (r typeUnknownRule) report(c *check, root *jsonpos.Value, member *jsonpos.Member) {
	unknown := c.v.types.Unknown(member.Value.Text, c.shownWord(member.Value.Text))
	next := advice{
		text: unknown.Hint, suggestion: Suggestion{APIVersion: unknown.APIVersion},
		edits: correction.Allowed(&member.Value, c.v.types.Names, nil),
	}
	if other := otherformat.JSON(root); other != nil && next.edits == nil && unknown.APIVersion == "" {
		next = notAPayload(other)
	}
	c.add(r, place(&member.Value, "type"), unknown.Message, next)
}

// reportKind adds the finding of a type that is not a string. Its rule can't be turned off, unlike wrong-type: the
// payload has no type, so that nothing else of it is validated.
func (r typeUnknownRule) reportKind(c *check, root *jsonpos.Value, member *jsonpos.Member) {
	next := hint("write one of " + words.List(c.v.types.Names, "or"))
	if other := otherformat.JSON(root); other != nil {
		next = notAPayload(other)
	}
	c.add(r, place(&member.Value, "type"), "type: want string, got "+member.Value.Kind.String(), next)
}

type typeMismatchRule struct{}

func (typeMismatchRule) about() Rule {
	return Rule{
		ID: "type-mismatch", Default: Error,
		Summary:  `the type differs from the required one, such as the type in the request path`,
		Evidence: `The manual requires that they are equal (official)`,
		Fails:    `an OPS_GENIE payload where VICTOR_OPS is required`,
		Passes:   `a VICTOR_OPS payload where VICTOR_OPS is required`,
	}
}
