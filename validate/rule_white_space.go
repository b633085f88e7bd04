package validate

import "strings"

// noWhiteSpace is the pattern of texts without white space.
const noWhiteSpace = `^\S+$`

type whiteSpaceRule struct{}

func (whiteSpaceRule) about() Rule {
	return Rule{
		ID: "white-space", Default: Error,
		Summary:  `a Flowdock flow name contains white space`,
		Evidence: `The error list has INVALID_FLOWDOCK_FLOW_NAME, "Flowdock flow name cannot contain spaces." (official)`,
		Fails:    `the flowName "main flow" in a FLOWDOCK payload of v1.0`,
		Passes:   `the flowName "main-flow"`,
	}
}

func (whiteSpaceRule) explains(f failure) bool {
	return f.Keyword == "pattern" && f.field != nil && f.field.Secret == "" && f.field.Pattern == noWhiteSpace
}

func (r whiteSpaceRule) explain(c *check, f failure) {
	next := "use the name in its URL, which has none"
	if strings.TrimSpace(f.value.Text) == strings.Join(strings.Fields(f.value.Text), "") {
		next = "remove the white space around it"
	}
	c.add(r, place(f.value, f.path...), c.subject(f.path)+" contains white space", hint(next))
}
