package archtest

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// checkTools compares the tool lines of go.mod with the blank imports of tools.go at the root of fsys
// and returns one line for each path that only one of them names.
func checkTools(fsys fs.FS) []string {
	gomod, err := fs.ReadFile(fsys, "go.mod")
	if err != nil {
		return []string{err.Error()}
	}
	imports, err := blankImports(fsys, "tools.go")
	if err != nil {
		return []string{err.Error()}
	}
	tools := toolLines(string(gomod))
	return append(missing("tools.go", tools, imports), missing("go.mod", imports, tools)...)
}

func missing(where string, want, have []string) []string {
	var faults []string
	for _, tool := range want {
		if !slices.Contains(have, tool) {
			faults = append(faults, fmt.Sprintf("%s lacks the tool %s", where, tool))
		}
	}
	return faults
}

// toolLines reads both forms of the directive: `tool path`, and `tool (` with one path per line.
func toolLines(gomod string) []string {
	var tools []string
	block := false
	for line := range strings.Lines(gomod) {
		line, _, _ = strings.Cut(line, "//")
		words := strings.Fields(strings.ReplaceAll(line, "(", " ( "))
		switch {
		case len(words) == 0:
		case words[0] == ")":
			block = false
		case block:
			tools = append(tools, unquoted(words[0]))
		case words[0] == "tool" && len(words) > 1:
			if block = words[1] == "("; !block {
				tools = append(tools, unquoted(words[1]))
			}
		}
	}
	return tools
}

// unquoted returns a word of go.mod without the quotes that it may have.
func unquoted(word string) string {
	if plain, err := strconv.Unquote(word); err == nil {
		return plain
	}
	return word
}

func blankImports(fsys fs.FS, name string) ([]string, error) {
	src, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	tree, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, spec := range tree.Imports {
		if spec.Name != nil && spec.Name.Name == "_" {
			paths = append(paths, unquoted(spec.Path.Value))
		}
	}
	return paths, nil
}
