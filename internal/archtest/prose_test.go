package archtest

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// generatedPages are the documents that may be long, with the reason.
var generatedPages = map[string]string{
	"docs/cli.md":   "generated from the help texts of the command",
	"docs/rules.md": "generated from the texts of the rules",
}

// TestProse finds documents with more than one mannered phrase in 1,000 words. The phrases and the words to use instead
// are in words.go and phrases.go.
func TestProse(t *testing.T) {
	root := filepath.Join("..", "..")
	tree := os.DirFS(root)
	words, found := 0, 0
	for _, name := range documents(t, tree) {
		p, err := readProse(tree, name)
		if err != nil {
			t.Fatal(err)
		}
		words += p.words
		found += len(p.faults)
		report := t.Log
		if p.mannered() {
			report = t.Error
		}
		for _, fault := range p.faults {
			report(fault)
		}
	}
	t.Logf("%d phrases in %d words", found, words)
	if words < 12000 {
		t.Errorf("found only %d words", words)
	}
	if found*1000 > proseRate*words {
		t.Errorf("%d phrases in %d words, more than %d in 1,000", found, words, proseRate)
	}
}

// TestPagesAreShort finds pages that were not generated and have more than 250 lines, and a README over 150.
func TestPagesAreShort(t *testing.T) {
	tree := os.DirFS(filepath.Join("..", ".."))
	for _, name := range documents(t, tree) {
		data, err := fs.ReadFile(tree, name)
		if err != nil {
			t.Fatal(err)
		}
		limit := 250
		if name == "README.md" {
			limit = 150
		}
		if lines := strings.Count(string(data), "\n"); lines > limit && generatedPages[name] == "" {
			t.Errorf("%s has %d lines, over %d: divide it by task", name, lines, limit)
		}
	}
}

func documents(t *testing.T, tree fs.FS) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"*.md", "docs/*.md", "examples/*/*.md"} {
		names, err := fs.Glob(tree, pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %d documents, %v", pattern, len(names), err)
		}
		all = append(all, names...)
	}
	return all
}

// TestReadProse shows what counts as text, and that each kind of phrase is found.
func TestReadProse(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		words  int
		faults []string
	}{
		"plain":          {"The server returns 200.\n", 4, nil},
		"verb":           {"\nIt Tells the truth.\n", 4, []string{`x.md:2: "Tells": use report, return, print or describe`}},
		"pronoun":        {"Whoever runs it\n", 3, []string{`x.md:1: "Whoever": use the client, the caller, you or no client`}},
		"part of a word": {"a standard household, a generator\n", 5, nil},
		"code":           {"`tell` and [a link](tell.md)\n", 3, nil},
		"block":          {"```go\n// tell\n```\ntext\n", 1, nil},
		"shell comment":  {"```sh\ntell me # it tells\n```\n", 2, []string{`x.md:2: "tells": use report, return, print or describe`}},
		"heading":        {"## What we do\n", 3, []string{`x.md:1: the heading "What we do": use a task or a thing, such as Install, Flag, Description`}},
		"question":       {"## Ready?\n", 1, []string{`x.md:1: the heading "Ready?": use a task or a thing, such as Install, Flag, Description`}},
		"table head": {
			text:   "| Flag | does |\n|---|---|\n| a | does |\n",
			words:  4,
			faults: []string{`x.md:1: the heading "does": use a task or a thing, such as Install, Flag, Description`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := readProse(fstest.MapFS{"x.md": {Data: []byte(c.text)}}, "x.md")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.faults, p.faults); diff != "" || p.words != c.words {
				t.Errorf("%d words, want %d: %s", p.words, c.words, diff)
			}
		})
	}
}

// TestPhrasesAreListedOnce finds words of words.go that phrases.go lists again.
func TestPhrasesAreListedOnce(t *testing.T) {
	for _, ph := range morePhrases {
		pattern := strings.TrimSuffix(strings.TrimPrefix(ph.pattern.String(), `(?i)\b(`), `)\b`)
		if strings.ContainsAny(pattern, "()?") {
			continue // it has more words than one
		}
		for alternative := range strings.SplitSeq(pattern, "|") {
			if found := FindWords(alternative); found != nil {
				t.Errorf("phrases.go: %s: %v", alternative, found)
			}
		}
	}
}

// TestPhraseLimit checks the limit: one phrase in 1,000 words, and one in a short document.
func TestPhraseLimit(t *testing.T) {
	for _, c := range []struct {
		words, phrases int
		want           bool
	}{{10, 0, false}, {10, 1, false}, {10, 2, true}, {1999, 2, true}, {2000, 2, false}, {2000, 3, true}} {
		p := prose{words: c.words, faults: make([]string, c.phrases)}
		if got := p.mannered(); got != c.want {
			t.Errorf("%d phrases in %d words: mannered() = %t", c.phrases, c.words, got)
		}
	}
}
