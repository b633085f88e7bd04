package yamlform

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/yamlpos"
)

// byteOrderMark is what editors on Windows write first.
const byteOrderMark = "\ufeff"

// Parse returns the root of the only YAML document in data, which has the form, and no mapping with a repeated key. It
// returns nil if the document is empty.
func (f *Form) Parse(data []byte) (*yaml.Node, error) {
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	if fault := yamlpos.TextFault(data); fault != nil {
		return nil, faultIn(data, fault)
	}
	root, err := f.onlyDocument(data)
	if root == nil || err != nil {
		return nil, err
	}
	if err := f.checkMappings(root); err != nil || isNull(root) {
		return nil, err
	}
	return root, f.check(root, "")
}

// onlyDocument returns the root of the only document, nil if there is none. Settings of another document would have no
// effect.
func (f *Form) onlyDocument(data []byte) (*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, f.syntaxError(data, err)
	}
	switch err := dec.Decode(&second); {
	case err == nil:
		return nil, ErrorAt(&second, "a second YAML document; %s is one document", f.File)
	case !errors.Is(err, io.EOF):
		return nil, f.syntaxError(data, err)
	}
	return doc.Content[0], nil
}

// syntaxError returns an error of the YAML syntax with its place. The text is not that of the library.
func (f *Form) syntaxError(data []byte, err error) error {
	var fault *jsonpos.SyntaxError
	_, parsed := yamlpos.ParseOne(data)
	switch found := errors.As(parsed, &fault); {
	case found && !f.Secret:
		return faultIn(data, fault)
	case found:
		return faultIn(data, &jsonpos.SyntaxError{Start: fault.Start, Message: "not valid YAML or JSON", Hint: "check quotes, indentation and brackets"})
	}
	return LibraryError(err, "not valid YAML; check the indentation (without tabs), quotes and brackets")
}

// faultIn returns a fault in data as an error with its place.
func faultIn(data []byte, fault *jsonpos.SyntaxError) error {
	before := data[:fault.Start]
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return &PlaceError{bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(line) + 1, errors.New(fault.Message + "; " + fault.Hint)}
}

// LibraryError returns a text with the line of an error of the YAML library.
func LibraryError(err error, text string) error {
	if line := yamlpos.ErrorLine(err); line > 0 {
		return &PlaceError{line: line, cause: errors.New(text)}
	}
	return errors.New(text)
}

// PlaceError is an error with its place in the file.
type PlaceError struct {
	line, column int // from 1; column is 0 if it is unknown
	cause        error
}

// Error returns LINE:COLUMN: TEXT.
func (e *PlaceError) Error() string {
	if e.column == 0 {
		return fmt.Sprintf("%d: %v", e.line, e.cause)
	}
	return fmt.Sprintf("%d:%d: %v", e.line, e.column, e.cause)
}

// Unwrap returns the error without its place.
func (e *PlaceError) Unwrap() error { return e.cause }

// ErrorAt returns an error at a node. Like [fmt.Errorf] it wraps the operands of %w.
func ErrorAt(node *yaml.Node, format string, args ...any) error {
	return &PlaceError{node.Line, node.Column, fmt.Errorf(format, args...)}
}

// maxKeys is the number of keys that a mapping may have.
const maxKeys = 1000

// checkMappings returns an error for a mapping with too many keys or a repeated key, at any depth. The decoder would
// compare each key with all others, and list each pair of equal ones.
func (f *Form) checkMappings(node *yaml.Node) error {
	if node.Kind == yaml.MappingNode {
		if err := f.checkMapping(node); err != nil {
			return err
		}
	}
	for _, child := range node.Content {
		if err := f.checkMappings(child); err != nil {
			return err
		}
	}
	return nil
}

func (f *Form) checkMapping(node *yaml.Node) error {
	if len(node.Content)/2 > maxKeys {
		return ErrorAt(node, "a mapping with more than %d keys", maxKeys)
	}
	seen := map[string]bool{}
	for i := 0; i < len(node.Content); i += 2 {
		key := node.Content[i]
		if key.Kind == yaml.ScalarNode && seen[key.Value] {
			return ErrorAt(key, "%s occurs twice; keep one of them", f.shownKey(key, "the key "))
		}
		seen[key.Value] = true
	}
	return nil
}
