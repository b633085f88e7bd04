package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strings"
)

// goFile is a parsed Go file of the module.
type goFile struct {
	path, dir string
	test      bool
	generated bool
	text      string
	tree      *ast.File
}

// sources are the Go files of the module in the order of the tree.
type sources struct {
	files     []goFile
	positions *token.FileSet
}

// parseSources parses the Go files of the module at the root of fsys, and those of no other module below it.
func parseSources(fsys fs.FS) (sources, error) {
	s := sources{positions: token.NewFileSet()}
	err := walkSources(fsys, nil, func(name string) error {
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		tree, err := parser.ParseFile(s.positions, name, src, parser.ParseComments|parser.SkipObjectResolution)
		if err == nil {
			s.files = append(s.files, goFile{name, path.Dir(name), strings.HasSuffix(name, "_test.go"), ast.IsGenerated(tree), string(src), tree})
		}
		return err
	})
	return s, err
}

func (s sources) line(at token.Pos) int { return s.positions.Position(at).Line }
