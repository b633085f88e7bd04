// Package suggest finds the name that a misspelled one most likely means.
package suggest

import (
	"strings"
	"unicode/utf8"
)

// MaxLength is the length in characters of the longest name that gets a suggestion.
const MaxLength = 64

// Nearest returns the candidate that a misspelled name most likely means, or "": one that differs in case
// or separators only, or in few letters. The candidates are ASCII, as the names of the API are.
func Nearest(name string, candidates []string) string {
	return Within(min(3, len(name)/3), name, candidates)
}

// Hint returns a hint with the candidate that a misspelled name most likely means, else the other hint.
func Hint(name string, candidates []string, other string) string {
	if near := Nearest(name, candidates); near != "" {
		return DidYouMean(near)
	}
	return other
}

// DidYouMean returns a hint with a name, or with several as text.
func DidYouMean(name string) string { return "did you mean " + name + "?" }

// Within is like [Nearest] for names that differ in a number of letters at most.
func Within(most int, name string, candidates []string) string {
	if utf8.RuneCountInString(name) > MaxLength || name == "" {
		return ""
	}
	best, bestDistance := "", most+1
	letters := []rune(strings.ToLower(name))
	for _, c := range candidates {
		if len(c) > MaxLength {
			continue
		}
		if SameLetters(name, c) {
			return c
		}
		if gap := len(c) - len(letters); gap >= bestDistance || -gap >= bestDistance {
			continue // each missing letter counts
		}
		if d := distance(letters, strings.ToLower(c)); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

// SameLetters reports whether two names are equal except for case and separators.
func SameLetters(a, b string) bool {
	for {
		a, b = strings.TrimLeft(a, separators), strings.TrimLeft(b, separators)
		if a == "" || b == "" {
			return a == b
		}
		if lower(a[0]) != lower(b[0]) {
			return false
		}
		a, b = a[1:], b[1:]
	}
}

const separators = "_- "

// distance counts the insertions, deletions, substitutions and swaps of neighbors that turn a into b.
// Neither is longer than MaxLength.
func distance(a []rune, b string) int {
	var rows [3][MaxLength + 1]int
	before, row, next := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == rune(b[j-1]) {
				cost = 0
			}
			next[j] = min(next[j-1]+1, row[j]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == rune(b[j-2]) && a[i-2] == rune(b[j-1]) {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}
