package fakectl

import (
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
)

// A snapshot never replaces a stream of the process, also where it is a link or redirected to an empty file.
func TestSnapshotReplacesNoStream(t *testing.T) {
	for _, file := range []string{"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"} {
		if err := checkSnapshotFile(file); problem.KindOf(err) != problem.Input {
			t.Errorf("%s: %v", file, err)
		}
	}
}
