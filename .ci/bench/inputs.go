package main

import (
	"bufio"
	"bytes"
	"cmp"
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
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		err = fmt.Errorf("%.80s: %w\n%s", strings.Join(line, " "), err, exit.Stderr)
	}
	return out, err
}

// build compiles the three programs as a release does.
// It doesn't use package load: that links the fake, and a larger program hides smaller peaks (see ownPeak).
func (b *bench) build() error {
	for name, source := range map[string]string{"atlasint": "./cmd/atlasint", "floor": ".ci/bench/floor.go", "empty": ".ci/bench/empty.go"} {
		linked := b.path(name + ".linked")
		_, err := b.tool(".", "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", linked, source)
		if err := errors.Join(err, b.install(linked, name)); err != nil {
			return err
		}
	}
	return nil
}

// install writes a copy of a program in one piece. The system maps the pages of a file in larger units if it was written
// in larger units: a start of what a linker or npm wrote takes up to a tenth more CPU time.
func (b *bench) install(program, name string) error {
	content, err := os.ReadFile(program)
	return errors.Join(err, os.WriteFile(b.path(name), content, 0o777))
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

// generate writes the inputs of the groups.
func (b *bench) generate() error {
	err := errors.Join(os.Mkdir(b.path("many"), 0o777), os.Mkdir(b.path("faulty"), 0o777),
		b.write("one.json", payload(0)), b.write("bad.json", strings.Replace(payload(0), "apiKey", "apikey", 1)),
		b.lines("some.jsonl", 100_000), b.lines("more.jsonl", 1_000_000))
	for i := 0; i < 10_000 && err == nil; i++ {
		name := fmt.Sprintf("/%05d.json", i)
		err = errors.Join(b.write("many"+name, payload(i)), b.write("faulty"+name, strings.Replace(payload(i), "US3", "US4", 1)))
	}
	return err
}

func (b *bench) lines(name string, n int) error {
	file, err := os.Create(b.path(name))
	if err != nil {
		return err
	}
	out := bufio.NewWriter(file)
	flat := strings.NewReplacer("\n", "", "  ", "")
	for i := range n {
		fmt.Fprintln(out, flat.Replace(payload(i)))
	}
	return errors.Join(out.Flush(), file.Close())
}

// findPeer installs the other checker at its pinned version, and compiles its schemas: the union of the API, and the
// schema of a single type.
func (b *bench) findPeer() error {
	if _, err := b.tool(".ci/bench", "npm", "ci", "--ignore-scripts", "--prefer-offline"); err != nil {
		return err
	}
	if err := errors.Join(b.native(), b.writeSchemas()); err != nil {
		return err
	}
	for _, name := range []string{"union", "DATADOG"} {
		compiled, err := b.tool(b.dir, b.path("sourcemeta"), "compile", "--fast", "--minify", name+".json")
		if err := errors.Join(err, b.write(name+".template.json", string(compiled))); err != nil {
			return err
		}
	}
	return nil
}

// native installs the program in the npm package: the script around it starts node first.
func (b *bench) native() error {
	arch := cmp.Or(map[string]string{"amd64": "x86_64"}[runtime.GOARCH], runtime.GOARCH)
	program := ".ci/bench/node_modules/@sourcemeta/jsonschema/build/github-releases/jsonschema-" + runtime.GOOS + "-" + arch
	if err := b.install(program, "sourcemeta"); err != nil {
		return err
	}
	version, err := b.tool(b.dir, b.path("sourcemeta"), "version")
	fmt.Printf("sourcemeta is @sourcemeta/jsonschema %s, its native program %s.\n", bytes.TrimSpace(version), filepath.Base(program))
	return err
}

// writeSchemas copies the schema of each type of v2, and writes the union of all.
func (b *bench) writeSchemas() error {
	const dialect = `"$schema": "https://json-schema.org/draft/2020-12/schema",`
	var members []string
	found, err := filepath.Glob("gen/schemas/v2/*.json")
	for _, name := range found {
		text, failed := os.ReadFile(name)
		err = errors.Join(err, failed, b.write(filepath.Base(name), string(text)))
		members = append(members, strings.Replace(string(text), dialect, "", 1))
	}
	return errors.Join(err, b.write("union.json", "{"+dialect+`"oneOf": [`+strings.Join(members, ",")+"]}"))
}
