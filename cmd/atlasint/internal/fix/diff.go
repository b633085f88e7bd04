package fix

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/expand"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/snippet"
	"github.com/atlasint/atlasint/validate"
)

// contextLines is the number of unchanged lines around a change.
const contextLines = 3

// layout is the form of an input.
type layout struct {
	validate.Layout
	apiVersion string
}

// diff returns the changed lines of a file as a unified diff. Corrections neither add nor remove lines. Values that are
// or may be secret are masked in all lines, as in the snippets of reports, so the diff is not a patch.
func (l layout) diff(name string, before, after []byte) string {
	from, to := bytes.Split(before, lineFeed), bytes.Split(after, lineFeed)
	masked, corrected := strings.Split(l.mask(before), "\n"), strings.Split(l.mask(after), "\n")
	var text strings.Builder
	fmt.Fprintf(&text, "--- %s\n+++ %s\n", redact.Path(name), redact.Path(name))
	for i := 0; i < len(from); i++ {
		if bytes.Equal(from[i], to[i]) {
			continue
		}
		first, end := max(0, i-contextLines), endOfHunk(from, to, i)
		fmt.Fprintf(&text, "@@ -%d,%d +%d,%d @@\n", first+1, end-first, first+1, end-first)
		for i = first; i < end; i++ {
			if bytes.Equal(from[i], to[i]) {
				writeLine(&text, " ", corrected[i])
				continue
			}
			writeLine(&text, "-", masked[i])
			writeLine(&text, "+", corrected[i])
		}
		i--
	}
	return text.String()
}

var lineFeed = []byte("\n")

// endOfHunk returns the line after the hunk of the changed line i: after its context, and that of all changes whose
// contexts meet.
func endOfHunk(from, to [][]byte, i int) int {
	last := i
	for j := i; j < len(from) && j <= last+2*contextLines+1; j++ {
		if !bytes.Equal(from[j], to[j]) {
			last = j
		}
	}
	end := min(len(from), last+contextLines+1)
	if end == len(from) && len(from[end-1]) == 0 && last < end-1 {
		end-- // nothing follows the line feed at the end of the file
	}
	return end
}

func writeLine(text *strings.Builder, mark, line string) {
	text.WriteString(strings.TrimRight(mark+line, " ") + "\n")
}

// mask returns a text with masks in place of values that are or may be secret, line by line.
func (l layout) mask(data []byte) string {
	if l.Layout != validate.Lines {
		return snippet.Mask(data, l.payloads(data))
	}
	var lines []string
	for line := range bytes.SplitSeq(data, lineFeed) {
		lines = append(lines, snippet.Mask(line, l.payloads(line)))
	}
	return strings.Join(lines, "\n")
}

// payloads returns the payloads in a text, nil if it is not JSON.
func (l layout) payloads(data []byte) []snippet.Payload {
	doc, err := jsonpos.Parse(data)
	if err != nil {
		return nil
	}
	roots := []jsonpos.Value{doc.Root}
	if l.Layout == validate.Array {
		roots = doc.Root.Elements
	}
	list := []snippet.Payload{}
	for i := range roots {
		p := snippet.Payload{Root: &roots[i]}
		if typ := p.Root.Member("type"); typ != nil {
			p.Type = atlas.Find(l.apiVersion, typ.Value.Text)
		}
		p.Hides = snippet.Secrets{Refers: expand.HasReference}.Hider(p.Root, p.Type).HasSecret
		list = append(list, p)
	}
	return list
}
