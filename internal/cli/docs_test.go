package cli_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/validate"
)

// docs/rules.md is made from the catalogue: go test ./internal/cli -update.
func TestRulesDocument(t *testing.T) {
	inRoot(t)
	if err := golden(t, "docs/rules.md", rulesDocument(t)); err != nil {
		t.Error(err)
	}
}

func rulesDocument(t *testing.T) string {
	t.Helper()
	var out strings.Builder
	out.WriteString(`# Rules

What ` + "`atlasint validate`" + ` finds. This page is made from the rules themselves; ` + "`atlasint explain RULE`" + ` prints the same.

An *error* is what Atlas refuses, or what would break the integration if it were accepted; a *warning* is probably a mistake, or something on
which the sources disagree. "Official" is the published description or manual, "captured" was seen in recorded answers of Atlas, "reported"
is an answer that a public issue quotes, "inferred" has no direct evidence.

A rule's severity is set by ` + "`--rule RULE=error|warning|off`" + `, or in ` + "`.atlasint.yaml`" + `:

` + "```yaml" + `
rules:
  plaintext-secret: error
  slack-oauth: off
` + "```" + `

| rule | severity | finds |
|---|---|---|
`)
	for _, r := range validate.Rules() {
		fmt.Fprintf(&out, "| [%s](#%[1]s) | %s | %s |\n", r.ID, severity(r), escapeHTML(r.Summary))
	}
	for _, r := range validate.Rules() {
		code, text, _ := run("explain", r.ID)
		if code != 0 {
			t.Fatalf("explain %s: exit code %d", r.ID, code)
		}
		_, text, _ = strings.Cut(text, "\n") // the heading says the first line
		sentence, examples, _ := strings.Cut(text, "\n\nFails:")
		fmt.Fprintf(&out, "\n## %s\n\n%s\n\n```text\nFails:%s```\n", r.ID, escapeHTML(sentence), examples)
	}
	return out.String()
}

// escapeHTML keeps <API-KEY> from being read as a tag.
func escapeHTML(s string) string { return strings.ReplaceAll(s, "<", "&lt;") }

func severity(r validate.Rule) string {
	if r.Fixed {
		return string(r.Default) + ", always"
	}
	return string(r.Default)
}
