package wire

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"github.com/atlasint/atlasint/gen/schemas"
)

// Error is an error in the form of Atlas's responses.
type Error struct {
	BadRequestDetail *BadRequestDetail
	Detail           string
	Status           int
	Code             string
	Parameters       []any
	Reason           string
}

// NotServed begins the text for a request without a route. The rest has no values of the request but its method and the
// path as the journal shows it.
const NotServed = "This fake of Atlas does not serve "

// BadRequestDetail lists the fields that made a request invalid.
type BadRequestDetail struct{ Fields []FieldViolation }

// FieldViolation is a field and the reason why its value is invalid.
type FieldViolation struct{ Description, Field string }

// Error returns the code. Functions that change the store return an Error to reject a request.
func (e *Error) Error() string { return e.Code }

// ErrorCodes are the codes by their name.
var ErrorCodes = sync.OnceValue(func() map[string]schemas.ErrorCode {
	codes := make(map[string]schemas.ErrorCode, len(schemas.ErrorCodes))
	for _, c := range schemas.ErrorCodes {
		codes[c.Code] = c
	}
	return codes
})

// NewError makes the error of a code. The parameters fill the sentence, one for each of its places.
func NewError(code string, parameters ...any) *Error {
	known := ErrorCodes()[code]
	e := &Error{Status: known.Status, Code: code, Detail: known.Detail, Parameters: parameters, Reason: http.StatusText(known.Status)}
	if len(known.Parameters) > 0 {
		texts := make([]any, len(parameters))
		for i, p := range parameters {
			texts[i] = fmt.Sprint(p)
		}
		e.Detail = fmt.Sprintf(known.Detail, texts...)
	}
	if e.Parameters == nil {
		e.Parameters = []any{}
	}
	return e
}

// WithStatus gives an error another status than the one its code usually has.
func (e *Error) WithStatus(status int) *Error {
	e.Status, e.Reason = status, http.StatusText(status)
	return e
}

// appendTo writes the body of the response, its members in the order of Atlas's responses.
func (e *Error) appendTo(out *bytes.Buffer) {
	out.WriteByte('{')
	if e.BadRequestDetail != nil {
		out.WriteString(`"badRequestDetail":{"fields":[`)
		for i, f := range e.BadRequestDetail.Fields {
			separate(out, i)
			out.WriteString(`{"description":`)
			appendText(out, f.Description)
			out.WriteString(`,"field":`)
			appendText(out, f.Field)
			out.WriteByte('}')
		}
		out.WriteString(`]},`)
	}
	out.WriteString(`"detail":`)
	appendText(out, e.Detail)
	out.WriteString(`,"error":` + strconv.Itoa(e.Status) + `,"errorCode":`)
	appendText(out, e.Code)
	out.WriteString(`,"parameters":`)
	appendJSON(out, e.Parameters)
	out.WriteString(`,"reason":`)
	appendText(out, e.Reason)
	out.WriteByte('}')
}

// Write responds with the error; v2 alone has badRequestDetail.
func (e *Error) Write(w http.ResponseWriter, r *http.Request) {
	if e.Code == "GROUP_NOT_FOUND" {
		dropRateHeaders(w.Header())
	}
	w.Header().Set("X-Error-Code", e.Code)
	w.Header().Set("Content-Type", "application/json")
	var body any = e
	if Flag(r, "envelope") {
		body = Envelope(e.Status, e)
	}
	WriteJSON(w, e.Status, body, Flag(r, "pretty"))
}

// WithDetail replaces the text for people and returns e.
func (e *Error) WithDetail(detail string) *Error {
	e.Detail = detail
	return e
}

// WriteUnauthorized responds as the authentication layer of Atlas does: indented, with spaces around the colons,
// other members and order, and without Atlas's headers.
func (e *Error) WriteUnauthorized(w http.ResponseWriter) {
	dropRateHeaders(w.Header())
	w.Header().Set("Content-Type", "application/json")
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range (Object{{"error", e.Status}, {"reason", e.Reason}, {"detail", e.Detail}, {"errorCode", e.Code}}) {
		separate(&out, i)
		out.WriteString("\n  ")
		appendText(&out, m.name)
		out.WriteString(" : ")
		appendJSON(&out, m.value)
	}
	out.WriteString("\n}")
	recordBody(w, out.Bytes())
	w.WriteHeader(e.Status)
	_, _ = w.Write(out.Bytes()) // a client that has disconnected gets nothing
}
