package redact_test

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/atlasint/atlasint/internal/redact"
)

// Every character of Unicode keeps its value in JSON, and no unprintable one is left.
func TestUnprintableInJSON(t *testing.T) {
	var all strings.Builder
	for r := range rune(utf8.MaxRune + 1) {
		all.WriteRune(r) // U+FFFD for a surrogate
	}
	plain, err := json.Marshal(all.String())
	if err != nil {
		t.Fatal(err)
	}
	doc := redact.UnprintableInJSON(plain)
	var got string
	if err := json.Unmarshal(doc, &got); err != nil || got != all.String() {
		t.Errorf("the value changes: %v", err)
	}
	if i := bytes.IndexFunc(doc, func(r rune) bool { return !strconv.IsPrint(r) }); i >= 0 {
		t.Errorf("%q is left", doc[i:i+4])
	}
}

func TestUnprintableInYAML(t *testing.T) {
	const doc, want = "a: \"\u202e\U000e0041\U0001f600\"\n", `a: "\u202e\U000e0041` + "\U0001f600\"\n"
	if got := string(redact.UnprintableInYAML([]byte(doc))); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
