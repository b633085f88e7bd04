package placeholder

import (
	"strings"

	"github.com/atlasint/atlasint/internal/atlas"
)

// isFillIn reports whether a text is a placeholder that a user must replace: in brackets, without letters or digits, or
// as words such as your-api-key. Words are rare in keys, but usual in names and in parts of URLs.
func isFillIn(f *atlas.Field, s string, key bool) bool {
	if s == "" {
		return false
	}
	switch s[0] {
	case '<':
		inside, closes := strings.CutSuffix(s[1:], ">")
		return closes && !strings.ContainsAny(inside, "<>") && (f.TemplateBytes == 0 || inside == "" || inside[0] != '#' && inside[0] != '@')
	case '[':
		inside, closes := strings.CutSuffix(s[1:], "]")
		return closes && inside != "" && strings.Trim(inside, "ABCDEFGHIJKLMNOPQRSTUVWXYZ _-") == ""
	}
	if isFiller(f, s) {
		return true
	}
	w := wordsOf(s)
	switch isPart := f.Format == "uri" && !key; {
	case w.all == 1 && w.first == reminder && len(s) <= maxWord, len(s) <= maxWord && wholePlaceholders[strings.ToLower(s)]:
		return !isPart || w.capitals
	case f.TemplateBytes > 0: // templates contain words
		return false
	}
	return w.ask(key, f.Format == "uri") || (w.capitals || key) && commands(s)
}

// identifies reports whether a value identifies an account of a service: a secret or a user's name. People choose
// the values of other fields, such as the name of a channel.
func identifies(f *atlas.Field) bool {
	return f.TemplateBytes == 0 && f.Format != "uri" && (f.Secret != "" || strings.HasSuffix(f.Name, "username"))
}

// isZeros reports whether a text is the UUID of zeros, or as long a number of zeros.
func isZeros(s string) bool {
	return len(s) >= 16 && strings.Trim(s, "0-") == "" && strings.Contains(s, "0")
}

// noValues are what people and programs write for no value.
var noValues = map[string]bool{
	"dummy": true, "example": true, "sample": true, "n/a": true, "n.a.": true, "unset": true, "not set": true, "nan": true,
}

// toBe matches texts for a value that is not known yet.
var toBe = lazily(`(?i)^to be (replaced|set|filled|defined|determined|provided|added|changed|configured|done)\b`)

// isNoValue reports whether a text means that no value exists.
func isNoValue(s string) bool {
	const longest = 40
	if len(s) > longest {
		return false
	}
	s = strings.ToLower(strings.Trim(s, `"'`))
	if noValues[s] {
		return true
	}
	s = strings.NewReplacer("-", " ", "_", " ").Replace(s)
	return noValues[s] || strings.HasPrefix(s, "to ") && toBe().MatchString(s)
}

// isFiller reports whether a text consists of the letter x, dots or the like, as xxxx-xxxx and ... do, or has a long
// run of the letter x. Shorter runs occur in real keys.
func isFiller(f *atlas.Field, s string) bool {
	const longRun = 6
	run, longest, others := 0, 0, 0
	for i := range len(s) {
		switch c := lower(s[i]); {
		case c == 'x':
			run++
			longest = max(longest, run)
			continue
		case strings.IndexByte("-_.?", c) < 0:
			others++
		}
		run = 0
	}
	if others == 0 {
		return longest >= 3 || longest == 0 && len(s) > 1
	}
	return longest >= longRun && f.TemplateBytes == 0
}

// wordKind is the meaning of a word in a placeholder.
type wordKind int

const (
	other    wordKind = iota
	verb              // what the user does
	owner             // whose the value is
	deictic           // the replaced value
	location          // where
	noun              // what the value is
	reminder          // a reminder of unfinished work
	group             // what the value is, where people choose one
	mine              // whose the value is, in an example
)

