package fakeatlas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"sync"

	"github.com/atlasint/atlasint/gen/schemas"
)

// apiError is a refusal as Atlas words it. The member names are in the order of Atlas's answers.
type apiError struct {
	BadRequestDetail *badRequestDetail `json:"badRequestDetail,omitempty"`
	Detail           string            `json:"detail"`
	Status           int               `json:"error"`
	Code             string            `json:"errorCode"`
	Parameters       []any             `json:"parameters"`
	Reason           string            `json:"reason"`
}

type badRequestDetail struct {
	Fields []fieldViolation `json:"fields"`
}

type fieldViolation struct {
	Description string `json:"description"`
	Field       string `json:"field"`
}

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

// write answers with the error; v2 alone has badRequestDetail.
func (e *apiError) write(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Error-Code", e.Code)
	w.Header().Set("Content-Type", "application/json")
	query := r.URL.Query()
	var body any = e
	if flag(query, "envelope") {
		body = object{{"status", e.Status}, {"content", e}}
	}
	writeJSON(w, e.Status, body, flag(query, "pretty"))
}

// flag reads a query parameter as the generated routes do, which refuse what is neither true nor false.
func flag(query url.Values, name string) bool {
	on, _ := strconv.ParseBool(query.Get(name))
	return on
}

func writeJSON(w http.ResponseWriter, status int, body any, pretty bool) {
	data := encode(body)
	if pretty {
		var out bytes.Buffer
		_ = json.Indent(&out, data, "", "  ") // what encode wrote is JSON
		data = append(out.Bytes(), '\n')
	}
	w.WriteHeader(status)
	_, _ = w.Write(data) // a client that has gone away gets nothing
}

// object is a JSON object whose members keep their order.
type object []member

type member struct {
	name  string
	value any
}

// MarshalJSON writes the members in order.
func (o object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			out.WriteByte(',')
		}
		out.Write(encode(m.name))
		out.WriteByte(':')
		out.Write(encode(m.value))
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// encode writes JSON as Atlas does: compact, with & < and > as they are. What the server answers can
// always be written.
func encode(value any) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(value)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}
