package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// tool runs a program that isn't measured, and returns its output.
func (b *bench) tool(dir string, line ...string) ([]byte, error) {
	cmd := exec.CommandContext(b.ctx, line[0], line[1:]...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("%.80s: %w\n%s", strings.Join(line, " "), err, exit.Stderr)
	}
	return out, err
}

// build compiles the three programs as a release does.
// It doesn't use package load: that links the fake, and a larger program hides smaller peaks (see ownPeak).
func (b *bench) build() error {
	for name, source := range map[string]string{"atlasint": "./cmd/atlasint", "floor": ".ci/bench/floor.go", "empty": ".ci/bench/empty.go"} {
		linked := b.path(name + ".linked")
		if _, err := b.tool(".", "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", linked, source); err != nil {
			return err
		}
		if err := b.install(linked, name); err != nil {
			return err
		}
	}
	return nil
}

// install writes a copy of a program in one piece. The system maps the pages of a file in larger units if it was written
// in larger units: a start of what a linker or npm wrote takes up to a tenth more CPU time.
func (b *bench) install(program, name string) error {
	content, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	return os.WriteFile(b.path(name), content, 0o777)
}

// payload returns a valid payload. Keys differ, so that a checker can't reuse a result.
func payload(i int) string {
	return fmt.Sprintf(`{
  "type": "DATADOG",
  "apiKey": "%016x%016x",
  "region": "US3",
  "sendCollectionLatencyMetrics": true,
  "sendUserProvidedResourceTags": false
}
`, uint64(i+1)*0x9e3779b97f4a7c15, uint64(i+1)*0xd1b54a32d192ed03)
}

func (b *bench) write(name, text string) error {
	return os.WriteFile(b.path(name), []byte(text), 0o666)
}

func (b *bench) generate() error {
	for folder, region := range map[string]string{"many": "US3", "faulty": "US4"} {
		if err := os.Mkdir(b.path(folder), 0o777); err != nil {
			return err
		}
		for i := range files {
			if err := b.write(fmt.Sprintf("%s/%05d.json", folder, i), strings.Replace(payload(i), "US3", region, 1)); err != nil {
				return err
			}
		}
	}
	return errors.Join(
		b.write("one.json", payload(0)), b.write("bad.json", strings.Replace(payload(0), "apiKey", "apikey", 1)),
		b.lines("some.jsonl", records), b.lines("more.jsonl", moreRecords))
}

func (b *bench) lines(name string, n int) error {
	file, err := os.Create(b.path(name))
	if err != nil {
		return err
	}
	defer file.Close()
	out := bufio.NewWriterSize(file, 1<<16)
	flat := strings.NewReplacer("\n", "", "  ", "")
	for i := range n {
		fmt.Fprintln(out, flat.Replace(payload(i)))
	}
	return errors.Join(out.Flush(), file.Close())
}

// findPeer installs the other checker at its pinned version and compiles its schemas.
func (b *bench) findPeer() error {
	if _, err := b.tool(filepath.Join(".ci", "bench"), "npm", "ci", "--ignore-scripts", "--prefer-offline", "--no-fund",
		"--no-audit"); err != nil {
		return err
	}
	if err := b.native(); err != nil {
		return err
	}
	if err := b.writeSchemas(); err != nil {
		return err
	}
	for _, s := range schemas {
		compiled, err := b.tool(b.dir, b.path("sourcemeta"), "compile", "--fast", "--minify", s.file+".json")
		if err := errors.Join(err, b.write(s.file+".template.json", string(compiled))); err != nil {
			return err
		}
	}
	b.peer = b.path("sourcemeta")
	return nil
}

// native installs the program in the npm package: the script around it starts node first.
func (b *bench) native() error {
	arch := cmp.Or(map[string]string{"amd64": "x86_64"}[runtime.GOARCH], runtime.GOARCH)
	pattern := "jsonschema-" + runtime.GOOS + "-" + arch
	found, err := filepath.Glob(filepath.Join(".ci", "bench", "node_modules", "@sourcemeta", "jsonschema", "build",
		"github-releases", pattern+"*"))
	for _, program := range found {
		if err := b.install(program, "sourcemeta"); err != nil {
			return err
		}
		if version, err := b.tool(b.dir, b.path("sourcemeta"), "version"); err == nil {
			fmt.Printf("sourcemeta is @sourcemeta/jsonschema %s, its native program %s.\n", bytes.TrimSpace(version), filepath.Base(program))
			return nil
		}
	}
	return errors.Join(err, fmt.Errorf("the package has no program that runs here (%s)", pattern))
}

// writeSchemas copies the schema of each type of v2, and writes the union of all.
func (b *bench) writeSchemas() error {
	var union struct {
		Schema json.RawMessage              `json:"$schema"`
		OneOf  []map[string]json.RawMessage `json:"oneOf"`
	}
	found, err := filepath.Glob("gen/schemas/v2/*.json")
	for _, name := range found {
		text, readErr := os.ReadFile(name)
		var member map[string]json.RawMessage
		err = errors.Join(err, readErr, json.Unmarshal(text, &member), b.write(filepath.Base(name), string(text)))
		union.Schema = member["$schema"]
		delete(member, "$schema")
		union.OneOf = append(union.OneOf, member)
	}
	text, marshalErr := json.Marshal(union)
	return errors.Join(err, marshalErr, b.write("union.json", string(text)))
}
