package archtest

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// docLink matches Name, *Type.Method or pkg.Name in brackets, and likewise names that are not exported: type.method and
// twoWords. It does not match the link of Markdown, an index or a word in lower case.
var docLink = regexp.MustCompile(`(?m)(?:^|[\s(])\[\*?(` +
	`(?:[a-z][\w./-]*\.)?[A-Z]\w*(?:\.\w+)?|[a-z]\w*\.[a-z]\w*|[a-z][a-z0-9]*[A-Z]\w*` +
	`)\](?:$|[\s).,;:'?!])`)

// checkDocLinks returns an error text for each doc link in the comments of the Go sources of the module at the root of
// fsys that leads to no declaration: Name and Type.Member in the package, exported or not, pkg.Name in a package that
// the package imports, or in one of the standard library. Names that only tests declare exist for comments of tests.
// The comment of a package links to no private name, since its readers are users of the package. Names of packages in
// other modules are not looked up. Nor may a comment name a page in docs/ or a test that does not
// exist.
func checkDocLinks(fsys fs.FS, module string) (faults []string) {
	s, err := parseSources(fsys)
	if err != nil {
		return []string{"cannot check the doc links: " + err.Error()}
	}
	r := linkResolver{module: module, names: map[string]map[string]bool{}, imports: map[string]map[string]string{}, functions: map[string]bool{}}
	for _, f := range s.files {
		r.add(f)
	}
	for _, f := range s.files {
		if f.generated {
			continue
		}
		for _, group := range f.tree.Comments {
			for _, name := range append(missingPages(fsys, group), r.missingTests(group)...) {
				faults = append(faults, fmt.Sprintf("%s:%d: the comment names %s, which does not exist", f.path, s.line(group.Pos()), name))
			}
			for _, link := range r.broken(f, group) {
				faults = append(faults, fmt.Sprintf("%s:%d: the comment links to %s, which %s", f.path, s.line(group.Pos()), link.name, link.why))
			}
		}
	}
	return faults
}

// pagePath matches the path of a page, also one without a name.
var pagePath = regexp.MustCompile(`\bdocs/[\w./-]*\bmd\b`)

// missingPages returns the paths of pages in docs/ that a comment names and that do not exist.
func missingPages(fsys fs.FS, group *ast.CommentGroup) (missing []string) {
	for _, page := range pagePath.FindAllString(group.Text(), -1) {
		if _, err := fs.Stat(fsys, page); err != nil {
			missing = append(missing, page)
		}
	}
	return missing
}

// linkResolver looks up the names of doc links. The tests of a folder have keys of their own.
type linkResolver struct {
	module    string
	names     map[string]map[string]bool   // by folder or standard package: Name and Type.Member
	imports   map[string]map[string]string // by folder: the paths of its imports by their names
	functions map[string]bool              // the functions of all folders
}

// testsOf returns the key of the tests in a folder.
func testsOf(dir string) string { return dir + " tests" }

// add adds the declarations and imports of a file.
func (r linkResolver) add(f goFile) {
	key := f.dir
	if f.test {
		key = testsOf(f.dir)
	}
	if r.names[key] == nil {
		r.names[key], r.imports[key] = map[string]bool{}, map[string]string{}
	}
	addNames(r.names[key], f.tree)
	for _, spec := range f.tree.Imports {
		target, _ := strconv.Unquote(spec.Path.Value)
		r.imports[key][importName(spec, target)] = target
	}
	for _, decl := range f.tree.Decls {
		if function, ok := decl.(*ast.FuncDecl); ok {
			r.functions[function.Name.Name] = true
		}
	}
}

// testName matches the name of a test function.
var testName = regexp.MustCompile(`\b(?:Test|Fuzz|Benchmark|Example)[A-Z]\w*`)

// missingTests returns the test functions that a comment names and that do not exist.
func (r linkResolver) missingTests(group *ast.CommentGroup) (missing []string) {
	for _, name := range testName.FindAllString(group.Text(), -1) {
		if !r.functions[name] {
			missing = append(missing, name)
		}
	}
	return missing
}

type brokenLink struct{ name, why string }

