package connection

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/client"
)

// The command words every kind of hint that the client has, and names no option of it.
func TestHintsAreWorded(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../../../../client/errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	kinds := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 || !strings.HasPrefix(spec.Names[0].Name, "Hint") {
			return true
		}
		kinds++
		kind := client.HintKind(strings.Trim(spec.Values[0].(*ast.BasicLit).Value, `"`))
		if text := clientHints[kind]; text == "" || strings.Contains(text, "With") {
			t.Errorf("%s is worded as %q", spec.Names[0].Name, text)
		}
		return true
	})
	if kinds != len(clientHints) {
		t.Errorf("the client has %d kinds, the command words %d", kinds, len(clientHints))
	}
}
