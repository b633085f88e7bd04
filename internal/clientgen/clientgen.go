// Package clientgen completes the Go code that oapi-codegen generates from the documents in openapi/. The settings of
// oapi-codegen can't add a default header, a check of the server URL or a method.
package clientgen

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// Complete returns the source with these additions:
//
//   - NewClient returns an error unless the server URL is absolute.
//   - The client requests mediaType in the Accept header of the integrations API, unless the request has that header.
//   - APIError is an error. Its text has the HTTP status and the error code only.
//
// It drops the package comment as [DropPackageComment] does. A file without NewClient gets no client code. Complete
// returns an error if the source differs from what it expects, for example in a new version of oapi-codegen. source is
// not changed.
func Complete(source []byte, mediaType string) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", source, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("the generated code can't be parsed: %w", err)
	}
	if !hasStatus(file) {
		return nil, fmt.Errorf("the generated code has no type APIError with the fields Status and ErrorCode")
	}
	out, imports := append(bytes.Clone(source), errorMethod...), []string{"fmt", "strings"}
	if f := function(file, "NewClient"); f != nil {
		if out, err = completeClient(fset, f, out, mediaType); err != nil {
			return nil, err
		}
		imports = append(imports, "context", "net/http", "net/url")
	}
	if out, err = addImports(fset, file, out, imports); err != nil {
		return nil, err
	}
	if out, err = format.Source(out); err != nil {
		return nil, err
	}
	return DropPackageComment(out)
}

// DropPackageComment returns a generated source without the package comment of oapi-codegen, which does not describe
// the package. The line that marks generated code stays. source is not changed.
func DropPackageComment(source []byte) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", source, parser.PackageClauseOnly|parser.ParseComments)
	if err != nil {
		return nil, fmt.Errorf("the generated code can't be parsed: %w", err)
	}
	if file.Doc == nil {
		return source, nil
	}
	mark := ""
	for _, line := range file.Doc.List {
		if strings.HasPrefix(line.Text, "// Code generated ") {
			mark = line.Text + "\n\n"
		}
	}
	start, end := fset.Position(file.Doc.Pos()).Offset, fset.Position(file.Package).Offset
	return slices.Concat(source[:start], []byte(mark), source[end:]), nil
}

// completeClient adds the check and the header behind the loop in NewClient that applies the options.
func completeClient(fset *token.FileSet, f *ast.FuncDecl, source []byte, mediaType string) ([]byte, error) {
	i := slices.IndexFunc(f.Body.List, func(s ast.Stmt) bool {
		loop, ok := s.(*ast.RangeStmt)
		if !ok {
			return false
		}
		list, ok := loop.X.(*ast.Ident)
		return ok && list.Name == "opts"
	})
	if i < 0 {
		return nil, fmt.Errorf("the generated function NewClient has no loop over opts")
	}
	end := fset.Position(f.Body.List[i].End()).Offset
	out := slices.Insert(source, end, []byte(newClient)...)
	return fmt.Appendf(out, acceptFunction, mediaType), nil
}

const newClient = `
	if u, err := url.Parse(client.Server); err != nil || u.Scheme == "" || u.Host == "" {
		return nil, fmt.Errorf("the server URL is not an absolute URL, such as https://cloud.mongodb.com")
	}
	client.RequestEditors = append([]RequestEditorFn{setAccept}, client.RequestEditors...)`

const acceptFunction = `
// setAccept requests the API version that this package is generated for. Request editors may replace the header.
func setAccept(_ context.Context, req *http.Request) error {
	if req.Header.Get("Accept") == "" && strings.Contains(req.URL.Path, "/api/atlas/") {
		req.Header.Set("Accept", %q)
	}
	return nil
}
`

const errorMethod = `
// Error returns the HTTP status and the error code. The other fields can contain values of the request.
func (e APIError) Error() string {
	text := fmt.Sprintf("atlas: HTTP status %d", e.Status)
	if strings.Trim(e.ErrorCode, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" { // not an error code of Atlas
		return text
	}
	return text + " " + e.ErrorCode
}
`

func function(file *ast.File, name string) *ast.FuncDecl {
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == name {
			return f
		}
	}
	return nil
}

// hasStatus reports whether the file has a struct APIError with the fields of errorMethod.
func hasStatus(file *ast.File) bool {
	for _, d := range file.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range group.Specs {
			t, ok := s.(*ast.TypeSpec)
			if !ok || t.Name.Name != "APIError" {
				continue
			}
			fields, ok := t.Type.(*ast.StructType)
			return ok && hasField(fields, "Status") && hasField(fields, "ErrorCode")
		}
	}
	return false
}

func hasField(s *ast.StructType, name string) bool {
	return slices.ContainsFunc(s.Fields.List, func(f *ast.Field) bool {
		return slices.ContainsFunc(f.Names, func(n *ast.Ident) bool { return n.Name == name })
	})
}

// addImports adds the missing imports at the begin of the first import declaration. It must run last, and before
// positions in front of the declaration change.
func addImports(fset *token.FileSet, file *ast.File, source []byte, paths []string) ([]byte, error) {
	paths = slices.DeleteFunc(paths, func(path string) bool {
		return slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == strconv.Quote(path) })
	})
	if len(paths) == 0 {
		return source, nil
	}
	if len(file.Decls) > 0 {
		if d, ok := file.Decls[0].(*ast.GenDecl); ok && d.Tok == token.IMPORT && d.Lparen.IsValid() {
			text := "\n\t\"" + strings.Join(paths, "\"\n\t\"") + "\""
			return slices.Insert(source, fset.Position(d.Lparen).Offset+1, []byte(text)...), nil
		}
	}
	return nil, fmt.Errorf("the generated code has no list of imports")
}
