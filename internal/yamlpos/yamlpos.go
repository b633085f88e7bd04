// Package yamlpos reads YAML 1.2 as the values of package jsonpos, so that a payload in YAML has the same values and
// positions as one in JSON.
//
// It reads the part of YAML that JSON can express, by the core schema of YAML 1.2: yes, no, on and off are strings. It
// rejects tags, merge keys, names that are not scalars, infinite numbers, and aliases that expand to a large value.
// Error messages contain no text of the input and none of the YAML library.
package yamlpos

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// Document is one document of a file. Either Fault or the value is set.
type Document struct {
	*jsonpos.Document
	Fault *jsonpos.SyntaxError
}

// IsName reports whether a file name has the extension of YAML, in any case: .yaml or .yml.
func IsName(name string) bool {
	extension := filepath.Ext(name)
	return strings.EqualFold(extension, ".yaml") || strings.EqualFold(extension, ".yml")
}

// Parse reads all documents of data in their order, at least one. It leaves out documents without a value, such as
// the one after a --- at the end. After text that is not YAML, it reads no further: the last document has the fault.
//
// Offsets of the values are those of their text in data: without anchors, with quotes, and without the indicator of
// a block scalar. All values of an alias have the offsets of the alias. Strings and names of an alias share memory with
// its anchor. Parse neither changes data nor refers to it later.
func Parse(data []byte) []Document {
	if fault := TextFault(data); fault != nil {
		return []Document{{Fault: fault}}
	}
	return newReader(data).documents()
}

func (r *reader) documents() (documents []Document) {
	data := r.data
	d := yaml.NewDecoder(bytes.NewReader(r.copied))
	for {
		root, err := decode(d)
		switch {
		case errors.Is(err, io.EOF) && len(documents) == 0:
			return []Document{{Fault: &jsonpos.SyntaxError{Message: "the input has no value", Hint: "put one payload in it"}}}
		case errors.Is(err, io.EOF):
			return documents
		case err != nil:
			return append(documents, Document{Fault: libraryFault(data, err)})
		case !isEmpty(root):
			documents = append(documents, r.document(root))
		}
	}
}

// ParseOne is like [Parse] for data that must have one document. An error is always a [*jsonpos.SyntaxError].
func ParseOne(data []byte) (*jsonpos.Document, error) {
	documents := Parse(data)
	if first := documents[0]; first.Fault != nil {
		return nil, first.Fault
	}
	if len(documents) == 1 {
		return documents[0].Document, nil
	}
	if second := documents[1]; second.Fault != nil {
		return nil, second.Fault
	}
	at := documents[1].Root.Start
	return nil, &jsonpos.SyntaxError{Start: at, End: at, Message: "a second document after the first", Hint: "keep one document in the input"}
}

// decode reads the next document. It returns io.EOF after the last one.
func decode(d *yaml.Decoder) (root *yaml.Node, err error) {
	defer func() {
		if recover() != nil { // the library has panicked on malformed input before
			err = errors.New("yaml: panic")
		}
	}()
	var document yaml.Node
	if err := d.Decode(&document); err != nil {
		return nil, err
	}
	return document.Content[0], nil
}

// isEmpty reports whether a node is a null without a text, anchor and tag, such as a document with comments only.
func isEmpty(n *yaml.Node) bool { return hasNoText(n) && n.Anchor == "" && n.Style == 0 }

// hasNoText reports whether a node has no text except an anchor and a tag.
func hasNoText(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style&^yaml.TaggedStyle == 0
}

// addedLines is the number of lines that [forLibrary] adds. Errors of the library have no line if it is the first.
const addedLines = 1

// forLibrary returns a copy of data for the library, which rejects the directive %YAML 1.2 and a [slashEscape]. The
// mark is the character in place of the escape, 0 if there is none.
func forLibrary(data []byte) (own []byte, mark rune) {
	own = append([]byte("\n"), data...)
	if at := directive(own); at >= 0 && bytes.HasPrefix(own[at:], []byte("%YAML 1.2")) {
		own[at+len("%YAML 1.")] = '1'
	}
	return own, replaceSlashes(own)
}

// directive returns the offset of the first line that is neither blank nor a comment, if it is a directive; else -1.
func directive(data []byte) int {
	at := 0
	for line := range bytes.Lines(data) {
		text := bytes.TrimSpace(line)
		switch {
		case len(text) > 0 && line[0] == '%':
			return at
		case len(text) > 0 && text[0] != '#':
			return -1
		}
		at += len(line)
	}
	return -1
}
