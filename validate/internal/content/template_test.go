package content_test

import (
	"strings"
	"testing"

	"github.com/atlasint/atlasint/validate/internal/content"
)

func TestTemplate(t *testing.T) {
	const notJSON, notHeaders, tooLong = "does not render to JSON", "does not render to a JSON object of header names", "renders to about"
	for name, c := range map[string]struct {
		text, shape string
		want        []string // parts of the messages
	}{
		"body":             {`{"a": [1, null]}`, "json", nil},
		"body, a number":   {`1`, "json", nil},
		"body, cut":        {`{"a": `, "json", []string{notJSON}},
		"body, empty":      {``, "json", []string{notJSON}},
		"headers":          {`{"X-A": "b", "X-C": 1, "X-D": true}`, "headers", nil},
		"headers, none":    {`{}`, "headers", nil},
		"headers, list":    {`["X-A"]`, "headers", []string{notHeaders}},
		"headers, null":    {`null`, "headers", []string{notHeaders}},
		"headers, nested":  {`{"X-A": {"b": 1}}`, "headers", []string{notHeaders}},
		"headers, no text": {`{"X-A": null}`, "headers", []string{notHeaders}},
		"at the limit":     {`"` + strings.Repeat("a", 98) + `"`, "json", nil},
		"over the limit":   {`"` + strings.Repeat("a", 99) + `"`, "json", []string{tooLong}},
		"both":             {strings.Repeat("a", 101), "json", []string{tooLong, notJSON}},
	} {
		got := content.Template(c.text, 100, c.shape)
		if len(got) != len(c.want) {
			t.Errorf("%s: got %v, want %q", name, got, c.want)
			continue
		}
		for i, fault := range got {
			if !strings.Contains(fault.Message, c.want[i]) || fault.Hint == "" {
				t.Errorf("%s: got %+v, want %q and a hint", name, fault, c.want[i])
			}
		}
	}
}
