package cli_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/cli"
)

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

// Help and completion also report that the output can't be written.
func TestHelpReportsWriteErrors(t *testing.T) {
	for _, args := range []string{
		"", "help", "--help", "validate --help", "help validate", "help exit-codes", "completion", "completion bash",
		"completion zsh", "completion fish", "completion powershell", "version", "types",
	} {
		var errOut strings.Builder
		code := cli.RunWithoutPauses(strings.Fields(args), strings.NewReader(""), full{}, &errOut)
		if want := "atlasint: can't write the output: disk full\n"; code != 3 || errOut.String() != want {
			t.Errorf("%s: exit code %d, %s", args, code, errOut.String())
		}
	}
}
