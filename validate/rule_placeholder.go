package validate

import (
	"strings"

	"github.com/atlasint/atlasint/internal/expand"
	"github.com/atlasint/atlasint/validate/internal/placeholder"
)

type placeholderRule struct{}

func (placeholderRule) about() Rule {
	return Rule{
		ID: "placeholder", Default: Warning,
		Summary:  `the value is a placeholder: a text to replace by hand, such as <API-KEY>; a variable or secret reference of another tool, such as ${KEY} or op://…; the text that a program writes for a missing value, such as undefined; a misspelled reference; or one whose name no environment variable of a shell can have`,
		Evidence: `Atlas may store it, and then the integration does not work`,
		Fails:    `{"type": "OPS_GENIE", "apiKey": "<API-KEY>"}`,
		Passes:   `{"type": "OPS_GENIE", "apiKey": "k-1"}`,
	}
}

func (r placeholderRule) warn(c *check, t stringField) bool {
	s := t.value.Text
	if c.expanded[t.value] && expand.HasReference(s) {
		c.add(r, t.at, c.subject(t.at.path)+": the value of the reference contains a reference", hint("references are replaced once; set the variable or file to the real value"))
		return true
	}
	if t.field.TemplateBytes > 0 && c.reported[t.value] { // the rule template-syntax explains it
		return true
	}
	next := placeholder.Hint(t.field, s)
	if next == "" || expand.HasReference(s) {
		return false
	}
	switch {
	case c.v.options.Literals: // nothing is replaced
		next = placeholder.PutValue
	case c.expanded[t.value]:
		next = c.hintInReferences(t, next)
	}
	c.add(r, t.at, c.subject(t.at.path)+": the value is a placeholder", hint(next))
	return true
}

// hintInReferences returns the hint for a placeholder in a value whose references were replaced: next if the text
// around them has it.
func (c *check) hintInReferences(t stringField, next string) string {
	switch around, variables, files := expand.Around(c.data[t.value.Start:t.value.End]); {
	case placeholder.Hint(t.field, strings.Trim(around, `"'`)) != "":
		return next
	case variables && !files:
		return "set the variable to the real value"
	case files && !variables:
		return "write the real value into the file"
	}
	return "set the variable or file to the real value"
}

// warnOfName warns of a reference that has no value in any environment of a shell.
func (r placeholderRule) warnOfName(c *check, t stringField) {
	if c.v.options.Expand { // the rule unresolved is about the value
		return
	}
	if fault := expand.CheckNames(t.value.Text); fault != nil {
		c.add(r, t.at, c.subject(t.at.path)+": "+fault.Reason, hint(fault.Hint))
	}
}
