package sent_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/validate/internal/sent"
)

func TestJSON(t *testing.T) {
	data := []byte(` {"a": [ "x", {"b":"y"} ], "c" : "\u007a"} `)
	doc, err := jsonpos.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	list := doc.Root.Members[0].Value.Elements
	replaced := &list[1].Members[0].Value
	replaced.Text = `"2"`
	for _, test := range []struct {
		name string
		data []byte
		want string
	}{
		{"byte for byte", data, `{"a": [ "x", {"b":"\"2\""} ], "c" : "\u007a"}`},
		{"without data", nil, `{"a":["x",{"b":"\"2\""}],"c":"z"}`},
	} {
		got, names := sent.JSON(test.data, &doc.Root, map[*jsonpos.Value]bool{replaced: true})
		if diff := cmp.Diff(test.want, string(got)); diff != "" {
			t.Errorf("%s:\n%s", test.name, diff)
		}
		if diff := cmp.Diff([]string{"a"}, names); diff != "" {
			t.Errorf("%s:\n%s", test.name, diff)
		}
	}
}
