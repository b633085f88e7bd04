package archtest

import (
	"fmt"
	"slices"
	"strings"
)

// reach follows what users would link: from each light room through this module's packages to anything
// heavy. The doors alone would not tell, since each of them may be lawful and the way still lead there.
func (law Law) reach(files []file) []string {
	edges := law.linked(files)
	var faults []string
	for _, room := range law.Light {
		for _, way := range law.waysToHeavy(edges, []string{room}, map[string]bool{room: true}) {
			faults = append(faults, fmt.Sprintf("%s reaches what its users must not link: %s", room, strings.Join(way, " > ")))
		}
	}
	return faults
}

// linked maps each package to what its files bring into a binary.
func (law Law) linked(files []file) map[string][]string {
	edges := map[string][]string{}
	for _, f := range files {
		if f.test || f.runner() || f.toolList() {
			continue
		}
		for _, e := range f.imports {
			target, _ := law.inside(e.path)
			if !slices.Contains(edges[f.dir], target) {
				edges[f.dir] = append(edges[f.dir], target)
			}
		}
	}
	return edges
}

// waysToHeavy walks on from the end of way, each package once.
func (law Law) waysToHeavy(edges map[string][]string, way []string, seen map[string]bool) [][]string {
	var found [][]string
	for _, next := range edges[way[len(way)-1]] {
		on := append(slices.Clone(way), next)
		if matchesAny(law.Heavy, next) {
			found = append(found, on)
		} else if !seen[next] {
			seen[next] = true
			found = append(found, law.waysToHeavy(edges, on, seen)...)
		}
	}
	return found
}
