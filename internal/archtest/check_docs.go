package archtest

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
	"unicode"
)

// docFaults returns a text for each declaration of a file whose comment begins with the name of another identifier, as
// after a rename, and for each exported function, method and type whose comment does not begin with its name. Comments
// of tests may be sentences of another form.
func docFaults(tree *ast.File, test bool) (faults []docFault) {
	for _, decl := range tree.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			faults = append(faults, checkDoc(d.Doc, d.Name, !test)...)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				doc := d.Doc
				if d.Lparen.IsValid() {
					doc = nil // a comment of a group is about all of it
				}
				switch s := spec.(type) {
				case *ast.TypeSpec:
					faults = append(faults, checkDoc(firstDoc(s.Doc, doc), s.Name, !test)...)
				case *ast.ValueSpec:
					faults = append(faults, checkDoc(firstDoc(s.Doc, doc), s.Names[0], false)...)
				}
			}
		}
	}
	return faults
}

// docFault is a fault of a comment.
type docFault struct {
	comment *ast.CommentGroup
	text    string
}

func firstDoc(own, group *ast.CommentGroup) *ast.CommentGroup {
	if own != nil {
		return own
	}
	return group
}

// checkDoc checks the first word of a comment. A word in lower case must be the name, since sentences begin with a
// capital. If strict is set, every comment of an exported name must begin with the name, perhaps after an article.
func checkDoc(doc *ast.CommentGroup, name *ast.Ident, strict bool) []docFault {
	words := strings.Fields(doc.Text())
	if strict && name.IsExported() && len(words) > 1 && slices.Contains([]string{"A", "An", "The"}, words[0]) {
		words = words[1:]
	}
	if len(words) == 0 || strings.TrimRight(words[0], ":,.") == name.Name {
		return nil
	}
	if strict && name.IsExported() || unicode.IsLower(rune(words[0][0])) {
		return []docFault{{doc, fmt.Sprintf("the comment of %s begins with %q", name.Name, words[0])}}
	}
	return nil
}
