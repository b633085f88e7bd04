package snippet_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/snippet"
)

func TestSecretsOf(t *testing.T) {
	payload := typeNamed("WEBHOOK").Payload
	for text, want := range map[string][]string{
		`{"type": "WEBHOOK", "id": "1"}`:       nil, // fields without secrets
		`{"secret": "a"}`:                      {"a"},
		`{"secret": "a\nb"}`:                   {"a\nb", "a b"},
		`{"secret": "${env:A}"}`:               nil,
		`{"secret": {"a": {"b": [{"c": 1}]}}}`: {"a", "b", "c"},
		`{"secret": {"${env:A}": 1}}`:          nil,
		`{"other": {"a": true}}`:               {"a"},
		`{"secret:a": null, "url=b": 1}`:       {"a", "b"},
		`{"type:a": null, "x:b": null}`:        nil,
		`{"other": ["a", 12, 12345]}`:          {"a", "12345"},
		`{"url": "https://user:pw@h.example"}`: {"user:pw", "user", "pw", ""},
		`{"url": "https://h.example/a/b1"}`:    {"/a/b1", "b1"},
	} {
		doc, err := jsonpos.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		got := snippet.Secrets{Refers: func(text string) bool { return strings.HasPrefix(text, "${env:") }}.Of(&doc.Root, payload)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", text, diff)
		}
	}
}

// The value of a reference is a secret in every field.
func TestSecretsOfExpandedReferences(t *testing.T) {
	doc, err := jsonpos.Parse([]byte(`{"region": "EU", "type": "DATADOG"}`))
	if err != nil {
		t.Fatal(err)
	}
	secrets := snippet.Secrets{Expanded: map[*jsonpos.Value]bool{&doc.Root.Members[0].Value: true}}
	if got := secrets.Of(&doc.Root, typeNamed("DATADOG").Payload); !slices.Equal(got, []string{"EU"}) {
		t.Errorf("got %q", got)
	}
}
