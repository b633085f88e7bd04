package workspace

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// writeUnused writes files, and returns a search for a payload in each folder with a configuration.
func writeUnused(t *testing.T, files map[string]string, folders ...string) *UnusedSearch {
	t.Helper()
	t.Chdir(t.TempDir())
	for file, text := range files {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(".git", 0o755); err != nil {
		t.Fatal(err)
	}
	config, err := FindConfig("")
	if err != nil {
		t.Fatal(err)
	}
	var payloads []string
	for _, folder := range folders {
		payloads = append(payloads, filepath.Join(folder, "a.json"), filepath.Join(folder, "deep", "a.json"))
	}
	return config.Unused(payloads)
}

func groupOf(c *Config) string { return c.GroupID }

// Each file is read once, also one that several extend, and for all keys: a change during the search is not seen.
func TestUnusedReadsOnce(t *testing.T) {
	const id = "aaaaaaaaaaaaaaaaaaaaaaaa"
	search := writeUnused(t, map[string]string{
		"base.yaml": "extends: root.yaml\nbaseURL: https://cloud.mongodb.com", "root.yaml": "groupId: " + id,
		"a/.atlasint.yaml": "extends: ../base.yaml", "b/.atlasint.yaml": "extends: ../base.yaml", "c/.atlasint.yaml": "extends: ../root.yaml",
	}, "a", "b", "c")
	read := 0
	for _, value := range []func(*Config) string{groupOf, func(c *Config) string { return c.BaseURL }} {
		found, err := search.First(func(c *Config) string {
			for _, file := range []string{"base.yaml", "root.yaml", "a/.atlasint.yaml"} {
				if err := os.WriteFile(file, []byte("broken: 1"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			read++
			return value(c)
		}, func(text string) bool { return text != id && !strings.HasPrefix(text, "https://") })
		if err != nil || found != nil {
			t.Errorf("got %v and %v from files that were known", found, err)
		}
	}
	if read == 0 {
		t.Error("no configuration was found")
	}
	if got := len(search.read); got != 5 {
		t.Errorf("%d files were kept, want 5", got)
	}
}

// A file that is known counts with all files that it extends.
func TestUnusedChainIsLimited(t *testing.T) {
	files := map[string]string{"a/.atlasint.yaml": "extends: ../2.yaml", "b/.atlasint.yaml": "extends: ../a/.atlasint.yaml"}
	for i := 2; i < maxFiles; i++ {
		files[strconv.Itoa(i)+".yaml"] = "extends: " + strconv.Itoa(i+1) + ".yaml"
	}
	files[strconv.Itoa(maxFiles)+".yaml"] = "groupId: aaaaaaaaaaaaaaaaaaaaaaaa"
	search := writeUnused(t, files, "a", "b")
	found, err := search.First(groupOf, func(string) bool { return false })
	if err == nil || !strings.Contains(err.Error(), "a chain of more than 10 files") {
		t.Errorf("got %v and %v", found, err)
	}
}
