//go:build ignore

// gen writes gen/schemas, internal/gen/generator, the package documentation of gen/atlasv1 and gen/atlasv2, and what
// gen/companions has besides the output of oapi-codegen. Run it from the module root: go run internal/specgen/gen.go.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/atlasint/atlasint/internal/specgen"
	"github.com/atlasint/atlasint/openapi"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "specgen:", err)
		os.Exit(1)
	}
}

func run() error {
	const dir = "gen"
	files, err := specgen.Generate([]specgen.Document{
		{APIVersion: "v1.0", YAML: openapi.V1().Document},
		{APIVersion: "v2", YAML: openapi.V2().Document},
	})
	if err != nil {
		return err
	}
	for _, path := range files.Paths() {
		if err := write(filepath.Join(dir, "schemas", filepath.FromSlash(path)), files[path]); err != nil {
			return err
		}
	}
	for name, version := range map[string]string{"atlasv1": "v1.0", "atlasv2": "v2"} {
		source, err := specgen.About(name, version)
		if err != nil {
			return err
		}
		if err := write(filepath.Join(dir, name, "about.gen.go"), source); err != nil {
			return err
		}
	}
	if err := write(filepath.Join(dir, "companions", "about.gen.go"), specgen.CompanionsSource()); err != nil {
		return err
	}
	bodies, err := specgen.CompanionBodies(openapi.Companions())
	if err != nil {
		return fmt.Errorf("companions: %w", err)
	}
	if err := write(filepath.Join(dir, "companions", "bodies.json"), bodies); err != nil {
		return err
	}
	source, err := pinned("github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen")
	if err != nil {
		return err
	}
	return write(filepath.Join("internal", dir, "generator", "generator.gen.go"), source)
}

func write(file string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o644)
}

// pinned gets the meaning of go.mod from the go command, for each system that the command is built for.
func pinned(program string) ([]byte, error) {
	p := specgen.Program{Package: program}
	for _, system := range []string{"linux", "darwin", "windows"} {
		out, err := goList(system, "-deps", "-f", "{{with .Module}}{{.Path}} {{.Version}}{{end}}", program)
		if err != nil {
			return nil, err
		}
		p.Modules = append(p.Modules, lines(out)...)
	}
	version, err := goList("linux", "-m", "-f", "{{.GoVersion}}")
	if err != nil {
		return nil, err
	}
	p.Go = strings.TrimSpace(version)
	if p.Sums, err = os.ReadFile("go.sum"); err != nil {
		return nil, err
	}
	return p.Source()
}

func goList(system string, args ...string) (string, error) {
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go list %s: %w", strings.Join(args, " "), err)
	}
	return string(out), nil
}

func lines(text string) (found []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			found = append(found, line)
		}
	}
	return found
}
