package validate

import (
	"slices"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// Rule is one check: what findings refer to by their Rule.
type Rule struct {
	ID       string   `json:"id"`                 // stable, in kebab case
	Default  Severity `json:"default"`            // of a rule with both severities, error; Off until it is switched on
	Fixed    bool     `json:"fixed"`              // its severity can't be changed: nothing can be validated past it
	Summary  string   `json:"summary"`            // what it finds
	Evidence string   `json:"evidence,omitempty"` // how it is known that Atlas rejects this, or why it is a mistake
	Fails    string   `json:"fails"`              // a payload of v2 that gets a finding; where none can show it, words
	Passes   string   `json:"passes"`             // the same put right, or words
}

// A rule is one check. Its file holds its entry in the catalogue, its texts and its code. Most rules also have
// one of the interfaces below, which says when they run; the rules about the input as such are called where it
// is read.
type rule interface {
	// about returns the rule's entry in the catalogue.
	about() Rule
}

// A contentRule looks at a string before the schema does, and finds what the schema allows although Atlas
// rejects it, or what it can explain better than the schema. It returns nil if it finds nothing.
type contentRule interface {
	rule
	content(c *check, t text) *problem
}

// A schemaRule explains what a payload fails in its schema.
type schemaRule interface {
	rule
	explains(f failure) bool
	explain(c *check, f failure)
}

// A warningRule finds probable mistakes in a string. It reports whether no other rule is to look at the string.
type warningRule interface {
	rule
	warn(c *check, t text) bool
}

// A payloadRule looks at a payload as a whole.
type payloadRule interface {
	rule
	payload(c *check, root *jsonpos.Value)
}

// The rules by when they run; within a step in this order.
var (
	contentRules = []contentRule{maskedValueRule{}, emptyValueRule{}, urlRule{}, templateSyntaxRule{}}
	schemaRules  = []schemaRule{
		requiredRule{}, removedFieldRule{}, nullRule{}, wrongTypeRule{}, enumRule{}, lengthRule{}, keyFormatRule{}, whiteSpaceRule{}, schemaRest{},
	}
	warningRules = []warningRule{placeholderRule{}, newRelicFormatRule{}, templateJSONRule{}, keyFormatRule{}, whiteSpaceRule{}}
	payloadRules = []payloadRule{slackOAuthRule{}, retiredServiceRule{}, prometheusPasswordRule{}, governmentRule{}}
)

// catalogue are all rules in the order of the steps that apply them.
var catalogue = []rule{
	syntaxRule{}, tooLargeRule{}, notAFileRule{}, duplicateKeyRule{}, notAnObjectRule{},
	typeMissingRule{}, typeUnknownRule{}, typeMismatchRule{},
	requiredRule{}, unknownFieldRule{}, foreignFieldRule{}, removedFieldRule{}, wrongTypeRule{}, enumRule{}, lengthRule{}, nullRule{},
	schemaRest{},
	maskedValueRule{}, emptyValueRule{}, keyFormatRule{}, whiteSpaceRule{}, urlRule{},
	newRelicFormatRule{}, templateSyntaxRule{}, templateJSONRule{}, prometheusPasswordRule{}, placeholderRule{}, slackOAuthRule{}, retiredServiceRule{}, governmentRule{},
	duplicateTypeRule{}, unresolvedRule{}, plaintextSecretRule{}, policyRule{},
}

// Rules returns all rules, in the order of the steps that apply them. The slice is the caller's own.
func Rules() []Rule {
	rules := make([]Rule, 0, len(catalogue))
	for _, r := range catalogue {
		rules = append(rules, r.about())
	}
	return rules
}

// findRule returns the catalogue entry with that id.
func findRule(id string) (Rule, bool) {
	i := slices.IndexFunc(catalogue, func(r rule) bool { return r.about().ID == id })
	if i < 0 {
		return Rule{}, false
	}
	return catalogue[i].about(), true
}

func ruleIDs() []string {
	ids := make([]string, 0, len(catalogue))
	for _, r := range catalogue {
		ids = append(ids, r.about().ID)
	}
	return ids
}
