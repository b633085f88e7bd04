//go:build unix

package cli_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Outputs that are streams of the process are written and never replaced. Text that is already in a file that a stream
// is redirected to stays.
func TestOutputsThatAreStreams(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, "a.json", datadogPayload)
	for _, args := range []string{
		"validate --format json a.json -o /dev/fd/1", "schema DATADOG -o /dev/fd/1", "new DATADOG -o /dev/fd/1", "spec -o /dev/stdout",
	} {
		file, err := os.Create("out")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.WriteString(datadogPayload + "\n"); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), "atlasint", strings.Fields(args)...) // on PATH by testscript.Main
		cmd.Stdout, cmd.Stderr = file, os.Stderr
		if err := cmd.Run(); err != nil {
			t.Errorf("%s: %v", args, err)
		}
		_ = file.Close()
		data, _ := os.ReadFile("out")
		if before, written, _ := strings.Cut(string(data), "\n"); before != datadogPayload || len(written) < 100 {
			t.Errorf("%s: the file has %.300s", args, data)
		}
	}
}
