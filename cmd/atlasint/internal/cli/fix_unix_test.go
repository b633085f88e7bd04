//go:build unix

package cli_test

import (
	"bytes"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/cli"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
)

// signalled sends a signal to this process when a text is written, and returns after the process has received it.
type signalled struct {
	bytes.Buffer
	sig  os.Signal
	text string
}

func (s *signalled) Write(data []byte) (int, error) {
	if bytes.Contains(data, []byte(s.text)) {
		received := make(chan os.Signal, 1)
		signal.Notify(received, s.sig)
		_ = syscall.Kill(os.Getpid(), s.sig.(syscall.Signal))
		<-received
		signal.Stop(received) // waits until all others have received it too
	}
	return s.Buffer.Write(data)
}

// A signal ends --fix before the next file. It leaves no draft.
func TestFixInterrupted(t *testing.T) {
	const payload = `{"type":"OPS_GENIE","ApiKey":"k"}`
	for _, sig := range stopsignal.Signals() {
		t.Chdir(t.TempDir())
		writeFile(t, ".atlasint.yaml", "exclude: [p/excluded.json]\n")
		if err := os.Mkdir("p", 0o700); err != nil {
			t.Fatal(err)
		}
		args := []string{"validate", "--fix", "p/excluded.json"}
		writeFile(t, "p/excluded.json", payload)
		for i := range 20 {
			args = append(args, fmt.Sprintf("p/%d.json", i))
			writeFile(t, args[len(args)-1], payload)
		}
		out, errOut := bytes.Buffer{}, signalled{sig: sig, text: "skipped p/excluded.json"}
		code := cli.RunWithoutPauses(args, strings.NewReader(""), &out, &errOut)
		wantFailure(t, fmt.Sprint(sig), 3, outcome{code, out.String(), errOut.String()},
			"atlasint: stopped by a signal: 0 of 20 files were checked; run the command again for the others\n")
		for path, text := range contents(t, "p") {
			if text != payload {
				t.Errorf("%s: %s is %s", sig, path, text)
			}
		}
		if left, _ := filepath.Glob("p/.*"); len(left) > 0 {
			t.Errorf("%s: it leaves %v", sig, left)
		}
	}
}
