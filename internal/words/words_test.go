package words_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/words"
)

func TestLists(t *testing.T) {
	for names, want := range map[string][2]string{
		"":      {"", ""},
		"a":     {"a", `"a"`},
		"a b":   {"a or b", `"a" or "b"`},
		"a b c": {"a, b or c", `"a", "b" or "c"`},
	} {
		list := strings.Fields(names)
		got := [2]string{words.List(list, "or"), words.Quoted(list, "or")}
		if got != want {
			t.Errorf("%q: got %q, want %q", names, got, want)
		}
	}
}

func TestNouns(t *testing.T) {
	for got, want := range map[string]string{
		words.Article(jsonpos.Null):         "null",
		words.Article(jsonpos.Array):        "an array",
		words.Article(jsonpos.String):       "a string",
		words.WithArticle("API version"):    "an API version",
		words.Quantity("1", "character"):    "1 character",
		words.Quantity(0, "character"):      "0 characters",
		words.Quantity(1, "more file"):      "1 more file",
		words.Quantity("1.0", "element"):    "1.0 elements",
		"a" + words.AndMore(0):              "a",
		"b" + words.AndMore(2):              "b and 2 more",
		words.Suggestion("datadgo", types):  `did you mean "DATADOG"?`,
		words.Suggestion("ops", types):      `did you mean "OPS_GENIE"?`,
		words.Suggestion("opsg", types):     `did you mean "OPS_GENIE"?`,
		words.Suggestion("o", types):        "it is one of DATADOG, OPS_GENIE or PAGER_DUTY",
		words.Suggestion("grafana", types):  "it is one of DATADOG, OPS_GENIE or PAGER_DUTY",
		words.Suggestion("data", databases): "it is one of DATABASE or DATAFLOW",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

var (
	types     = []string{"DATADOG", "OPS_GENIE", "PAGER_DUTY"}
	databases = []string{"DATABASE", "DATAFLOW"} // two names that begin with a text
)

// An object could contain secrets: only its kind is shown.
func TestValues(t *testing.T) {
	doc, err := jsonpos.Parse([]byte(`["a\"b", 1e2, true, null, {"key": "s3cr3t"}, ["s3cr3t"]]`))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{`"a\"b"`, "1e2", "true", "null", "object", "array"}
	if diff := cmp.Diff(want, words.Values(doc.Root.Elements)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
