// Package words has the grammar of messages: lists, articles and plurals.
package words

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/suggest"
)

// List joins names with commas and a conjunction: a, b or c.
func List(names []string, conjunction string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " " + conjunction + " " + names[last]
}

// Quoted joins names in quotes, like [List].
func Quoted(names []string, conjunction string) string {
	var list []byte
	for i, name := range names {
		switch {
		case i == 0:
		case i < len(names)-1:
			list = append(list, ", "...)
		default:
			list = append(list, " "+conjunction+" "...)
		}
		list = strconv.AppendQuote(list, name)
	}
	return string(list)
}

// Article returns the name of a kind with its article; null has none.
func Article(k jsonpos.Kind) string {
	if k == jsonpos.Null {
		return "null"
	}
	return WithArticle(k.String())
}

// WithArticle returns a noun with its indefinite article. It may begin with A, as API does.
func WithArticle(noun string) string {
	if strings.ContainsRune("aeiouA", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// Quantity returns a number of things, such as "1 character" and "80 characters". The number is an int or a text.
func Quantity[N int | string](n N, thing string) string {
	text := fmt.Sprint(n)
	if text == "1" {
		return text + " " + thing
	}
	return text + " " + thing + "s"
}

// AndMore returns the end of a list that names its first element only, such as " and 3 more", "" if n is not positive.
func AndMore(n int) string {
	if n < 1 {
		return ""
	}
	return fmt.Sprintf(" and %d more", n)
}

// Values returns the values of an enum as JSON.
func Values(values []jsonpos.Value) []string {
	var list []string
	for i := range values {
		switch v := &values[i]; v.Kind {
		case jsonpos.String:
			list = append(list, strconv.Quote(v.Text))
		case jsonpos.Number, jsonpos.Bool:
			list = append(list, v.Text)
		default:
			list = append(list, v.Kind.String())
		}
	}
	return list
}

// Suggestion returns a hint for a name that does not exist: the nearest candidate, or the only one that begins with the
// name, else all candidates.
func Suggestion(name string, candidates []string) string {
	near := suggest.Nearest(name, candidates)
	if longer := longerThan(name, candidates); near == "" && len(longer) == 1 {
		near = longer[0]
	}
	if near != "" {
		return suggest.DidYouMean(strconv.Quote(near))
	}
	return "it is one of " + List(candidates, "or")
}

// longerThan returns the candidates that begin with a name of at least three letters, regardless of case and
// separators.
func longerThan(name string, candidates []string) (longer []string) {
	for _, candidate := range candidates {
		for end := range candidate {
			if len(name) > 2 && end > 2 && suggest.SameLetters(name, candidate[:end]) {
				longer = append(longer, candidate)
				break
			}
		}
	}
	return longer
}
