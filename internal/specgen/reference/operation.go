package reference

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/yamltree"
)

// operation is one operation of a document.
type operation struct {
	ID, Method, Path     string
	Summary, Description string
	Facts                []fact
	Parameters           []parameter
	Body                 *body
	Responses            []response
	Request              request

	tag string
}

// parameter is one parameter. Shared parameters have an entry of their own on the page.
type parameter struct {
	In     string
	Shared bool
	Sample string   // a value
	Values []string // all values of an enum
	property
}

// body is a request body.
type body struct {
	Description template.HTML
	Media       []media
	Examples    []example
	Required    bool
}

type media struct {
	Type   string
	Schema template.HTML
}

// example is a body; Type is set if it is on the page of an integration type.
type example struct {
	Name, Summary, JSON string
	Evidence            template.HTML
	Type                string
}

// response is one response of an operation, or a shared one. Name is that of a shared one.
type response struct {
	Status, Name string
	Description  template.HTML
	Media        []media
	Headers      []fact
	Examples     []example
}

func (d *document) operation(path, method string, item, node *yaml.Node) (op operation, err error) {
	op = operation{
		ID: yamltree.Text(node, "operationId"), Method: strings.ToUpper(method), Path: d.prefix() + path,
		Summary: yamltree.Text(node, "summary"), Description: yamltree.Text(node, "description"),
	}
	for key, value := range yamltree.Members(node) {
		switch key {
		case "operationId", "summary", "description":
		case "tags":
			op.tag = value.Content[0].Value
		case "x-roles":
			op.Facts = append(op.Facts, fact{"Role", d.site.text(strings.Join(texts(value), ", "))})
		case "x-rate-limit":
			op.Facts = append(op.Facts, fact{"Capacity of the rate limit", escape(value.Value)})
		case "x-evidence":
			op.Facts = append(op.Facts, fact{"Evidence", d.site.text(value.Value)})
		case "security":
			op.Facts = append(op.Facts, fact{"Authentication", code(firstName(value))})
		case "parameters":
		case "requestBody":
			op.Body, err = d.body(value)
		case "responses":
			op.Responses, err = d.responses(value)
		default:
			err = fmt.Errorf("line %d: the reference can't show %s", value.Line, key)
		}
		if err != nil {
			return op, err
		}
	}
	for _, list := range []*yaml.Node{yamltree.Lookup(item, "parameters"), yamltree.Lookup(node, "parameters")} {
		for _, p := range yamltree.Elements(list) {
			parameter, err := d.parameter(p)
			if err != nil {
				return op, err
			}
			op.Parameters = append(op.Parameters, parameter)
		}
	}
	op.Request, err = d.request(op, node)
	return op, err
}

// prefix is the path of the server, such as that of the control API.
func (d *document) prefix() string {
	if len(d.Servers) > 0 && strings.HasPrefix(d.Servers[0].Label, "/") {
		return d.Servers[0].Label
	}
	return ""
}

// firstName returns the name of the first security scheme of an operation.
func firstName(security *yaml.Node) string {
	for _, alternative := range security.Content {
		for name := range yamltree.Members(alternative) {
			return name
		}
	}
	return "none"
}

func texts(list *yaml.Node) (all []string) {
	for _, e := range yamltree.Elements(list) {
		all = append(all, e.Value)
	}
	return all
}

func (d *document) parameter(node *yaml.Node) (parameter, error) {
	node, shared, err := d.follow(node)
	if err != nil {
		return parameter{}, err
	}
	p := parameter{In: yamltree.Text(node, "in"), Shared: shared != ""}
	name := yamltree.Text(node, "name")
	if p.property, err = d.property(yamltree.Lookup(node, "schema")); err != nil {
		return p, fmt.Errorf("parameter %s: %w", name, err)
	}
	sample, err := d.sample(yamltree.Lookup(node, "schema"))
	if err != nil {
		return p, fmt.Errorf("parameter %s: %w", name, err)
	}
	p.Sample = fmt.Sprint(sample)
	schema, _, err := d.follow(yamltree.Lookup(node, "schema"))
	if err != nil {
		return p, err
	}
	p.Values = texts(yamltree.Lookup(schema, "enum"))
	p.ID, p.Name, p.Required = "parameter-"+name, name, yamltree.Text(node, "required") == "true"
	p.Description = d.site.described(node)
	return p, nil
}

