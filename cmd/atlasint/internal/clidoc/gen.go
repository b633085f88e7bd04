//go:build ignore

// gen writes the completions and manual pages of a release:
// go run cmd/atlasint/internal/clidoc/gen.go FOLDER VERSION UNIX-SECONDS.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/cli"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/clidoc"
)

func main() {
	if len(os.Args) != 4 {
		fail(errors.New("want a folder, a version and the date in seconds"))
	}
	seconds, err := strconv.ParseInt(os.Args[3], 10, 64)
	if err != nil {
		fail(fmt.Errorf("the date is not a number of seconds: %s", os.Args[3]))
	}
	files := clidoc.Man(cli.Tree(), time.Unix(seconds, 0), os.Args[2])
	if err := errors.Join(write(filepath.Join(os.Args[1], "man"), files),
		writeCompletions(filepath.Join(os.Args[1], "completions"))); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "gen:", err)
	os.Exit(1)
}

func writeCompletions(dir string) error {
	files := map[string][]byte{}
	for shell, name := range map[string]string{"bash": "atlasint.bash", "zsh": "_atlasint", "fish": "atlasint.fish",
		"powershell": "atlasint.ps1"} {
		var script, messages strings.Builder
		if cli.Run([]string{"completion", shell}, strings.NewReader(""), &script, &messages) != 0 {
			return fmt.Errorf("completion %s: %s", shell, messages.String())
		}
		files[name] = []byte(script.String())
	}
	return write(dir, files)
}

func write(dir string, files map[string][]byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
