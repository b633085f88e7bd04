// Package snippet shows the line of a finding without its secrets.
package snippet

import (
	"bytes"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/expand"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
)

// maxSnippet is the number of characters that are shown of a line; leadingCharacters of them are before the finding if
// the line is longer.
const (
	maxSnippet        = 120
	leadingCharacters = 40
)

// Source is an input, with details of its payload.
type Source struct {
	Data  []byte
	Root  *jsonpos.Value // nil: the input is not JSON
	Type  *atlas.Type    // nil: unknown
	Names *redact.Hider  // hides further names; nil: none

	// Hides reports whether a name or value of the payload must not be shown, because it has a secret; nil: none.
	Hides func(text string) bool
}

// Line is a line of the input, or the part of a long line around a finding.
type Line struct {
	Text  string
	Start int // the first character of the finding in Text, from 0
	Width int // the number of its characters in Text, at least 1
}

// Line returns the line of a finding between two bytes, the zero Line for an empty input. Names, references and the
// values of fields that are not secret stay readable. Everything else is blanked.
func (s *Source) Line(start, end int) Line {
	if len(s.Data) == 0 {
		return Line{}
	}
	start, end = min(start, len(s.Data)), min(end, len(s.Data))
	w := windowOn(s.Data, start)
	open := s.open(w.first, w.last)
	line := Line{Width: 1}
	text := make([]rune, 0, maxSnippet)
	for i := w.first; i < w.last; {
		r, size := utf8.DecodeRune(s.Data[i:])
		if i < start {
			line.Start++
		} else if i > start && i < end {
			line.Width++
		}
		text = append(text, visible(r, open.contains(i)))
		i += size
	}
	if w.before {
		text[0] = '…'
	}
	if w.after {
		text[len(text)-1] = '…'
	}
	line.Text = strings.TrimRight(string(text), " ")
	line.Width = max(1, min(line.Width, utf8.RuneCountInString(line.Text)-line.Start))
	return line
}

// window is the part of a line that is shown, in bytes, and whether the line continues before and after it.
type window struct {
	first, last   int
	before, after bool
}

// windowOn returns the window for a finding. It reads only bytes that it may show, because the line may be
// the whole input and have many findings.
func windowOn(data []byte, start int) window {
	const reach = utf8.UTFMax * (maxSnippet + 1)
	w := window{first: max(0, start-reach), last: min(len(data), start+reach)}
	w.before, w.after = w.first > 0, w.last < len(data)
	if n := bytes.LastIndexByte(data[w.first:start], '\n'); n >= 0 {
		w.first, w.before = w.first+n+1, false
	}
	if n := bytes.IndexByte(data[start:w.last], '\n'); n >= 0 {
		w.last, w.after = start+n, false
	}
	if !w.before && !w.after && utf8.RuneCount(data[w.first:w.last]) <= maxSnippet {
		return w
	}
	first := start
	for n := 0; n < leadingCharacters && first > w.first; n++ {
		_, size := utf8.DecodeLastRune(data[w.first:first])
		first -= size
	}
	last := first
	for n := 0; n < maxSnippet && last < w.last; n++ {
		_, size := utf8.DecodeRune(data[last:w.last])
		last += size
	}
	return window{first, last, w.before || first > w.first, w.after || last < w.last}
}

// visible returns a character as a snippet shows it.
func visible(r rune, open bool) rune {
	switch {
	case r >= ' ' && r < utf8.RuneSelf-1:
		if !open && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return '•'
		}
		return r
	case r == utf8.RuneError || !unicode.IsGraphic(r):
		return ' '
	case open || !unicode.In(r, unicode.Letter, unicode.Mark, unicode.Number, unicode.Symbol):
		return r
	default:
		return '•'
	}
}

// spans are byte ranges, in order.
type spans [][2]int

func (s *spans) contains(i int) bool {
	for len(*s) > 0 && (*s)[0][1] <= i {
		*s = (*s)[1:]
	}
	return len(*s) > 0 && (*s)[0][0] <= i
}

// open returns the ranges between first and last that may be shown.
func (s *Source) open(first, last int) spans {
	var list spans
	if s.Root == nil {
		list = knownNames(s.Data, first, last)
	} else {
		s.openIn(s.Root, first, last, &list)
	}
	list = append(list, s.references(first, last)...)
	slices.SortStableFunc(list, func(a, b [2]int) int { return a[0] - b[0] })
	return list
}

// references returns the references that may be shown: the name of a variable or the path of a file isn't secret,
// unless it may be one that was written in its place. The window may cut a reference, so the search goes beyond it.
func (s *Source) references(first, last int) spans {
	data := s.Data
	const beyond = 256
	from, to := max(0, first-beyond), min(len(data), last+beyond)
	var list spans
	for _, at := range expand.Locate(data[from:to]) {
		start, end := from+at.Start, from+at.End
		name := string(data[from+at.NameStart : end-1])
		if end > first && start < last && readableReference(string(data[start:from+at.NameStart]), name) && !s.hides(name) {
			list = append(list, [2]int{start, end})
		}
	}
	return list
}

// readableReference reports whether a reference is shown. An escape may be any character.
func readableReference(opening, name string) bool {
	if strings.ContainsAny(name, `"\`) {
		return false
	}
	if opening == "${file:" {
		return redact.ShownPath(name)
	}
	return expand.ShownVariable(name)
}

func (s *Source) openIn(v *jsonpos.Value, first, last int, list *spans) {
	past := sort.Search(len(v.Members), func(i int) bool { return v.Members[i].Value.End > first })
	for i := past; i < len(v.Members); i++ {
		m := &v.Members[i]
		if m.NameStart >= last {
			return
		}
		if redact.Shown(m.Name) && !s.hides(m.Name) && (s.Names == nil || !s.Names.HidesName(m.Name)) {
			s.openText(m.NameStart, m.NameEnd, list)
		}
		if v == s.Root && s.readable(m) {
			s.openText(m.Value.Start, m.Value.End, list)
			continue
		}
		s.openIn(&m.Value, first, last, list)
	}
}

// openText adds the range of a name or value, unless it is an alias of YAML: the name of an anchor is any text.
func (s *Source) openText(start, end int, list *spans) {
	if !bytes.HasPrefix(s.Data[start:end], []byte("*")) {
		*list = append(*list, [2]int{start, end})
	}
}

// readable reports whether a value may be shown: its field is no secret, and it is too short for one.
func (s *Source) readable(m *jsonpos.Member) bool {
	if m.Name == "type" {
		return m.Value.Kind == jsonpos.String && redact.Readable(m.Value.Text) && !s.hides(m.Value.Text)
	}
	if s.Type == nil || s.hides(m.Value.Text) {
		return false
	}
	f := s.Type.Payload.Lookup(m.Name)
	return f != nil && f.Secret == "" && len(m.Value.Members) == 0 && len(m.Value.Elements) == 0 && redact.Readable(m.Value.Text)
}

func (s *Source) hides(text string) bool { return s.Hides != nil && s.Hides(text) }

// knownNames returns the names of fields in a text that is not JSON: words of the API before a colon.
func knownNames(data []byte, first, last int) spans {
	var list spans
	for i := first; i < last; {
		end := i
		for end < last && (unicode.IsLetter(rune(data[end])) || data[end] == '_') {
			end++
		}
		if end > i && atlas.IsField(string(data[i:end])) {
			rest := bytes.TrimLeft(data[end:last], `"' `)
			if len(rest) > 0 && rest[0] == ':' {
				list = append(list, [2]int{i, end})
			}
		}
		i = max(end, i+1)
	}
	return list
}
