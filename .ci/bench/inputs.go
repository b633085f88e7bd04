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

// build compiles the three programs as a release does.
// It doesn't use package load: that links the fake, and a larger program hides smaller peaks (see ownPeak).
func (b *bench) build() error {
	mod, err := exec.CommandContext(b.ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return fmt.Errorf("go env GOMOD: %w", err)
	}
	if err := os.Chdir(filepath.Dir(strings.TrimSpace(string(mod)))); err != nil {
		return err
	}
	for name, source := range map[string]string{
		"atlasint": "./cmd/atlasint",
		"floor":    ".ci/bench/floor.go",
		"empty":    ".ci/bench/empty.go",
	} {
		cmd := exec.CommandContext(b.ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", b.path(name+".linked"), source)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("go build %s: %w\n%s", source, err, out)
		}
		if err := b.install(b.path(name+".linked"), name); err != nil {
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

func (b *bench) generate() error {
	for folder, region := range map[string]string{"many": "US3", "faulty": "US4"} {
		if err := os.Mkdir(b.path(folder), 0o777); err != nil {
			return err
		}
		for i := range files {
			text := strings.Replace(payload(i), "US3", region, 1)
			if err := os.WriteFile(b.path(fmt.Sprintf("%s/%05d.json", folder, i)), []byte(text), 0o666); err != nil {
				return err
			}
		}
	}
	bad := strings.Replace(payload(0), "apiKey", "apikey", 1)
	return errors.Join(
		os.WriteFile(b.path("one.json"), []byte(payload(0)), 0o666),
		os.WriteFile(b.path("bad.json"), []byte(bad), 0o666),
		b.lines("some.jsonl", records),
		b.lines("more.jsonl", moreRecords),
	)
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
	npm := exec.CommandContext(b.ctx, "npm", "ci", "--ignore-scripts", "--prefer-offline", "--no-fund", "--no-audit")
	npm.Dir = filepath.Join(".ci", "bench")
	if out, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w\n%s", err, bytes.TrimSpace(out))
	}
	found, err := b.native()
	if err != nil {
		return err
	}
	if err := b.writeSchemas(); err != nil {
		return err
	}
	for _, s := range schemas {
		out, err := exec.CommandContext(b.ctx, found, "compile", "--fast", "--minify", b.path(s.file+".json")).Output()
		if err != nil {
			return fmt.Errorf("sourcemeta compile: %w", err)
		}
		if err := os.WriteFile(b.path(s.file+".template.json"), out, 0o666); err != nil {
			return err
		}
	}
	b.peer = b.path("sourcemeta")
	return b.install(found, "sourcemeta")
}

// native returns the program in the npm package: the script around it starts node first.
func (b *bench) native() (string, error) {
	arch := cmp.Or(map[string]string{"amd64": "x86_64"}[runtime.GOARCH], runtime.GOARCH)
	pattern := "jsonschema-" + runtime.GOOS + "-" + arch
	for _, name := range []string{pattern, pattern + "-musl"} {
		found, err := filepath.Abs(filepath.Join(".ci", "bench", "node_modules", "@sourcemeta", "jsonschema", "build", "github-releases", name))
		if err != nil {
			return "", err
		}
		if out, err := exec.CommandContext(b.ctx, found, "version").Output(); err == nil {
			fmt.Printf("sourcemeta is @sourcemeta/jsonschema %s, its native program %s.\n", bytes.TrimSpace(out), name)
			return found, nil
		}
	}
	return "", fmt.Errorf("the package has no program that runs here (%s)", pattern)
}

// writeSchemas copies the schema of each type of v2, and writes the union of all.
func (b *bench) writeSchemas() error {
	var union struct {
		Schema json.RawMessage              `json:"$schema"`
		OneOf  []map[string]json.RawMessage `json:"oneOf"`
	}
	found, err := filepath.Glob("gen/schemas/v2/*.json")
	if err != nil || len(found) == 0 {
		return errors.Join(err, errors.New("no schemas in gen/schemas/v2"))
	}
	for _, name := range found {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		var member map[string]json.RawMessage
		if err := json.Unmarshal(text, &member); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := os.WriteFile(b.path(filepath.Base(name)), text, 0o666); err != nil {
			return err
		}
		union.Schema = member["$schema"]
		delete(member, "$schema")
		union.OneOf = append(union.OneOf, member)
	}
	text, err := json.Marshal(union)
	return errors.Join(err, os.WriteFile(b.path("union.json"), text, 0o666))
}
