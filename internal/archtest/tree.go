package archtest

import (
	"bytes"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// file has the facts of one Go source that the rules need.
type file struct {
	path      string
	dir       string // its package, "." at the root
	name      string // of the package clause
	test      bool
	tag       string // the whole //go:build expression
	generated bool
	lines     int
	imports   []imported
	functions []function // none where the file is generated
}

// runner reports whether the file is a program that only `go run FILE` builds.
func (f file) runner() bool { return f.tag == "ignore" }

// toolList reports whether the file is the list of the module's tools, which is never built.
func (f file) toolList() bool { return f.path == "tools.go" && f.tag == "tools" }

type imported struct {
	line int
	path string
}

// readTree parses every Go source of the module at the root of fsys and of no other module below it.
// A file that can't be parsed becomes a fault; the others are still read.
func readTree(fsys fs.FS) (files []file, faults []string) {
	err := walkSources(fsys, nil, func(name string) error {
		if f, err := readFile(fsys, name); err != nil {
			faults = append(faults, "cannot read it as Go: "+err.Error())
		} else {
			files = append(files, f)
		}
		return nil
	})
	if err != nil {
		faults = append(faults, "cannot walk the tree: "+err.Error())
	}
	return files, faults
}

// walkSources calls visit for each Go source of the module at the root of fsys, in the order of the tree. The folders
// in skip and other modules below the root are left out.
func walkSources(fsys fs.FS, skip []string, visit func(name string) error) error {
	return fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (skipped(fsys, name) || slices.Contains(skip, name)):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		return visit(name)
	})
}

// skipped reports whether the go command ignores the folder as part of this module.
func skipped(fsys fs.FS, dir string) bool {
	if dir == "." {
		return false
	}
	base := path.Base(dir)
	if base == "testdata" || base == "vendor" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	_, err := fs.Stat(fsys, path.Join(dir, "go.mod"))
	return err == nil
}

func readFile(fsys fs.FS, name string) (file, error) {
	src, err := fs.ReadFile(fsys, name)
	if err != nil {
		return file{}, err
	}
	positions := token.NewFileSet()
	tree, err := parser.ParseFile(positions, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return file{}, err
	}
	f := file{
		path:      name,
		dir:       path.Dir(name),
		name:      tree.Name.Name,
		test:      strings.HasSuffix(name, "_test.go"),
		tag:       buildTag(tree),
		generated: ast.IsGenerated(tree),
		lines:     bytes.Count(src, []byte("\n")),
		imports:   importsOf(positions, tree),
	}
	if !f.generated {
		f.functions = functionsOf(positions, tree)
	}
	return f, nil
}

func functionsOf(positions *token.FileSet, tree *ast.File) []function {
	var functions []function
	for _, decl := range tree.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok {
			first, last := positions.Position(f.Pos()).Line, positions.Position(f.End()).Line
			functions = append(functions, function{f.Name.Name, first, last - first + 1})
		}
	}
	return functions
}

func importsOf(positions *token.FileSet, tree *ast.File) []imported {
	var imports []imported
	for _, spec := range tree.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		if err != nil { // the parser has rejected it already
			continue
		}
		imports = append(imports, imported{positions.Position(spec.Pos()).Line, target})
	}
	return imports
}

// buildTag returns the //go:build expression of the file. It counts only above the package clause.
func buildTag(tree *ast.File) string {
	for _, group := range tree.Comments {
		if group.Pos() > tree.Package {
			break
		}
		for _, line := range group.List {
			if expr, err := constraint.Parse(line.Text); err == nil && constraint.IsGoBuild(line.Text) {
				return expr.String()
			}
		}
	}
	return ""
}