// broken returns the doc links of a comment that lead to no declaration. Indented lines are code.
func (r linkResolver) broken(f goFile, group *ast.CommentGroup) (links []brokenLink) {
	for _, match := range docLink.FindAllStringSubmatch(indented.ReplaceAllString(group.Text(), ""), -1) {
		switch link := match[1]; {
		case !r.exists(f, link):
			links = append(links, brokenLink{link, "does not exist"})
		case group == f.tree.Doc && isPrivate(link):
			links = append(links, brokenLink{link, "is not exported"})
		}
	}
	return links
}

var indented = regexp.MustCompile(`(?m)^\t.*$`)

// isPrivate reports whether a doc link leads to a name, field or method that is not exported.
func isPrivate(link string) bool { return !ast.IsExported(link[strings.LastIndex(link, ".")+1:]) }

// exists reports whether a doc link in a file leads to a declaration.
func (r linkResolver) exists(f goFile, link string) bool {
	i := strings.LastIndex(link, "/") + 1
	first, rest, qualified := strings.Cut(link[i:], ".")
	if own := r.has(f, f.dir, link); i == 0 && (ast.IsExported(first) || own) {
		return own
	}
	target := link[:i] + first
	if imported := r.imported(f, target); imported != "" {
		target = imported
	}
	dir, ours := strings.CutPrefix(target, r.module+"/")
	switch {
	case !qualified:
		return false
	case ours:
		return r.has(f, dir, rest)
	case isModulePath(target):
		return true
	}
	return r.standard(target)[rest]
}

// has reports whether a folder declares a name that a comment in f can link to. Only tests see the names of tests.
func (r linkResolver) has(f goFile, dir, name string) bool {
	return r.names[dir][name] || f.test && dir == f.dir && r.names[testsOf(dir)][name]
}

// imported returns the path of an import by its name, "" if neither the package nor, for a test, its tests have it.
func (r linkResolver) imported(f goFile, name string) string {
	if target := r.imports[f.dir][name]; target != "" || !f.test {
		return target
	}
	return r.imports[testsOf(f.dir)][name]
}

// standard returns the names of a package of the standard library, none if there is no such package.
func (r linkResolver) standard(target string) map[string]bool {
	if names, ok := r.names["std:"+target]; ok {
		return names
	}
	names := map[string]bool{}
	files, _ := filepath.Glob(filepath.Join(build.Default.GOROOT, "src", filepath.FromSlash(target), "*.go"))
	for _, name := range files {
		if tree, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution); err == nil {
			addNames(names, tree)
		}
	}
	r.names["std:"+target] = names
	return names
}

// importName returns the name of an import in a file, by convention the last element of its path without its version.
func importName(spec *ast.ImportSpec, target string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	if base := path.Base(target); !majorVersion.MatchString(base) {
		return base
	}
	return path.Base(path.Dir(target))
}

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// addNames adds the names that a file declares, those of methods and fields with their type.
func addNames(names map[string]bool, tree *ast.File) {
	for _, decl := range tree.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			names[receiver(d)+d.Name.Name] = true
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				addSpec(names, spec)
			}
		}
	}
}

// addSpec adds the names of a constant, a variable or a type.
func addSpec(names map[string]bool, spec ast.Spec) {
	switch s := spec.(type) {
	case *ast.ValueSpec:
		for _, id := range s.Names {
			names[id.Name] = true
		}
	case *ast.TypeSpec:
		names[s.Name.Name] = true
		for _, member := range members(s.Type) {
			names[s.Name.Name+"."+member] = true
		}
	}
}

// receiver returns the type of a method and a dot, "" for a function.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	typ := d.Recv.List[0].Type
	for {
		switch t := typ.(type) {
		case *ast.StarExpr:
			typ = t.X
		case *ast.IndexExpr:
			typ = t.X
		case *ast.IndexListExpr:
			typ = t.X
		case *ast.Ident:
			return t.Name + "."
		default:
			return ""
		}
	}
}

// members returns the names of the fields of a struct and the methods of an interface.
func members(typ ast.Expr) (names []string) {
	var fields *ast.FieldList
	switch t := typ.(type) {
	case *ast.StructType:
		fields = t.Fields
	case *ast.InterfaceType:
		fields = t.Methods
	default:
		return nil
	}
	for _, field := range fields.List {
		for _, id := range field.Names {
			names = append(names, id.Name)
		}
	}
	return names
}
