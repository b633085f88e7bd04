package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/internal/corpus"
)

// documentedCodes returns the error codes in a page of facts: those in the cell after a status of a table, and those
// after a status in running text.
func documentedCodes(page string) (codes []string) {
	name := `[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+`
	status, cell := regexp.MustCompile(`^[45]\d\d$`), regexp.MustCompile(`^[*(]*(`+name+`)\b`)
	inText := regexp.MustCompile(`\b[45]\d\d (` + name + `)\b`)
	for line := range strings.Lines(page) {
		for _, match := range inText.FindAllStringSubmatch(line, -1) {
			codes = append(codes, match[1])
		}
		cells := strings.Split(line, "|")
		for i := 1; i < len(cells); i++ {
			pair := cells[i-1 : i+1]
			for k, text := range pair {
				if !status.MatchString(strings.TrimSpace(pair[1-k])) {
					continue
				}
				for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("/, ", r) }) {
					if match := cell.FindStringSubmatch(part); match != nil && !strings.Contains(part, "…") {
						codes = append(codes, match[1])
					}
				}
			}
		}
	}
	return codes
}

// The command explain has every error code of the facts.
func TestExplainHasAllErrorCodes(t *testing.T) {
	pages, _ := filepath.Glob(filepath.Join(corpus.Path(t, "facts"), "*.md"))
	codes := []string{"IP_ADDRESS_NOT_ON_WHITELIST"} // its page abbreviates it
	for _, page := range pages {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		codes = append(codes, documentedCodes(string(data))...)
	}
	known := map[string]bool{}
	for _, code := range codes {
		if !known[code] {
			known[code] = true
			if exit, out, _ := run("explain", code); exit != 0 || !strings.Contains(out, "\n") {
				t.Errorf("explain %s exits with %d", code, exit)
			}
		}
	}
	if len(known) < 60 {
		t.Errorf("%d codes were found", len(known))
	}
}
