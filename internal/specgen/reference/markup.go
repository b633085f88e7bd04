package reference

import (
	"html/template"
	"regexp"
	"strings"

	"github.com/atlasint/atlasint/internal/yamltree"
)

// code returns s as inline code.
func code(s string) template.HTML { return "<code>" + content(s) + "</code>" }

func escape(s string) template.HTML { return template.HTML(template.HTMLEscapeString(s)) }

// content returns s as the content of an element, with unchanged quotation marks: examples consist of them.
func content(s string) template.HTML { return template.HTML(contentEscaper.Replace(s)) }

var contentEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// link returns a link. Addresses are those of pages and identifiers in them.
func link(address string, label template.HTML) template.HTML {
	return `<a href="` + escape(address) + `">` + label + "</a>"
}

// list joins parts with a separator.
func list(parts []template.HTML, separator template.HTML) template.HTML {
	var out strings.Builder
	for i, p := range parts {
		if i > 0 {
			out.WriteString(string(separator))
		}
		out.WriteString(string(p))
	}
	return template.HTML(out.String())
}

// inlineCode matches code in texts, in backticks. upper matches names in capitals.
var (
	inlineCode = regexp.MustCompile("`[^`]*`")
	upper      = regexp.MustCompile(`\b[A-Z][A-Z0-9]+(_[A-Z0-9]+)*\b`)
)

// text returns a text of a document: code in backticks becomes code, error codes and types become links.
func (s *site) text(text string) template.HTML {
	var out strings.Builder
	end := 0
	for _, at := range inlineCode.FindAllStringIndex(text, -1) {
		out.WriteString(string(s.links(text[end:at[0]]) + code(text[at[0]+1:at[1]-1])))
		end = at[1]
	}
	return template.HTML(out.String()) + s.links(text[end:])
}

func (s *site) links(text string) template.HTML {
	var out strings.Builder
	end := 0
	for _, at := range upper.FindAllStringIndex(text, -1) {
		if address := s.terms[text[at[0]:at[1]]]; address != "" {
			out.WriteString(string(content(text[end:at[0]]) + link(address, code(text[at[0]:at[1]]))))
			end = at[1]
		}
	}
	return template.HTML(out.String()) + content(text[end:])
}

// rule links to a rule of the validator.
func rule(id string) template.HTML { return link("rules.html#"+id, code(id)) }

// collectTerms reads the names that texts link to.
func (s *site) collectTerms() error {
	for _, d := range s.Documents {
		for name := range yamltree.Members(d.types()) {
			s.terms[name] = typeFile(name)
		}
	}
	if err := s.readErrors(); err != nil {
		return err
	}
	for _, status := range s.Errors {
		for _, c := range status.Codes {
			s.terms[c.Code] = "errors.html#" + c.Code
		}
	}
	return nil
}

// functions are those that templates call.
func (s *site) functions() template.FuncMap {
	return template.FuncMap{
		"text": s.text, "code": code, "rule": rule, "content": content, "isJSON": isJSON, "capital": capital, "lower": strings.ToLower,
		"pages": s.pages, "dict": dict,
	}
}

// dict returns a map of names and values, to pass several values to a template.
func dict(pairs ...any) map[string]any {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1]
	}
	return m
}

// isJSON reports whether an example of a rule is a payload; others are descriptions.
func isJSON(example string) bool {
	return strings.HasPrefix(example, "{") || strings.HasPrefix(example, "[")
}

func capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
