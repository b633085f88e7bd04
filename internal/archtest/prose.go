package archtest

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// proseRate is the number of mannered phrases that a document may have in 1,000 words. A shorter one may have one.
const proseRate = 1

// prose is the text of one document.
type prose struct {
	words  int
	faults []string // one line for each phrase, with file and line
}

// readProse counts the words of a Markdown document and finds its mannered phrases. Code is not text, except for
// comments in shell blocks.
func readProse(fsys fs.FS, name string) (prose, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return prose{}, err
	}
	var p prose
	lines := strings.Split(string(data), "\n")
	language := "" // of the block that the line is in
	for i, line := range lines {
		at := fmt.Sprintf("%s:%d", name, i+1)
		if info, fence := strings.CutPrefix(strings.TrimSpace(line), "```"); fence {
			language = info // "" at the end of a block
			continue
		}
		switch {
		case language == "sh":
			_, comment, _ := strings.Cut(line, "# ")
			p.read(at, comment)
		case language != "":
		default:
			p.readHeads(at, line, i+1 < len(lines) && strings.HasPrefix(lines[i+1], "|---"))
			p.read(at, line)
		}
	}
	return p, nil
}

// read counts the words of a line and finds its phrases.
func (p *prose) read(at, line string) {
	text := markup.ReplaceAllString(line, " ")
	p.words += len(word.FindAllString(text, -1))
	for _, ph := range phrases() {
		for _, found := range ph.pattern.FindAllString(text, -1) {
			p.faults = append(p.faults, fmt.Sprintf("%s: %q: use %s", at, found, ph.instead))
		}
	}
}

// readHeads checks a heading, or the heads of a table.
func (p *prose) readHeads(at, line string, head bool) {
	var heads []string
	if title := strings.TrimLeft(line, "#"); title != line {
		heads = []string{title}
	} else if head {
		heads = strings.Split(strings.Trim(line, "|"), "|")
	}
	for _, h := range heads {
		if h = strings.TrimSpace(h); headings.pattern.MatchString(h) {
			p.faults = append(p.faults, fmt.Sprintf("%s: the heading %q: use %s", at, h, headings.instead))
		}
	}
}

// mannered reports whether the document has more phrases than its length allows.
func (p *prose) mannered() bool { return len(p.faults)*1000 > proseRate*max(p.words, 1000) }

var (
	// markup matches inline code, and the targets of links.
	markup = regexp.MustCompile("`[^`]*`|\\]\\([^)]*\\)")
	word   = regexp.MustCompile(`[\p{L}\p{N}][\p{L}\p{N}'’-]*`)
)
