package yamlpos

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// slashEscape is an escape of YAML 1.2 that the library does not know, as programs write it that write JSON.
const slashEscape = `\/`

// The characters that may replace a [slashEscape]. They have its length in bytes.
const firstMark, lastMark = 'À', '\u07ff'

// replaceSlashes replaces each backslash and slash that may be a [slashEscape] with a character that data does not
// have, so that no offset changes. It returns the character, 0 if nothing is to be replaced or data has all of them.
// Outside of double quotes the two are text: [reader.restoreSlashes] writes them again.
func replaceSlashes(data []byte) (mark rune) {
	if !bytes.Contains(data, []byte(slashEscape)) {
		return 0
	}
	if mark = absent(data); mark == 0 {
		return 0
	}
	for i := 0; i+1 < len(data); i++ {
		if data[i] != '\\' {
			continue
		}
		if data[i+1] == '/' {
			utf8.EncodeRune(data[i:i+2], mark)
		}
		i++ // the second of two backslashes begins no escape
	}
	return mark
}

// absent returns a character between the marks that data does not have, 0 if there is none.
func absent(data []byte) rune {
	var has [lastMark + 1]bool
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r <= lastMark {
			has[r] = true
		}
		i += size
	}
	for r := firstMark; r <= lastMark; r++ {
		if !has[r] {
			return r
		}
	}
	return 0
}

// restoreSlashes replaces the mark in the text of a node: with a slash in double quotes, else with the text itself.
func (r *reader) restoreSlashes(n *yaml.Node) {
	if r.mark == 0 || n.Kind != yaml.ScalarNode {
		return
	}
	text := slashEscape
	if n.Style&yaml.DoubleQuotedStyle != 0 {
		text = "/"
	}
	n.Value = strings.ReplaceAll(n.Value, string(r.mark), text)
}
