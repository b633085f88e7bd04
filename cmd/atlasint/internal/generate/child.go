package generate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/internal/gen/generator"
	"github.com/atlasint/atlasint/internal/redact"
)

// grace is the time that a child process has to stop after a signal.
const grace = 5 * time.Second

// runGenerator runs the generator in the folder. The command "go tool" builds it on first use, keeps it in the build
// cache, and forwards signals to it.
func runGenerator(ctx context.Context, dir string) error {
	goCommand, err := exec.LookPath("go")
	if err != nil {
		return problem.Worded(
			"the go command, which builds and runs oapi-codegen, is not on PATH; install Go "+generator.GoVersion+" or later", err)
	}
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, goCommand, "tool", generator.Program, "-config", settingsFile, documentFile)
	cmd.Dir = dir
	cmd.Env = environment(os.Environ(), dir)
	cmd.Stderr = &stderr
	cmd.Cancel = func() error { return stop(cmd.Process) }
	cmd.WaitDelay = grace
	err = cmd.Run()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return problem.Worded(explain(stderr.String(), dir, err), err)
	}
	return nil
}

// stop interrupts the process, or kills it on systems without interrupts.
func stop(p *os.Process) error {
	if err := p.Signal(os.Interrupt); err == nil || errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return p.Kill()
}

// environment returns our environment without the variables that select a module, a workspace or a target system. The
// generator is built for this machine, and only from its own module.
func environment(ours []string, dir string) []string {
	flags := "GOFLAGS=-mod=readonly"
	for _, variable := range ours {
		if strings.HasPrefix(variable, "GOFLAGS=") && strings.Contains(variable, "-modcacherw") {
			flags += " -modcacherw"
		}
	}
	return append(ours, flags, "GOWORK=off", "GO111MODULE=on", "CGO_ENABLED=0",
		"GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH, "GOTMPDIR="+dir)
}

// causes are the error texts of the go command for faults that you can fix, each with a hint.
var causes = []struct {
	signs []string
	hint  string
}{
	{
		[]string{"requires go >= ", "toolchain not available", "invalid go version", "unknown directive: tool", "no such tool"},
		"oapi-codegen " + generator.Version + " needs Go " + generator.GoVersion +
			" or later; install it, or set GOTOOLCHAIN=auto so that the go command downloads it",
	},
	{
		[]string{"/@v/", "GOPROXY=off", "dial tcp", "no such host", "i/o timeout", "proxyconnect"},
		"can't download oapi-codegen " + generator.Version + ", which is not in the module cache; check GOPROXY and the network",
	},
}

// explain returns the output of the go command on stderr as one line.
func explain(stderr, dir string, err error) string {
	text := summary(stderr, dir)
	if text == "" {
		text = err.Error()
	}
	for _, c := range causes {
		if slices.ContainsFunc(c.signs, func(sign string) bool { return strings.Contains(stderr, sign) }) {
			return c.hint + ": " + text
		}
	}
	return fmt.Sprintf("oapi-codegen %s failed: %s", generator.Version, text)
}

// credentials and query are the parts of addresses that may be secret.
var (
	credentials = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`://[^/@\s]*@`) })
	query       = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\?[^\s"]+`) })
)

// maxOutput is the maximum length of the output of a child in an error.
const maxOutput = 300

// summary returns the first line with information, without credentials in the address of a proxy and without the path
// of the temporary folder.
func summary(stderr, dir string) string {
	for line := range strings.Lines(stderr) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "go: downloading ") || strings.HasPrefix(line, "WARNING") {
			continue
		}
		for _, path := range []string{dir, filepath.ToSlash(dir)} {
			line = strings.ReplaceAll(line, path+string(filepath.Separator), "")
			line = strings.ReplaceAll(line, path, ".")
		}
		line = redact.Line(query().ReplaceAllString(credentials().ReplaceAllString(line, "://"), ""))
		line = strings.TrimSuffix(line, ":") // of a list that follows
		if runes := []rune(line); len(runes) > maxOutput {
			line = string(runes[:maxOutput]) + "…"
		}
		return line
	}
	return ""
}
