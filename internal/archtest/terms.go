package archtest

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// moduleTerms returns the exceptions of checkTerms in this module.
func moduleTerms() []wordException {
	const key = `json:"generation"`
	return []wordException{
		{"cmd/atlasint/internal/cli/apply_test.go", key, "a key of the corpus, which is not in the tree"},
		{"cmd/atlasint/internal/drift/fields_test.go", key, "a key of the table of fields, which is not in the tree"},
		{"internal/archtest/terms.go", "eneration", "the exceptions"},
		{"internal/archtest/terms.go", "answer", "the exceptions"},
		{"internal/archtest/terms_test.go", "eneration", "planted words"},
		{"internal/archtest/words.go", "generation", "the list"},
		{"internal/archtest/words.go", "answer", "the list"},
		{"validate/corpus_test.go", key, "a key of the corpus, which is not in the tree"},
	}
}

// checkTerms searches the files below the root of fsys, of any kind, for the words with the scope everywhere. It
// returns an error text for each one in a line or in a path, and for each exception that nothing needs. The files of
// git, built files and fetched packages are left out.
func checkTerms(fsys fs.FS, exceptions []wordException) []string {
	c := wordChecker{rules: wordRules{Exceptions: exceptions}, used: make([]bool, len(exceptions))}
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (slices.Contains([]string{".git", "bin", "dist"}, name) || path.Base(name) == "node_modules"):
			return fs.SkipDir
		case !entry.Type().IsRegular():
			return nil
		}
		data, err := fs.ReadFile(fsys, name)
		c.terms(name, string(data))
		return err
	})
	if err != nil {
		c.faults = append(c.faults, "cannot check the terms: "+err.Error())
	}
	return append(c.faults, c.unused()...)
}

// terms adds the words in the path and in the lines of a file.
func (c *wordChecker) terms(name, text string) {
	for _, w := range compiledWords() {
		if w.Scope != everywhere || !w.inPart.MatchString(name+"\n"+text) {
			continue
		}
		for i, line := range strings.Split(name+"\n"+text, "\n") {
			for _, word := range w.inPart.FindAllString(line, -1) {
				c.add(name, max(i, 1), strings.TrimSpace(line), []string{fmt.Sprintf("%s: write %s", word, w.Use)})
			}
		}
	}
}
