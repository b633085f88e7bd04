package validation

import (
	"errors"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/validate"
)

// WithFlags replaces the hints of findings with hints with flags of the command. It changes r.Findings.
func WithFlags(r validate.Result) validate.Result {
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Hint = FlagHint(*f)
	}
	return r
}

// withFlags returns the result with the flags of the command in its hints. A command that sends payloads decides itself
// which of them are updates. Placeholders are errors there, and their hint names the flag that allows them.
func (s *Settings) withFlags(r validate.Result) validate.Result {
	r = WithFlags(r)
	for i := range r.Findings {
		switch f := &r.Findings[i]; {
		case f.Suggestion.Operation == validate.Update && !s.Sending:
			f.Hint += "; validate such an update with --for update"
		case f.Rule == placeholderRule && f.Severity == validate.Error && s.Sending:
			f.Hint += ", or allow it with --rule " + placeholderRule + "=warning"
		case f.Suggestion.Format != "" && s.apiIsFixed && s.API == schemas.V1:
			f.Hint = commandsOfV1.Replace(f.Hint)
		}
	}
	return r
}

// commandsOfV1 adds --api v1.0 to the commands in hints.
var commandsOfV1 = strings.NewReplacer("atlasint get ", "atlasint get --api v1.0 ", "atlasint new ", "atlasint new --api v1.0 ")

// FlagHint returns the hint of a finding with flags of the command.
func FlagHint(f validate.Finding) string {
	switch s := f.Suggestion; {
	case s.Layout == validate.Array:
		return "use --array to validate each element as a payload"
	case s.Layout == validate.One:
		return "leave out --array to validate a single payload"
	case s.APIVersion != "":
		return apiHint(f.Hint, s.APIVersion)
	case s.Format != "":
		return formatHint(f.Hint, s.Format)
	case f.Rule == "too-large":
		return f.Hint + "; --max-size raises the limit"
	case f.Rule == "not-a-file":
		return f.Hint + ", or pipe the payload in and name it -"
	}
	return f.Hint
}

// formatHint returns the hint for an input that has another format than a payload.
func formatHint(hint, format string) string {
	switch format {
	case "response":
		return hint + "; atlasint get --as-payload writes payload files of a project's integrations"
	case "resource":
		return hint + "; atlasint new TYPE writes one"
	case "plan":
		return hint + "; atlasint apply FILE applies it"
	case "baseline":
		return hint + ", or list it under exclude in .atlasint.yaml; --baseline FILE reads it"
	case "file":
		return hint + ", or list it under exclude in .atlasint.yaml"
	}
	return hint
}

// The IDs of rules that the command treats in its own way.
const (
	// UnresolvedRule is about a reference without a value. Its errors stop their own payload only, since the other
	// payloads don't depend on the value. Every other error is in the user's text, and stops apply.
	UnresolvedRule  = "unresolved"
	placeholderRule = "placeholder"
	policyRule      = "policy"
	duplicateRule   = "duplicate-type"
)

// ruleFlags are the flags and keys of the command that a rule depends on.
var ruleFlags = map[string]string{
	"too-large":           "--max-size changes the limit",
	"not-a-file":          "- as the PATH reads standard input",
	"type-mismatch":       "--type requires a type",
	"required":            "--for update validates payloads of updates",
	"prometheus-password": "--for update validates payloads of updates",
	"slack-oauth":         "--for update validates payloads of updates",
	"retired-service":     "--for update validates payloads of updates",
	"not-in-government":   "baseURL: https://cloud.mongodbgov.com in .atlasint.yaml or " + atlas.BaseURLVariable + " selects Atlas for Government",
	duplicateRule:         "--one-project treats all payloads as those of one project",
	UnresolvedRule:        "--expand replaces references before the check",
	policyRule:            "--schema and the key schemas in .atlasint.yaml name your own schemas",
}

// RuleFlags returns the flags and keys of the command that a rule depends on, "" if there are none.
func RuleFlags(id string) string { return ruleFlags[id] }

func apiHint(hint, apiVersion string) string { return hint + "; use --api " + apiVersion }

// optionError returns the usage error for a wrong option of the validator.
func optionError(err error) error {
	var wrong *validate.OptionError
	if errors.As(err, &wrong) && wrong.Suggestion.APIVersion != "" {
		return problem.Inputf("%s; %s", wrong.Reason, apiHint(wrong.Hint, wrong.Suggestion.APIVersion))
	}
	if errors.As(err, &wrong) && optionFlags[wrong.Option] != "" {
		return problem.Inputf("%s: %w", optionFlags[wrong.Option], err)
	}
	return problem.Of(problem.Input, err)
}

// optionFlags are the flags that set options of the validator. Values of the configuration were checked before.
var optionFlags = map[string]string{"Severities": "--rule", "Operation": "--for"}
