package validate

import (
	"fmt"
	"unicode/utf8"

	"github.com/atlasint/atlasint/internal/words"
	"github.com/atlasint/atlasint/validate/internal/failure"
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

func (lengthRule) explains(f failure.Failure) bool {
	return f.Keyword == "minLength" || f.Keyword == "maxLength"
}

func (r lengthRule) explain(c *check, f failure.Failure) {
	most := "least"
	if f.Keyword == "maxLength" {
		most = "most"
	}
	c.add(r, place(f.Value, f.Path...), fmt.Sprintf("%s: want at %s %s, got %d", c.subject(f.Path), most,
		words.Quantity(f.Argument().Text, "character"), utf8.RuneCountInString(f.Value.Text)), c.unreplaced(f.Value, advice{}))
}
