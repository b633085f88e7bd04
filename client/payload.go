package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"regexp"
	"sync"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/model"
	"github.com/atlasint/atlasint/internal/redact"
)

// Payload is the configuration of one integration: a JSON object with its type. Printing it, or a value that contains
// it, shows only the type. Create it with [NewPayload]. It is immutable and safe for concurrent use.
type Payload struct {
	typ string
	doc unprinted[json.RawMessage]
}

func payloadOf(typ string, doc json.RawMessage) Payload { return Payload{typ, hide(doc)} }

// bytes returns the document, nil for the zero Payload. Callers must not change it.
func (p Payload) bytes() json.RawMessage { return p.doc.get() }

// check returns a [*PayloadError] for the zero Payload.
func (p Payload) check() error {
	if p.typ == "" {
		return &PayloadError{Reason: "it is empty; create it with NewPayload"}
	}
	return nil
}

// NewPayload returns the payload v, which is one of:
//
//   - a JSON object as bytes, as a string, or from a method JSON() json.RawMessage; it is sent byte for byte, with
//     unknown fields
//   - a typed value such as [atlasv2.Datadog], whose Type may be empty
//   - any other value that encoding/json encodes as an object
//
// The object must have a type. References such as ${env:NAME} are sent unchanged, as literal text. The error is a
// [*PayloadError].
//
// A typed value must have all required fields, since encoding/json writes them even if they are empty: an update with
// {"type":"PAGER_DUTY","region":"EU"} keeps the stored key, and one with atlasv2.PagerDuty{Region: &eu} would clear it.
// So must a struct of your own that is defined by or embeds a generated one; any other struct may omit required fields,
// but not have them empty.
//
// For an update of some fields, and to send null for a required field, pass JSON or a map.
func NewPayload(v any) (Payload, error) {
	doc, err := model.Encode(v)
	if err != nil {
		return Payload{}, &PayloadError{Type: model.Name(v), Reason: err.Error()}
	}
	_, isDocument := model.Document(v)
	goType := model.Pointed(v)
	isStruct := !isDocument && goType != nil && goType.Kind() == reflect.Struct
	p, err := rawPayload(doc, isStruct)
	if isDocument || err != nil {
		return p, err
	}
	version := model.Version(v)
	switch {
	case version != "":
		return requireFields(schemas.Find(version, p.typ), p)
	case isStruct:
		return requireStructFields(p)
	}
	return p, nil
}

// rawPayload returns the payload that a document describes. The hint of its error is for a struct or for JSON.
func rawPayload(doc []byte, isStruct bool) (Payload, error) {
	object, err := objectOf(doc)
	if err != nil {
		return Payload{}, &PayloadError{Reason: err.Error()}
	}
	typ, ok := stringOf(object["type"])
	if !ok || typ == "" {
		return Payload{}, &PayloadError{Reason: typeFault(object, isStruct)}
	}
	switch err := checkType(typ); {
	case err != nil && isRepeated(typ, object):
		return Payload{}, &PayloadError{Reason: "the required field \"type\" repeats another value of the payload; " + typeHint}
	case err != nil:
		return Payload{}, &PayloadError{Reason: err.Error()}
	}
	return payloadOf(typ, append(json.RawMessage(nil), doc...)), nil
}

// typeFault returns the fault of an object that has no type.
func typeFault(object map[string]json.RawMessage, isStruct bool) string {
	hint := ""
	if isStruct {
		hint = "; set it, or use a struct of gen/atlasv2, whose Type may be empty"
	}
	doc, sent := object["type"]
	_, isText := stringOf(doc)
	_, isUpper := object["Type"] // as encoding/json writes the field Type of a struct without a tag
	switch {
	case sent && isText:
		return `the required field "type" is empty` + hint
	case sent:
		return `the required field "type" is not a string`
	case isUpper:
		return "the required field \"type\" is missing: its name has no capital letter; in a struct, add the tag `json:\"type\"`"
	}
	return `the required field "type" is missing` + hint
}

// Type returns the integration type, such as DATADOG.
func (p Payload) Type() string { return p.typ }

// JSON returns the document that is sent, with secrets in the clear. The caller owns the bytes.
func (p Payload) JSON() json.RawMessage { return append(json.RawMessage(nil), p.bytes()...) }

// String returns "payload of TYPE".
func (p Payload) String() string { return "payload of " + p.typ }

// Format prints String for every verb, so that fmt shows no secret.
func (p Payload) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, p.String()) }

