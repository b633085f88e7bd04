package validate

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/expand"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
)

// wrongContent explains a string that the schema refused.
func (c *check) wrongContent(why keyword, f *field, value *jsonpos.Value) {
	at := place(value, f.Name)
	switch why {
	case keywordEnum:
		c.add(ruleEnum, at, fmt.Sprintf("%s: %s is not allowed", c.subject(f), c.shown(f, value)), enumHint(f, value.Text))
	case keywordMinLength:
		c.add(ruleLength, at, fmt.Sprintf("%s: want at least %s, got %d", c.subject(f), characters(f.MinLength), utf8.RuneCountInString(value.Text)), "")
	case keywordMaxLength:
		c.add(ruleLength, at, fmt.Sprintf("%s: want at most %s, got %d", c.subject(f), characters(f.MaxLength), utf8.RuneCountInString(value.Text)), "")
	default: // keywordPattern: a const is the type, by which the schema was chosen
		c.add(ruleKeyFormat, at, fmt.Sprintf("%s: want %s, got %s", c.subject(f), f.pattern, redact.Size(value.Text)), keyHint(f.pattern, value.Text))
	}
}

// shown is a value as messages show it. What a reference stood for may be a secret, wherever it stands.
func (c *check) shown(f *field, value *jsonpos.Value) string {
	if c.expanded[f.Name] {
		return "what the reference stands for"
	}
	return redact.Value(value.Text)
}

func enumHint(f *field, value string) string {
	for _, alias := range f.Aliases {
		if strings.EqualFold(alias.Value, value) {
			return fmt.Sprintf("Atlas calls it %q", alias.Text)
		}
	}
	use := "use " + quoted(f.Enum, "or")
	for _, refused := range f.RefusedValues {
		if strings.EqualFold(refused.Value, value) {
			return refused.Text + "; " + use
		}
	}
	if near := Nearest(value, f.Enum); near != "" {
		return fmt.Sprintf("did you mean %q? (%s)", near, use)
	}
	return use
}

func keyHint(p *pattern, value string) string {
	if p.digits > 0 && utf8.RuneCountInString(value) == p.digits {
		return "the length is right, but not all of them are hexadecimal digits"
	}
	if what := around(value); what != "" {
		return "remove the " + what + " around it"
	}
	return ""
}

// around names what a text begins or ends with and nobody sees, "" if that is nothing.
func around(s string) string {
	switch {
	case strings.TrimSpace(s) != s:
		return "white space"
	case strings.TrimFunc(s, invisible) != s:
		return "invisible characters"
	}
	return ""
}

// invisible tells characters without a width, such as U+200B, that come along with text that is copied.
func invisible(r rune) bool { return unicode.Is(unicode.Cf, r) }

// contents looks into the strings of a payload for what Atlas refuses although the schema allows it, or
// refuses by a rule whose name tells more. It returns the fields it spoke of: one fault, one finding.
func (c *check) contents(root *jsonpos.Value) map[string]bool {
	var spoken map[string]bool
	for i := range root.Members {
		m := &root.Members[i]
		f := c.typ.fields[m.Name]
		if !free(f) || m.Value.Kind != jsonpos.String {
			continue
		}
		if c.waits(f, &m.Value) || c.fault(f, &m.Value) {
			if spoken == nil {
				spoken = map[string]bool{}
			}
			spoken[f.Name] = true
		}
	}
	return spoken
}

// free tells the fields that hold what the user chose: neither the type nor the id, which Atlas ignores.
func free(f *field) bool { return f != nil && !f.ReadOnly && f.Const == "" && f.Name != "id" }

// refers tells whether a text holds a reference that is to be taken as one.
func (c *check) refers(text string) bool { return !c.v.literal && expand.Has(text) }

// waits tells the values whose contents can't be judged yet: those that hold a reference. It replaces
// the references where the validator expands them.
func (c *check) waits(f *field, value *jsonpos.Value) bool {
	if !c.refers(value.Text) {
		if f.Secret != "" && c.v.speaks(rulePlaintextSecret) && !masked(value.Text) && strings.TrimSpace(value.Text) != "" {
			c.add(rulePlaintextSecret, place(value, f.Name), c.subject(f)+" holds a secret in the clear",
				`put "${env:NAME}" or "${file:PATH}" in its place`)
		}
		return false
	}
	text, err := value.Text, expand.Check(value.Text)
	if c.v.expands {
		text, err = expand.Text(value.Text, expand.Process(c.dir()))
	}
	switch {
	case err != nil:
		message, hint, _ := strings.Cut(err.Error(), "; ")
		c.add(ruleUnresolved, place(value, f.Name), c.subject(f)+": "+message, hint)
	case c.v.expands:
		value.Text = text
		c.expanded[f.Name] = true
		return false
	}
	return true
}

