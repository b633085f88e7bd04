package validate_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/atlasint/atlasint/validate"
)

// A document has the validated bytes, in every layout, with the references replaced.
func TestDocuments(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "key"), []byte("a\"b\\<ü>\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ATLASINT_TEST_ROUTE", "main")
	const plain = `{ "type":"OPS_GENIE",  "apiKey":"\u0061bc" }`
	const refers = `{"routingKey":"${env:ATLASINT_TEST_ROUTE}-${env:ATLASINT_TEST_ROUTE}","apiKey" : "${file:key}" ,"type":"VICTOR_OPS"}`
	const replaced = `{"routingKey":"main-main","apiKey" : "a\"b\\\u003cü\u003e" ,"type":"VICTOR_OPS"}`
	for name, tc := range map[string]struct {
		layout validate.Layout
		input  string
	}{
		"lines": {validate.Lines, "\n " + plain + "\r\n\n" + refers},
		"array": {validate.Array, "[" + plain + ",\n" + refers + "]"},
	} {
		v, err := validate.New(validate.Options{Documents: true, Expand: true})
		if err != nil {
			t.Fatal(err)
		}
		got, err := v.CheckReader(filepath.Join(dir, "in"), strings.NewReader(tc.input), tc.layout)
		if err != nil || got.Errors > 0 {
			t.Errorf("%s: %v, %v", name, err, got.Findings)
		}
		want := []validate.Document{
			{Type: "OPS_GENIE", APIVersion: "v2", Record: 1, JSON: []byte(plain)},
			{Type: "VICTOR_OPS", APIVersion: "v2", Record: 2, JSON: []byte(replaced), Expanded: []string{"routingKey", "apiKey"}},
		}
		if diff := cmp.Diff(want, got.Documents, cmpopts.IgnoreUnexported(validate.Document{})); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// A printed result shows no secret of its documents.
func TestNoSecretInPrintedDocuments(t *testing.T) {
	v, err := validate.New(validate.Options{Documents: true})
	if err != nil {
		t.Fatal(err)
	}
	got, err := v.CheckReader("in", strings.NewReader(`{"type":"OPS_GENIE","apiKey":"ghost"}`), validate.One)
	if err != nil || len(got.Documents) != 1 {
		t.Fatalf("%d documents, %v", len(got.Documents), err)
	}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, printed := range []any{got, &got, got.Documents, got.Documents[0]} {
			text := fmt.Sprintf(format, printed)
			for _, leak := range []string{"ghost", "67686f7374", "103 104 111 115 116", "0x67, 0x68"} {
				if strings.Contains(text, leak) {
					t.Errorf("%s of a %T: %s", format, printed, text)
				}
			}
		}
	}
}

// Without the option there are no documents.
func TestNoDocuments(t *testing.T) {
	v, err := validate.New(validate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := v.CheckReader("in", strings.NewReader(`{"type":"OPS_GENIE","apiKey":"k"}`), validate.One)
	if err != nil || got.Documents != nil {
		t.Errorf("%v, %v", got.Documents, err)
	}
}

// JSON contains only UTF-8 text, so that a reference to anything else would change its value.
func TestReferencesToInvalidUTF8(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "key"), []byte("k\xff"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ATLASINT_TEST_KEY", "k\xff")
	v, err := validate.New(validate.Options{Expand: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range []string{"${env:ATLASINT_TEST_KEY}", "${file:key}"} {
		if runtime.GOOS == "windows" && strings.HasPrefix(ref, "${env:") {
			continue // an environment of UTF-16 can't contain such text
		}
		found := v.Check(filepath.Join(dir, "in"), []byte(`{"type":"OPS_GENIE","apiKey":"`+ref+`"}`))
		if len(found) != 1 {
			t.Fatalf("%s: findings %v, want one", ref, found)
		}
		if found[0].Rule != "unresolved" {
			t.Errorf("%s: the rule is %s, want unresolved", ref, found[0].Rule)
		}
		if !strings.Contains(found[0].Message, "not UTF-8") {
			t.Errorf("%s: the message is %q, want not UTF-8", ref, found[0].Message)
		}
	}
}

// A document without a payload has no fields.
func TestEmptyDocument(t *testing.T) {
	for _, d := range []*validate.Document{nil, {}} {
		if d.Fields() != nil {
			t.Errorf("%v has fields", d)
		}
	}
}
