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
)

// Rule is one check: what findings refer to by their Rule.
type Rule struct {
	ID      string   // stable, in kebab case
	Default Severity // where a rule can yield both, the graver one
	Summary string   // what it finds
	Fixed   bool     // its severity can't be changed: nothing can be judged past it
}

var rules = []Rule{
	{ruleSyntax, Error, "the file is not one JSON value by RFC 8259", true},
	{ruleTooLarge, Error, "the payload is larger than any that Atlas takes", true},
	{ruleNotAFile, Error, "the path is a pipe, a device, a socket or a loop of links", true},
	{ruleDuplicateKey, Error, "one object has the same name twice", false},
	{ruleNotAnObject, Error, "the payload is not an object", true},
	{ruleTypeMissing, Error, "the payload has no type", true},
	{ruleTypeUnknown, Error, "no integration type of this generation has that name", true},
	{ruleTypeMismatch, Error, "the type is not the one that was asked for", false},
	{ruleRequired, Error, "a required field is missing", false},
	{ruleUnknownField, Error, "no integration type has the field", false},
	{ruleForeignField, Error, "the field belongs to another integration type", false},
	{ruleRemovedField, Error, "the field was removed from the API", false},
	{ruleWrongType, Error, "the value is of the wrong JSON type", false},
	{ruleEnum, Error, "the value is not one of the list", false},
	{ruleLength, Error, "the text is too short or too long", false},
	{ruleNull, Error, "null stands where Atlas takes none", false},
	{ruleMaskedValue, Error, "a value that Atlas returned masked is being sent back", false},
	{ruleEmptyValue, Error, "a required text or a secret is empty or blank", false},
	{ruleKeyFormat, Error, "the key does not have the form that Atlas checks", false},
	{ruleURL, Error, "the URL is not absolute http or https; plain http and private hosts are warnings", false},
	{ruleNewRelicFormat, Warning, "the value breaks the official pattern, as some real accounts do", false},
	{ruleTemplateJSON, Warning, "the template is too large, or not the JSON that Atlas needs", false},
	{rulePrometheusPassword, Warning, "a Prometheus integration is created without a password", false},
	{rulePlaceholder, Warning, "a placeholder was left in", false},
	{ruleSlackOAuth, Warning, "Slack is linked by OAuth2 in the user interface of Atlas", false},
	{ruleRetiredService, Warning, "the service behind the integration is retired", false},
}

// Rules returns all rules, in the order of the steps that apply them. The slice is the caller's own.
func Rules() []Rule { return slices.Clone(rules) }

// findRule returns the rule with that id.
func findRule(id string) (Rule, bool) {
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.ID == id })
	if i < 0 {
		return Rule{}, false
	}
	return rules[i], true
}

func ruleIDs() []string {
	ids := make([]string, 0, len(rules))
	for _, r := range rules {
		ids = append(ids, r.ID)
	}
	return ids
}
