package validate

import (
	"fmt"

	"github.com/atlasint/atlasint/internal/expand"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
)

// payload judges one payload: its type first, then all else by that one type.
func (c *check) payload(root *jsonpos.Value) {
	if root.Kind != jsonpos.Object {
		hint := "a payload is one object, such as {\"type\": \"WEBHOOK\", …}"
		if root.Kind == jsonpos.Array {
			hint = "--array judges each element as a payload"
		}
		c.add(ruleNotAnObject, place(root, ""), "want one payload object, got "+article(root.Kind), hint)
		return
	}
	if c.typ = c.detect(root); c.typ != nil {
		clear(c.expanded)
		c.sight(&root.Member("type").Value)
		c.judge(root)
		c.keep(root)
	}
}

// detect finds the type of a payload; it notes a finding and returns nil where there is none to judge by.
func (c *check) detect(root *jsonpos.Value) *typeSchema {
	member := root.Member("type")
	if member == nil {
		c.add(ruleTypeMissing, span{start: root.Start, end: root.Start + 1, field: "type"}, `missing "type"`, c.typeHint(root))
		return nil
	}
	at := place(&member.Value, "type")
	if member.Value.Kind != jsonpos.String {
		c.add(ruleWrongType, at, "type: want string, got "+member.Value.Kind.String(), "write one of "+list(c.v.typeNames, "or"))
		return nil
	}
	name := member.Value.Text
	t := c.v.types[name]
	switch {
	case t == nil:
		message, hint := c.v.unknownType(name)
		c.add(ruleTypeUnknown, at, message, hint)
	case c.v.want != "" && name != c.v.want:
		c.add(ruleTypeMismatch, at, fmt.Sprintf("the type is %s, but %s was asked for", name, c.v.want),
			"Atlas refuses a payload whose type differs from the one in the path")
	}
	return t
}

func (c *check) typeHint(root *jsonpos.Value) string {
	if m := misnamed(root); m != nil {
		line, column := c.lines.Position(m.NameStart)
		return fmt.Sprintf("rename the field at %d:%d", line+c.at.linesBefore, column)
	}
	if answered(root) {
		return "this is what Atlas answers, and no payload; atlasint get --as-payload makes payloads of what a project has"
	}
	if c.v.want != "" {
		return fmt.Sprintf(`add "type": "%s"`, c.v.want)
	}
	var names []string
	for _, m := range root.Members {
		names = append(names, m.Name)
	}
	hint := "one of " + list(c.v.typeNames, "or")
	if fits := c.v.fitting(names); len(fits) > 0 {
		hint += "; the fields here fit " + list(fits, "and")
	}
	return hint
}

// misnamed returns the field that was meant to be the type, if there is one.
func misnamed(root *jsonpos.Value) *jsonpos.Member {
	for i := range root.Members[:min(len(root.Members), maxFields)] {
		if Nearest(root.Members[i].Name, []string{"type"}) != "" {
			return &root.Members[i]
		}
	}
	return nil
}

// answered tells the pages and envelopes that integrations come in.
func answered(root *jsonpos.Value) bool {
	if list := root.Member("results"); list != nil {
		return list.Value.Kind == jsonpos.Array
	}
	content := root.Member("content")
	return content != nil && content.Value.Kind == jsonpos.Object && root.Member("status") != nil
}

// unknownType says what is known of a name that is no type of the generation.
func (v *Validator) unknownType(name string) (message, hint string) {
	if why, ok := refusedType(name); ok {
		return "type " + redact.Value(name) + " can't be sent", why
	}
	if other := v.others()[name]; other != nil {
		return fmt.Sprintf("%s has no type %s", v.generation, name),
			fmt.Sprintf("it exists in %s only: --api %[1]s", other.Generation)
	}
	message = "unknown type " + redact.Value(name)
	if expand.Has(name) {
		return message, "the type can't be a reference: write one of " + list(v.typeNames, "or")
	}
	if near := v.meantType(name); near != "" {
		return message, fmt.Sprintf("did you mean %q?", near)
	}
	for _, t := range v.others() {
		if sameLetters(name, t.Name) {
			return message, fmt.Sprintf("did you mean %q? it exists in %s only: --api %[2]s", t.Name, t.Generation)
		}
	}
	return message, "it is one of " + list(v.typeNames, "or")
}