var wordKinds = map[string]wordKind{
	"insert": verb, "replace": verb, "enter": verb, "paste": verb, "fill": verb, "put": verb, "add": verb, "change": verb,
	"set": verb, "provide": verb, "specify": verb,
	"your": owner, "my": mine,
	"me": deictic, "this": deictic, "here": location,
	"api": noun, "key": noun, "token": noun, "secret": noun, "password": noun, "url": noun, "uri": noun, "webhook": noun,
	"value": noun, "id": noun, "name": noun, "service": group, "integration": noun, "license": noun, "routing": noun,
	"account": noun, "credential": noun, "credentials": noun, "domain": noun, "host": noun, "company": group, "team": group,
	"org": group, "organization": group, "user": noun, "username": noun, "endpoint": noun, "apikey": noun, "channel": group,
	"flow": noun, "region": noun, "site": noun, "server": noun, "tenant": noun, "workspace": noun,
	"todo": reminder, "fixme": reminder, "tbd": reminder, "changeme": reminder, "replaceme": reminder,
	"placeholder": reminder, "redacted": reminder,
}

// wholePlaceholders are further placeholders that are the whole value.
var wholePlaceholders = map[string]bool{"string": true, "apikey": true, "api-key": true, "api_key": true, "yourapikey": true}

// maxWord is the length of the longest word in wordKinds.
const maxWord = 16

// maxWords is the largest number of words in a placeholder. Random keys have more.
const maxWords = 8

// wordCounts has the numbers of words in a text, by kind.
type wordCounts struct {
	first, last     wordKind
	count           [mine + 1]int
	all             int
	capitals        bool // the text has no small letter
	firstInCapitals bool // the first word has no small letter
}

// wordsOf splits a text at characters other than letters and digits, and where a capital follows a small letter. It
// stops after maxWords words.
func wordsOf(s string) wordCounts {
	w := wordCounts{capitals: true}
	start := 0
	for i := 0; i <= len(s) && w.all <= maxWords; i++ {
		isEnd := i == len(s) || !isAlphanumeric(s[i])
		if i < len(s) && s[i] >= 'a' && s[i] <= 'z' {
			w.capitals = false
		}
		if isEnd || i > start && s[i] >= 'A' && s[i] <= 'Z' && s[i-1] >= 'a' {
			w.add(s[start:i])
			start = i
		}
		if isEnd {
			start = i + 1
		}
	}
	return w
}

func isAlphanumeric(c byte) bool {
	c = lower(c)
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9'
}

func (w *wordCounts) add(word string) {
	if word == "" {
		return
	}
	var letters [maxWord]byte
	kind := other
	if len(word) <= maxWord {
		for i := range len(word) {
			letters[i] = lower(word[i])
		}
		kind = wordKinds[string(letters[:len(word)])]
	}
	if w.all == 0 {
		w.first, w.firstInCapitals = kind, w.capitals
	}
	w.last = kind
	w.count[kind]++
	w.all++
}

// ask reports whether the words are those of a placeholder, such as your-api-key-here, INSERT_KEY and replace me. Words
// in small letters may be a name, so some of them count only in place of a key. In a URL, they are no name of a group.
func (w wordCounts) ask(key, inURL bool) bool {
	certain := w.capitals || key
	named := w.count[noun] > 0
	w.count[noun] += w.count[group]
	switch {
	case w.all > maxWords:
		return false
	case key && w.first == mine && w.all > 1 && w.count[noun] == w.all-1:
		return true
	case w.count[owner] > 0 && (named || (certain || inURL) && w.count[group] > 0), w.last == location && w.count[noun] > 0:
		return true
	case w.first == verb:
		return w.count[deictic]+w.count[location] > 0 || certain && w.count[noun] > 0
	case w.first == reminder:
		return w.firstInCapitals || key && w.count[noun] > 0
	}
	return key && w.count[noun] == w.all && (w.all == 2 || w.all == 3) // the name of a field
}

// commands reports whether a text in capitals begins with a word that begins no name, as INSERT_… and REPLACEME do.
func commands(s string) bool {
	for _, prefix := range []string{"INSERT", "REPLACE", "YOUR"} {
		if rest, found := strings.CutPrefix(s, prefix); found && strings.Trim(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_- ") == "" {
			return true
		}
	}
	return false
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}
