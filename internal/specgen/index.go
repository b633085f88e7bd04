package specgen

import (
	"bytes"
	_ "embed"
	"fmt"
	"go/format"
	"text/template"
)

// index is what the template of gen/schemas is filled with.
type index struct {
	Versions      []version
	RejectedTypes []rejectedType
	ErrorCodes    []errorCode
}

type version struct {
	Name, MediaType string
	Types           []typeSpec
}

//go:embed schemas.go.tmpl
var indexTemplate string

// source writes the Go file of gen/schemas.
func (ix index) source() ([]byte, error) {
	tmpl, err := template.New("schemas").Parse(indexTemplate)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := tmpl.Execute(&out, ix); err != nil {
		return nil, err
	}
	formatted, err := format.Source(out.Bytes())
	if err != nil {
		return nil, fmt.Errorf("the generated index is not valid Go: %w", err)
	}
	return formatted, nil
}
