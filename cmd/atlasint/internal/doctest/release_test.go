package doctest_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDockerfile checks that the user and the commands of the image are valid.
func TestDockerfile(t *testing.T) {
	inRoot(t)
	data, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	_, image, ok := strings.Cut(string(data), "\nFROM scratch\n")
	if !ok || strings.Contains(image, "\nFROM ") {
		t.Error("the last stage is not an empty one")
	}
	if !regexp.MustCompile(`(?m)^USER [1-9][0-9]*:[1-9][0-9]*$`).MatchString(image) {
		t.Error("no user by number: there is no list of names")
	}
	const command = "/usr/local/bin/atlasint"
	if !strings.Contains(image, "COPY $TARGETPLATFORM/atlasint "+command+"\n") {
		t.Errorf("nothing is copied to %s", command)
	}
	entry, check, serve := instruction(t, image, `ENTRYPOINT `), instruction(t, image, `HEALTHCHECK .* CMD `), instruction(t, image, `CMD `)
	if !slices.Equal(entry, []string{command}) || check[0] != command {
		t.Errorf("it runs %v, and %v for its health", entry, check)
	}
	for _, words := range [][]string{check[1:], serve} {
		if err := readable(words); err != nil {
			t.Errorf("%v: %v", words, err)
		}
	}
}

// instruction returns the command of an instruction, in its form without a shell, which the image lacks.
func instruction(t *testing.T, image, name string) (words []string) {
	t.Helper()
	found := regexp.MustCompile(`(?m)^` + name + `(\[.*\])$`).FindStringSubmatch(image)
	if found == nil {
		t.Fatalf("no %s[...]", name)
	}
	if err := json.Unmarshal([]byte(found[1]), &words); err != nil || len(words) == 0 {
		t.Fatalf("%s has the words %q: %v", name, words, err)
	}
	return words
}

// TestOneVersionOfGo checks that all releases use the version of Go in go.mod: another one would produce other bytes.
func TestOneVersionOfGo(t *testing.T) {
	inRoot(t)
	workflows, err := filepath.Glob(".github/workflows/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	steps := 0
	for _, file := range workflows {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		n := strings.Count(string(data), "uses: actions/setup-go@")
		if strings.Count(string(data), "go-version-file: go.mod\n") != n || strings.Contains(string(data), "go-version:") {
			t.Errorf("%s: a step sets up another version of Go than that of go.mod", file)
		}
		steps += n
	}
	if toolchain := regexp.MustCompile(`(?m)^toolchain go\d+\.\d+\.\d+$`); steps < 2 || !toolchain.MatchString(readFile(t, "go.mod")) {
		t.Errorf("%d steps set up Go; go.mod must name one toolchain", steps)
	}
}

// TestLinksOfDocumentsExist checks that the links in the documents name existing files and headings.
func TestLinksOfDocumentsExist(t *testing.T) {
	inRoot(t)
	n := 0
	for _, file := range append(documents(t), "examples/downstream/README.md") {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\]\(([^):\s]*)\)`).FindAllStringSubmatch(string(data), -1) {
			n++
			path, anchor, _ := strings.Cut(m[1], "#")
			target := file
			if path != "" {
				target = filepath.Join(filepath.Dir(file), path)
			}
			text, err := os.ReadFile(target)
			_, statErr := os.Stat(target)
			switch {
			case statErr != nil:
				t.Errorf("%s links to %s, which does not exist: %v", file, m[1], statErr)
			case anchor == "":
			case err != nil:
				t.Errorf("%s links to a heading of %s, which is no document: %v", file, m[1], err)
			case !slices.Contains(headings(string(text)), anchor):
				t.Errorf("%s links to %s, which has no such heading", file, m[1])
			}
		}
	}
	if n < 40 {
		t.Errorf("found %d links", n)
	}
}

// TestMentionedDocuments checks that the code and the scripts mention existing documents and headings only.
func TestMentionedDocuments(t *testing.T) {
	inRoot(t)
	n := 0
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			if slices.Contains([]string{".git", "gen", "internal/gen", "bin", "dist"}, path) {
				return fs.SkipDir
			}
			if entry != nil && slices.Contains([]string{"node_modules", "testdata"}, entry.Name()) {
				return fs.SkipDir
			}
			return err
		}
		data, err := os.ReadFile(path)
		for _, mention := range mentions.FindAllStringSubmatch(string(data), -1) {
			n++
			text, readErr := os.ReadFile(mention[1])
			anchor := mention[2]
			if readErr != nil {
				t.Errorf("%s mentions %s, which can't be read: %v", path, mention[0], readErr)
			} else if anchor != "" && !slices.Contains(headings(string(text)), anchor) {
				t.Errorf("%s mentions %s, which has no such heading", path, mention[0])
			}
		}
		return err
	})
	if err != nil || n < 30 {
		t.Errorf("found %d mentions, %v", n, err)
	}
}

// mentions matches a path of a document, with the anchor of a heading.
var mentions = regexp.MustCompile(`\b(docs/[a-z-]+\.md)(?:#([a-z][a-z-]*))?\b`)

// headings returns the headings of a document, as links name them.
func headings(text string) (found []string) {
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		words := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(m[1]), "")
		found = append(found, strings.ReplaceAll(words, " ", "-"))
	}
	return found
}
