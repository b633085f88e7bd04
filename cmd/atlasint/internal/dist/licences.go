package dist

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// part is a module that is linked into a binary, with the folder of its sources.
type part struct{ name, dir string }

// Licences writes the licences of Go and of all linked modules except this one, because those licences require it. It
// returns an error for a module without a licence, which may not be distributed.
func (r *Release) Licences(file string) error {
	parts, err := r.parts()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	out.WriteString("The binaries contain code of the modules below, under these licences.\n")
	for _, p := range parts {
		if err := p.append(&out); err != nil {
			return err
		}
	}
	return os.WriteFile(file, out.Bytes(), 0o644)
}

// parts returns Go itself and then, in order, the modules that the command links for any target.
func (r *Release) parts() ([]part, error) {
	goroot, err := r.goCommand(r.targets[0], "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	const format = "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}"
	var lines []string
	for _, t := range r.targets {
		out, err := r.goCommand(t, "list", "-deps", "-f", format, r.config.build().Main)
		if err != nil {
			return nil, err
		}
		lines = append(lines, strings.Split(strings.TrimSpace(out), "\n")...)
	}
	slices.Sort(lines)
	parts := []part{{"Go, its runtime and standard library", strings.TrimSpace(goroot)}}
	for _, line := range slices.Compact(lines) {
		if name, dir, ok := strings.Cut(line, "\t"); ok {
			parts = append(parts, part{name, dir})
		}
	}
	return parts, nil
}

var licenceName = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)(\.(txt|md))?$`)

// append writes the name and the licence files of a module.
func (p part) append(out *bytes.Buffer) error {
	entries, err := os.ReadDir(p.dir) // sorted
	if err != nil {
		return err
	}
	found := false
	for _, entry := range entries {
		if entry.IsDir() || !licenceName.MatchString(entry.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(p.dir, entry.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "\n%s\n%s: %s\n\n%s\n", strings.Repeat("-", 80), p.name, entry.Name(), bytes.TrimSpace(text))
		found = true
	}
	if !found {
		return fmt.Errorf("%s has no file with its licence", p.name)
	}
	return nil
}
