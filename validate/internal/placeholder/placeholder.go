// Package placeholder recognizes texts that are written in place of a value.
package placeholder

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/internal/atlas"
)

// The hints of [Hint].
const (
	PutValue     = "put the real value in its place"
	PutReference = "only ${env:NAME} and ${file:PATH} are replaced; write one of them, or the real value"
)

// Hint recognizes texts that documentation, generators, programs and other tools write in place of a value of the
// field. It returns a hint, "" for other texts.
//
// Most values are keys, and most keys consist of hexadecimal digits: they are recognized by their bytes alone.
func Hint(f *atlas.Field, s string) (hint string) {
	s = strings.TrimSpace(s)
	switch template := f.TemplateBytes > 0; {
	case isHex(s):
		if identifies(f) && isZeros(s) {
			return PutValue
		}
		return ""
	case !template && isVariable(s), isSecretReference(f, s):
		return PutReference
	case isMissing(f, s), identifies(f) && isNoValue(s):
		return PutValue
	case f.Format == "uri" && strings.Contains(s, "://"):
		return placeholderInURL(f, s)
	case isFillIn(f, s, f.Secret != ""):
		return PutValue
	}
	return ""
}

// isHex reports whether a text consists of hexadecimal digits and hyphens, as keys and UUIDs do.
func isHex(s string) bool {
	for i := range len(s) {
		if c := lower(s[i]); (c < '0' || c > '9') && (c < 'a' || c > 'f') && c != '-' {
			return false
		}
	}
	return true
}

