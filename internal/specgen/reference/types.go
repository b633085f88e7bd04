package reference

import (
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/yamltree"
)

// integrationType is a type in the API versions that have it.
type integrationType struct {
	Name     string
	Versions []*typeVersion // v2 before v1.0
	Fields   []fieldRows
	Rows     []row // about the type as a whole
}

// typeVersion is a type in one API version.
type typeVersion struct {
	Name, Title     string // of the API version, and of the type
	Document        *document
	Description     template.HTML
	RequestExample  example
	ResponseExample *example
	Requests        []request // create, update, get, delete
	facts           []fact
	fields          []property
}

// fieldRows are the facts of a field in all API versions of its type.
type fieldRows struct {
	ID, Name, Title string
	Cells           []string // for each API version: required, optional, read-only or "" without the field
	Only            string   // the API version that has the field, "" if all of the type have it
	Rows            []row
}

// row is a fact in each API version. Equal facts are one cell.
type row struct {
	Label   string
	Cells   []cell
	Differs bool
}

// cell is the value of a fact; Version is empty if the value is that of all API versions.
type cell struct {
	Version string
	Value   template.HTML
}

// typeFile returns the name of the page of a type.
func typeFile(name string) string { return "type-" + name + ".html" }

// File returns the name of the type's page.
func (t *integrationType) File() string { return typeFile(t.Name) }

// Title returns the name of the service.
func (t *integrationType) Title() string { return t.Versions[0].Title }

// Has reports whether an API version has the type.
func (t *integrationType) Has(version string) bool {
	return slices.ContainsFunc(t.Versions, func(v *typeVersion) bool { return v.Name == version })
}

// versions returns the documents of the versions of the integrations API.
func (s *site) versions() (all []*document) {
	for _, d := range s.Documents {
		if d.API {
			all = append(all, d)
		}
	}
	return all
}

// readTypes reads the types of all API versions, by name.
func (s *site) readTypes() error {
	for _, d := range s.versions() {
		for name, ref := range yamltree.Members(d.types()) {
			v, err := d.typeVersion(name, strings.TrimPrefix(ref.Value, "#/components/schemas/"))
			if err != nil {
				return fmt.Errorf("%s: %s: %w", d.Name, name, err)
			}
			i := slices.IndexFunc(s.Types, func(t *integrationType) bool { return t.Name == name })
			if i < 0 {
				s.Types, i = append(s.Types, &integrationType{Name: name}), len(s.Types)
			}
			s.Types[i].Versions = append(s.Types[i].Versions, v)
		}
	}
	slices.SortFunc(s.Types, func(a, b *integrationType) int { return strings.Compare(a.Name, b.Name) })
	for _, t := range s.Types {
		t.compare()
	}
	return nil
}

func (d *document) typeVersion(name, schema string) (v *typeVersion, err error) {
	node := d.component("schemas", schema)
	v = &typeVersion{
		Name: d.Name, Document: d, Title: yamltree.Text(node, "title"), Description: d.site.text(yamltree.Text(node, "description")),
	}
	if v.fields, err = d.properties("", node); err != nil {
		return nil, err
	}
	if v.facts, err = d.typeFacts(node); err != nil {
		return nil, err
	}
	if err = d.typeExamples(v, name); err != nil {
		return nil, err
	}
	for _, op := range d.Operations() {
		if strings.HasSuffix(op.Path, "/integrations/{integrationType}") {
			v.Requests = append(v.Requests, d.typeRequest(op, name, v.RequestExample.JSON))
		}
	}
	slices.SortStableFunc(v.Requests, func(a, b request) int { return order(a.Method) - order(b.Method) })
	return v, nil
}

// order returns the place of a method in the life of an integration.
func order(method string) int { return slices.Index([]string{"POST", "PUT", "GET", "DELETE"}, method) }

// typeExamples reads the examples of a request and of a response, which the documents have by the name of the type.
func (d *document) typeExamples(v *typeVersion, name string) error {
	examples := func(kind, component string) ([]example, error) {
		_, all, err := d.content(d.component(kind, component))
		return slices.DeleteFunc(all, func(e example) bool { return e.Name != name }), err
	}
	requests, err := examples("requestBodies", "Payload")
	if err != nil {
		return err
	}
	if len(requests) == 0 {
		return fmt.Errorf("the request body has no example of the type")
	}
	v.RequestExample = requests[0]
	responses, err := examples("responses", "One")
	if len(responses) > 0 {
		v.ResponseExample = &responses[0]
	}
	return err
}

// typeRequest returns the request of an operation for one type.
func (d *document) typeRequest(op operation, name, payload string) request {
	r := op.Request
	r.Path = strings.ReplaceAll(op.Path, "{integrationType}", name)
	r.TryPath = integrationTypeParameter.ReplaceAllString(r.TryPath, name)
	if r.Body != "" {
		r.Body = payload
	}
	r.Curl = d.curl(r, nil, "")
	return r
}

