package report

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

const (
	home        = "https://github.com/atlasint/atlasint"
	rulesPage   = home + "/blob/main/docs/rules.md"
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

// The parts of SARIF 2.1.0 that this package uses, with the names of the standard.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		ColumnKind  string            `json:"columnKind"`
		Results     []sarifResult     `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version"`
		Semantic       string      `json:"semanticVersion"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string      `json:"id"`
		ShortDescription sarifText   `json:"shortDescription"`
		FullDescription  *sarifText  `json:"fullDescription,omitempty"`
		Help             sarifText   `json:"help"`
		HelpURI          string      `json:"helpUri"`
		Configuration    sarifConfig `json:"defaultConfiguration"`
	}
	sarifConfig struct {
		Enabled *bool  `json:"enabled,omitempty"`
		Level   string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    *int              `json:"ruleIndex,omitempty"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct {
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
		Message  *sarifText     `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI  string `json:"uri"`
		Base string `json:"uriBaseId,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
	sarifLogical struct {
		Name     string `json:"name"`
		FullName string `json:"fullyQualifiedName"`
	}
)

// writeSARIF writes a SARIF 2.1.0 log with one run. It does not double braces in messages, although the standard
// requires it, because readers do not unescape messages without arguments.
func writeSARIF(w io.Writer, r *Report) error {
	findings := r.Findings()
	rules := append(sarifRules(validate.Rules()), policyRules(findings)...)
	at := map[string]*int{}
	for i := range rules {
		at[rules[i].ID] = &i
	}
	results := []sarifResult{}
	for _, f := range findings {
		id := ruleID(f.Finding)
		results = append(results, sarifResult{
			RuleID: id, RuleIndex: at[id], Level: string(f.Severity), Message: sarifText{f.Text()},
			Locations:    []sarifLocation{locationOf(f.Finding)},
			Fingerprints: map[string]string{"atlasintFinding/v1": f.Fingerprint},
		})
	}
	return Encode(w, sarifLog{sarifSchema, "2.1.0", []sarifRun{{
		Tool:        sarifTool{sarifDriver{"atlasint", number(r.Version), number(r.Version), home, rules}},
		Invocations: []sarifInvocation{r.invocation()},
		ColumnKind:  "unicodeCodePoints",
		Results:     results,
	}}})
}

// semantic matches a version of https://semver.org, which SARIF requires.
var semantic = sync.OnceValue(func() *regexp.Regexp {
	const number, word, build = `(0|[1-9]\d*)`, `(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)`, `[0-9a-zA-Z-]+`
	return regexp.MustCompile(`^` + number + `\.` + number + `\.` + number + `(-` + word + `(\.` + word + `)*)?(\+` + build +
		`(\.` + build + `)*)?$`)
})

// number returns a version without its "v", or one below all releases for a development build.
func number(version string) string {
	n := strings.TrimPrefix(version, "v")
	if !semantic().MatchString(n) {
		return "0.0.0-devel"
	}
	return n
}

func sarifRules(rules []validate.Rule) []sarifRule {
	list := make([]sarifRule, 0, len(rules))
	for _, r := range rules {
		page := rulesPage + "#" + r.ID
		rule := sarifRule{
			ID:               r.ID,
			ShortDescription: sarifText{r.Summary},
			Help:             sarifText{fmt.Sprintf("%s. See %s", r.Summary, page)},
			HelpURI:          page,
			Configuration:    sarifConfig{Level: string(r.Default)},
		}
		if r.Evidence != "" {
			rule.FullDescription = &sarifText{r.Evidence}
		}
		if r.Default == validate.Off {
			rule.Configuration = sarifConfig{Enabled: new(bool), Level: string(validate.Warning)}
		}
		list = append(list, rule)
	}
	return list
}

// ruleID returns the rule ID of a finding. Each policy schema is a rule below the rule policy, as SARIF allows.
func ruleID(f validate.Finding) string {
	if f.Policy == nil {
		return f.Rule
	}
	return f.Rule + "/" + redact.Path(f.Policy.Schema)
}

// policyRules returns the rules for the policy schemas of the findings, with the texts of the schemas. It omits texts
// that differ between findings, because they are masked in one of them.
func policyRules(findings []Finding) []sarifRule {
	var list []sarifRule
	at := map[string]int{}
	for _, l := range findings {
		f := l.Finding
		if f.Policy == nil {
			continue
		}
		rule := policySARIF(f)
		i, known := at[rule.ID]
		switch {
		case !known:
			at[rule.ID] = len(list)
			list = append(list, rule)
		case list[i].ShortDescription != rule.ShortDescription || *list[i].FullDescription != *rule.FullDescription:
			f.Policy = &validate.Policy{Schema: f.Policy.Schema}
			list[i] = policySARIF(f)
		}
	}
	return list
}

func policySARIF(f validate.Finding) sarifRule {
	page := rulesPage + "#policy"
	title := cmp.Or(f.Policy.Title, f.Policy.Description, "the payload breaks a JSON Schema of your own")
	text := cmp.Or(f.Policy.Description, title)
	return sarifRule{
		ID: ruleID(f), ShortDescription: sarifText{title}, FullDescription: &sarifText{text},
		Help: sarifText{text + ". See " + page}, HelpURI: page, Configuration: sarifConfig{Level: string(f.Severity)},
	}
}

// invocation lists the inputs that could not be validated, and the number of omitted findings.
func (r *Report) invocation() sarifInvocation {
	in := sarifInvocation{Successful: len(r.Failures) == 0}
	note := func(level, file, text string) {
		n := sarifNotification{Level: level, Message: sarifText{text}}
		if p := physical(file); p != nil {
			n.Locations = []sarifLocation{{Physical: p}}
		}
		in.Notifications = append(in.Notifications, n)
	}
	for i := range r.Files {
		if text := r.moreText(&r.Files[i]); text != "" {
			note("note", r.Files[i].Name, text)
		}
	}
	for _, f := range r.Failures {
		note("error", f.File, f.Message)
	}
	return in
}

// physical returns the location of a file. It is nil for standard input, because SARIF requires a URI.
func physical(file string) *sarifPhysical {
	if file == Stdin {
		return nil
	}
	text, relative := uri(file)
	artifact := sarifArtifact{URI: text}
	if relative {
		artifact.Base = "%SRCROOT%" // readers set it to the root of the repository
	}
	return &sarifPhysical{Artifact: artifact}
}

func locationOf(f validate.Finding) sarifLocation {
	var l sarifLocation
	if l.Physical = physical(f.File); l.Physical != nil {
		l.Physical.Region = &sarifRegion{f.Line, f.Column, f.EndLine, f.EndColumn}
	} else {
		l.Message = &sarifText{fmt.Sprintf("standard input, line %d, column %d", f.Line, f.Column)}
	}
	if f.Pointer != "" {
		name := f.Pointer[strings.LastIndexByte(f.Pointer, '/')+1:]
		l.Logical = []sarifLogical{{name, f.Pointer}}
	}
	return l
}