// fault notes what is wrong with a string, the most telling thing only. A rule that is switched off keeps
// no other from speaking.
func (c *check) fault(f *field, value *jsonpos.Value) bool {
	at := place(value, f.Name)
	switch {
	case f.Secret != "" && c.v.speaks(ruleMaskedValue) && masked(value.Text):
		c.add(ruleMaskedValue, at, c.subject(f)+": this is a value that Atlas returned masked",
			"put the real value in its place; masked ones can't be sent back")
	case (f.Required || f.Secret != "") && c.v.speaks(ruleEmptyValue) && strings.TrimSpace(value.Text) == "":
		hint := "give it a value"
		if c.mayLack(f) {
			hint = "give it a value, or leave the field out"
		}
		c.add(ruleEmptyValue, at, c.subject(f)+" is empty", hint)
	case f.Format == "uri":
		return c.url(f, value, at)
	default:
		return false
	}
	return true
}

// mayLack tells the fields that a payload is as good without. What answers never show is kept by updates, and
// by nothing else.
func (c *check) mayLack(f *field) bool {
	return !f.Required && (f.Secret != schemas.MaskOmitted || c.v.operation == Update)
}

// masked tells values that Atlas masked: a run of stars, as in "****7890" and "https://host/****7890", or
// fewer before the last four characters, which is what becomes of a secret of five to seven.
func masked(s string) bool {
	if !strings.Contains(s, "*") {
		return false
	}
	rest := strings.TrimLeft(s, "*")
	return strings.Contains(s, "****") || rest == "" || rest != s && utf8.RuneCountInString(rest) == 4
}

func characters(n int) string {
	if n == 1 {
		return "1 character"
	}
	return fmt.Sprintf("%d characters", n)
}

// advise notes what is probably a mistake.
func (c *check) advise(root *jsonpos.Value) {
	for i := range root.Members {
		m := &root.Members[i]
		if f := c.typ.fields[m.Name]; free(f) && m.Value.Kind == jsonpos.String && (c.expanded[f.Name] || !c.refers(m.Value.Text)) {
			c.adviseField(f, &m.Value)
		}
	}
	at := place(&root.Member("type").Value, "type")
	if c.v.operation == Update {
		return
	}
	for _, caveat := range c.typ.Caveats {
		c.add(caveat.Value, at, c.typ.Name+": "+caveat.Text, "")
	}
	if f := c.typ.fields["password"]; f != nil && !f.Required && root.Member("password") == nil {
		at.field = "password"
		c.add(rulePrometheusPassword, at, c.typ.Name+`: no "password" on creation`,
			"add it; only an update may leave it out, and keeps the stored one")
	}
}

func (c *check) adviseField(f *field, value *jsonpos.Value) {
	at := place(value, f.Name)
	if c.expanded[f.Name] && expand.Has(value.Text) {
		c.add(rulePlaceholder, at, c.subject(f)+": what the reference stands for holds a reference itself", "references are replaced once; let it stand for the real value")
		return
	}
	if hint := placeholder(f, value.Text); hint != "" && !expand.Has(value.Text) {
		if c.v.literal { // nothing is replaced
			hint = putValue
		}
		c.add(rulePlaceholder, at, c.subject(f)+": a placeholder was left in", hint)
		return
	}
	if f.disputed != nil && !f.disputed.matches(value.Text) && !masked(value.Text) && value.Text != "" {
		c.add(ruleNewRelicFormat, at, fmt.Sprintf("%s: the official pattern is %s, got %s", c.subject(f), f.disputed, redact.Size(value.Text)),
			"some accounts have others and work; check the value")
	}
	switch {
	case f.TemplateBytes > 0:
		c.template(f, value, at)
	case f.Secret == "" || f.Secret == schemas.MaskOrigin || f.pattern != nil:
		// No key, or one of which an error tells.
	case around(value.Text) != "" && strings.TrimSpace(value.Text) != "":
		c.addAs(Warning, ruleKeyFormat, at, c.subject(f)+" has "+around(value.Text)+" around it (value hidden)", "remove that, unless it belongs to the secret")
	}
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

// placeholder tells texts that documentation, generators and other tools put where a value belongs: it
// returns what to do about one, and "" for none. In templates Atlas has variables of its own.
func placeholder(f *field, s string) (hint string) {
	begins := s != "" && strings.IndexByte(bracketing, s[0]) >= 0
	opens := strings.Contains(s, "${")
	switch {
	case opens && misspelt().MatchString(s), begins && f.TemplateBytes == 0 && variable().MatchString(s):
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
