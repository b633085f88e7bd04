package validate

import (
	"strings"
	"unicode"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/validate/internal/correction"
	"github.com/atlasint/atlasint/validate/internal/failure"
)

// noWhiteSpace is the pattern of texts without ASCII white space. Regular expressions disagree on what \s is.
const noWhiteSpace = `^[^ \t\n\v\f\r]+$`

type whiteSpaceRule struct{}

func (whiteSpaceRule) about() Rule {
	return Rule{
		ID: "white-space", Default: Error,
		Summary:  `a Flowdock flow name contains white space; other spaces of Unicode, such as U+00A0, are a warning`,
		Evidence: `The error list has INVALID_FLOWDOCK_FLOW_NAME, "Flowdock flow name cannot contain spaces." (official). No source states whether that includes spaces beyond ASCII`,
		Fails:    `the flowName "main flow" in a FLOWDOCK payload of v1.0`,
		Passes:   `the flowName "main-flow"`,
	}
}

func (whiteSpaceRule) explains(f failure.Failure) bool {
	return f.Keyword == "pattern" && f.Field != nil && f.Field.Secret == "" && f.Field.Pattern == noWhiteSpace
}

func (r whiteSpaceRule) explain(c *check, f failure.Failure) {
	next := hint("use the name in the URL of the flow, which has none")
	if strings.TrimSpace(f.Value.Text) == strings.Join(strings.Fields(f.Value.Text), "") {
		next = advice{text: "remove the white space around it", edits: c.trim(f.Value)}
	}
	c.add(r, place(f.Value, f.Path...), c.subject(f.Path)+" contains white space", next)
}

// warn finds spaces that the pattern allows.
func (r whiteSpaceRule) warn(c *check, t stringField) bool {
	if !c.reported[t.value] && t.field.Secret == "" && t.field.Pattern == noWhiteSpace && t.field.Form.Matches(t.value.Text) &&
		strings.ContainsFunc(t.value.Text, unicode.IsSpace) {
		c.addAs(Warning, r, t.at, c.subject(t.at.path)+" contains a space that is not ASCII",
			advice{text: "remove it; copied text often contains one", edits: c.trim(t.value)})
	}
	return false
}

// trim returns the edits that remove the white space around a text, unless it is the value of a reference or in YAML.
func (c *check) trim(v *jsonpos.Value) []correction.Edit {
	if c.expanded[v] || c.yaml {
		return nil
	}
	return correction.Trim(c.data, v)
}
