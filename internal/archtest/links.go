package archtest

import (
	"fmt"
	"slices"
	"strings"
)

// checkLinks returns each path of imports that leads from a Linked package to a NeverLinked one. Every import
// on such a path may be allowed by itself.
func (rules ruleSet) checkLinks(files []file) []string {
	imports := rules.linkedImports(files)
	var faults []string
	for _, p := range rules.Linked {
		for _, chain := range rules.chains(imports, []string{p}, map[string]bool{p: true}) {
			faults = append(faults, fmt.Sprintf("%s links what users must not link: %s", p, strings.Join(chain, " > ")))
		}
	}
	return faults
}

// linkedImports returns the imports of each package that a binary links.
func (rules ruleSet) linkedImports(files []file) map[string][]string {
	imports := map[string][]string{}
	for _, f := range files {
		if f.test || f.runner() || f.toolList() {
			continue
		}
		for _, imp := range f.imports {
			target, _ := rules.inside(imp.path)
			if !slices.Contains(imports[f.dir], target) {
				imports[f.dir] = append(imports[f.dir], target)
			}
		}
	}
	return imports
}

// chains extends a chain of imports up to NeverLinked packages, through each package once.
func (rules ruleSet) chains(imports map[string][]string, chain []string, seen map[string]bool) [][]string {
	var found [][]string
	for _, next := range imports[chain[len(chain)-1]] {
		longer := append(slices.Clone(chain), next)
		if matchesAny(rules.NeverLinked, next) {
			found = append(found, longer)
		} else if !seen[next] {
			seen[next] = true
			found = append(found, rules.chains(imports, longer, seen)...)
		}
	}
	return found
}
