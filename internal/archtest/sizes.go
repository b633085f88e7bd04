package archtest

import (
	"fmt"
	"slices"
)

// sizes are upper bounds, in lines. Median and P90 are those of all functions outside tests.
type sizes struct {
	File, TestFile, Function, Package int
	Median, P90                       int
}

type function struct {
	name        string
	line, lines int
}

// checkFile reports a file that is too long, and its functions that are.
func (s sizes) checkFile(f file) []string {
	var faults []string
	limit := s.File
	if f.test {
		limit = s.TestFile
	}
	if f.lines > limit {
		faults = append(faults, fmt.Sprintf("%s: %d lines, over %d: split it by what its parts do", f.path, f.lines, limit))
	}
	for _, fn := range f.functions {
		if fn.lines > s.Function && !f.test {
			faults = append(faults, fmt.Sprintf("%s:%d: function %s has %d lines, over %d: name its steps",
				f.path, fn.line, fn.name, fn.lines, s.Function))
		}
	}
	return faults
}

// checkSizes compares what several files make up: packages, and the functions of the module.
func (rules ruleSet) checkSizes(files []file) []string {
	var faults, order []string
	var lines []int
	packages := map[string]int{}
	for _, f := range files {
		if f.generated || f.test || f.runner() || rules.isGenerated(f.dir) {
			continue
		}
		if packages[f.dir] == 0 {
			order = append(order, f.dir)
		}
		packages[f.dir] += f.lines
		for _, fn := range f.functions {
			lines = append(lines, fn.lines)
		}
	}
	for _, dir := range order {
		if n := packages[dir]; n > rules.Sizes.Package {
			faults = append(faults, fmt.Sprintf("%s: %d lines without tests, over %d: divide the package by what its parts do",
				dir, n, rules.Sizes.Package))
		}
	}
	slices.Sort(lines)
	return append(faults, rules.Sizes.checkFunctions(lines)...)
}

// checkFunctions compares the lengths of all functions, in ascending order.
func (s sizes) checkFunctions(lines []int) []string {
	var faults []string
	if len(lines) == 0 {
		return nil
	}
	if median := lines[len(lines)/2]; median > s.Median {
		faults = append(faults, fmt.Sprintf("functions: the median has %d lines, over %d: shorten them", median, s.Median))
	}
	if p90 := lines[len(lines)*9/10]; p90 > s.P90 {
		faults = append(faults, fmt.Sprintf("functions: one in ten has %d lines or more, over %d: shorten them", p90, s.P90))
	}
	return faults
}
