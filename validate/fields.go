package validate

import (
	"fmt"
	"strings"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
)

// judge applies the type's schema, by the index that was made from the same document, and the rules that a
// schema can't express.
func (c *check) judge(root *jsonpos.Value) {
	spoken := c.contents(root)
	if !c.typ.accepts(root) {
		c.explain(root, spoken)
	}
	c.advise(root)
}

// explain notes all that the schema refuses. Of a field that occurs twice the last counts, as for the
// programs that read it.
func (c *check) explain(root *jsonpos.Value, spoken map[string]bool) {
	c.missing(root)
	c.surplus(root)
	for i := range c.typ.Fields {
		f := c.typ.fields[c.typ.Fields[i].Name]
		m := root.Member(f.Name)
		if m == nil || f.ReadOnly {
			continue
		}
		switch why := f.refusal(&m.Value); {
		case why == accepted:
		case why == keywordType:
			c.wrongType(f, &m.Value)
		case !spoken[f.Name]:
			c.wrongContent(why, f, &m.Value)
		}
	}
}

// missing notes the required fields that are not there. An update keeps what answers never show: a client
// that has read all the rest could not send it.
func (c *check) missing(root *jsonpos.Value) {
	at := place(&root.Member("type").Value, "")
	for _, f := range c.typ.Fields {
		if !f.Required || root.Member(f.Name) != nil || c.v.operation == Update && f.Secret == schemas.MaskOmitted {
			continue
		}
		at.field = f.Name
		c.add(ruleRequired, at,
			fmt.Sprintf("%s: missing required field %q (%s, %s)", c.typ.Name, f.Name, f.Title, f.Kind),
			c.misspelt(root, f.Name))
	}
}

// maxFields is among how many unknown fields a misspelt one is sought. No payload has more.
const maxFields = 64

// misspelt says where the payload has a field whose name comes near.
func (c *check) misspelt(root *jsonpos.Value, name string) string {
	sought := 0
	for _, m := range root.Members {
		if c.typ.fields[m.Name] != nil {
			continue
		}
		if sought++; sought > maxFields {
			break
		}
		if meant(m.Name, c.typ.names) == name {
			line, column := c.lines.Position(m.NameStart)
			return fmt.Sprintf("rename the field at %d:%d", line+c.at.linesBefore, column)
		}
	}
	return ""
}

func (c *check) surplus(root *jsonpos.Value) {
	there := map[string]bool{} // the fields that no other can be renamed to
	for i := range root.Members {
		if name := root.Members[i].Name; c.typ.fields[name] != nil {
			there[name] = true
		}
	}
	for i := range root.Members {
		m := &root.Members[i]
		if f := c.typ.fields[m.Name]; f == nil || f.ReadOnly {
			if c.full() {
				c.add(ruleUnknownField, span{}, "", "")
				continue
			}
			rule, message, hint := c.unknownField(m.Name, there)
			at := span{start: m.NameStart, end: m.NameEnd, field: m.Name}
			c.add(rule, at, c.typ.Name+": "+message, hint)
		}
	}
}

// unknownField says what is known of a field that the type does not take, in a payload with these others.
func (c *check) unknownField(name string, there map[string]bool) (rule, message, hint string) {
	shown := redact.Name(name)
	if name == "$schema" {
		return ruleUnknownField, "Atlas refuses the field " + shown, "remove it, and name the schema in the editor's settings"
	}
	for _, r := range c.typ.Removed {
		if r.Name == name {
			hint = "remove it"
			if there[r.Use] {
				hint = thereAlready(r.Use)
			} else if r.Use != "" {
				hint = fmt.Sprintf("use %q", r.Use)
			}
			return ruleRemovedField, fmt.Sprintf("field %s left the API on %s", shown, r.Since), hint
		}
	}
	if c.typ.fields[name] != nil {
		return ruleUnknownField, "field " + shown + " is for Atlas to set", "remove it"
	}
	if other := c.v.others()[c.typ.Name]; other != nil && other.fields[name] != nil && !other.fields[name].ReadOnly {
		return ruleUnknownField, fmt.Sprintf("field %s exists in %s only", shown, other.Generation),
			fmt.Sprintf("remove it, or send the payload by %s and judge it with --api %[1]s", other.Generation)
	}
	known := c.typ.names
	if owners := c.v.owners(name); len(owners) > 0 {
		hint = "remove it: Atlas refuses the fields of other types, even when they are false"
		if own := meant(name, known); own != "" && !there[own] {
			hint = fmt.Sprintf("%s calls it %q; Atlas refuses the fields of other types", c.typ.Name, own)
		}
		return ruleForeignField, fmt.Sprintf("field %s belongs to %s", shown, list(owners, "and")), hint
	}
	hint = "the fields are " + list(known, "and")
	if near := meant(name, known); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
		if there[near] {
			hint = thereAlready(near)
		}
		hint += " (fields: " + strings.Join(known, ", ") + ")"
	}
	return ruleUnknownField, "unknown field " + shown, hint
}

func thereAlready(name string) string { return fmt.Sprintf("remove it: %q is there already", name) }

func (c *check) subject(f *field) string { return c.typ.Name + "." + f.Name }

func (c *check) wrongType(f *field, value *jsonpos.Value) {
	at := place(value, f.Name)
	if value.Kind == jsonpos.Null {
		hint := "give it a " + f.Kind
		switch {
		case f.Required:
			hint = "the field is required: " + hint
		case c.mayLack(f):
			hint = "leave the field out"
		}
		c.add(ruleNull, at, c.subject(f)+": null is not allowed", hint)
		return
	}
	got, hint := value.Kind.String(), ""
	switch {
	case c.expanded[f.Name]: // what it stands for is not shown, and has no quotes that could be removed
		hint = "a reference always is text; write the value itself"
	case f.Kind == "boolean" && value.Kind == jsonpos.String && (value.Text == "true" || value.Text == "false"):
		got, hint = fmt.Sprintf("string %q", value.Text), "remove the quotes"
	case f.Kind == "boolean":
		hint = "write true or false"
	case value.Kind == jsonpos.Number || value.Kind == jsonpos.Bool:
		hint = quoteHint(f, value.Text)
	}
	c.add(ruleWrongType, at, fmt.Sprintf("%s: want %s, got %s", c.subject(f), f.Kind, got), hint)
}

// quoteHint is what to write for a number or a boolean where a text belongs: itself, if it can be one.
func quoteHint(f *field, value string) string {
	switch {
	case f.Enum != nil && f.refusalOfText(value) != accepted:
		return enumHint(f, value)
	case f.pattern != nil && !f.pattern.matches(value):
		return "write " + f.pattern.String() + ", in quotes"
	case f.Format == "uri":
		return "write the whole URL, in quotes"
	}
	return "put it in quotes"
}
