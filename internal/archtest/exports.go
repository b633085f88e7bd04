package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// checkExported returns the exported names of internal packages that only their own package and tests use, one line
// each. A name counts as used if code of another package other than tests uses it, or if the declaration of a used name
// shows it: in a signature, in an exported field, in an exported method, or as the type of a constant. For a package
// that only tests import, and for the names in forTests, uses by tests count.
func checkExported(fsys fs.FS, module string) []string {
	src, err := parseSources(fsys)
	if err != nil {
		return []string{"cannot read the sources: " + err.Error()}
	}
	u := exportUse{module: module, packages: map[string]*declarations{}}
	code := importedByCode(src.files, module)
	for _, f := range src.files {
		if isInternal(f.dir) && !f.test && f.tree.Name.Name != "main" {
			u.declare(f)
		}
	}
	for _, f := range src.files {
		u.findUses(f, code)
	}
	faults := u.useForTests()
	for _, d := range u.order {
		for _, id := range d.unused() {
			faults = append(faults, fmt.Sprintf("%s: %s is exported, and only its own package uses it: unexport it",
				src.positions.Position(id.Pos()), id.Name))
		}
	}
	return faults
}

// forTests are the exported names of code that tests of other packages need, each with its reason.
var forTests = map[string]string{
	"cmd/atlasint/internal/apply.Steps":     "planfile writes and reads plans of the real comparison",
	"cmd/atlasint/internal/clidoc.Markdown": "the tests of the docs write docs/cli.md",
	"cmd/atlasint/internal/specview.Parse":  "generate compares the forms before and after each conversion",
	"internal/specgen.Index":                "validate validates by documents that are not part of gen/",
}

// importedByCode returns the folders of the packages that another package imports in a file other than a test. All
// other packages are for tests: fixtures, servers to start, and checks of texts.
func importedByCode(files []goFile, module string) map[string]bool {
	code := map[string]bool{}
	for _, f := range files {
		for _, spec := range f.tree.Imports {
			target, _ := strconv.Unquote(spec.Path.Value)
			if dir, ours := strings.CutPrefix(target, module+"/"); ours && !f.test && (dir != f.dir || f.tree.Name.Name == "main") {
				code[dir] = true
			}
		}
	}
	return code
}

// isInternal reports whether only this module can import a package.
func isInternal(dir string) bool { return slices.Contains(strings.Split(dir, "/"), "internal") }

// exportUse has the declarations of all internal packages.
type exportUse struct {
	module   string
	packages map[string]*declarations // by folder
	order    []*declarations
}

// declarations are the declared names of a package, each with the code that shows other names to its users.
type declarations struct {
	name  string // of the package clause
	names []*ast.Ident
	shown map[string][]ast.Node
	used  map[string]bool
}

func (u *exportUse) declare(f goFile) {
	d := u.packages[f.dir]
	if d == nil {
		d = &declarations{name: f.tree.Name.Name, shown: map[string][]ast.Node{}, used: map[string]bool{}}
		u.packages[f.dir] = d
		u.order = append(u.order, d)
	}
	for _, decl := range f.tree.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			d.addFunction(decl)
		case *ast.GenDecl:
			d.addGroup(decl)
		}
	}
}

// addFunction adds a function, or an exported method to its type.
func (d *declarations) addFunction(f *ast.FuncDecl) {
	switch {
	case f.Recv == nil:
		d.add(f.Name, f.Type)
	case f.Name.IsExported():
		base := f.Recv.List[0].Type
		if pointer, ok := base.(*ast.StarExpr); ok {
			base = pointer.X
		}
		if generic, ok := base.(*ast.IndexExpr); ok {
			base = generic.X
		}
		if id, ok := base.(*ast.Ident); ok {
			d.shown[id.Name] = append(d.shown[id.Name], f.Type)
		}
	}
}

