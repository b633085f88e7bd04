package archtest

import (
	"fmt"
	"io/fs"
	"strings"
	"unicode/utf8"
)

// maxCommentColumns is the limit for the length of a comment line. A tab before it counts as one column.
const maxCommentColumns = 120

// checkCommentLines returns an error text for each comment line with more than 120 columns in the Go sources of the
// module at the root of fsys. Comments after code, directives, the output of examples and single words such as URLs may
// be longer.
func checkCommentLines(fsys fs.FS) (faults []string) {
	s, err := parseSources(fsys)
	if err != nil {
		return []string{"cannot check the comments: " + err.Error()}
	}
	for _, f := range s.files {
		if !f.generated {
			faults = append(faults, s.longLines(f)...)
		}
	}
	return faults
}

// longLines returns an error text for each comment line of a file that is too long.
func (s sources) longLines(f goFile) (faults []string) {
	for _, group := range f.tree.Comments {
		for _, comment := range group.List {
			at := s.positions.Position(comment.Pos())
			if output.MatchString(strings.TrimPrefix(comment.Text, "//")) {
				break
			}
			indent := f.text[at.Offset-at.Column+1 : at.Offset]
			if strings.TrimSpace(indent) != "" { // it follows code
				continue
			}
			for i, line := range strings.Split(indent+comment.Text, "\n") {
				if columns := utf8.RuneCountInString(line); columns > maxCommentColumns && canBreak(line) {
					faults = append(faults, fmt.Sprintf("%s:%d: the comment has %d columns, over %d: wrap it",
						f.path, at.Line+i, columns, maxCommentColumns))
				}
			}
		}
	}
	return faults
}

// canBreak reports whether a comment line has more than one word and is no directive.
func canBreak(line string) bool {
	text := strings.TrimPrefix(strings.TrimSpace(line), "//")
	return !code.MatchString(text) && len(strings.Fields(text)) > 1
}
