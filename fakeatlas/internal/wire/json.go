package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Flag returns a boolean query parameter. The generated routes reject values that are neither true nor false.
func Flag(r *http.Request, name string) bool {
	if r.URL.RawQuery == "" {
		return false
	}
	on, _ := strconv.ParseBool(r.URL.Query().Get(name))
	return on
}

// bodyRecorder is a response writer that keeps the JSON of a response. RecordBody is called before WriteHeader, and the
// bytes are not changed afterwards.
type bodyRecorder interface{ RecordBody(data []byte) }

func recordBody(w http.ResponseWriter, data []byte) {
	if recorder, ok := w.(bodyRecorder); ok {
		recorder.RecordBody(data)
	}
}

// WriteJSON writes a response, indented if pretty is set.
func WriteJSON(w http.ResponseWriter, status int, body any, pretty bool) {
	data := Encode(body)
	recordBody(w, data)
	if pretty {
		var out bytes.Buffer
		_ = json.Indent(&out, data, "", "  ") // the output of Encode is JSON
		data = append(out.Bytes(), '\n')
	}
	w.WriteHeader(status)
	_, _ = w.Write(data) // a client that has disconnected gets nothing
}

// Object is a JSON object whose members keep their order.
type Object []Member

// Member is a member of an [Object].
type Member struct {
	name  string
	value any
}

// Field returns a member.
func Field(name string, value any) Member { return Member{name, value} }

// Envelope returns a response in the envelope that clients request with envelope=true.
func Envelope(status int, content any) Object {
	return Object{{"status", status}, {"content", content}}
}

// MarshalJSON writes the members in order.
func (o Object) MarshalJSON() ([]byte, error) { return Encode(o), nil }

// Encode returns a value as JSON in Atlas's form: compact, with &, < and > unescaped. Every value of a response can
// be encoded.
func Encode(value any) []byte {
	var out bytes.Buffer
	out.Grow(512) // enough for most responses
	appendJSON(&out, value)
	return out.Bytes()
}

// appendJSON writes the types that responds consist of by itself. encoding/json, which checks and copies its input,
// writes all others.
func appendJSON(out *bytes.Buffer, value any) {
	switch v := value.(type) {
	case Object:
		out.WriteByte('{')
		for i, m := range v {
			separate(out, i)
			appendJSON(out, m.name)
			out.WriteByte(':')
			appendJSON(out, m.value)
		}
		out.WriteByte('}')
	case []Object:
		out.WriteByte('[')
		for i, o := range v {
			separate(out, i)
			appendJSON(out, o)
		}
		out.WriteByte(']')
	case []any:
		out.WriteByte('[')
		for i, item := range v {
			separate(out, i)
			appendJSON(out, item)
		}
		out.WriteByte(']')
	case *Error:
		v.appendTo(out)
	case nil:
		out.WriteString("null")
	case bool:
		out.WriteString(strconv.FormatBool(v))
	case int:
		out.WriteString(strconv.Itoa(v))
	case string:
		appendText(out, v)
	default:
		appendOther(out, v)
	}
}

func separate(out *bytes.Buffer, i int) {
	if i > 0 {
		out.WriteByte(',')
	}
}

func appendText(out *bytes.Buffer, s string) {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			appendOther(out, s)
			return
		}
	}
	out.WriteByte('"')
	from := 0
	for i := range len(s) {
		if s[i] == '"' || s[i] == '\\' {
			out.WriteString(s[from:i])
			out.WriteByte('\\')
			from = i
		}
	}
	out.WriteString(s[from:])
	out.WriteByte('"')
}

func appendOther(out *bytes.Buffer, value any) {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(value)
	out.Truncate(out.Len() - 1) // without the line end
}

// Printable escapes the characters of a JSON text that terminals interpret, because users print the journal and
// snapshots there. The value of the text stays the same.
func Printable(data []byte) []byte {
	if !bytes.ContainsFunc(data, unprintable) {
		return data
	}
	out := make([]byte, 0, len(data)+64)
	for _, r := range string(data) {
		if !unprintable(r) {
			out = utf8.AppendRune(out, r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			out = fmt.Appendf(out, `\u%04x`, unit)
		}
	}
	return out
}

func unprintable(r rune) bool { return r >= 0x7f && !unicode.IsPrint(r) }
