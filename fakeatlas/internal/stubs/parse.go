package stubs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/suggest"
)

// The largest documents in bytes.
const (
	MaxDocument = 2 << 20  // of one stub
	MaxList     = 32 << 20 // of a list of stubs
)

// members are the names of the members of a stub.
var members = []string{"id", "method", "path", "status", "headers", "body", "times", "applied"}

// Parse reads a stub from its JSON document. It ignores the members that the server sets. The error is an [*Error].
func Parse(data []byte) (Stub, error) {
	root, err := document(data)
	if err != nil {
		return Stub{}, err
	}
	return parse(data, root)
}

// ParseList reads the stubs of a document with the member "stubs". The error is an [*Error].
func ParseList(data []byte) ([]Stub, error) {
	root, err := document(data)
	if err != nil {
		return nil, err
	}
	if root.Kind != jsonpos.Object || len(root.Members) != 1 || root.Members[0].Name != "stubs" ||
		root.Members[0].Value.Kind != jsonpos.Array {
		return nil, &Error{Index: -1, Reason: "the document is not a list of stubs", Hint: `send {"stubs": [...]}`}
	}
	elements := root.Members[0].Value.Elements
	if len(elements) > maxStubs {
		return nil, &Error{Index: -1, Reason: fmt.Sprintf("there are %d stubs, and at most %d are possible", len(elements),
			maxStubs), Hint: "use wildcards"}
	}
	stubs := make([]Stub, len(elements))
	for i := range elements {
		if stubs[i], err = parse(data, &elements[i]); err != nil {
			return nil, at(i, err)
		}
	}
	return stubs, nil
}

func document(data []byte) (*jsonpos.Value, error) {
	doc, err := jsonpos.Parse(data)
	var syntax *jsonpos.SyntaxError
	if errors.As(err, &syntax) {
		line, column := jsonpos.NewLines(data).Position(syntax.Start)
		return nil, &Error{Index: -1, Reason: fmt.Sprintf("not JSON at line %d, column %d: %s", line, column, syntax.Message), Hint: syntax.Hint}
	}
	if err != nil {
		return nil, &Error{Index: -1, Reason: "not JSON"}
	}
	if len(doc.Duplicates) > 0 {
		return nil, &Error{Index: -1, Pointer: doc.Duplicates[0].Pointer, Reason: "the object has this name twice",
			Hint: "keep one of the members"}
	}
	return &doc.Root, nil
}

func parse(data []byte, v *jsonpos.Value) (s Stub, err error) {
	if v.Kind != jsonpos.Object {
		return s, &Error{Reason: "want a JSON object, got " + kindOf(v),
			Hint: `write one such as {"method": "GET", "path": "/api/atlas/v2/...", "body": {}}`}
	}
	for i := range v.Members {
		m := &v.Members[i]
		if err := s.set(data, m); err != nil {
			err.Pointer = jsonpos.Pointer(m.Name) + err.Pointer
			return s, err
		}
	}
	return s, nil
}

// set sets the field of a member. The pointer of the error is relative to the member.
func (s *Stub) set(data []byte, m *jsonpos.Member) *Error {
	switch v := &m.Value; m.Name {
	case "id", "applied":
		return nil
	case "method":
		return text(v, &s.Method)
	case "path":
		return text(v, &s.Path)
	case "status":
		return integer(v, &s.Status)
	case "times":
		return integer(v, &s.Times)
	case "headers":
		return s.setHeader(v)
	case "body":
		s.Body = bodyOf(data, v)
		return nil
	}
	hint := "a stub has " + strings.Join(members, ", ")
	if near := suggest.Nearest(m.Name, members); near != "" {
		hint = "use " + near
	}
	return &Error{Reason: "a stub has no such member", Hint: hint}
}

func text(v *jsonpos.Value, to *string) *Error {
	if v.Kind != jsonpos.String {
		return &Error{Reason: "want a string, got " + kindOf(v), Hint: "write it in quotes"}
	}
	*to = v.Text
	return nil
}

// maxInteger bounds numbers, so that no count overflows.
const maxInteger = 1_000_000_000

func integer(v *jsonpos.Value, to *int) *Error {
	n, err := strconv.Atoi(v.Text)
	if v.Kind != jsonpos.Number || err != nil || n < 0 || n > maxInteger {
		return &Error{Reason: "want a whole number from 0 to " + strconv.Itoa(maxInteger), Hint: "write it in digits, without quotes"}
	}
	*to = n
	return nil
}

func (s *Stub) setHeader(v *jsonpos.Value) *Error {
	if v.Kind != jsonpos.Object {
		return &Error{Reason: "want an object, got " + kindOf(v), Hint: `write {"NAME": "value"}`}
	}
	s.Header = map[string]string{}
	for i := range v.Members {
		var value string
		if err := text(&v.Members[i].Value, &value); err != nil {
			err.Pointer = jsonpos.Pointer(v.Members[i].Name)
			return err
		}
		s.Header[v.Members[i].Name] = value
	}
	return nil
}

// bodyOf returns a body: the text of a string, and any other value unchanged, without white space.
func bodyOf(data []byte, v *jsonpos.Value) any {
	if v.Kind == jsonpos.String {
		return v.Text
	}
	var out bytes.Buffer
	_ = json.Compact(&out, data[v.Start:v.End]) // it was parsed
	return json.RawMessage(out.Bytes())
}

func kindOf(v *jsonpos.Value) string {
	switch v.Kind {
	case jsonpos.Null:
		return "null"
	case jsonpos.Array, jsonpos.Object:
		return "an " + v.Kind.String()
	default:
		return "a " + v.Kind.String()
	}
}
