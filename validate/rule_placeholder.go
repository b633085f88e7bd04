package validate

import (
	"regexp"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/expand"
)

type placeholderRule struct{}

func (placeholderRule) about() Rule {
	return Rule{
		ID: "placeholder", Default: Warning,
		Summary:  `a placeholder such as <API-KEY>, ${KEY} or changeme was left in, or a reference is misspelt`,
		Evidence: `Atlas may store it, and nothing will arrive`,
		Fails:    `{"type": "OPS_GENIE", "apiKey": "<API-KEY>"}`,
		Passes:   `{"type": "OPS_GENIE", "apiKey": "k-1"}`,
	}
}

func (r placeholderRule) warn(c *check, t text) bool {
	s := t.value.Text
	if c.expanded[t.value] && expand.Has(s) {
		c.add(r, t.at, c.subject(t.at.path)+": what the reference stands for holds a reference itself", hint("references are replaced once; let it stand for the real value"))
		return true
	}
	if t.field.TemplateBytes > 0 && c.reported[t.value] { // the rule template-syntax explains it
		return true
	}
	next := placeholder(t.field, s)
	if next == "" || expand.Has(s) {
		return false
	}
	if c.v.literal { // nothing is replaced
		next = putValue
	}
	c.add(r, t.at, c.subject(t.at.path)+": a placeholder was left in", hint(next))
	return true
}

// lazily compiles an expression on first use: the validation of one file needs few of them.
func lazily(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

const (
	bracketing     = "<{[$%xX" // what bracketed and variable begin with
	maxPlaceholder = 16        // longer texts are no placeholders by name

	putValue     = "put the real value in its place"
	putReference = "nothing but ${env:NAME} and ${file:PATH} is replaced; write one of them, or the real value"
)

var (
	bracketed = lazily(`^(<[^<>]*>|\[[A-Z _-]+\]|[xX]{3,})$`)
	// variable is what other tools replace.
	variable = lazily(`^(\{\{[^{}]*\}\}|\$[A-Z_][A-Z0-9_]*|\$\{\{?[^{}]*\}?\}|\$\([^()]*\)|%[A-Z_]+%)$`)
	// misspelt is what was meant for a reference.
	misspelt = lazily(`(?i)\$\{\s*(env|file)\b`)
	// unfit holds characters that no URL has.
	unfit        = lazily(`<[^<>]*>|\$?\{[^{}]*\}`)
	placeholders = map[string]bool{
		"string": true, "changeme": true, "change-me": true, "change_me": true, "todo": true, "fixme": true,
		"tbd": true, "placeholder": true, "redacted": true, "replaceme": true, "replace-me": true, "replace_me": true,
		"your-api-key": true, "your_api_key": true, "yourapikey": true, "api-key": true, "apikey": true,
	}
)

// placeholder recognizes texts that documentation, generators and other tools put in the place of a value: it
// returns what to do about one, "" for other texts. In templates Atlas has variables of its own.
func placeholder(f *atlas.Field, s string) (hint string) {
	begins := s != "" && strings.IndexByte(bracketing, s[0]) >= 0
	opens := strings.Contains(s, "${")
	switch {
	case f.TemplateBytes == 0 && opens && misspelt().MatchString(s), begins && f.TemplateBytes == 0 && variable().MatchString(s):
		return putReference
	case begins && bracketed().MatchString(s), len(s) <= maxPlaceholder && placeholders[strings.ToLower(s)]:
		return putValue
	case f.Format == "uri" && strings.ContainsAny(s, "<{") && unfit().MatchString(s):
		if strings.Contains(s, "{") {
			return putReference
		}
		return putValue
	}
	return ""
}
