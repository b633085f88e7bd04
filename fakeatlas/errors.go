package fakeatlas

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"sync"

	"github.com/atlasint/atlasint/fakeatlas/store"
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

// storeFailed is the answer where the store fails. Why it does is logged, as far as the store has found words
// that are fit for it; a client that has gone away is no failure.
func (s *Server) storeFailed(r *http.Request, err error) *apiError {
	if s.config.logger != nil && r.Context().Err() == nil {
		s.config.logger.Error("the store failed", slog.String("reason", wordsOf(err)))
	}
	return refuse("UNEXPECTED_ERROR")
}

func wordsOf(err error) string {
	var worded *store.Failure
	if errors.As(err, &worded) {
		return worded.Text
	}
	return "it does not say" // not in words that are known to hold no secret
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

// flag reads a query parameter as the generated routes do, which refuse what is neither true nor false.
func flag(r *http.Request, name string) bool {
	if r.URL.RawQuery == "" {
		return false
	}
	on, _ := strconv.ParseBool(r.URL.Query().Get(name))
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
func (o object) MarshalJSON() ([]byte, error) { return encode(o), nil }

// encode writes JSON as Atlas does: compact, with & < and > as they are. What the server answers can
// always be written.
func encode(value any) []byte {
	var out bytes.Buffer
	out.Grow(512) // what most answers fit in
	appendJSON(&out, value)
	return out.Bytes()
}

// appendJSON writes what answers are made of itself, which spares the time in which encoding/json checks and
// copies what it is given, and leaves all else to that.
func appendJSON(out *bytes.Buffer, value any) {
	switch v := value.(type) {
	case object:
		out.WriteByte('{')
		for i, m := range v {
			separate(out, i)
			appendJSON(out, m.name)
			out.WriteByte(':')
			appendJSON(out, m.value)
		}
		out.WriteByte('}')
	case []object:
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
	case *apiError:
		v.append(out)
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
	out.Truncate(out.Len() - 1) // the line end
}
