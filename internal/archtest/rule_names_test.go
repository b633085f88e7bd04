package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/validate"
)

// TestRuleNames shows that code compares the rule of a finding only with rules that exist.
func TestRuleNames(t *testing.T) {
	known := map[string]bool{}
	for _, rule := range validate.Rules() {
		known[rule.ID] = true
	}
	s, err := parseSources(moduleFS(t))
	if err != nil {
		t.Fatal(err)
	}
	names := ruleNames(s)
	for _, dir := range []string{"fakeatlas", "internal/payloadtest"} {
		if !hasBelow(names, dir) {
			t.Errorf("no name of a rule is found in %s", dir)
		}
	}
	for _, name := range names {
		if !known[name.id] {
			t.Errorf("%s: the rule %s does not exist", name.place, name.id)
		}
	}
}

func TestRuleNamesAreFound(t *testing.T) {
	s, err := parseSources(tree(map[string]string{
		"go.mod": "module example.org/m\n",
		"a/a.go": "package a\n\nvar Kinds, other = map[string]bool{\"a\": true}, map[string]bool{\"x\": true}\n",
		"b/b.go": `package b

func f(f a.F) bool {
	switch f.Rule {
	case "b", "c":
	}
	return f.Rule == "d" || "e" != f.Rule || a.Kinds[f.Rule] || other[f.Name] || f.Name == "x"
}
`,
	}))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, name := range ruleNames(s) {
		got = append(got, name.place+" "+name.id)
	}
	if diff := cmp.Diff([]string{"a/a.go:3 a", "b/b.go:5 b", "b/b.go:5 c", "b/b.go:7 d", "b/b.go:7 e"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// ruleName is a string in the code that a field Rule is compared with.
type ruleName struct{ dir, place, id string }

func hasBelow(names []ruleName, dir string) bool {
	for _, name := range names {
		if name.dir == dir || len(name.dir) > len(dir) && name.dir[:len(dir)+1] == dir+"/" {
			return true
		}
	}
	return false
}

// ruleNames returns the strings that fields Rule are compared with by == and !=, in a switch, or as the keys of a map
// variable of the module. Tests are left out: theirs may be rules that don't exist.
func ruleNames(s sources) (names []ruleName) {
	maps := ruleMaps(s)
	for _, f := range s.files {
		if f.test {
			continue
		}
		add := func(values ...ast.Expr) {
			for _, value := range values {
				if text, ok := value.(*ast.BasicLit); ok && text.Kind == token.STRING {
					id, _ := strconv.Unquote(text.Value)
					names = append(names, ruleName{f.dir, fmt.Sprintf("%s:%d", f.path, s.line(text.Pos())), id})
				}
			}
		}
		ast.Inspect(f.tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SwitchStmt:
				for _, clause := range n.Body.List {
					if isRule(n.Tag) {
						add(clause.(*ast.CaseClause).List...)
					}
				}
			case *ast.BinaryExpr:
				if (n.Op == token.EQL || n.Op == token.NEQ) && (isRule(n.X) || isRule(n.Y)) {
					add(n.X, n.Y)
				}
			case *ast.ValueSpec:
				for i, value := range n.Values {
					if lit, ok := value.(*ast.CompositeLit); ok && maps[n.Names[i].Name] {
						add(keysOf(lit)...)
					}
				}
			}
			return true
		})
	}
	return names
}

// ruleMaps returns the names of variables with an index Rule.
func ruleMaps(s sources) map[string]bool {
	names := map[string]bool{}
	for _, f := range s.files {
		ast.Inspect(f.tree, func(n ast.Node) bool {
			if index, ok := n.(*ast.IndexExpr); ok && isRule(index.Index) {
				switch of := index.X.(type) {
				case *ast.Ident:
					names[of.Name] = true
				case *ast.SelectorExpr:
					names[of.Sel.Name] = true
				}
			}
			return true
		})
	}
	return names
}

func isRule(value ast.Expr) bool {
	field, ok := value.(*ast.SelectorExpr)
	return ok && field.Sel.Name == "Rule"
}

func keysOf(lit *ast.CompositeLit) (keys []ast.Expr) {
	for _, element := range lit.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			keys = append(keys, pair.Key)
		}
	}
	return keys
}
