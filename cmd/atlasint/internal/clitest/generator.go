// Package clitest has files and programs for the tests of the command and of the docs. Only tests import it.
package clitest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/internal/gen/generator"
)

// GeneratorFolder returns a folder with a go command for tests of atlasint generate, a shell script: its go tool runs
// the generator that the real one has built, once for each input. The real one spends most of its time on finding out
// that the generator is built. The folder is next to the program atlasint, in that which testscript.Main removes.
var GeneratorFolder = sync.OnceValues(func() (string, error) {
	atlasint, err := exec.LookPath("atlasint")
	if err != nil {
		return "", err
	}
	dir := filepath.Join(filepath.Dir(atlasint), "generator")
	program, err := buildGenerator(filepath.Join(dir, "module"))
	if err != nil {
		return "", err
	}
	goCommand, err := exec.LookPath("go")
	if err != nil {
		return "", err
	}
	script := strings.NewReplacer("TOOL", "tool "+generator.Program, "GO", goCommand, "PROGRAM", program, "DIR", dir).Replace(cachedGenerator)
	return dir, os.WriteFile(filepath.Join(dir, "go"), []byte(script), 0o700)
})

// cachedGenerator is the go command. The generator reads the YAML files in its working directory and writes out.go.
const cachedGenerator = `#!/bin/sh
[ "$1 $2" = 'TOOL' ] || exec 'GO' "$@"
shift 2
cached='DIR'/$(cat *.yaml | cksum | tr ' ' -)
if [ ! -f "$cached" ]; then
	'PROGRAM' "$@" && cp out.go "$cached.$$" && mv "$cached.$$" "$cached" || exit
fi
cp "$cached" out.go
`

// buildGenerator builds the generator in a new module and returns the path of the program.
func buildGenerator(module string) (string, error) {
	if err := os.MkdirAll(module, 0o700); err != nil {
		return "", err
	}
	for name, text := range map[string]string{"go.mod": generator.ModuleFile, "go.sum": generator.SumFile} {
		if err := os.WriteFile(filepath.Join(module, name), []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	cmd := exec.CommandContext(context.Background(), "go", "tool", "-n", generator.Program)
	cmd.Dir = module
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=readonly", "GOWORK=off", "CGO_ENABLED=0")
	program, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go tool -n: %w", err)
	}
	return strings.TrimSpace(string(program)), nil
}