// addGroup adds types, variables and constants. The type of a constant shows the constant, so that a list of constants
// stays whole.
func (d *declarations) addGroup(group *ast.GenDecl) {
	var constType ast.Expr // a constant without a value has the type of the one before it
	for _, spec := range group.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			d.add(spec.Name, spec.Type)
		case *ast.ValueSpec:
			if group.Tok == token.CONST && (spec.Type != nil || spec.Values != nil) {
				constType = spec.Type
			}
			d.addValues(spec, constType)
		}
	}
}

// addValues adds variables, or constants of a type.
func (d *declarations) addValues(spec *ast.ValueSpec, constType ast.Expr) {
	typ, isConst := constType.(*ast.Ident)
	for _, id := range spec.Names {
		d.add(id, spec.Type)
		for _, value := range spec.Values {
			d.add(nil, value, id.Name)
		}
		if isConst {
			d.add(nil, id, typ.Name)
		}
	}
}

// add adds a declared name, and a node that it or the named owners show.
func (d *declarations) add(id *ast.Ident, node ast.Node, owners ...string) {
	if id != nil {
		d.names, owners = append(d.names, id), append(owners, id.Name)
	}
	for _, owner := range owners {
		d.shown[owner] = append(d.shown[owner], node)
	}
}

// useForTests marks the names in forTests. It returns an error text for each that code uses, or that does not exist.
func (u *exportUse) useForTests() (faults []string) {
	for _, name := range slices.Sorted(maps.Keys(forTests)) {
		i := strings.LastIndex(name, ".")
		switch d := u.packages[name[:i]]; {
		case d == nil: // another module, in a test
		case d.used[name[i+1:]] || d.shown[name[i+1:]] == nil:
			faults = append(faults, "internal/archtest/exports.go: "+name+" needs no exception for tests")
		default:
			d.use(name[i+1:])
		}
	}
	return faults
}

// findUses marks the names that a file uses of other packages. A test uses only packages for tests.
func (u *exportUse) findUses(f goFile, code map[string]bool) {
	imports := map[string]*declarations{}
	for _, spec := range f.tree.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		dir, ours := strings.CutPrefix(target, u.module+"/")
		d := u.packages[dir]
		if err != nil || !ours || d == nil || f.test && (dir == f.dir || code[dir]) {
			continue
		}
		imports[d.name] = d
		if spec.Name != nil {
			imports[spec.Name.Name] = d
		}
	}
	ast.Inspect(f.tree, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if of, ok := selector.X.(*ast.Ident); ok && imports[of.Name] != nil {
				imports[of.Name].use(selector.Sel.Name)
			}
		}
		return true
	})
}

// use marks a name and all names that it shows.
func (d *declarations) use(name string) {
	if d.used[name] {
		return
	}
	d.used[name] = true
	for _, node := range d.shown[name] {
		if node != nil {
			ast.Inspect(node, func(n ast.Node) bool { return d.show(n) })
		}
	}
}

// show marks the name in a node. It reports whether the parts of the node are shown, too: no private field, and no body
// of a function.
func (d *declarations) show(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.Ident:
		d.use(n.Name)
	case *ast.FuncLit:
		ast.Inspect(n.Type, func(n ast.Node) bool { return d.show(n) })
		return false
	case *ast.SelectorExpr:
		return false // of another package
	case *ast.StructType:
		for _, field := range n.Fields.List {
			if isShown(field) {
				ast.Inspect(field.Type, func(n ast.Node) bool { return d.show(n) })
			}
		}
		return false
	}
	return true
}

// isShown reports whether a field is embedded or has an exported name.
func isShown(field *ast.Field) bool {
	return len(field.Names) == 0 || slices.ContainsFunc(field.Names, (*ast.Ident).IsExported)
}

// unused returns the exported names without a use.
func (d *declarations) unused() (names []*ast.Ident) {
	for _, id := range d.names {
		if id.IsExported() && !d.used[id.Name] {
			names = append(names, id)
		}
	}
	return names
}
