package archtest

import (
	"regexp"
	"strings"
	"sync"
)

// Word is a word or phrase that the project does not use, because readers would have to guess its meaning.
type Word struct {
	Pattern string // regular expression for the whole word or phrase; upper and lower case are equal
	Use     string // what to write instead
	Scope   Scope
}

// Scope is the kind of text that must not contain a word. The zero value means both kinds.
type Scope int

const (
	// Texts are comments, documentation and messages.
	Texts Scope = iota + 1
	// Names are identifiers and file names.
	Names
)

// PrivateWords returns the words that no identifier, comment or other text may contain. [Word.Scope] limits
// some of them. This list is the only one: tests of comments, documentation and messages use it.
func PrivateWords() []Word {
	return []Word{
		{Pattern: `tell|tells|telling|told`, Use: "report, return, print or describe"},
		{Pattern: `speak|speaks|speaking|spoke|spoken`, Use: "describe, name or contain"},
		{Pattern: `stand|stands|standing|stood`, Use: "be, mean or follow"},
		{Pattern: `hold|holds|holding|held`, Use: "contain, store, have or pass"},
		{Pattern: `holder|holders`, Use: "container or owner"},
		{Pattern: `judge|judges|judged|judging|judgement|judgements|judgment`, Use: "validate or check"},
		{Pattern: `whoever|whomever|nobody|somebody`, Use: "the client, the caller, you or no client"},
		{Pattern: `door|doors`, Use: "route, handler or import"},
		{Pattern: `law|laws|lawful`, Use: "rule or invariant"},
		{Pattern: `room|rooms|house|houses`, Use: "package, space or capacity"},
		{Pattern: `world|worlds`, Use: "state or model"},
		{Pattern: `heed|heeds|heeded|hurried|hurrying|hopeless|untold|asker|askers|apart|watched`, Use: "a noun or verb of the domain"},
		{Pattern: `sight|sights|sighting|sightings|wash|washes|washed|glued|spoilt|meddle|meddler|sought`, Use: "a noun or verb of the domain"},
		{Pattern: `lend|lends|lent`, Use: "provide or pass"},
		{Pattern: `generation|generations`, Use: "API version"},
		{Pattern: `made|heard`, Use: "an active verb of the domain", Scope: Names},
		{Pattern: `go by|goes by|going by|let go|lets go`, Use: "use, or release", Scope: Texts},
		{Pattern: `make of|makes of|made of`, Use: "return, or consist of", Scope: Texts},
		{Pattern: `know of|knows of|knows nothing of|says nothing of`, Use: "have, or not document", Scope: Texts},
		{Pattern: `(is|are|was|were|be) (asked|lent|heard|said)`, Use: "an active verb with its subject", Scope: Texts},
		{Pattern: `all the same`, Use: "still, or even so", Scope: Texts},
	}
}

// compiledWord is one of [PrivateWords], compiled.
type compiledWord struct {
	Word
	inText, inName *regexp.Regexp
}

var compiledWords = sync.OnceValue(func() (list []compiledWord) {
	for _, w := range PrivateWords() {
		list = append(list, compiledWord{w, regexp.MustCompile(`(?i)\b(` + w.Pattern + `)\b`), regexp.MustCompile(`(?i)^(` + w.Pattern + `)$`)})
	}
	return list
})

// FindWords returns each private word in a text, with what to write instead, such as "holds: write contain". It is safe
// for concurrent use.
func FindWords(text string) (found []string) {
	for _, w := range compiledWords() {
		if w.Scope == Names {
			continue
		}
		for _, match := range w.inText.FindAllString(text, -1) {
			found = append(found, strings.ToLower(match)+": write "+w.Use)
		}
	}
	return found
}

// findInName returns each private word in an identifier or a file name, like [FindWords].
func findInName(name string) (found []string) {
	for part := range strings.FieldsSeq(splitName(name)) {
		for _, w := range compiledWords() {
			if w.Scope != Texts && w.inName.MatchString(part) {
				found = append(found, strings.ToLower(part)+": write "+w.Use)
			}
		}
	}
	return found
}

var (
	acronymEnd = regexp.MustCompile(`([A-Z])([A-Z][a-z])`)
	wordStart  = regexp.MustCompile(`([a-z0-9])([A-Z])`)
)

// splitName puts spaces between the words of a name: "newJSONValue" is "new JSON Value".
func splitName(name string) string {
	name = acronymEnd.ReplaceAllString(strings.NewReplacer("_", " ", ".", " ").Replace(name), "$1 $2")
	return wordStart.ReplaceAllString(name, "$1 $2")
}
