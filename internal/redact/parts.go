package redact

import (
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// parts are the parts of secrets that [Secrets] looks for, in a form that makes each search independent of the number
// of secrets.
type parts struct {
	long    func() map[string]bool   // the parts of long secrets, of overlap bytes each, computed for the first long text
	short   [overlap]map[string]bool // whole secrets, by their length
	numbers map[float64]bool         // the values of secrets that are numbers
	spaced  func() *separated        // of long secrets, computed for the first long text
}

func newParts(secrets []string) *parts {
	p := &parts{numbers: map[float64]bool{}}
	var long []string
	for _, secret := range secrets {
		if number, err := strconv.ParseFloat(secret, 64); err == nil {
			p.numbers[number] = true
		}
		secret = lower(strings.ToValidUTF8(secret, string(utf8.RuneError)))
		n := len(secret)
		if n >= overlap {
			long = append(long, secret)
			continue
		}
		if p.short[n] == nil {
			p.short[n] = map[string]bool{}
		}
		p.short[n][secret] = true
	}
	p.long = sync.OnceValue(func() map[string]bool { return longParts(long) })
	p.spaced = sync.OnceValue(func() *separated { return newSeparated(long) })
	return p
}

func longParts(secrets []string) map[string]bool {
	parts := map[string]bool{}
	for _, secret := range secrets {
		for i := range len(secret) - overlap + 1 {
			parts[secret[i:i+overlap]] = true
		}
	}
	return parts
}

// in reports whether [Secrets] hides a part of a text, or the text is the same number as a secret, such as 1e4 and
// 10000.
func (p *parts) in(text string) bool {
	if len(p.numbers) > 0 {
		if number, err := strconv.ParseFloat(text, 64); err == nil && p.numbers[number] {
			return true
		}
	}
	text = lower(strings.ToValidUTF8(text, string(utf8.RuneError)))
	for i := range len(text) {
		if i+overlap <= len(text) && p.long()[text[i:i+overlap]] || p.shortAt(text, i) {
			return true
		}
	}
	return len(text) >= overlap && p.spaced().in(text)
}

// shortAt reports whether a whole secret is at an offset of a text in lower case: one of less than four characters only
// as a word.
func (p *parts) shortAt(text string, from int) bool {
	for size := 1; size < overlap && from+size <= len(text); size++ {
		if p.short[size][text[from:from+size]] && (size >= wordSize || isWholeWord(text, from, from+size)) {
			return true
		}
	}
	return false
}
