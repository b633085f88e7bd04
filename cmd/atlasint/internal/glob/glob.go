// Package glob matches paths against untrusted patterns, at a cost that is bounded beforehand.
//
// The syntax is that of doublestar: *, ?, [class], {a,b} and ** for folders of any depth. Alternatives are
// written out once, up to a limit, and a search opens each folder once. No pattern and no tree of folders
// makes the work grow exponentially.
package glob

import (
	"errors"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// errMalformed is the error for a pattern whose brackets don't close.
var errMalformed = errors.New("a bracket is not closed")

// ErrTooComplex is the error for a pattern, or a set of patterns, that exceeds the budget.
var ErrTooComplex = errors.New("too long with the alternatives of its braces expanded")

// Budget is how many bytes of patterns may be written. Matching a path takes time in proportion to the
// bytes written and to the length of the path.
type Budget struct{ left int }

// NewBudget returns a budget of 128 KiB, enough for hundreds of patterns.
func NewBudget() *Budget { return &Budget{128 << 10} }

func (b *Budget) spend(bytes int) bool {
	b.left -= bytes
	return b.left >= 0
}

// Pattern is a compiled pattern. It is safe for concurrent use.
type Pattern struct {
	alternatives []string   // without braces
	literals     [][]string // of each alternative, in order; see literalsOf
}

// Compile parses a pattern with slashes as separators. It returns [errMalformed], or [ErrTooComplex] if the pattern
// exceeds the rest of the budget after the patterns before it.
func Compile(pattern string, budget *Budget) (*Pattern, error) {
	if !doublestar.ValidatePattern(pattern) {
		return nil, errMalformed
	}
	p := new(Pattern)
	if !p.write(pattern, 0, budget) {
		return nil, ErrTooComplex
	}
	slices.Sort(p.alternatives)
	p.alternatives = slices.Compact(p.alternatives)
	for _, a := range p.alternatives {
		p.literals = append(p.literals, literalsOf(a))
	}
	return p, nil
}

// Match reports whether the pattern matches a path with slashes.
func (p *Pattern) Match(name string) bool {
	for i, a := range p.alternatives {
		if containsInOrder(name, p.literals[i]) && doublestar.MatchUnvalidated(a, name) {
			return true
		}
	}
	return false
}

// literalsOf returns the texts between the wildcards, classes, escapes and slashes of a pattern without braces. A path
// that it matches has all of them in this order, which is much cheaper to check than the pattern.
func literalsOf(pattern string) (literals []string) {
	from := 0
	end := func(i int) {
		if from < i {
			literals = append(literals, pattern[from:i])
		}
	}
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '*', '?', '/':
			end(i)
		case '\\':
			end(i)
			i++
		case '[':
			end(i)
			i = classEnd(pattern, i)
		default:
			continue
		}
		from = i + 1
	}
	end(len(pattern))
	return literals
}

// containsInOrder reports whether a text has all parts, one after the other.
func containsInOrder(text string, parts []string) bool {
	for _, part := range parts {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return true
}

// Base returns the folder that a pattern searches: the part before its first wildcard, "." if there is none.
func Base(pattern string) string {
	base, _ := doublestar.SplitPattern(pattern)
	return base
}

// write adds the alternatives of a pattern that has no braces before the offset. It reports whether the budget
// was enough.
func (p *Pattern) write(pattern string, from int, budget *Budget) bool {
	if !budget.spend(len(pattern) + 1) {
		return false
	}
	start, ends := braces(pattern, from)
	if ends == nil {
		p.alternatives = append(p.alternatives, simplify(pattern))
		return true
	}
	last := ends[len(ends)-1]
	for i, at := 0, start; i < len(ends); i, at = i+1, ends[i] {
		if !p.write(pattern[:start]+pattern[at+1:ends[i]]+pattern[last+1:], start, budget) {
			return false
		}
	}
	return true
}

// braces finds the first braces of a valid pattern at or after an offset: where they open, and where each of
// their alternatives ends; the last one ends at the closing brace. There are no ends without braces.
func braces(pattern string, from int) (start int, ends []int) {
	depth := 0
	for i := from; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\':
			i++
		case c == '[':
			i = classEnd(pattern, i)
		case c == '{':
			if depth == 0 {
				start = i
			}
			depth++
		case c == ',' && depth == 1:
			ends = append(ends, i)
		case c == '}':
			if depth--; depth == 0 {
				return start, append(ends, i)
			}
		}
	}
	return 0, nil
}

// classEnd returns the offset of the bracket that closes the class at an offset.
func classEnd(pattern string, i int) int {
	for i++; i < len(pattern) && pattern[i] != ']'; i++ {
		if pattern[i] == '\\' {
			i++
		}
	}
	return i
}

// simplify merges ** that follow each other, which match the same as one.
func simplify(pattern string) string {
	segments := strings.Split(pattern, "/")
	return strings.Join(slices.CompactFunc(segments, func(a, b string) bool { return a == "**" && b == "**" }), "/")
}

// mayMatchBelow reports whether a folder can have something below it that the pattern matches.
func (p *Pattern) mayMatchBelow(folder string) bool {
	return slices.ContainsFunc(p.alternatives, func(a string) bool {
		segments, depth := strings.Split(a, "/"), strings.Count(folder, "/")+1
		any := slices.Index(segments, "**")
		switch {
		case any >= 0 && any < depth:
			return doublestar.MatchUnvalidated(strings.Join(segments[:any+1], "/"), folder)
		case depth >= len(segments):
			return false
		}
		return doublestar.MatchUnvalidated(strings.Join(segments[:depth], "/"), folder)
	})
}