// Integration is an integration as Atlas returns it: its secrets are masked or left out. Printing it shows one
// line without secrets, even if the server did not mask them.
type Integration struct {
	Type string          // such as DATADOG; may be a type that this package lacks
	ID   string          // 24 hexadecimal digits; empty if Atlas returns none, as on v1.0
	JSON json.RawMessage // the document that Atlas returned, byte for byte unless Hidden has names
	// Hidden has the names of the fields in which the server returned a credential of the client or of its proxy, or a
	// secret that was sent in another field. In JSON "(hidden)" replaces it. Atlas never returns such fields.
	Hidden []string
}

// String returns the type, the id and the fields that are set, on one line. Secrets are masked, and so are
// fields and types that the API description lacks.
func (in Integration) String() string { return atlas.Line(in.Type, in.ID, in.JSON) }

// Format prints String for every verb.
func (in Integration) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, in.String()) }

// LogValue returns the text of String, for every handler of log/slog.
func (in Integration) LogValue() slog.Value { return slog.StringValue(in.String()) }

// As reads the integration into the typed view that target points to, such as a [*atlasv2.Datadog]. For a view
// of another type it returns a [*UsageError], also for a Go type that is defined by or embeds such a view. For
// an integration of any type, encoding/json fills any other Go type.
func (in Integration) As(target any) error {
	if target == nil || reflect.ValueOf(target).Kind() != reflect.Pointer || reflect.ValueOf(target).IsNil() {
		return usage("", "As needs a pointer to the target value, got %T", target)
	}
	if t := model.Of(target); t != nil && t.Name != in.Type {
		return usage("", "a %T is a view of %s, and the integration is of type %s", target, t.Name, redact.Plain(in.Type))
	}
	if err := json.Unmarshal(in.JSON, target); err != nil {
		return decodeError(in, target, err)
	}
	return nil
}

// decodeError returns where a document and a Go type differ, without a value.
func decodeError(in Integration, target any, err error) error {
	where := ""
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		where = fmt.Sprintf(" at %s, which is not a %s", fieldName(wrong.Field), wrong.Type)
	}
	return usage("read its field JSON instead", "the integration %s does not fit into %T%s", redact.Plain(in.Type), target, where)
}

func fieldName(name string) string {
	if !redact.Shown(name) {
		return "a field " + redact.Name(name)
	}
	return redact.Name(name)
}

// objectOf decodes an object with exact names; structs of encoding/json ignore case.
func objectOf(doc []byte) (map[string]json.RawMessage, error) {
	var object map[string]json.RawMessage
	err := json.Unmarshal(doc, &object)
	var malformed *json.SyntaxError
	switch {
	case len(bytes.TrimSpace(doc)) == 0:
		return nil, errors.New("it is empty")
	case errors.As(err, &malformed): // its text has a character of the document
		return nil, fmt.Errorf("it is not valid JSON after %d bytes", malformed.Offset)
	case err != nil || object == nil:
		return nil, errors.New("it is not a JSON object")
	}
	return object, nil
}

func stringOf(doc json.RawMessage) (s string, ok bool) {
	if len(doc) == 0 || doc[0] != '"' {
		return "", false
	}
	return s, json.Unmarshal(doc, &s) == nil
}

var typeForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`) })

// checkType accepts every name with the form of a type, so that the client works with types of a newer Atlas.
func checkType(typ string) error {
	switch {
	case !redact.Shown(typ):
		return usage(typeHint, "a type %s is not an integration type", redact.Name(typ))
	case !typeForm().MatchString(typ):
		return usage(typeHint, "%s is not an integration type", redact.Name(typ))
	}
	return nil
}

const typeHint = "types have capital letters and underscores, such as DATADOG"

// isRepeated reports whether a type has a part in common with another value of its payload, which may be a secret.
func isRepeated(typ string, object map[string]json.RawMessage) bool {
	var others []string
	for name, doc := range object {
		if name != "type" {
			others = append(others, scalarsIn(doc)...)
		}
	}
	return redact.NewHider(others, func(string) bool { return false }).HasSecret(typ)
}

// scalarsIn returns the strings and numbers in a document, at any depth.
func scalarsIn(doc json.RawMessage) (found []string) {
	decoder := json.NewDecoder(bytes.NewReader(doc))
	decoder.UseNumber()
	for {
		token, err := decoder.Token()
		switch token := token.(type) {
		case string:
			found = append(found, token)
		case json.Number:
			found = append(found, token.String())
		}
		if err != nil {
			return found
		}
	}
}

func checkProject(project string) error {
	if !atlas.IsID(project) {
		return usage("it has 24 hexadecimal digits in lower case", "%s is not a project ID", redact.Value(project))
	}
	return nil
}
