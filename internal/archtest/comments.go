package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// readComments returns the comments below the root of fsys, by folder: those of Go sources, and those that begin with #
// in scripts, YAML files, Makefiles and testscripts. Generated files, fetched packages and the folders in skip are left
// out.
func readComments(fsys fs.FS, skip ...string) (map[string]*prose, error) {
	all := map[string]*prose{}
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (slices.Contains(skip, name) || path.Base(name) == "node_modules"):
			return fs.SkipDir
		case !entry.Type().IsRegular():
			return nil
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		blocks, err := commentBlocks(name, string(data))
		for _, b := range blocks {
			if all[path.Dir(name)] == nil {
				all[path.Dir(name)] = &prose{}
			}
			all[path.Dir(name)].readBlock(name, b)
		}
		return err
	})
	return all, err
}

// block is a comment of one or more lines, without the characters that mark it as a comment.
type block struct {
	line  int // of the first of lines
	lines []string
}

// commentBlocks returns the comments of a file, and none for a file of an unknown kind.
func commentBlocks(name, src string) ([]block, error) {
	testdata := strings.Contains("/"+name, "/testdata/")
	switch ext := path.Ext(name); {
	case testdata && ext == ".txt":
		script, _, _ := strings.Cut("\n"+src, "\n-- ") // the files of a testscript are test data
		return hashBlocks(script[min(1, len(script)):]), nil
	case testdata:
		return nil, nil
	case ext == ".go":
		return goBlocks(name, src)
	case slices.Contains([]string{".sh", ".yaml", ".yml"}, ext),
		slices.Contains([]string{"Makefile", "Dockerfile"}, path.Base(name)),
		ext == "" && strings.HasPrefix(src, "#!"):
		return hashBlocks(src), nil
	}
	return nil, nil
}

// goBlocks returns the comments of a Go source. Directives, code, the expected output of examples and a declared name
// at the beginning are left out; CheckWords checks names.
func goBlocks(name, src string) (blocks []block, err error) {
	positions := token.NewFileSet()
	tree, err := parser.ParseFile(positions, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil || ast.IsGenerated(tree) {
		return nil, err
	}
	names := map[string]bool{}
	ast.Inspect(tree, func(n ast.Node) bool {
		for _, id := range declared(n) {
			names[id.Name] = true
		}
		return true
	})
	for _, group := range tree.Comments {
		b := block{line: positions.Position(group.Pos()).Line}
		for _, comment := range group.List {
			b.lines = append(b.lines, strings.Split(strings.TrimPrefix(comment.Text, "//"), "\n")...)
		}
		if i := slices.IndexFunc(b.lines, output.MatchString); i >= 0 {
			b.lines = b.lines[:i]
		}
		for i, line := range b.lines {
			first, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
			switch {
			case code.MatchString(line):
				b.lines[i] = ""
			case i == 0 && names[first]:
				b.lines[i] = rest
			}
		}
		blocks = append(blocks, b)
	}
	return blocks, nil
}

// hashBlocks returns the comments that begin with #. A line without code continues the comment of the line before it.
func hashBlocks(src string) (blocks []block) {
	last := -1 // the line of the last comment
	for i, line := range strings.Split(src, "\n") {
		at := hash.FindStringIndex(line)
		switch {
		case at == nil:
			continue
		case last == i-1 && len(blocks) > 0 && strings.TrimSpace(line[:at[0]]) == "":
			b := &blocks[len(blocks)-1]
			b.lines = append(b.lines, line[at[1]:])
		default:
			blocks = append(blocks, block{i + 1, []string{line[at[1]:]}})
		}
		last = i
	}
	return blocks
}

// readBlock counts the words of a comment and finds its phrases, also those that a line break divides.
func (p *prose) readBlock(name string, b block) {
	for i, line := range b.lines {
		b.lines[i] = strings.TrimSpace(line)
	}
	text := quoted.ReplaceAllStringFunc(strings.Join(b.lines, "\n"), func(s string) string {
		return " " + strings.Repeat("\n", strings.Count(s, "\n")) // keeps the number of lines
	})
	p.words += len(word.FindAllString(text, -1))
	flat := strings.ReplaceAll(text, "\n", " ")
	for _, ph := range phrases() {
		for _, at := range ph.pattern.FindAllStringIndex(flat, -1) {
			if technical.MatchString(flat[at[0]:at[1]]) {
				continue
			}
			line := b.line + strings.Count(text[:at[0]], "\n")
			p.faults = append(p.faults, fmt.Sprintf("%s:%d: %q: use %s", name, line, flat[at[0]:at[1]], ph.instead))
		}
	}
}

// technical matches phrases with a technical meaning in comments: tests search texts for secret samples, the canaries,
// and a path or a reference leads to a part of a document, perhaps back to the part around it.
var technical = regexp.MustCompile(`(?i)^(canary|canaries|leads? (to|back))$`)

var (
	// quoted matches what a comment quotes: inline code, texts in quotation marks, and names in brackets.
	quoted = regexp.MustCompile("`[^`]*`|\"[^\"]*\"|“[^”]*”|\\[[\\w.]+\\]")
	// hash matches the beginning of a comment in scripts and YAML files. A parameter such as $# doesn't begin one.
	hash = regexp.MustCompile(`(^|\s)#+\s`)
	// code matches a line of a Go comment that is a directive or an indented example.
	code = regexp.MustCompile(`^(\w+:\S|\t)`)
	// output matches the line of an example after which its output follows.
	output = regexp.MustCompile(`^ (Unordered output|Output):`)
)
