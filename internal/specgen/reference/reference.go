// Package reference generates internal/gen/reference, the API reference as HTML pages, from the curated OpenAPI
// documents, the control API's document and the rules of package validate. Each page reads without JavaScript. The
// output depends on these sources alone.
//
// Unlike internal/specgen it needs gen/schemas, through package validate. Therefore `make generate` runs it last.
package reference

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"path"

	"github.com/atlasint/atlasint/validate"
)

// Sources are the documents of the reference, as YAML, and the rules of the validator.
type Sources struct {
	V2, V1, Companions, Control []byte
	Rules                       []validate.Rule
}

//go:embed templates static
var assets embed.FS

// site has the contents of all pages.
type site struct {
	Documents []*document // v2, v1.0, companions, control API
	Types     []*integrationType
	Errors    []statusCodes
	Rules     []validate.Rule
	Entries   []entryGroup
	terms     map[string]string // names that texts link to, with their address
}

// page is the data of one page.
type page struct {
	*site
	File, Title string
	Template    string
	Document    *document
	Type        *integrationType
}

// Generate returns the files of internal/gen/reference by name. An error names the document and the construct that the
// reference can't show.
func Generate(src Sources) (map[string][]byte, error) {
	s, err := newSite(src)
	if err != nil {
		return nil, err
	}
	files, err := s.render()
	if err != nil {
		return nil, err
	}
	if files["search-index.js"], err = s.searchIndex(); err != nil {
		return nil, err
	}
	for _, name := range []string{"reference.css", "reference.js", "icon.svg"} {
		if files[name], err = assets.ReadFile(path.Join("static", name)); err != nil {
			return nil, err
		}
	}
	if files["reference.json.gz"], err = archive(files); err != nil {
		return nil, err
	}
	files["reference.gen.go"] = []byte(source)
	return files, nil
}

func newSite(src Sources) (*site, error) {
	s := &site{Rules: src.Rules, terms: map[string]string{}}
	for _, d := range []*document{
		{Name: "v2", File: "v2.html", Label: "API v2", API: true, yaml: src.V2},
		{Name: "v1.0", File: "v1.html", Label: "API v1.0", API: true, yaml: src.V1},
		{Name: "companions", File: "companions.html", Label: "Companion endpoints", yaml: src.Companions},
		{Name: "control", File: "control.html", Label: "Control API", Control: true, yaml: src.Control},
	} {
		if err := d.parse(); err != nil {
			return nil, fmt.Errorf("%s: %w", d.Name, err)
		}
		s.Documents = append(s.Documents, d)
	}
	if err := s.collectTerms(); err != nil {
		return nil, err
	}
	for _, d := range s.Documents {
		if err := d.read(s); err != nil {
			return nil, fmt.Errorf("%s: %w", d.Name, err)
		}
	}
	if err := s.readTypes(); err != nil {
		return nil, err
	}
	s.Entries = s.entries()
	return s, nil
}

// pages returns all pages in the order of the navigation.
func (s *site) pages() []page {
	pages := []page{
		{File: "index.html", Title: "Overview", Template: "index"},
		{File: "differences.html", Title: "Differences between v2 and v1.0", Template: "differences"},
	}
	for _, t := range s.Types {
		pages = append(pages, page{File: t.File(), Title: t.Name, Template: "type", Type: t})
	}
	for _, d := range s.Documents {
		pages = append(pages, page{File: d.File, Title: d.Label, Template: "document", Document: d})
	}
	pages = append(pages,
		page{File: "errors.html", Title: "Error codes", Template: "errors"},
		page{File: "rules.html", Title: "Validation rules", Template: "rules"},
		page{File: "contents.html", Title: "Index", Template: "contents"})
	for i := range pages {
		pages[i].site = s
	}
	return pages
}

func (s *site) render() (map[string][]byte, error) {
	tmpl, err := template.New("").Funcs(s.functions()).ParseFS(assets, "templates/*.tmpl")
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, p := range s.pages() {
		var body, out bytes.Buffer
		if err := tmpl.ExecuteTemplate(&body, p.Template, p); err != nil {
			return nil, err
		}
		data := struct {
			page
			Body template.HTML
		}{p, template.HTML(body.String())} // the output of a template
		if err := tmpl.ExecuteTemplate(&out, "layout", data); err != nil {
			return nil, err
		}
		files[p.File] = withoutBlankLines(out.Bytes())
	}
	return files, nil
}

// withoutBlankLines removes the lines that only consist of template actions. Examples have no blank lines.
func withoutBlankLines(html []byte) []byte {
	var out bytes.Buffer
	for line := range bytes.Lines(html) {
		if len(bytes.TrimSpace(line)) > 0 {
			out.Write(line)
		}
	}
	return out.Bytes()
}

// Control returns the control API's document of the module at the root of fsys. Package control can't be imported here.
func Control(fsys fs.FS) ([]byte, error) {
	return fs.ReadFile(fsys, "fakeatlas/internal/control/openapi.yaml")
}

// searchIndex returns an ES module with the entries that the search finds.
func (s *site) searchIndex() ([]byte, error) {
	rows := [][4]string{}
	for _, group := range s.Entries {
		for _, e := range group.Entries {
			rows = append(rows, [4]string{e.Name, group.Kind, e.Address, e.Text})
		}
	}
	if len(rows) == 0 {
		return nil, errors.New("the search index is empty")
	}
	var out bytes.Buffer
	out.WriteString("// Code generated by make generate (internal/specgen/reference) from openapi/*.yaml; DO NOT EDIT.\nexport default [\n")
	for _, row := range rows {
		line, err := json.Marshal(row)
		if err != nil {
			return nil, err
		}
		out.Write(line)
		out.WriteString(",\n")
	}
	out.WriteString("];\n")
	return out.Bytes(), nil
}
