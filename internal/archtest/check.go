package archtest

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

const table = "internal/archtest/rules.go"

// check parses the module at the root of fsys and returns the violations of the rules, one line each, in the
// order of the tree.
func check(fsys fs.FS, rules ruleSet) []string {
	files, faults := readTree(fsys)
	faults = append(rules.checkTable(), faults...)
	for _, f := range files {
		faults = append(faults, rules.checkFile(f)...)
		faults = append(faults, rules.checkImports(f)...)
	}
	faults = append(faults, rules.checkSizes(files)...)
	faults = append(faults, rules.unusedGrants(files)...)
	return append(faults, rules.checkLinks(files)...)
}

// checkTable returns the imports in the table that no package listed before theirs matches.
func (rules ruleSet) checkTable() []string {
	var faults []string
	for i, p := range rules.Packages {
		for _, target := range p.Imports {
			above := slices.ContainsFunc(rules.Packages[:i], func(o packageRule) bool { return matches(target, o.Path) })
			if !above && !isModulePath(target) {
				faults = append(faults, fmt.Sprintf("%s: %s may import %s, which no row before it lists", table, p.Path, target))
			}
		}
	}
	return faults
}

// checkFile returns the violations that do not depend on imports.
func (rules ruleSet) checkFile(f file) []string {
	var faults []string
	inGenerated := rules.isGenerated(f.dir)
	if inGenerated && !f.generated {
		faults = append(faults, fmt.Sprintf("%s: no generated-code header: %s/ is for generated files only", f.path, path.Dir(f.dir)))
	}
	if !inGenerated {
		faults = append(faults, rules.Sizes.checkFile(f)...)
	}
	if f.name == "main" && !f.runner() && path.Dir(f.dir) != rules.Commands {
		faults = append(faults, fmt.Sprintf("%s: package main outside %s/: everyone who installs the module would build it",
			f.path, rules.Commands))
	}
	return faults
}

// isGenerated reports whether a folder is for generated files.
func (rules ruleSet) isGenerated(dir string) bool {
	return slices.ContainsFunc(rules.Generated, func(folder string) bool { return strings.HasPrefix(dir, folder+"/") })
}

// checkImports compares the imports of a file with the row of its package.
func (rules ruleSet) checkImports(f file) []string {
	if f.toolList() { // CheckTools compares it with go.mod
		return nil
	}
	i := rules.index(f.dir)
	if i < 0 {
		return []string{fmt.Sprintf("%s: package %s is not listed in %s", f.path, f.dir, table)}
	}
	var faults []string
	for _, imp := range f.imports {
		if why := rules.importFault(i, f, imp.path); why != "" {
			faults = append(faults, fmt.Sprintf("%s:%d: imports %s: %s", f.path, imp.line, imp.path, why))
		}
	}
	return faults
}

// importFault returns why the file of the package at index i may not import the target, or "" if it may.
func (rules ruleSet) importFault(i int, f file, target string) string {
	p := rules.Packages[i]
	inside, ours := rules.inside(target)
	switch {
	case ours && matchesAny(p.Never, inside):
		return p.Path + " never imports it, nor do its tests"
	case ours && (f.test || inside == p.Path): // external tests and runners import their own package
		return ""
	case ours && rules.index(inside) > i:
		return "the import leads up the tree: " + table + " lists it after " + p.Path
	case !ours && !isModulePath(target):
		if !f.test && matchesAny(rules.TestOnly, target) {
			return "only _test.go files may"
		}
		return ""
	case matchesAny(p.Imports, inside), f.test && matchesAny(rules.TestImports, target):
		return ""
	}
	return "not in the row of " + p.Path + " in " + table
}

// index returns the index of a package in the table, -1 if it is not listed.
func (rules ruleSet) index(dir string) int {
	return slices.IndexFunc(rules.Packages, func(p packageRule) bool { return p.Path == dir })
}

// inside returns the target as the table names it, and reports whether it belongs to this module.
func (rules ruleSet) inside(target string) (name string, ours bool) {
	if target == rules.Module {
		return ".", true
	}
	return strings.CutPrefix(target, rules.Module+"/")
}

// isModulePath reports whether p is a package of another module. Module paths begin with a host; paths of the
// standard library and the short paths of the table do not.
func isModulePath(p string) bool {
	host, _, _ := strings.Cut(p, "/")
	return strings.Contains(host, ".")
}

func matchesAny(patterns []string, p string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return matches(pattern, p) })
}

func matches(pattern, p string) bool {
	tree, wide := strings.CutSuffix(pattern, "/...")
	return p == tree || wide && strings.HasPrefix(p, tree+"/")
}
