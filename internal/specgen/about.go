package specgen

import (
	"bytes"
	_ "embed" // the templates
	"go/format"
	"text/template"
)

// about documents what oapi-codegen does not. Its file sorts before the generator's own, so that the
// documentation of the package begins with it.
//
//go:embed about.go.tmpl
var about string

// About returns the documentation of the package that oapi-codegen generates from the document of an API version.
func About(name, apiVersion string) ([]byte, error) {
	tmpl, err := template.New("about").Parse(about)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := tmpl.Execute(&out, map[string]string{"Package": name, "APIVersion": apiVersion}); err != nil {
		return nil, err
	}
	return format.Source(out.Bytes())
}

//go:embed companions.go.tmpl
var companions []byte

// CompanionsSource returns the Go source of gen/companions that oapi-codegen does not generate: the documentation of
// the package, and the fields of bodies. The caller must not change it.
func CompanionsSource() []byte { return companions }
