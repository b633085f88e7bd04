package archtest

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestModuleContainsNoFormerTerms(t *testing.T) {
	for _, fault := range checkTerms(moduleFS(t), moduleTerms()) {
		t.Error(fault)
	}
}

// Each kind of name that users or contributors read is found, in each kind of file.
func TestCheckTermsReportsPlantedWords(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	fsys := fstest.MapFS{
		"a.go": file("package a\n\ntype apiGeneration string\n\n" +
			"type x struct {\n\tVersion string `json:\"generation\"`\n}\n\n" +
			"var label = \"max_generations\"\n"),
		"a.js":              file("const v = entry.generation;\n"),
		"a.md":              file("code generation\nBoth Generations.\n"),
		"a.yaml":            file("a: 1\nGenerationOf: {type: string}\n"),
		"generations.txt":   file("generate, generated, generator\n"),
		".ci/a/main.go":     file("package main\n\nfunc generationOf() {}\n"),
		"gen/a.html":        file("<b>generation</b>\n"),
		"testdata/a.txt":    file("stdout 'generation'\n"),
		".git/a":            file("generation\n"),
		"bin/a":             file("generation\n"),
		"a/node_modules/a":  file("generation\n"),
		"examples/b/go.mod": file("module generation\n"),
	}
	var got []string
	for _, fault := range checkTerms(fsys, []wordException{{"a.md", "code generation", "code"}, {"a.js", "never", "not needed"}}) {
		place, rest, _ := strings.Cut(fault, ": ")
		got = append(got, strings.TrimSpace(place+" "+strings.SplitN(rest, ":", 2)[0]))
	}
	want := []string{
		".ci/a/main.go:3 generation", "a.go:3 Generation", "a.go:6 generation", "a.go:9 generation", "a.js:1 generation",
		"a.md:2 Generation", "a.yaml:2 Generation", "examples/b/go.mod:1 generation", "gen/a.html:1 generation",
		"generations.txt:1 generation", "testdata/a.txt:1 generation",
		`the exception for a.js, "never" is not needed`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
