package fakeatlas

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"github.com/atlasint/atlasint/gen/schemas"
)

// apiError is a refusal as Atlas words it.
type apiError struct {
	BadRequestDetail *badRequestDetail
	Detail           string
	Status           int
	Code             string
	Parameters       []any
	Reason           string
}

type badRequestDetail struct{ Fields []fieldViolation }

type fieldViolation struct{ Description, Field string }

// Error makes an apiError an error, so that a change of the store can be refused with one.
func (e *apiError) Error() string { return e.Code }

// errorCodes are the codes by their name.
var errorCodes = sync.OnceValue(func() map[string]schemas.ErrorCode {
	codes := make(map[string]schemas.ErrorCode, len(schemas.ErrorCodes))
	for _, c := range schemas.ErrorCodes {
		codes[c.Code] = c
	}
	return codes
})

// refuse makes the error of a code. The parameters fill the sentence, one for each of its places.
func refuse(code string, parameters ...any) *apiError {
	known := errorCodes()[code]
	e := &apiError{Status: known.Status, Code: code, Detail: known.Detail, Parameters: parameters, Reason: http.StatusText(known.Status)}
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

// withStatus gives an error another status than the one its code usually has.
func (e *apiError) withStatus(status int) *apiError {
	e.Status, e.Reason = status, http.StatusText(status)
	return e
}

// append writes the body of the refusal, its members in the order of Atlas's answers.
func (e *apiError) append(out *bytes.Buffer) {
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

// write answers with the error; v2 alone has badRequestDetail.
func (e *apiError) write(w http.ResponseWriter, r *http.Request) {
	if e.Code == "GROUP_NOT_FOUND" {
		dropRateHeaders(w.Header())
	}
	w.Header().Set("X-Error-Code", e.Code)
	w.Header().Set("Content-Type", "application/json")
	var body any = e
	if flag(r, "envelope") {
		body = object{{"status", e.Status}, {"content", e}}
	}
	writeJSON(w, e.Status, body, flag(r, "pretty"))
}

func (e *apiError) withDetail(detail string) *apiError {
	e.Detail = detail
	return e
}

// writeUnauthorized answers as the layer of Atlas that checks credentials does: indented, a space on both
// sides of each colon, the members in an order of its own, no parameters, and of Atlas's own headers none.
func (e *apiError) writeUnauthorized(w http.ResponseWriter) {
	dropRateHeaders(w.Header())
	w.Header().Set("Content-Type", "application/json")
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range (object{{"error", e.Status}, {"reason", e.Reason}, {"detail", e.Detail}, {"errorCode", e.Code}}) {
		separate(&out, i)
		out.WriteString("\n  ")
		appendText(&out, m.name)
		out.WriteString(" : ")
		appendJSON(&out, m.value)
	}
	out.WriteString("\n}")
	w.WriteHeader(e.Status)
	_, _ = w.Write(out.Bytes()) // a client that has gone away gets nothing
}
