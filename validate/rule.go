package validate

import (
	"slices"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/validate/internal/failure"
	"github.com/atlasint/atlasint/validate/internal/surplus"
)

// Rule is the catalog entry of one rule. Findings refer to it by its ID.
type Rule struct {
	ID            string   `json:"id"`                 // stable, in kebab case
	Default       Severity `json:"default"`            // Error for a rule with both severities; Off if the rule is off by default
	FixedSeverity bool     `json:"fixedSeverity"`      // its severity can't be changed, because validation ends at its finding
	Summary       string   `json:"summary"`            // what the rule finds
	Evidence      string   `json:"evidence,omitempty"` // evidence that Atlas rejects this, or why it is a mistake
	Fails         string   `json:"fails"`              // a payload of v2 that gets a finding, or a description
	Passes        string   `json:"passes"`             // the corrected payload, or a description
}

// A rule is one check. Its file has its entry in the catalog, its texts and its code. Most rules also have
// one of the interfaces below, which determines when they run. Rules about the input itself are called where it
// is read.
type rule interface {
	// about returns the rule's entry in the catalog.
	about() Rule
}

// A contentRule checks a string before the schema does. It finds problems that the schema allows although Atlas
// rejects them, or that it can explain better than the schema. It returns nil if it finds nothing.
type contentRule interface {
	rule
	content(c *check, t stringField) *problem
}

// A schemaRule explains the failures of some keywords of the schema.
type schemaRule interface {
	rule
	explains(f failure.Failure) bool
	explain(c *check, f failure.Failure)
}

// A warningRule finds probable mistakes in a string. It reports whether the rules after it are to be skipped.
type warningRule interface {
	rule
	warn(c *check, t stringField) bool
}

// A payloadRule checks a payload as a whole.
type payloadRule interface {
	rule
	payload(c *check, root *jsonpos.Value)
}

// The rules by when they run; within a step in this order.
var (
	contentRules = []contentRule{maskedValueRule{}, emptyValueRule{}, urlRule{}, templateSyntaxRule{}}
	schemaRules  = []schemaRule{
		requiredRule{}, surplusFieldRule{}, nullRule{}, wrongTypeRule{}, enumRule{}, lengthRule{}, keyFormatRule{},
		whiteSpaceRule{}, otherKeywordRule{},
	}
	warningRules = []warningRule{placeholderRule{}, newRelicFormatRule{}, templateJSONRule{}, keyFormatRule{}, whiteSpaceRule{}}
	payloadRules = []payloadRule{nullRule{}, slackOAuthRule{}, retiredServiceRule{}, prometheusPasswordRule{}, governmentRule{}}
)

// catalog are all rules in the order of the steps that apply them.
var catalog = []rule{
	syntaxRule{}, tooLargeRule{}, notAFileRule{}, duplicateKeyRule{}, notAnObjectRule{},
	typeMissingRule{}, typeUnknownRule{}, typeMismatchRule{},
	requiredRule{},
	surplusFieldRule{surplus.Unknown}, surplusFieldRule{surplus.Foreign}, surplusFieldRule{surplus.Removed},
	wrongTypeRule{}, enumRule{}, lengthRule{}, nullRule{}, otherKeywordRule{},
	maskedValueRule{}, emptyValueRule{}, keyFormatRule{}, whiteSpaceRule{}, urlRule{},
	newRelicFormatRule{}, templateSyntaxRule{}, templateJSONRule{}, prometheusPasswordRule{}, placeholderRule{},
	slackOAuthRule{}, retiredServiceRule{}, governmentRule{},
	duplicateTypeRule{}, unresolvedRule{}, plaintextSecretRule{}, policyRule{},
}

// Rules returns all rules, in the order of the steps that apply them. The caller owns the slice.
func Rules() []Rule {
	rules := make([]Rule, 0, len(catalog))
	for _, r := range catalog {
		rules = append(rules, r.about())
	}
	return rules
}

// findRule returns the catalog entry with that id.
func findRule(id string) (Rule, bool) {
	i := slices.IndexFunc(catalog, func(r rule) bool { return r.about().ID == id })
	if i < 0 {
		return Rule{}, false
	}
	return catalog[i].about(), true
}

func ruleIDs() []string {
	ids := make([]string, 0, len(catalog))
	for _, r := range catalog {
		ids = append(ids, r.about().ID)
	}
	return ids
}
