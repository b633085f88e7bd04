package jsonpos

import (
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"
)

// Kind is one of the six kinds of JSON value.
type Kind uint8

// The kinds of JSON value. The zero Kind is Null.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

var kindNames = [...]string{"null", "boolean", "number", "string", "array", "object"}

// String returns the name of the kind in JSON Schema, such as "boolean". It
// returns "invalid" for a number that is none of the kinds.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "invalid"
}

// Value is one JSON value and the place it was read from.
//
// A Value refers to no part of the data passed to [Parse], which the caller may
// change afterwards. Its strings share one copy of that data: while one of them
// is in use, the whole copy stays in memory. A Value is safe for concurrent reads.
type Value struct {
	Kind Kind

	// Start and End are byte offsets into the data, End exclusive. Quotes and
	// brackets are inside the range, white space around the value is not.
	Start, End int

	// Text is the decoded text of a String, the literal of a Number as it was
	// written, and "true" or "false" for a Bool. It is "" for other kinds.
	Text string

	// Members are the members of an Object in the order they were written,
	// with every occurrence of a duplicate name. Nil when there are none.
	Members []Member

	// Elements are the elements of an Array. Nil when there are none.
	Elements []Value
}

// Member is one member of an object. NameStart and NameEnd are byte offsets
// of its name in the data, quotes included, NameEnd exclusive.
type Member struct {
	Name               string // decoded
	NameStart, NameEnd int
	Value              Value
}

// Any returns the value as encoding/json decodes it with UseNumber: nil, bool,
// [json.Number], string, []any or map[string]any. Of members with the same
// name the last one counts. The result is the caller's own.
func (v *Value) Any() any {
	switch v.Kind {
	case Bool:
		return v.Text == "true"
	case Number:
		return json.Number(v.Text)
	case String:
		return v.Text
	case Array:
		list := make([]any, len(v.Elements))
		for i := range v.Elements {
			list[i] = v.Elements[i].Any()
		}
		return list
	case Object:
		object := make(map[string]any, len(v.Members))
		for i := range v.Members {
			object[v.Members[i].Name] = v.Members[i].Value.Any()
		}
		return object
	}
	return nil
}

// Member returns the last member of that name, which is the one most JSON
// readers use. It returns nil when v is not an object or has no such member.
// The result points into v. The time grows with the number of members.
func (v *Value) Member(name string) *Member {
	for i := len(v.Members) - 1; i >= 0; i-- {
		if v.Members[i].Name == name {
			return &v.Members[i]
		}
	}
	return nil
}

// AppendJSON appends the value as JSON without white space, with all members
// in their order, to dst.
func (v *Value) AppendJSON(dst []byte) []byte {
	switch v.Kind {
	case Bool, Number:
		return append(dst, v.Text...)
	case String:
		return appendString(dst, v.Text)
	case Array:
		dst = append(dst, '[')
		for i := range v.Elements {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = v.Elements[i].AppendJSON(dst)
		}
		return append(dst, ']')
	case Object:
		dst = append(dst, '{')
		for i := range v.Members {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendString(dst, v.Members[i].Name), ':')
			dst = v.Members[i].Value.AppendJSON(dst)
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

func appendString(dst []byte, text string) []byte {
	dst, _ = jsontext.AppendQuote(dst, text) // fails only for invalid UTF-8, which no value has
	return dst
}
