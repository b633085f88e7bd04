package archtest

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Check reads the module at the root of fsys and returns every place where it leaves the law, one line
// each, in the order of the tree. An empty answer means that it keeps all of it.
// Rooms without a folder are no fault: the law may be ahead of the house.
func Check(fsys fs.FS, law Law) []string {
	files, faults := readTree(fsys)
	faults = append(law.ownFaults(), faults...)
	for _, f := range files {
		faults = append(faults, law.shape(f)...)
		faults = append(faults, law.doors(f)...)
	}
	return append(faults, law.reach(files)...)
}

// ownFaults holds the table itself to one direction: a door leads to a room that was listed before.
// It finds the door to a room that does not exist as well.
func (law Law) ownFaults() []string {
	var faults []string
	for i, room := range law.Rooms {
		for _, door := range room.May {
			above := slices.ContainsFunc(law.Rooms[:i], func(r Room) bool { return matches(door, r.Package) })
			if !above && !isModulePath(door) {
				faults = append(faults, fmt.Sprintf("law: %s may import %s, and no row above it is that room", room.Package, door))
			}
		}
	}
	return faults
}

// shape is what can be said of a file without its imports.
func (law Law) shape(f file) []string {
	var faults []string
	inGenerated := matches(law.Generated+"/...", f.dir)
	if inGenerated && !f.generated {
		faults = append(faults, fmt.Sprintf("%s: no generated-code header: %s/ holds nothing written by hand", f.path, law.Generated))
	}
	if !inGenerated && f.lines > law.Lines {
		faults = append(faults, fmt.Sprintf("%s: %d lines, over %d: split it by what its parts do", f.path, f.lines, law.Lines))
	}
	if f.name == "main" && !f.runner() && path.Dir(f.dir) != law.Programs {
		faults = append(faults, fmt.Sprintf("%s: package main outside %s/: everyone who installs the module would build it", f.path, law.Programs))
	}
	return faults
}

// doors holds a file's imports to its room's row.
func (law Law) doors(f file) []string {
	if f.toolList() { // CheckTools holds it to go.mod, word for word
		return nil
	}
	i := slices.IndexFunc(law.Rooms, func(r Room) bool { return r.Package == f.dir })
	if i < 0 {
		return []string{fmt.Sprintf("%s: no room listed for %s in internal/archtest/law.go", f.path, f.dir)}
	}
	var faults []string
	for _, e := range f.imports {
		if why := law.refuses(law.Rooms[i], f, e.path); why != "" {
			faults = append(faults, fmt.Sprintf("%s:%d: imports %s: %s", f.path, e.line, e.path, why))
		}
	}
	return faults
}

// refuses says why the file of this room may not import the target, or nothing if it may.
func (law Law) refuses(room Room, f file, target string) string {
	inside, ours := law.inside(target)
	switch {
	case ours && matchesAny(room.Never, inside):
		return room.Package + " never imports it, nor do its tests"
	case ours && (f.test || inside == room.Package): // external tests and runners import their own room
		return ""
	case !ours && !isModulePath(target):
		if !f.test && matchesAny(law.TestOnly, target) {
			return "only _test.go files may"
		}
		return ""
	case matchesAny(room.May, inside), f.test && matchesAny(law.Tests, target):
		return ""
	}
	return "no such door in the row of " + room.Package + " in internal/archtest/law.go"
}

// inside is the target as the table names it, and whether it belongs to this module.
func (law Law) inside(target string) (name string, ours bool) {
	if target == law.Module {
		return ".", true
	}
	return strings.CutPrefix(target, law.Module+"/")
}

// isModulePath tells other modules' packages from the standard library's and from our own short names:
// a module path begins with a host.
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
