package archtest

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// maxExported is the largest number of exported names, without methods and fields, in the packages that other modules
// can import. Generated packages don't count. Lower it when you remove a name. Remove a name when you add one.
const maxExported = 110

func TestExportedNames(t *testing.T) {
	names := exportedNames(t, moduleFS(t))
	if len(names) > maxExported {
		t.Errorf("%d exported names, the limit is %d:\n%s", len(names), maxExported, strings.Join(names, "\n"))
	}
	if len(names) < maxExported {
		t.Errorf("%d exported names: lower the limit of %d", len(names), maxExported)
	}
}

func TestExportedNamesCountsEachKind(t *testing.T) {
	fsys := fstest.MapFS{
		"go.mod":           {Data: []byte("module m\n")},
		"gen/x/x.go":       {Data: []byte("package x\n\nvar A int\n")},
		"internal/x/x.go":  {Data: []byte("package x\n\nvar A int\n")},
		"cmd/x/main.go":    {Data: []byte("package main\n\nfunc Main() {}\n")},
		"a/internal/x.go":  {Data: []byte("package internal\n\nvar A int\n")},
		"a/a_test.go":      {Data: []byte("package a\n\nvar OfTest int\n")},
		"a/b/b.go":         {Data: []byte("package b\n\ntype T struct{ Field int }\n\nfunc New() *T { return nil }\n\nfunc (T) Method() {}\n")},
		"a/a_unix.go":      {Data: []byte("//go:build unix\n\npackage a\n\nvar Same int\n")},
		"a/a_windows.go":   {Data: []byte("package a\n\nvar Same, private int\n\nconst C, D = 1, 2\n")},
		"a/testdata/t.go":  {Data: []byte("package t\n\nvar A int\n")},
		"generate_main.go": {Data: []byte("//go:build ignore\n\npackage main\n\nfunc F() {}\n")},
	}
	want := []string{"a.C", "a.D", "a.Same", "a/b.New", "a/b.T"}
	if diff := cmp.Diff(want, exportedNames(t, fsys)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// exportedNames returns the exported names of the packages that other modules can import, each with its folder.
func exportedNames(t *testing.T, fsys fs.FS) (names []string) {
	t.Helper()
	positions, packages := token.NewFileSet(), map[string][]*ast.File{}
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (skipped(fsys, name) || name == "gen" || name == "cmd" || path.Base(name) == "internal"):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(positions, name, src, parser.ParseComments)
		if err == nil && file.Name.Name != "main" {
			packages[path.Dir(name)] = append(packages[path.Dir(name)], file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir, files := range packages {
		docs, err := doc.NewFromFiles(positions, files, dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range namesOf(docs) {
			if full := dir + "." + name; ast.IsExported(name) && !slices.Contains(names, full) {
				names = append(names, full)
			}
		}
	}
	slices.Sort(names)
	return names
}

// namesOf returns the names of all constants, variables, functions and types in the documentation of a package.
func namesOf(p *doc.Package) (names []string) {
	values, functions := slices.Concat(p.Consts, p.Vars), p.Funcs
	for _, typ := range p.Types {
		names = append(names, typ.Name)
		values, functions = slices.Concat(values, typ.Consts, typ.Vars), append(functions, typ.Funcs...)
	}
	for _, value := range values {
		names = append(names, value.Names...)
	}
	for _, function := range functions {
		names = append(names, function.Name)
	}
	return names
}
