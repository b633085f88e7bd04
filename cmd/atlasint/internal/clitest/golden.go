package clitest

import (
	"flag"
	"os"

	"github.com/google/go-cmp/cmp"
)

// Update is the flag of tests that rewrites golden files.
var Update = flag.Bool("update", false, "rewrite the golden files")

// TB has the methods of *testing.T that Golden uses.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Golden compares text with a golden file, or writes the file if Update is set. It ends a test whose file can't be read
// or written.
func Golden(t TB, file, got string) {
	t.Helper()
	if *Update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatalf("%v", err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; the flag -update of this package's tests writes it", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: (-want +got); the flag -update of this package's tests rewrites it\n%s", file, diff)
	}
}
