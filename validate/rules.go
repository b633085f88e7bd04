package validate

import "slices"

// The ids of the rules; they are stable.
const (
	ruleSyntax             = "syntax"
	ruleTooLarge           = "too-large"
	ruleNotAFile           = "not-a-file"
	ruleDuplicateKey       = "duplicate-key"
	ruleNotAnObject        = "not-an-object"
	ruleTypeMissing        = "type-missing"
	ruleTypeUnknown        = "type-unknown"
	ruleTypeMismatch       = "type-mismatch"
	ruleRequired           = "required"
	ruleUnknownField       = "unknown-field"
	ruleForeignField       = "foreign-field"
	ruleRemovedField       = "removed-field"
	ruleWrongType          = "wrong-type"
	ruleEnum               = "enum"
	ruleLength             = "length"
	ruleNull               = "null"
	ruleMaskedValue        = "masked-value"
	ruleEmptyValue         = "empty-value"
	ruleKeyFormat          = "key-format"
	ruleURL                = "url"
	ruleNewRelicFormat     = "new-relic-format"
	ruleTemplateJSON       = "template-json"
	rulePrometheusPassword = "prometheus-password"
	rulePlaceholder        = "placeholder"
	ruleSlackOAuth         = "slack-oauth"
	ruleRetiredService     = "retired-service"
	ruleDuplicateType      = "duplicate-type"
	ruleUnresolved         = "unresolved"
	rulePlaintextSecret    = "plaintext-secret"
)

// Rule is one check: what findings refer to by their Rule.
type Rule struct {
	ID       string   `json:"id"`                 // stable, in kebab case
	Default  Severity `json:"default"`            // where a rule yields both, the graver one; Off until it is switched on
	Fixed    bool     `json:"fixed"`              // its severity can't be changed: nothing can be judged past it
	Summary  string   `json:"summary"`            // what it finds
	Evidence string   `json:"evidence,omitempty"` // how it is known that Atlas refuses this, or why it is a mistake
	Fails    string   `json:"fails"`              // a payload of v2 that gets a finding; where none can show it, words
	Passes   string   `json:"passes"`             // the same put right, or words
}

// Rules returns all rules, in the order of the steps that apply them. The slice is the caller's own.
func Rules() []Rule { return slices.Clone(rules) }

// findRule returns the rule with that id.
func findRule(id string) (Rule, bool) {
	for i := range rules {
		if rules[i].ID == id {
			return rules[i], true
		}
	}
	return Rule{}, false
}

func ruleIDs() []string {
	ids := make([]string, 0, len(rules))
	for _, r := range rules {
		ids = append(ids, r.ID)
	}
	return ids
}
