//go:build unix

package cli_test

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

// A file that may be a payload and can't be read stops a prune run before any request, as one that can be read does.
func TestPruneNeedsReadableFiles(t *testing.T) {
	pipe := func(t *testing.T, file string) {
		if err := syscall.Mkfifo(file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	unreadable := func(t *testing.T, file string) {
		if os.Geteuid() == 0 {
			t.Skip("root reads every file")
		}
		writeFile(t, file, "type: OPS_GENIE\napiKey: 0d1e2f3a\n")
		if err := os.Chmod(file, 0); err != nil {
			t.Fatal(err)
		}
	}
	for name, make := range map[string]func(*testing.T, string){"pipe": pipe, "unreadable": unreadable} {
		for _, file := range []string{"p/o.yaml", "p/o.yml", "p/o.json", "p/o.ndjson"} {
			t.Run(name+" "+file, func(t *testing.T) {
				atlas := pruneProject(t)
				writeTree(t, whole)
				make(t, file)
				for _, args := range [][]string{{"diff", "--prune", "p"}, {"apply", "--prune", "--yes", "p"}} {
					code, out, errOut := run(args...)
					if code == 0 || !strings.Contains(out+errOut, file) {
						t.Errorf("%v: exit code %d\n%s%s", args, code, out, errOut)
					}
				}
				if n := len(atlas.Requests()); n != 0 {
					t.Errorf("%d requests were sent", n)
				}
			})
		}
	}
}
