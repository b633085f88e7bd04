// Licences says under which licence each module is that the command holds, and fails for one that is not
// among those that may be passed on in a binary without its sources. Run it from the root of the product:
// go run -C .ci/supply . "$PWD"
//
// go-licenses v1.6.0 uses an older classifier, from 2021, and checks the packages of one system at a time.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	classifier "github.com/google/licenseclassifier/v2"
	"github.com/google/licenseclassifier/v2/assets"
)

// allowed ask for no more than their text, and for notices, to be passed on; THIRD-PARTY-LICENSES has both.
var allowed = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"}

// targets are one for each system that binaries are made for: what is linked differs by system.
var targets = []string{"linux", "darwin", "windows"}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run -C .ci/supply . FOLDER")
		os.Exit(2)
	}
	if err := check(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func check(root string) error {
	judge, err := assets.DefaultClassifier()
	if err != nil {
		return err
	}
	modules, err := linked(root)
	if err != nil {
		return err
	}
	if len(modules) < 10 {
		return fmt.Errorf("found %d modules only: the list can't be right", len(modules))
	}
	var faults []string
	for _, m := range modules {
		name, dir, _ := strings.Cut(m, "\t")
		found, err := licences(judge, dir)
		if err != nil {
			return err
		}
		fmt.Printf("%-75s %s\n", name, strings.Join(found, ", "))
		if len(found) == 0 || slices.ContainsFunc(found, func(l string) bool { return !slices.Contains(allowed, l) }) {
			faults = append(faults, name)
		}
	}
	if len(faults) > 0 {
		return fmt.Errorf("none of %s, as far as known: %s", strings.Join(allowed, ", "), strings.Join(faults, ", "))
	}
	return nil
}

// linked are the modules in the command, each with its folder, for all systems.
func linked(root string) ([]string, error) {
	var modules []string
	for _, system := range targets {
		cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}", "./cmd/atlasint")
		cmd.Dir, cmd.Env, cmd.Stderr = root, append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0"), os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		modules = append(modules, strings.Split(strings.TrimSpace(string(out)), "\n")...)
	}
	slices.Sort(modules)
	return slices.DeleteFunc(slices.Compact(modules), func(m string) bool { return m == "" }), nil
}

// licences are those that the files of a folder hold.
func licences(judge *classifier.Classifier, dir string) ([]string, error) {
	var found []string
	for _, pattern := range []string{"LICENSE*", "LICENCE*", "COPYING*"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			for _, match := range judge.Match(text).Matches {
				if match.MatchType == "License" {
					found = append(found, match.Name)
				}
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}
