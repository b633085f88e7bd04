package validate

import (
	"fmt"
	"strings"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/words"
	"github.com/atlasint/atlasint/validate/internal/otherformat"
)

type tooLargeRule struct{}

func (tooLargeRule) about() Rule {
	return Rule{
		ID: "too-large", Default: Error, FixedSeverity: true,
		Summary:  `the payload is larger than the limit, 1 MiB by default`,
		Evidence: `Payloads of Atlas are smaller than 32 KiB; a larger file is probably not a payload`,
		Fails:    `a file of 2 MiB`,
		Passes:   `a payload under 1 MiB, or an NDJSON file of any size whose lines are`,
	}
}

func (r tooLargeRule) report(c *check) {
	c.add(r, span{}, fmt.Sprintf("larger than %d bytes", c.v.options.MaxSize),
		hint("payloads of Atlas are smaller than 32 KiB; for NDJSON, the limit applies to each line"))
}

type notAFileRule struct{}

func (notAFileRule) about() Rule {
	return Rule{
		ID: "not-a-file", Default: Error, FixedSeverity: true,
		Summary:  `the path is a pipe, a device, a socket or a loop of symbolic links`,
		Evidence: `Reading such a path may never end`,
		Fails:    `mkfifo payload.json`,
		Passes:   `a regular file`,
	}
}

// report adds the finding of an input that is not a regular file but what.
func (r notAFileRule) report(c *check, what string) {
	c.add(r, span{}, what, hint("name a regular file"))
}

type duplicateKeyRule struct{}

func (duplicateKeyRule) about() Rule {
	return Rule{
		ID: "duplicate-key", Default: Error,
		Summary:  `an object has the same name twice, with or without escapes`,
		Evidence: `JSON parsers differ in the value that they use, so Atlas may use another value than the one you reviewed`,
		Fails:    `{"type": "OPS_GENIE", "apiKey": "k-1", "apiKey": "k-2"}`,
		Passes:   `{"type": "OPS_GENIE", "apiKey": "k-2"}`,
	}
}

// report adds a finding for every name that an object has more than once, at each place but the first.
func (r duplicateKeyRule) report(c *check, list []jsonpos.Duplicate) {
	for _, d := range list {
		c.add(r, span{start: d.NameStart, end: d.NameEnd, pointer: strings.TrimPrefix(d.Pointer, c.base)},
			fmt.Sprintf("the name %s occurs twice in one object", c.shownName(d.Name)),
			c.hintAt("keep one; the first is", d.First))
	}
}

type notAnObjectRule struct{}

func (notAnObjectRule) about() Rule {
	return Rule{
		ID: "not-an-object", Default: Error, FixedSeverity: true,
		Summary:  `the payload is not an object`,
		Evidence: `Atlas returns 400 INVALID_JSON (official)`,
		Fails:    `[{"type": "OPS_GENIE", "apiKey": "k-1"}]`,
		Passes:   `{"type": "OPS_GENIE", "apiKey": "k-1"}`,
	}
}

// report adds the finding of a payload that is not an object.
func (r notAnObjectRule) report(c *check, root *jsonpos.Value) {
	next := hint(`a payload is one object, such as {"type": "WEBHOOK", …}`)
	if other := otherformat.JSON(root); other != nil {
		next = notAPayload(other)
	} else if colon := otherformat.ColonHint(root.Text); c.yaml && colon != "" {
		next = hint(colon)
	} else if root.Kind == jsonpos.Array {
		next = advice{text: "validate each element as a payload", suggestion: Suggestion{Layout: Array}}
	}
	c.add(r, place(root), "want one payload object, got "+words.Article(root.Kind), next)
}

// reportOne adds the finding of an input that is not an array of payloads.
func (r notAnObjectRule) reportOne(c *check, root *jsonpos.Value) {
	c.add(r, place(root), "want an array of payloads, got "+words.Article(root.Kind),
		advice{text: "validate it as a single payload", suggestion: Suggestion{Layout: One}})
}
