package reference

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/ordered"
	"github.com/atlasint/atlasint/internal/yamltree"
)

// document is one OpenAPI document.
type document struct {
	Name, File, Label string
	API               bool // a version of the integrations API
	Control           bool // the control API of the fake, which is not part of Atlas
	Info              info
	Servers, Security []fact
	Groups            []tagGroup
	Parameters        []parameter // shared by operations
	Responses         []response
	Schemas           []schema
	Headers           []fact

	yaml []byte
	root *yaml.Node
	site *site
}

type info struct{ Title, Version, Summary, Description string }

// tagGroup are the operations with a tag.
type tagGroup struct {
	ID, Name, Description string
	Operations            []operation
}

// fact is a labeled value.
type fact struct {
	Label string
	Value template.HTML
}

func (d *document) parse() error {
	var doc yaml.Node
	if err := yaml.Unmarshal(d.yaml, &doc); err != nil {
		return err
	}
	if len(doc.Content) == 0 {
		return fmt.Errorf("the document is empty")
	}
	d.root = doc.Content[0]
	return nil
}

// types returns the component schemas of the integration types by name, nil if the document has none.
func (d *document) types() *yaml.Node {
	return yamltree.Lookup(d.root, "components", "schemas", "Integration", "discriminator", "mapping")
}

func (d *document) component(path ...string) *yaml.Node {
	return yamltree.Lookup(d.root, append([]string{"components"}, path...)...)
}

// follow returns the component that a reference names, with its name, and any other node itself.
func (d *document) follow(node *yaml.Node) (target *yaml.Node, name string, err error) {
	ref := yamltree.Text(node, "$ref")
	if ref == "" {
		return yamltree.Resolve(node), "", nil
	}
	path := strings.Split(strings.TrimPrefix(ref, "#/"), "/")
	if target = yamltree.Lookup(d.root, path...); target == nil {
		return nil, "", fmt.Errorf("line %d: %s has no target", node.Line, ref)
	}
	return target, path[len(path)-1], nil
}

func (d *document) read(s *site) error {
	d.site = s
	in := yamltree.Lookup(d.root, "info")
	d.Info = info{yamltree.Text(in, "title"), yamltree.Text(in, "version"), yamltree.Text(in, "summary"), yamltree.Text(in, "description")}
	for _, server := range yamltree.Elements(yamltree.Lookup(d.root, "servers")) {
		d.Servers = append(d.Servers, fact{yamltree.Text(server, "url"), s.text(yamltree.Text(server, "description"))})
	}
	for name, scheme := range yamltree.Members(d.component("securitySchemes")) {
		d.Security = append(d.Security, fact{name, s.security(scheme)})
	}
	for name, header := range yamltree.Members(d.component("headers")) {
		d.Headers = append(d.Headers, fact{name, s.described(header)})
	}
	if err := d.readOperations(); err != nil {
		return err
	}
	return d.readComponents()
}

// readComponents reads the components that have an entry on the page.
func (d *document) readComponents() error {
	for name, node := range yamltree.Members(d.component("parameters")) {
		p, err := d.parameter(node)
		if err != nil {
			return fmt.Errorf("parameter %s: %w", name, err)
		}
		d.Parameters = append(d.Parameters, p)
	}
	for name, node := range yamltree.Members(d.component("responses")) {
		r, err := d.response("", node)
		if err != nil {
			return fmt.Errorf("response %s: %w", name, err)
		}
		r.Name = name
		d.Responses = append(d.Responses, r)
	}
	for name, node := range yamltree.Members(d.component("schemas")) {
		if d.isType(name) {
			continue // it has a page of its own
		}
		sch, err := d.schema(name, node)
		if err != nil {
			return fmt.Errorf("schema %s: %w", name, err)
		}
		d.Schemas = append(d.Schemas, sch)
	}
	return nil
}

// isType reports whether a component schema is an integration type.
func (d *document) isType(schema string) bool { return d.typeOf(schema) != "" }

// typeOf returns the integration type that a component schema describes, "" if it is none.
func (d *document) typeOf(schema string) string {
	for name, ref := range yamltree.Members(d.types()) {
		if ref.Value == "#/components/schemas/"+schema {
			return name
		}
	}
	return ""
}

// security describes a security scheme.
func (s *site) security(node *yaml.Node) template.HTML {
	parts := []template.HTML{s.described(node)}
	if url := yamltree.Text(node, "flows", "clientCredentials", "tokenUrl"); url != "" {
		parts = append(parts, "Token endpoint: "+code(url))
	}
	return list(parts, " ")
}

// described returns the description of a node, with its date and evidence.
func (s *site) described(node *yaml.Node) template.HTML {
	parts := []template.HTML{s.text(yamltree.Text(node, "description"))}
	if since := yamltree.Text(node, "x-since"); since != "" {
		parts = append(parts, escape("Since "+since+"."))
	}
	if evidence := yamltree.Text(node, "x-evidence"); evidence != "" {
		parts = append(parts, `<span class="evidence">Evidence: `+s.text(evidence)+"</span>")
	}
	return list(parts, " ")
}

// readOperations reads the operations by their first tag, in the order of the tags.
func (d *document) readOperations() error {
	for _, tag := range yamltree.Elements(yamltree.Lookup(d.root, "tags")) {
		name := yamltree.Text(tag, "name")
		d.Groups = append(d.Groups, tagGroup{ID: "tag-" + slug(name), Name: name, Description: yamltree.Text(tag, "description")})
	}
	if len(d.Groups) == 0 {
		d.Groups = []tagGroup{{ID: "operations", Name: "Operations"}}
	}
	for path, item := range yamltree.Members(yamltree.Lookup(d.root, "paths")) {
		for method, node := range yamltree.Members(item) {
			if method == "parameters" {
				continue
			}
			op, err := d.operation(path, method, item, node)
			if err != nil {
				return fmt.Errorf("%s %s: %w", method, path, err)
			}
			i := max(0, slices.IndexFunc(d.Groups, func(g tagGroup) bool { return g.Name == op.tag }))
			d.Groups[i].Operations = append(d.Groups[i].Operations, op)
		}
	}
	return nil
}

// Operations returns the operations of all groups.
func (d *document) Operations() (all []operation) {
	for _, g := range d.Groups {
		all = append(all, g.Operations...)
	}
	return all
}

func slug(name string) string { return strings.ReplaceAll(strings.ToLower(name), " ", "-") }

// indented returns a node as JSON with two spaces a level, without a line end.
func indented(node *yaml.Node) (string, error) {
	value, err := yamltree.JSON(node)
	if err != nil {
		return "", err
	}
	data, err := ordered.Indent(value)
	return strings.TrimSuffix(string(data), "\n"), err
}

// compact returns a node as JSON on one line.
func compact(node *yaml.Node) (string, error) {
	value, err := yamltree.JSON(node)
	if err != nil {
		return "", err
	}
	return oneLine(value)
}