var integrationTypeParameter = regexp.MustCompile(`\{integrationType=[^}]*\}`)

// typeFacts returns the facts of a type as a whole.
func (d *document) typeFacts(node *yaml.Node) (facts []fact, err error) {
	text := d.site.text
	for key, value := range yamltree.Members(node) {
		switch key {
		case "title", "description", "type", "properties", "required", "x-request":
		case "x-evidence":
			facts = append(facts, fact{"Evidence", text(value.Value)})
		case "x-oauth-fields":
			facts = append(facts, fact{"Fields to change if linked by OAuth2", codes(value)})
		case "x-caveats":
			for id, caveat := range yamltree.Members(value) {
				facts = append(facts, fact{"Warning " + id, text(capital(caveat.Value)) + " (rule " + rule(id) + ")"})
			}
		case "x-removed-fields":
			facts = append(facts, fact{"Removed fields", notes(value, removed)})
		default:
			return nil, fmt.Errorf("line %d: the reference can't show %s", value.Line, key)
		}
	}
	return facts, nil
}

func removed(node *yaml.Node) template.HTML {
	text := "removed on " + escape(yamltree.Text(node, "since"))
	if use := yamltree.Text(node, "use"); use != "" {
		text += "; use " + code(use)
	}
	return text
}

// compare puts the facts of the API versions side by side.
func (t *integrationType) compare() {
	all := make([][]fact, len(t.Versions))
	for i, v := range t.Versions {
		all[i] = append([]fact{{"Description", v.Description}}, v.facts...)
	}
	t.Rows = t.rows(all)
	var names []string
	for _, v := range t.Versions {
		for _, f := range v.fields {
			if !slices.Contains(names, f.Name) {
				names = append(names, f.Name)
			}
		}
	}
	for _, name := range names {
		t.Fields = append(t.Fields, t.field(name))
	}
}

func (t *integrationType) field(name string) fieldRows {
	f := fieldRows{ID: "field-" + name, Name: name}
	all := make([][]fact, len(t.Versions))
	for i, v := range t.Versions {
		at := slices.IndexFunc(v.fields, func(p property) bool { return p.Name == name })
		if at < 0 {
			f.Cells = append(f.Cells, "")
			continue
		}
		p := v.fields[at]
		f.Title = p.Title
		f.Cells = append(f.Cells, p.presence())
		f.Only = v.Name
		all[i] = append([]fact{{"Description", p.Description}, {"Presence", escape(p.presence())}, {"Type", p.Type}}, p.Facts...)
	}
	if !slices.Contains(f.Cells, "") {
		f.Only = ""
	}
	f.Rows = t.rows(all)
	return f
}

// presence reports whether requests contain a field.
func (p property) presence() string {
	switch {
	case p.Required:
		return "required"
	case slices.ContainsFunc(p.Facts, func(f fact) bool { return f.Label == "Read-only" }):
		return "read-only"
	}
	return "optional"
}

// rows joins the facts of the API versions, nil for one without the field, by their labels.
func (t *integrationType) rows(all [][]fact) (rows []row) {
	var labels []string
	for _, facts := range all {
		for i, f := range facts {
			if !slices.Contains(labels, f.Label) {
				at := len(labels)
				if i > 0 { // next to its neighbor
					at = slices.Index(labels, facts[i-1].Label) + 1
				}
				labels = slices.Insert(labels, at, f.Label)
			}
		}
	}
	for _, label := range labels {
		rows = append(rows, t.row(label, all))
	}
	return rows
}

// wording are the facts that may differ although the API versions don't.
var wording = []string{"Description", "Evidence"}

func (t *integrationType) row(label string, all [][]fact) row {
	r := row{Label: label}
	for i, facts := range all {
		if facts == nil {
			continue
		}
		c := cell{Version: t.Versions[i].Name, Value: "none"}
		if at := slices.IndexFunc(facts, func(f fact) bool { return f.Label == label }); at >= 0 {
			c.Value = facts[at].Value
		}
		r.Cells = append(r.Cells, c)
	}
	if len(r.Cells) == 1 || r.Cells[0].Value == r.Cells[1].Value {
		r.Cells = []cell{{Value: r.Cells[0].Value}}
	}
	r.Differs = len(r.Cells) > 1 && !slices.Contains(wording, label)
	return r
}

// Differences returns the fields that differ in more than wording between the API versions of the type.
func (t *integrationType) Differences() (fields []fieldRows) {
	for _, f := range t.Fields {
		if f.Only != "" || len(f.Differing()) > 0 {
			fields = append(fields, f)
		}
	}
	return fields
}

// Differing returns the labels of the facts that differ.
func (f fieldRows) Differing() (labels []string) {
	for _, r := range f.Rows {
		if r.Differs {
			labels = append(labels, strings.ToLower(r.Label))
		}
	}
	return labels
}
