package validate

import (
	"strings"

	"github.com/atlasint/atlasint/internal/expand"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/validate/internal/content"
	"github.com/atlasint/atlasint/validate/internal/placeholder"
)

type unresolvedRule struct{}

func (unresolvedRule) about() Rule {
	return Rule{
		ID: "unresolved", Default: Error,
		Summary:  `a reference, ${env:NAME} or ${file:PATH}, has no name, or no value when references are replaced`,
		Evidence: `Atlas would store the text of the reference`,
		Fails:    `{"type": "OPS_GENIE", "apiKey": "${env:}"}`,
		Passes:   `{"type": "OPS_GENIE", "apiKey": "${env:OPS_GENIE_API_KEY}"}`,
	}
}

type plaintextSecretRule struct{}

func (plaintextSecretRule) about() Rule {
	return Rule{
		ID: "plaintext-secret", Default: Off,
		Summary:  `a secret field contains a literal value instead of ${env:NAME} or ${file:PATH}`,
		Evidence: `For teams that commit payloads and must not commit secrets`,
		Fails:    `{"type": "OPS_GENIE", "apiKey": "k-1"}`,
		Passes:   `{"type": "OPS_GENIE", "apiKey": "${env:OPS_GENIE_API_KEY}"}`,
	}
}

// refers reports whether a text contains a reference that is not a literal.
func (c *check) refers(s string) bool { return !c.v.options.Literals && expand.HasReference(s) }

// deferContent reports whether the contents of a string can't be validated yet because it contains a reference. If the
// validator expands references, it replaces them instead.
func (c *check) deferContent(t stringField) bool {
	if !c.refers(t.value.Text) {
		plaintextSecretRule{}.report(c, t)
		return false
	}
	s, err := t.value.Text, expand.Check(t.value.Text)
	if c.v.options.Expand {
		s, err = expand.Text(t.value.Text, expand.Process(c.dir()))
	}
	switch {
	case err != nil && c.hides(t.value.Text): // the error names the variable or the file
		c.add(unresolvedRule{}, t.at, c.subject(t.at.path)+": the reference has no value (name hidden)", hint("correct the reference"))
	case err != nil:
		c.add(unresolvedRule{}, t.at, c.subject(t.at.path)+": "+err.Reason, hint(err.Hint))
	case c.v.options.Expand:
		if strings.TrimSpace(s) == "" {
			c.markUnset(t.value)
		}
		t.value.Text = s
		c.markExpanded(t.value)
		return false
	}
	return true
}

// unreplaced returns the advice for a value: for a reference that is a literal, that it is not replaced, else next.
func (c *check) unreplaced(v *jsonpos.Value, next advice) advice {
	if c.v.options.Literals && v.Kind == jsonpos.String && expand.HasReference(v.Text) {
		return hint("references are not replaced; " + placeholder.PutValue)
	}
	return next
}

// markUnset records that the references of a string have no text in their values. The string must still have them.
func (c *check) markUnset(v *jsonpos.Value) {
	if c.unset == nil {
		c.unset = map[*jsonpos.Value]*expand.Error{}
	}
	if c.unset[v] = expand.Empty(v.Text); c.hides(v.Text) { // the error names the variable or the file
		c.unset[v] = &expand.Error{Reason: "the value of the reference is empty (name hidden)", Hint: "set it"}
	}
}

// report adds the finding of a secret that is neither a reference nor masked.
func (r plaintextSecretRule) report(c *check, t stringField) {
	if t.field.Secret != "" && c.v.enabled(r) && !content.IsMasked(t.field, t.value.Text) && strings.TrimSpace(t.value.Text) != "" {
		c.add(r, t.at, c.subject(t.at.path)+" contains a secret in plain text", hint(`replace it with "${env:NAME}" or "${file:PATH}"`))
	}
}
