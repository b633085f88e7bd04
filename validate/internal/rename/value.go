package rename

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/suggest"
	"github.com/atlasint/atlasint/internal/words"
)

// ValueHint returns a hint with the allowed values that may replace value.
func ValueHint(allowed []string, f *atlas.Field, value string) string {
	if meant := Alias(f, value); meant != "" {
		return fmt.Sprintf("Atlas calls it %q", meant)
	}
	use := "use " + words.Quoted(allowed, "or")
	for _, rejected := range f.RejectedValues {
		if means(value, rejected.Value) {
			return rejected.Text + "; " + use
		}
	}
	if near := suggest.Nearest(value, allowed); near != "" {
		return fmt.Sprintf("did you mean %q? (%s)", near, use)
	}
	return use
}

// Alias returns the value that Atlas has for another name of it, "" if it is not one.
func Alias(f *atlas.Field, value string) (meant string) {
	name := ""
	for _, alias := range f.Aliases {
		if means(value, alias.Value) && len(alias.Value) > len(name) { // eu.example.com, not example.com
			name, meant = alias.Value, alias.Text
		}
	}
	return meant
}

// means reports whether a value is another name for a value of the list: in any case and, if the name is a host,
// also as a URL of the host or of a subdomain. A subdomain with a digit is another site, such as us4.
func means(value, name string) bool {
	if strings.EqualFold(value, name) {
		return true
	}
	if !strings.Contains(name, ".") || !strings.Contains(value, ".") {
		return false
	}
	host := strings.ToLower(strings.TrimSpace(value))
	if _, after, isURL := strings.Cut(host, "://"); isURL {
		host = after
	}
	if end := strings.IndexAny(host, "/:?#"); end >= 0 {
		host = host[:end]
	}
	sub, found := strings.CutSuffix(strings.TrimSuffix(host, "."), name)
	label := strings.TrimSuffix(sub, ".")
	return found && (sub == "" || label != sub && !strings.ContainsAny(label[strings.LastIndexByte(label, '.')+1:], "0123456789"))
}

// QuoteHint returns the hint for a number or a boolean in place of a text.
func QuoteHint(f *atlas.Field, value string) string {
	switch {
	case f == nil:
	case f.Enum != nil && !slices.Contains(f.Enum, value):
		return ValueHint(f.Enum, f, value)
	case f.Form != nil && !f.Form.Matches(value):
		return "write " + f.Form.String() + ", in quotes"
	case f.Format == "uri":
		return "write the whole URL, in quotes"
	}
	return "put it in quotes"
}
