package snippet

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
)

// Payload is a payload in an input.
type Payload struct {
	Root *jsonpos.Value
	Type *atlas.Type // nil: unknown

	// Hides is that of [Source].
	Hides func(text string) bool
}

// Mask returns an input with its payloads as [Source.Line] shows its lines, whole and with their line feeds. It takes
// time in proportion to the length of the input. An input without payloads is not JSON.
func Mask(data []byte, payloads []Payload) string {
	var open spans
	for _, p := range payloads {
		source := Source{Data: data, Root: p.Root, Type: p.Type, Hides: p.Hides}
		source.openIn(p.Root, 0, len(data), &open)
		open = append(open, source.references(p.Root.Start, p.Root.End)...)
	}
	if payloads == nil {
		source := Source{Data: data}
		open = append(knownNames(data, 0, len(data)), source.references(0, len(data))...)
	}
	slices.SortStableFunc(open, func(a, b [2]int) int { return a[0] - b[0] })
	var text strings.Builder
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r != '\n' {
			r = visible(r, open.contains(i))
		}
		text.WriteRune(r)
		i += size
	}
	return text.String()
}
