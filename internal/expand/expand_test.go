package expand_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/internal/expand"
)

func TestText(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string]string{
		"key": "from a file\n", "crlf": "a\r\n", "two": "a\n\n", "empty": "", "large": strings.Repeat("x", 64<<10+1),
		"nested": "${env:ATLASINT_KEY}",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("ATLASINT_KEY", "secret")
	t.Setenv("ATLASINT_EMPTY", "")
	for _, tc := range []struct{ in, want, err string }{
		{in: "plain", want: "plain"},
		{in: "${env:ATLASINT_KEY}", want: "secret"},
		{in: "https://h/${env:ATLASINT_KEY}/${file:key}", want: "https://h/secret/from a file"},
		{in: "${env:ATLASINT_EMPTY}", want: ""},
		{in: "${file:crlf}", want: "a"},
		{in: "${file:two}", want: "a\n"},
		{in: "${file:empty}", want: ""},
		{in: "${file:nested}", want: "${env:ATLASINT_KEY}"},
		{in: "${file:" + filepath.Join(dir, "key") + "}", want: "from a file"},
		{in: "${id} ${eventType} ${vault:x}", want: "${id} ${eventType} ${vault:x}"},
		{in: "${env:ATLASINT_UNSET}", err: `the environment variable "ATLASINT_UNSET" is not set; set it, or correct the name`},
		{in: "${env:}", err: "${env:} names nothing; write ${env:NAME} or ${file:PATH}"},
		{in: "${file:}", err: "${file:} names nothing; write ${env:NAME} or ${file:PATH}"},
		{in: "${file:missing}", err: "can't read the referenced file missing: it does not exist; its path starts at the folder of the payload"},
		{in: "${file:.}", err: "can't read the referenced file .: it is no regular file"},
		{in: "${file:large}", err: "can't read the referenced file large: it is larger than 65536 bytes"},
	} {
		got, err := expand.Text(tc.in, expand.Process(dir))
		text := ""
		if err != nil {
			text = err.Error()
		}
		if got != tc.want || text != tc.err {
			t.Errorf("%s: got %q, %q; want %q, %q", tc.in, got, text, tc.want, tc.err)
		}
	}
}

func TestHas(t *testing.T) {
	for in, want := range map[string]bool{
		"${env:A}": true, "x${file:a/b}y": true, "${env:}": true,
		"${id}": false, "$env:A": false, "${env:A": false, "env:A": false, "": false,
	} {
		if got := expand.Has(in); got != want {
			t.Errorf("Has(%q) = %v", in, got)
		}
	}
}
