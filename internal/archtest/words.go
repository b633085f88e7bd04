package archtest

import (
	"regexp"
	"strings"
	"sync"
)

// privateWord is a word or phrase that the project does not use, because readers would have to guess its meaning.
type privateWord struct {
	Pattern string // regular expression for the whole word or phrase; upper and lower case are equal
	Use     string // what to write instead
	Scope   scope
}

// scope is the kind of text that must not contain a word. The zero value means both kinds.
type scope int

const (
	// inTexts are comments, documentation and messages.
	inTexts scope = iota + 1
	// inNames are identifiers and file names.
	inNames
	// everywhere are all files, and their paths: users also read keys, labels and scripts. checkTerms searches them for
	// the word, also as a part of a longer name.
	everywhere
)

// appliesTo reports whether the word must not be in texts of a kind, inTexts or inNames.
func (w privateWord) appliesTo(kind scope) bool { return w.Scope == 0 || w.Scope == kind }

// privateWords returns the words that no identifier and no comment of Go sources may contain. [privateWord.Scope]
// limits some of them. They are also among the phrases that documents, messages and other comments may seldom
// contain.
func privateWords() []privateWord {
	return []privateWord{
		{Pattern: `tell|tells|telling|told`, Use: "report, return, print or describe"},
		{Pattern: `speak|speaks|speaking|spoke|spoken`, Use: "describe, name or contain"},
		{Pattern: `stand|stands|standing|stood`, Use: "be, mean or follow"},
		{Pattern: `hold|holds|holding|held`, Use: "contain, store, have or pass"},
		{Pattern: `holder|holders`, Use: "container or owner"},
		{Pattern: `judge|judges|judged|judging|judgement|judgements|judgment`, Use: "validate or check"},
		{Pattern: `whoever|whomever|nobody|somebody`, Use: "the client, the caller, you or no client"},
		{Pattern: `door|doors`, Use: "route, handler or import"},
		{Pattern: `law|laws|lawful|unlawful`, Use: "rule or invariant"},
		{Pattern: `room|rooms|house|houses`, Use: "package, space or capacity"},
		{Pattern: `world|worlds`, Use: "state or model"},
		{Pattern: `heed|heeds|heeded|hurried|hurrying|hopeless|untold|asker|askers|apart|watched`, Use: "a noun or verb of the domain"},
		{Pattern: `sight|sights|sighting|sightings|wash|washes|washed|glued|spoilt|meddle|meddler|sought`, Use: "a noun or verb of the domain"},
		{Pattern: `cure|cures|cured`, Use: "fix"},
		{Pattern: `lend|lends|lent`, Use: "provide or pass"},
		{Pattern: `answer`, Use: "response or respond, or reply for a person", Scope: everywhere},
		{Pattern: `generation`, Use: "API version, apiVersion or api_version", Scope: everywhere},
		{Pattern: `strike|strikes|struck|bury|buried|unearth|furnish|furnished|stranger|strangers|indiscretion|indiscretions`,
			Use: "delete, add, create or the name of the error", Scope: inNames},
		{Pattern: `made|heard`, Use: "an active verb of the domain", Scope: inNames},
		{Pattern: `(go|goes|going|went) by|let(s|ting)? go`, Use: "use, or release", Scope: inTexts},
		{Pattern: `(make|makes|made|making) of`, Use: "return, or consist of", Scope: inTexts},
		{Pattern: `(know|knows|known|knew) of|(knows|says) nothing of`, Use: "have, or not document", Scope: inTexts},
		{Pattern: `(is|are|was|were|be|been|being) (asked|lent|heard|said|given to read)`, Use: "an active verb with its subject",
			Scope: inTexts},
		{Pattern: `all the same`, Use: "still, or even so", Scope: inTexts},
	}
}

// compiledWord is one of privateWords, compiled.
type compiledWord struct {
	privateWord
	inText, inName *regexp.Regexp // whole words
	inPart         *regexp.Regexp // a word, or a part of one
}

var compiledWords = sync.OnceValue(func() (list []compiledWord) {
	for _, w := range privateWords() {
		list = append(list, compiledWord{
			w, regexp.MustCompile(`(?i)\b(` + w.Pattern + `)\b`), regexp.MustCompile(`(?i)^(` + w.Pattern + `)$`),
			regexp.MustCompile(`(?i)` + w.Pattern),
		})
	}
	return list
})

// FindWords returns each private word in a text, with what to write instead, such as "holds: write contain". It is safe
// for concurrent use.
func FindWords(text string) (found []string) {
	for _, w := range compiledWords() {
		if !w.appliesTo(inTexts) {
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
			if w.appliesTo(inNames) && w.inName.MatchString(part) {
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
