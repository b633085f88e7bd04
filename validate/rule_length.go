package validate

import (
	"fmt"
	"unicode/utf8"
)

type lengthRule struct{}

func (lengthRule) about() Rule {
	return Rule{
		ID: "length", Default: Error,
		Summary:  `the text is too short or too long`,
		Evidence: `A Slack channel name has 1 to 80 characters (official)`,
		Fails:    `{"type": "SLACK", "apiToken": "t-1", "channelName": "a-channel-whose-name-goes-on-and-on-until-it-is-longer-than-slack-and-atlas-allow"}`,
		Passes:   `{"type": "SLACK", "apiToken": "t-1", "channelName": "alerts"}`,
	}
}

func (lengthRule) explains(f failure) bool {
	return f.Keyword == "minLength" || f.Keyword == "maxLength"
}

func (r lengthRule) explain(c *check, f failure) {
	most := "least"
	if f.Keyword == "maxLength" {
		most = "most"
	}
	c.add(r, place(f.value, f.path...), fmt.Sprintf("%s: want at %s %s, got %d", c.subject(f.path), most,
		quantity(f.keyword().Text, "character"), utf8.RuneCountInString(f.value.Text)), advice{})
}

// quantity returns a number of things, such as "1 character" and "80 characters".
func quantity(n, thing string) string {
	if n == "1" {
		return n + " " + thing
	}
	return n + " " + thing + "s"
}
