package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// wordException allows a private word in one place.
type wordException struct {
	Path   string // a file
	Text   string // an identifier, or a part of a comment
	Reason string
}

// wordRules are the rules of checkWords.
type wordRules struct {
	Generated  []string        // the folders of generated files, which are not checked
	Exceptions []wordException // each must be needed
}

// moduleWords returns the rules of this module.
func moduleWords() wordRules {
	return wordRules{
		Generated: []string{"gen", "internal/gen"},
		Exceptions: []wordException{
			{"internal/archtest/words.go", "holds: write contain", "an example of a message"},
		},
	}
}

// checkWords parses the Go sources of the module at the root of fsys, tests included. It returns an error text for each
// private word in a declared identifier, in a file name or in a comment, for each comment that begins with another name
// than that of its declaration, and for each exception that nothing needs.
func checkWords(fsys fs.FS, rules wordRules) (faults []string) {
	c := wordChecker{rules: rules, used: make([]bool, len(rules.Exceptions)), positions: token.NewFileSet()}
	err := walkSources(fsys, rules.Generated, func(name string) error { return c.file(fsys, name) })
	if err != nil {
		c.faults = append(c.faults, "cannot check the words: "+err.Error())
	}
	return append(c.faults, c.unused()...)
}

// wordChecker collects the faults of checkWords.
type wordChecker struct {
	rules     wordRules
	used      []bool // by the index of an exception
	positions *token.FileSet
	faults    []string
}

func (c *wordChecker) file(fsys fs.FS, name string) error {
	src, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	tree, err := parser.ParseFile(c.positions, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	c.add(name, 1, path.Base(name), findInName(strings.TrimSuffix(path.Base(name), ".go")))
	for _, group := range tree.Comments {
		for _, comment := range group.List {
			c.add(name, c.line(comment.Pos()), comment.Text, FindWords(comment.Text))
		}
	}
	for _, fault := range docFaults(tree, strings.HasSuffix(name, "_test.go")) {
		c.faults = append(c.faults, fmt.Sprintf("%s:%d: %s", name, c.line(fault.comment.Pos()), fault.text))
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		for _, id := range declared(n) {
			c.add(name, c.line(id.Pos()), id.Name, findInName(id.Name))
		}
		return true
	})
	return nil
}

func (c *wordChecker) line(at token.Pos) int { return c.positions.Position(at).Line }

// add adds a fault for each word that was found in a text, unless an exception allows it.
func (c *wordChecker) add(name string, line int, text string, found []string) {
	for _, word := range found {
		i := slices.IndexFunc(c.rules.Exceptions, func(e wordException) bool { return e.Path == name && strings.Contains(text, e.Text) })
		if i >= 0 {
			c.used[i] = true
			continue
		}
		c.faults = append(c.faults, fmt.Sprintf("%s:%d: %s (in %q)", name, line, word, text))
	}
}

// unused returns an error text for each exception that nothing needed.
func (c *wordChecker) unused() (faults []string) {
	for i, e := range c.rules.Exceptions {
		if !c.used[i] {
			faults = append(faults, fmt.Sprintf("the exception for %s, %q is not needed", e.Path, e.Text))
		}
	}
	return faults
}

// declared returns the identifiers that a node declares.
func declared(n ast.Node) (ids []*ast.Ident) {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return []*ast.Ident{n.Name}
	case *ast.TypeSpec:
		return []*ast.Ident{n.Name}
	case *ast.ValueSpec:
		return n.Names
	case *ast.Field:
		return n.Names
	case *ast.LabeledStmt:
		return []*ast.Ident{n.Label}
	case *ast.AssignStmt:
		if n.Tok == token.DEFINE {
			return idents(n.Lhs)
		}
	case *ast.RangeStmt:
		if n.Tok == token.DEFINE {
			return idents([]ast.Expr{n.Key, n.Value})
		}
	}
	return nil
}

// idents returns the identifiers among expressions.
func idents(list []ast.Expr) (ids []*ast.Ident) {
	for _, e := range list {
		if id, ok := e.(*ast.Ident); ok && id != nil {
			ids = append(ids, id)
		}
	}
	return ids
}
