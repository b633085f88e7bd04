package reference

import (
	"fmt"
	"html/template"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/yamltree"
)

// masks are the ways in which responses show a secret, by the value of x-secret or x-mask.
var masks = map[string]template.HTML{
	"last4":   "responses show stars and the last four characters",
	"origin":  "responses show scheme and host, <code>/****</code>, and the last four characters of the URL",
	"host":    "responses show scheme and host, and <code>/****</code>",
	"all":     "responses show a star for each character",
	"omitted": "responses never show it",
}

// extension returns the facts of a keyword that begins with x-. The comments of the documents explain them.
func (d *document) extension(key string, value *yaml.Node) ([]fact, error) {
	text := d.site.text
	switch key {
	case "x-secret", "x-mask":
		if masks[value.Value] == "" {
			return nil, fmt.Errorf("the mask %s is unknown", value.Value)
		}
		return []fact{{"Secret", masks[value.Value]}}, nil
	case "x-unset":
		shown, err := compact(value)
		return []fact{{"Without a value", "responses show " + code(shown)}}, err
	case "x-since":
		return []fact{{"Since", escape(value.Value)}}, nil
	case "x-evidence":
		return []fact{{"Evidence", text(value.Value)}}, nil
	case "x-aliases":
		return []fact{{"Common mistakes", notes(value, func(n *yaml.Node) template.HTML { return "use " + code(n.Value) })}}, nil
	case "x-rejected-values":
		return []fact{{"Rejected values", notes(value, func(n *yaml.Node) template.HTML { return text(n.Value) })}}, nil
	case "x-rejected-types":
		return []fact{{"Rejected types", notes(value, d.rejectedType)}}, nil
	case "x-missing-on-create":
		return []fact{{"Left out on creation", "a warning: " + rule(value.Value)}}, nil
	case "x-template":
		size, shape := yamltree.Text(value, "maxBytes"), yamltree.Text(value, "shape")
		return []fact{{"Template", escape(fmt.Sprintf("at most %s bytes once rendered; shape: %s", size, shape))}}, nil
	}
	return nil, fmt.Errorf("the reference can't show this extension")
}

// rejectedType returns the reason why a type is rejected.
func (d *document) rejectedType(node *yaml.Node) template.HTML {
	if node.Kind == yaml.ScalarNode {
		return d.site.text(node.Value)
	}
	reason := d.site.text(yamltree.Text(node, "text"))
	if c := yamltree.Text(node, "errorCode"); c != "" {
		reason += " (" + link("errors.html#"+c, code(c)) + ")"
	}
	return reason
}

// notes returns a list of values, each with a text.
func notes(values *yaml.Node, about func(*yaml.Node) template.HTML) template.HTML {
	out := template.HTML("<ul>")
	for value, n := range yamltree.Members(values) {
		out += "<li>" + code(value) + ": " + about(n) + "</li>"
	}
	return out + "</ul>"
}
