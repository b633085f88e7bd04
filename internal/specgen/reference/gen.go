//go:build ignore

// gen writes internal/gen/reference. Run it from the module root: go run internal/specgen/reference/gen.go.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/atlasint/atlasint/internal/specgen/reference"
	"github.com/atlasint/atlasint/openapi"
	"github.com/atlasint/atlasint/validate"
)

func main() {
	if err := run(filepath.Join("internal", "gen", "reference")); err != nil {
		fmt.Fprintln(os.Stderr, "reference:", err)
		os.Exit(1)
	}
}

func run(dir string) error {
	control, err := reference.Control(os.DirFS("."))
	if err != nil {
		return err
	}
	files, err := reference.Generate(reference.Sources{
		V2: openapi.V2().Document, V1: openapi.V1().Document, Companions: openapi.Companions(), Control: control,
		Rules: validate.Rules(),
	})
	if err != nil {
		return err
	}
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
