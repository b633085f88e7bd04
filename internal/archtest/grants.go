package archtest

import "fmt"

// unusedGrants returns the imports in the table that no file needs, and the test imports that no test uses.
func (rules ruleSet) unusedGrants(files []file) []string {
	used, usedByTests := rules.neededImports(files)
	var faults []string
	for _, p := range rules.Packages {
		for _, target := range p.Imports {
			if !matchesOne(target, used[p.Path]) {
				faults = append(faults, fmt.Sprintf("%s: %s may import %s, but no file of it needs that", table, p.Path, target))
			}
		}
	}
	for _, target := range rules.TestImports {
		if !matchesOne(target, usedByTests) {
			faults = append(faults, fmt.Sprintf("%s: tests may import %s, but no test does", table, target))
		}
	}
	return faults
}

// neededImports returns the imports that need a row, by package, and those that tests may use without one.
func (rules ruleSet) neededImports(files []file) (byPackage map[string][]string, byTests []string) {
	byPackage = map[string][]string{}
	for _, f := range files {
		for _, imp := range f.imports {
			target, ours := rules.inside(imp.path)
			switch {
			case f.test && ours:
			case f.test && matchesAny(rules.TestImports, target):
				byTests = append(byTests, target)
			default:
				byPackage[f.dir] = append(byPackage[f.dir], target)
			}
		}
	}
	return byPackage, byTests
}

func matchesOne(pattern string, targets []string) bool {
	for _, target := range targets {
		if matches(pattern, target) {
			return true
		}
	}
	return false
}