func (d *document) body(node *yaml.Node) (b *body, err error) {
	if node, _, err = d.follow(node); err != nil {
		return nil, err
	}
	b = &body{Description: d.site.described(node), Required: yamltree.Text(node, "required") == "true"}
	b.Media, b.Examples, err = d.content(node)
	return b, err
}

// content reads the media types of a body and the examples of the first of them: all have the same.
func (d *document) content(node *yaml.Node) (all []media, examples []example, err error) {
	for name, value := range yamltree.Members(yamltree.Lookup(node, "content")) {
		schema, err := d.typeText(yamltree.Lookup(value, "schema"))
		if err != nil {
			return nil, nil, err
		}
		all = append(all, media{name, schema})
		if len(all) > 1 {
			continue
		}
		for name, e := range yamltree.Members(yamltree.Lookup(value, "examples")) {
			read, err := d.example(name, e)
			if err != nil {
				return nil, nil, fmt.Errorf("example %s: %w", name, err)
			}
			examples = append(examples, read)
		}
	}
	return all, examples, nil
}

func (d *document) example(name string, node *yaml.Node) (e example, err error) {
	if node, _, err = d.follow(node); err != nil {
		return e, err
	}
	e = example{Name: name, Summary: yamltree.Text(node, "summary"), Evidence: d.site.text(yamltree.Text(node, "x-evidence"))}
	if yamltree.Lookup(d.types(), name) != nil {
		e.Type = name
	}
	e.JSON, err = indented(yamltree.Lookup(node, "value"))
	return e, err
}

func (d *document) responses(node *yaml.Node) (all []response, err error) {
	for status, value := range yamltree.Members(node) {
		r, err := d.response(status, value)
		if err != nil {
			return nil, fmt.Errorf("response %s: %w", status, err)
		}
		all = append(all, r)
	}
	return all, nil
}

func (d *document) response(status string, node *yaml.Node) (r response, err error) {
	r.Status = status
	if node, r.Name, err = d.follow(node); err != nil {
		return r, err
	}
	r.Description = d.site.described(node)
	for name, header := range yamltree.Members(yamltree.Lookup(node, "headers")) {
		header, shared, err := d.follow(header)
		if err != nil {
			return r, err
		}
		text := link("#header-"+shared, code(name))
		if shared == "" {
			text = code(name) + ": " + d.site.described(header)
		}
		r.Headers = append(r.Headers, fact{name, text})
	}
	r.Media, r.Examples, err = d.content(node)
	return r, err
}

// success returns the response of success.
func (op operation) success() (response, bool) {
	i := slices.IndexFunc(op.Responses, func(r response) bool { return strings.HasPrefix(r.Status, "2") })
	if i < 0 {
		return response{}, false
	}
	return op.Responses[i], true
}

// SharedParameters returns the parameters with an entry of their own.
func (op operation) SharedParameters() []parameter { return op.parameters(true) }

// OwnParameters returns the parameters that only this operation has.
func (op operation) OwnParameters() []parameter { return op.parameters(false) }

func (op operation) parameters(shared bool) []parameter {
	return slices.DeleteFunc(slices.Clone(op.Parameters), func(p parameter) bool { return p.Shared != shared })
}

// Errors returns the responses that many operations share.
func (op operation) Errors() (shared []response) {
	for _, r := range op.Responses {
		if r.Shared() {
			shared = append(shared, r)
		}
	}
	return shared
}

// Shared reports whether the response is described elsewhere on the page, because it is an error that many operations
// share.
func (r response) Shared() bool { return r.Name != "" && !strings.HasPrefix(r.Status, "2") }
