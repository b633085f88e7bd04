package cli_test

import (
	"os"
	"strings"
	"testing"
)

// A name with a separator at its end is that of a folder, whether the folder exists or not. No flag writes a file with
// the name of the folder.
func TestOutputFileIsNoFolder(t *testing.T) {
	for _, name := range []string{"exists/", "missing/"} {
		for _, args := range []string{
			"schema DATADOG -o", "spec -o", "new DATADOG -o", "validate p.json -o", "drift p.json -o",
			"validate p.json --write-baseline", "diff p.json --out", "generate --package atlas -o",
			"fake snapshot save", "serve --addr 127.0.0.1:0 --addr-file",
		} {
			t.Chdir(t.TempDir())
			writeFile(t, "p.json", "{}")
			if err := os.Mkdir("exists", 0o755); err != nil {
				t.Fatal(err)
			}
			_, errOut := must(t, 2, append(strings.Fields(args), name)...)
			if !strings.Contains(errOut, name) || !strings.Contains(errOut, " is a folder; name a file in it\n") {
				t.Errorf("%s %s: %s", args, name, errOut)
			}
			if left, err := os.ReadDir("exists"); err != nil || len(left) != 0 {
				t.Errorf("%s %s: %v, %v", args, name, left, err)
			}
		}
	}
}