// lazily compiles an expression on first use: the validation of one file needs few of them.
func lazily(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// HasMisspelledReference reports whether a text has a reference with a mistake in its form.
func HasMisspelledReference(s string) bool { return misspelledReference().MatchString(s) }

var misspelledReference = lazily(`(?i)\$\{\s*(env|file)\b`)

// delimiters are the delimiters of variables in other tools.
var delimiters = []struct{ opening, closing string }{
	{"{{", "}}"},   // Jinja, Helm, Handlebars, GitHub Actions after a dollar sign
	{"${", "}"},    // shells, Maven, Spring, Terraform
	{"$(", ")"},    // Azure Pipelines, Kubernetes
	{"#{", "}#"},   // Replace Tokens
	{"#{", "}"},    // Octopus, Ruby
	{"%{", "}"},    // Logstash, Terraform directives
	{"%(", ")s"},   // Python
	{"((", "))"},   // Concourse
	{"[[", "]]"},   // Nomad and others
	{"<%", "%>"},   // ERB
	{"{", "}"},     // Python
	{"@@", "@@"},   // sed scripts
	{"@", "@"},     // Autoconf, Ant
	{"__", "__"},   // Replace Tokens
	{"%", "%"},     // Windows
	{"${{", "}}"},  // GitHub Actions
	{"$((", "))"},  // shells
	{"{{{", "}}}"}, // Mustache
}

// delimiting are the first bytes of the opening delimiters.
const delimiting = "{$#%([<@_"

// isVariable reports whether a text is a variable of another tool, or a misspelled reference.
func isVariable(s string) bool {
	if strings.Contains(s, "${") && HasMisspelledReference(s) {
		return true
	}
	if s == "" || strings.IndexByte(delimiting, s[0]) < 0 {
		return false
	}
	if name, isShell := strings.CutPrefix(s, "$"); isShell && isCapitalName(name) {
		return true
	}
	for _, d := range delimiters {
		inside, opens := strings.CutPrefix(s, d.opening)
		if inside, closes := strings.CutSuffix(inside, d.closing); opens && closes &&
			isInside(inside, d.opening == d.closing || d.closing == "}" && d.opening != "${") {
			return true
		}
	}
	return false
}

// isInside reports whether a text between delimiters can be a variable: a name, or an expression if no key has such
// delimiters.
func isInside(s string, isName bool) bool {
	if isName {
		s = strings.TrimSpace(s)
		return s != "" && strings.Trim(s, nameBytes) == "" && strings.Trim(s, "_-.0123456789") != "" && isReadable(s)
	}
	return !strings.ContainsAny(s, "{}[]<>") && strings.Count(s, "(") == strings.Count(s, ")")
}

// isReadable reports whether a name consists of words: a password between delimiters mixes capitals and digits.
func isReadable(name string) bool {
	const shortest = 3 // of the words, on average
	w := wordsOf(name)
	hasDigits := strings.ContainsAny(strings.TrimRight(name, "0123456789"), "0123456789")
	return w.all == 1 || w.all*shortest <= len(name) && (w.capitals || !hasDigits)
}

const nameBytes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."

// isCapitalName reports whether a text has the form of an environment variable's name.
func isCapitalName(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'A' || c > 'Z') && c != '_' && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// isMissing reports whether a text is one that programs write for a missing value: a word of a language, the name of an
// object or a remark in brackets.
func isMissing(f *atlas.Field, s string) bool {
	if s == "" {
		return false
	}
	if f.Secret == "" && !identifies(f) && s == "none" { // a name that people choose
		return false
	}
	if inside := strings.Trim(s, `"'`); inside != s {
		return isMissingWord(inside)
	}
	switch s[0] {
	case '(': // Terraform: (known after apply), (sensitive value); C: (null)
		inside, closes := strings.CutSuffix(s[1:], ")")
		return closes && strings.Trim(inside, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ -_'") == ""
	case '[': // JavaScript: [object Object]
		return strings.HasPrefix(s, "[object ") && strings.HasSuffix(s, "]")
	case '%': // Go: %!s(<nil>), %!v(MISSING)
		return strings.HasPrefix(s, "%!") && strings.HasSuffix(s, ")")
	}
	return isMissingWord(s)
}

// isMissingWord reports whether a text is the word of a language for no value.
func isMissingWord(s string) bool {
	return len(s) <= len("undefined") && slices.ContainsFunc([]string{"null", "undefined", "none", "nil"}, func(word string) bool {
		return strings.EqualFold(s, word)
	})
}

// secretSchemes are the first parts of references to secrets, before a colon.
var secretSchemes = []string{
	"vault", "arn", "env", "file", "secretref", "secretsmanager", "ssm", "kms", "awskms", "gcpkms", "keyvault",
	"azurekeyvault", "akv", "awssm", "gcpsm", "sops", "keyring", "keychain", "doppler", "infisical", "conjur",
	"bitwarden", "lastpass", "akeyless", "1password",
}

// isSecretReference reports whether another tool would replace a text by a secret: it is the URI of one, an encrypted
// text, or an expression of its language.
func isSecretReference(f *atlas.Field, s string) bool {
	if scheme, rest, isURI := strings.Cut(s, ":"); isURI && isScheme(scheme) {
		known := slices.Contains(secretSchemes, scheme) || strings.HasPrefix(scheme, "ref+") // vals
		if strings.HasPrefix(rest, "//") {
			known = known || scheme == "op" || f.Format != "uri" && !strings.HasPrefix(strings.ToLower(scheme), "http")
		}
		if known && rest != "" && rest[0] != ' ' {
			return true
		}
	}
	for _, call := range []struct{ prefix, suffix string }{
		{"ENC[", "]"}, {"ENC(", ")"}, // SOPS, hiera-eyaml; Jasypt
		{"@Microsoft.KeyVault(", ")"}, {"$ANSIBLE_VAULT;", ""}, {"!vault", ""},
	} {
		if strings.HasPrefix(s, call.prefix) && strings.HasSuffix(s, call.suffix) {
			return true
		}
	}
	if strings.HasPrefix(s, "projects/") && strings.Contains(s, "/secrets/") { // Google Cloud
		return true
	}
	return f.Secret != "" && isExpression(s)
}

// isScheme reports whether a text can be the scheme of a URI (RFC 3986).
func isScheme(s string) bool {
	return len(s) > 1 && len(s) <= 24 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-") == ""
}

// isExpression reports whether a text is an expression that a language evaluates outside of quotes only.
func isExpression(s string) bool {
	for _, prefix := range []string{"var.", "local.", "data.", "module.", "secrets.", "process.env.", "os.environ", "random_password."} {
		if rest, found := strings.CutPrefix(s, prefix); found && rest != "" && strings.Trim(rest, nameBytes+"[]'\"") == "" {
			return true
		}
	}
	return false
}

// urlPlaceholder matches a placeholder with characters that no URL has.
var urlPlaceholder = lazily(`<[^<>]*>|[$#]?\{[^{}]*\}`)

// placeholderInURL recognizes a placeholder that is a part of a URL, as [Hint] does.
func placeholderInURL(f *atlas.Field, s string) (hint string) {
	if strings.ContainsAny(s, "<{") && urlPlaceholder().MatchString(s) {
		if strings.Contains(s, "{") {
			return PutReference
		}
		return PutValue
	}
	_, rest, _ := strings.Cut(s, "://")
	for inQuery := false; rest != ""; {
		part, beginsQuery := rest, false
		if end := strings.IndexAny(rest, "/?&=#"); end >= 0 {
			part, beginsQuery, rest = rest[:end], rest[end] == '?', rest[end+1:]
		} else {
			rest = ""
		}
		switch {
		case isHex(part), isOrdinary(part, inQuery):
		case !strings.HasPrefix(part, "$") && !isSmallName(part) && isVariable(part): // a URL may have a dollar sign
			return PutReference
		case isMissingWord(part), isFillIn(f, part, false):
			return PutValue
		}
		inQuery = inQuery || beginsQuery
	}
	return ""
}

// isOrdinary reports whether a part of a URL is a word for no value that services define, such as auth=none. More of
// these words are usual in a query than in a path.
func isOrdinary(part string, inQuery bool) bool {
	return part == "none" || inQuery && isMissingWord(part) && !strings.EqualFold(part, "undefined")
}

// isSmallName reports whether a part of a URL is a name between underscores that has no capitals, such as __internal__.
// Variables have capitals there.
func isSmallName(part string) bool {
	return strings.HasPrefix(part, "__") && strings.ToLower(part) == part
}
