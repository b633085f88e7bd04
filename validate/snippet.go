package validate

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
)

// maxSnippet is how many characters of a line are shown, and lead how many of them stand before the
// finding on a line that is longer.
const (
	maxSnippet = 120
	lead       = 40
)

// snippet shows the line of a finding. What is known to be no secret stays readable: names, and the
// values of fields that are no secrets. All else is blanked.
func (c *check) snippet(at span) *Snippet {
	if len(c.data) == 0 {
		return nil
	}
	start, end := min(at.start, len(c.data)), min(at.end, len(c.data))
	first := bytes.LastIndexByte(c.data[:start], '\n') + 1
	last := len(c.data)
	if n := bytes.IndexByte(c.data[start:], '\n'); n >= 0 {
		last = start + n
	}
	open := c.open(first, last)
	var text strings.Builder
	s := &Snippet{Width: 1}
	skipped := max(0, utf8.RuneCount(c.data[first:start])-lead)
	if utf8.RuneCount(c.data[first:min(last, first+4*maxSnippet)]) <= maxSnippet {
		skipped = 0
	}
	shown := 0
	for i := first; i < last && shown < maxSnippet; {
		r, size := utf8.DecodeRune(c.data[i:])
		if skipped > 0 {
			skipped--
		} else {
			if i < start {
				s.Start++
			} else if i > start && i < end {
				s.Width++
			}
			text.WriteRune(visible(r, open.holds(i)))
			shown++
		}
		i += size
	}
	s.Text = strings.TrimRight(text.String(), " ")
	return s
}

// visible is a character as a snippet shows it.
func visible(r rune, open bool) rune {
	switch {
	case r == utf8.RuneError || !unicode.IsGraphic(r):
		return ' '
	case open || !unicode.In(r, unicode.Letter, unicode.Mark, unicode.Number, unicode.Symbol) || r < utf8.RuneSelf && unicode.IsSymbol(r):
		return r
	default:
		return '•'
	}
}

// spans are byte ranges, in order.
type spans [][2]int

func (s *spans) holds(i int) bool {
	for len(*s) > 0 && (*s)[0][1] <= i {
		*s = (*s)[1:]
	}
	return len(*s) > 0 && (*s)[0][0] <= i
}

// open lists what may be read of the bytes from first to last.
func (c *check) open(first, last int) spans {
	var list spans
	if c.root == nil {
		return knownNames(c.data, first, last)
	}
	c.openIn(c.root, first, last, &list)
	return list
}

func (c *check) openIn(v *jsonpos.Value, first, last int, list *spans) {
	for i := range v.Members {
		m := &v.Members[i]
		if m.NameStart >= last {
			return
		}
		if m.Value.End <= first {
			continue
		}
		if redact.Shown(m.Name) {
			*list = append(*list, [2]int{m.NameStart, m.NameEnd})
		}
		if v == c.root && c.readable(m) {
			*list = append(*list, [2]int{m.Value.Start, m.Value.End})
			continue
		}
		c.openIn(&m.Value, first, last, list)
	}
}

// readable tells the values that are no secrets: by their field, and short enough.
func (c *check) readable(m *jsonpos.Member) bool {
	if m.Name == "type" {
		return m.Value.Kind == jsonpos.String && redact.Readable(m.Value.Text)
	}
	if c.typ == nil {
		return false
	}
	f := c.typ.fields[m.Name]
	return f != nil && f.Secret == "" && len(m.Value.Members) == 0 && len(m.Value.Elements) == 0 && redact.Readable(m.Value.Text)
}

// knownNames finds the names of fields in a text that is not JSON: words that the API has, before a colon.
func knownNames(data []byte, first, last int) spans {
	var list spans
	for i := first; i < last; {
		end := i
		for end < last && (unicode.IsLetter(rune(data[end])) || data[end] == '_') {
			end++
		}
		if end > i && isField(string(data[i:end])) {
			rest := bytes.TrimLeft(data[end:last], `"' `)
			if len(rest) > 0 && rest[0] == ':' {
				list = append(list, [2]int{i, end})
			}
		}
		i = max(end, i+1)
	}
	return list
}

func isField(word string) bool {
	for _, t := range schemas.Types {
		for _, f := range t.Fields {
			if f.Name == word {
				return true
			}
		}
	}
	return false
}
