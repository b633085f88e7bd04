package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What the image runs can be run, and it runs as nobody with nothing around it.
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
	if !strings.Contains(image, "COPY --from=build /out/atlasint "+command+"\n") {
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

// instruction is the command of an instruction, in its form without a shell: there is none.
func instruction(t *testing.T, image, name string) (words []string) {
	t.Helper()
	found := regexp.MustCompile(`(?m)^` + name + `(\[.*\])$`).FindStringSubmatch(image)
	if found == nil || json.Unmarshal([]byte(found[1]), &words) != nil || len(words) == 0 {
		t.Fatalf("no %s[...]", name)
	}
	return words
}

// One version of Go makes all that is released: another one would make other bytes.
func TestOneVersionOfGo(t *testing.T) {
	inRoot(t)
	workflows, err := filepath.Glob(".github/workflows/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	var versions []string
	for _, file := range append(workflows, "Dockerfile") {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?:go-version: |GO_VERSION=)(\S+)`).FindAllStringSubmatch(string(data), -1) {
			versions = append(versions, m[1])
		}
	}
	if len(versions) < 3 || len(slices.Compact(versions)) != 1 || strings.Count(versions[0], ".") != 2 {
		t.Errorf("the workflows and the Dockerfile name the versions %v", versions)
	}
}

// Links within the documents lead to files and headings that are there.
func TestLinks(t *testing.T) {
	inRoot(t)
	n := 0
	for _, file := range documents(t) {
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
			if info, statErr := os.Stat(target); statErr != nil || err != nil && !info.IsDir() {
				t.Errorf("%s links to %s, which is not there", file, m[1])
			} else if anchor != "" && !slices.Contains(headings(string(text)), anchor) {
				t.Errorf("%s links to %s, and there is no such heading", file, m[1])
			}
		}
	}
	if n < 40 {
		t.Errorf("found %d links", n)
	}
}

// headings are those of a document as links call them.
func headings(text string) (found []string) {
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		words := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(m[1]), "")
		found = append(found, strings.ReplaceAll(words, " ", "-"))
	}
	return found
}
