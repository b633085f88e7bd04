package glob

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/bmatcuk/doublestar/v4"
)

// The literals of a pattern only skip names that it doesn't match.
func TestLiteralsDoNotChangeMatches(t *testing.T) {
	random := rand.New(rand.NewPCG(20230101, 11))
	text := func(alphabet []string, maximum int) (text string) {
		for range random.IntN(maximum) {
			text += alphabet[random.IntN(len(alphabet))]
		}
		return text
	}
	matched := 0
	for range 100_000 {
		pattern := text([]string{"a", "b", "é", "*", "**/", "/", "?", "[a-b]", "[!a]", `\*`, `\b`, "{a,b}"}, 7)
		name := text([]string{"a", "b", "é", "/", "*", "ab"}, 7)
		p, err := Compile(pattern, NewBudget())
		if err != nil {
			continue
		}
		want := slices.ContainsFunc(p.alternatives, func(a string) bool { return doublestar.MatchUnvalidated(a, name) })
		if got := p.Match(name); got != want {
			t.Fatalf("%q matches %q: %t, want %t", pattern, name, got, want)
		}
		if want {
			matched++
		}
	}
	if matched < 1000 {
		t.Errorf("only %d patterns match", matched)
	}
}
