package specgen

import (
	"strings"
	"testing"
)

func TestProgramSource(t *testing.T) {
	program := Program{
		Package: "example.org/gen/v2/cmd/gen",
		Go:      "1.26.0",
		Modules: []string{"example.org/lib v1.0.0", "example.org/gen/v2 v2.3.4", "example.org/lib v1.0.0"},
		Sums: []byte("example.org/gen/v2 v2.3.4 h1:a=\nexample.org/gen/v2 v2.3.4/go.mod h1:b=\n" +
			"example.org/lib v0.9.0/go.mod h1:c=\nexample.org/lib v1.0.0 h1:d=\nexample.org/lib v1.0.0/go.mod h1:e=\n"),
	}
	source, err := program.Source()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`const Version = "v2.3.4"`,
		"go 1.26.0\n\ntool example.org/gen/v2/cmd/gen\n\nrequire (\n\texample.org/gen/v2 v2.3.4\n\texample.org/lib v1.0.0\n)\n",
		"h1:a=\nexample.org/gen/v2 v2.3.4/go.mod h1:b=\nexample.org/lib v1.0.0 h1:d=\nexample.org/lib v1.0.0/go.mod h1:e=\n`",
	} {
		if !strings.Contains(string(source), want) {
			t.Errorf("the source lacks\n%s\n%s", want, source)
		}
	}
}

func TestProgramSourceRejects(t *testing.T) {
	tests := []struct {
		name, sums, want string
		modules          []string
	}{
		{"no module of the package", "", "none of 1 modules contains example.org/gen", []string{"example.org/ge v1.0.0"}},
		{"no sum", "", "go.sum lacks a line for example.org/gen v1.0.0", []string{"example.org/gen v1.0.0"}},
		{"no sum of go.mod", "example.org/gen v1.0.0 h1:a=\n", "go.sum lacks a line for example.org/gen v1.0.0/go.mod",
			[]string{"example.org/gen v1.0.0"}},
	}
	for _, test := range tests {
		_, err := Program{Package: "example.org/gen", Modules: test.modules, Sums: []byte(test.sums)}.Source()
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: got %v, want %s", test.name, err, test.want)
		}
	}
}
