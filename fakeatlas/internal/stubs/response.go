package stubs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/logtext"
	"github.com/atlasint/atlasint/internal/redact"
)

// maxBody is the largest body of a response in bytes.
const maxBody = 1 << 20

// The limits of the headers of a response.
const (
	maxHeaders     = 50
	maxHeaderValue = 4 << 10 // bytes
)

// Response is a status, headers and a body that were checked. It must not be changed.
type Response struct {
	Status  int
	headers map[string]string // by canonical name, with Content-Type if there is a body
	body    []byte
	text    bool // the body is text, not JSON
}

// NewResponse checks a response. A body is nil for none, a string or a []byte, which are sent unchanged, or any other
// value, which is sent as JSON. The pointers of its errors begin with "/status", "/headers" or "/body".
func NewResponse(status int, headers map[string]string, body any) (Response, *Error) {
	if status < 200 || status > 599 {
		return Response{}, &Error{Pointer: "/status", Reason: strconv.Itoa(status) + " is not a status of a whole response",
			Hint: "use one from 200 to 599"}
	}
	resp := Response{Status: status, headers: map[string]string{}}
	if err := resp.setHeader(headers); err != nil {
		return Response{}, err
	}
	if err := resp.setBody(body); err != nil {
		return Response{}, err
	}
	return resp, nil
}

// setBody encodes the body.
func (resp *Response) setBody(body any) *Error {
	contentType := "text/plain; charset=utf-8"
	switch b := body.(type) {
	case nil:
		return nil
	case string:
		resp.body, resp.text = []byte(b), true
	case []byte:
		resp.body, resp.text = bytes.Clone(b), true
	default:
		contentType = "application/json"
		if err := resp.setJSON(b); err != nil {
			return err
		}
	}
	switch {
	case resp.text && strings.Contains(string(resp.body), redact.Hidden):
		return maskedError("/body")
	case resp.Status == http.StatusNoContent || resp.Status == http.StatusResetContent || resp.Status == http.StatusNotModified:
		return &Error{Pointer: "/body", Reason: fmt.Sprintf("responses with status %d have no body", resp.Status), Hint: "omit the body, or use another status"}
	case len(resp.body) > maxBody:
		return &Error{Pointer: "/body", Reason: fmt.Sprintf("it has more than %d bytes", maxBody), Hint: "use a shorter one"}
	}
	if _, ok := resp.headers["Content-Type"]; !ok {
		resp.headers["Content-Type"] = contentType
	}
	return nil
}

func (resp *Response) setJSON(value any) *Error {
	data, err := encode(value)
	if err != nil { // its text may contain a value
		return &Error{Pointer: "/body", Reason: "it can't be encoded as JSON", Hint: "use values that encoding/json accepts, or a text"}
	}
	resp.body = data
	if redact.HasHidden(decode(resp.body)) {
		return maskedError("/body")
	}
	return nil
}

// encode returns a value as JSON, with "<", ">" and "&" unchanged.
func encode(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

// CloneBody returns a body that [NewResponse] has accepted without memory of the caller: a value that is sent as JSON
// becomes a [json.RawMessage].
func CloneBody(body any) any {
	switch b := body.(type) {
	case nil, string:
		return b
	case []byte:
		return bytes.Clone(b)
	case json.RawMessage:
		return json.RawMessage(bytes.Clone(b))
	}
	data, _ := encode(body) // it was encoded before
	return json.RawMessage(data)
}

// decode returns a value of JSON that is known to be valid.
func decode(data []byte) (value any) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	_ = decoder.Decode(&value)
	return value
}

func maskedError(pointer string) *Error {
	return &Error{Pointer: pointer, Reason: "it contains " + redact.Hidden + ", which lists show in place of values",
		Hint: "send the original values"}
}

// fixedHeaders are set by the server: another value would break the connection.
var fixedHeaders = []string{
	"Connection", "Content-Length", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

func (resp *Response) setHeader(headers map[string]string) *Error {
	if len(headers) > maxHeaders {
		return &Error{Pointer: "/headers", Reason: fmt.Sprintf("there are more than %d", maxHeaders), Hint: "use fewer"}
	}
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		canonical, value := http.CanonicalHeaderKey(name), headers[name]
		_, twice := resp.headers[canonical]
		problem := headerProblem(name, value)
		switch pointer := jsonpos.Pointer("headers", name); {
		case problem != nil:
			problem.Pointer = pointer
			return problem
		case twice:
			return &Error{Pointer: pointer, Reason: "the header occurs twice, in different case", Hint: "keep one"}
		case value == redact.Hidden:
			return maskedError(pointer)
		}
		resp.headers[canonical] = value
	}
	return nil
}

func headerProblem(name, value string) *Error {
	switch {
	case !wire.IsHeaderName(name):
		return &Error{Reason: "the name has a character that is not valid in a header name, or is empty",
			Hint: "use letters, digits and hyphens"}
	case slices.Contains(fixedHeaders, http.CanonicalHeaderKey(name)):
		return &Error{Reason: "the server sets this header", Hint: "remove it"}
	case len(value) > maxHeaderValue:
		return &Error{Reason: fmt.Sprintf("the value has more than %d bytes", maxHeaderValue), Hint: "use a shorter one"}
	case !wire.IsHeaderValue(value):
		return &Error{Reason: "the value has a line break or another control character", Hint: "remove it"}
	}
	return nil
}

// size is the memory that a response takes, in bytes.
func (resp *Response) size() int {
	n := len(resp.body)
	for name, value := range resp.headers {
		n += len(name) + len(value)
	}
	return n
}

// BodySize returns the length of the body in bytes.
func (resp *Response) BodySize() int { return len(resp.body) }

// Write sends the response. Its own headers replace those of [wire.Isolate].
func (resp *Response) Write(w http.ResponseWriter) {
	wire.Isolate(w.Header())
	for name, value := range resp.headers {
		w.Header().Set(name, value)
	}
	w.WriteHeader(resp.Status)
	if len(resp.body) > 0 {
		_, _ = w.Write(resp.body) // a client that has disconnected gets nothing
	}
}

// MaskHeaders returns headers with their values hidden, except the media types of the API.
func MaskHeaders(headers map[string]string) map[string]string {
	masked := make(map[string]string, len(headers))
	for name, value := range headers {
		switch http.CanonicalHeaderKey(name) {
		case "Content-Type":
			masked[name] = logtext.Media(value)
		default:
			masked[redact.Plain(name)] = redact.Hidden
		}
	}
	return masked
}

// MaskBody returns a body as lists show it: JSON with its texts and numbers hidden, and a text hidden as a whole. JSON
// null is shown as [json.RawMessage], since nil is no body.
func MaskBody(body any) any {
	switch b := body.(type) {
	case nil:
		return nil
	case string, []byte:
		return redact.Hidden
	default:
		data, err := json.Marshal(b)
		if err != nil {
			return redact.Hidden
		}
		masked, _ := json.Marshal(redact.Values(decode(data))) // decoded JSON can always be encoded
		return json.RawMessage(masked)
	}
}
