package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// textWords is the number of words from which on a string literal counts as a text for people.
const textWords = 3

// readTexts returns the messages, hints, errors and help texts of each package below the root of fsys, by folder: the
// string literals of at least three words in Go sources. Tests, generated files and the folders in skip are left out.
func readTexts(fsys fs.FS, skip ...string) (map[string]*prose, error) {
	all := map[string]*prose{}
	err := walkSources(fsys, skip, func(name string) error {
		if strings.HasSuffix(name, "_test.go") {
			return nil
		}
		if all[path.Dir(name)] == nil {
			all[path.Dir(name)] = &prose{}
		}
		return readLiterals(fsys, name, all[path.Dir(name)])
	})
	return all, err
}

// readLiterals adds the texts of one Go source to p.
func readLiterals(fsys fs.FS, name string, p *prose) error {
	src, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	positions := token.NewFileSet()
	tree, err := parser.ParseFile(positions, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil || ast.IsGenerated(tree) {
		return err
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec, *ast.Field:
			return false // paths and tags
		case *ast.CallExpr:
			return !isRegexp(n)
		case ast.Expr:
			text, ok := literal(n)
			if ok && isText(text) {
				p.read(fmt.Sprintf("%s:%d", name, positions.Position(n.Pos()).Line), text)
			}
			return !ok
		}
		return true
	})
	return nil
}

// literal returns a string literal, or the sum of some. An operand that isn't a literal becomes "…".
func literal(e ast.Expr) (text string, ok bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			text, err := strconv.Unquote(e.Value)
			return text, err == nil
		}
	case *ast.BinaryExpr:
		if e.Op != token.ADD {
			return "", false
		}
		left, isLeft := literal(e.X)
		right, isRight := literal(e.Y)
		if !isLeft {
			left = "…"
		}
		if !isRight {
			right = "…"
		}
		return left + right, isLeft || isRight
	}
	return "", false
}

// isText reports whether a literal is for people: not JSON, a script of Redis or a table of names.
func isText(text string) bool {
	return len(word.FindAllString(verbs.ReplaceAllString(text, ""), textWords)) == textWords &&
		!strings.HasPrefix(text, `{"`) && !strings.Contains(text, "redis.call(")
}

// isRegexp reports whether a call compiles a regular expression.
func isRegexp(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && strings.Contains(sel.Sel.Name, "Compile")
}

// verbs matches the verbs of package fmt.
var verbs = regexp.MustCompile(`%[-+# 0]*[0-9.]*[a-zA-Z]`)
