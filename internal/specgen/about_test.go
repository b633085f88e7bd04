package specgen

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A list of packages shows the first sentence of the first file.
func TestPackageSynopsis(t *testing.T) {
	for name, apiVersion := range map[string]string{"atlasv1": "v1.0", "atlasv2": "v2"} {
		source, err := About(name, apiVersion)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		text := file.Doc.Text()
		want := "Package " + name + " is the third-party integrations API of MongoDB Atlas, " + apiVersion + ", in Go"
		if got := new(doc.Package).Synopsis(text); !strings.HasPrefix(got, want) || !ast.IsGenerated(file) {
			t.Errorf("%s begins with %q; generated: %v", name, got, ast.IsGenerated(file))
		}
		mediaType := map[string]string{
			"v1.0": "requests application/json;",
			"v2":   "requests [github.com/atlasint/atlasint/gen/schemas.MediaTypeV2],",
		}[apiVersion]
		if words := strings.Join(strings.Fields(text), " "); !strings.Contains(words, mediaType) {
			t.Errorf("%s does not name the Accept header of its client:\n%s", name, text)
		}
	}
}

func TestPackageCommentComesFirst(t *testing.T) {
	for _, name := range []string{"atlasv1", "atlasv2"} {
		dir := filepath.Join("..", "..", "gen", name)
		entries, err := os.ReadDir(dir) // sorted, as documentation is put together
		if os.IsNotExist(err) {
			t.Skip("gen/ does not exist yet")
		}
		if err != nil || entries[0].Name() != "about.gen.go" {
			t.Errorf("%s: %v, %v", dir, entries, err)
		}
	}
}
