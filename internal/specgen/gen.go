//go:build ignore

// gen writes gen/schemas; run it from the module root: go run internal/specgen/gen.go.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/atlasint/atlasint/internal/specgen"
	"github.com/atlasint/atlasint/openapi"
)

func main() {
	if err := run("gen/schemas"); err != nil {
		fmt.Fprintln(os.Stderr, "specgen:", err)
		os.Exit(1)
	}
}

func run(dir string) error {
	files, err := specgen.Generate([]specgen.Document{
		{Generation: "v1.0", YAML: openapi.V1()},
		{Generation: "v2", YAML: openapi.V2()},
	})
	if err != nil {
		return err
	}
	for _, path := range files.Paths() {
		full := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(full, files[path], 0o644); err != nil {
			return err
		}
	}
	return nil
}
