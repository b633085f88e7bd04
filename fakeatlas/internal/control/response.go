package control

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/internal/controlapi"
	"github.com/atlasint/atlasint/internal/suggest"
)

// Error is an error response of the control API.
type Error struct {
	Status  int    `json:"-"`
	Message string `json:"error"`
	Hint    string `json:"hint,omitempty"`
	Code    string `json:"code,omitempty"` // as in package controlapi; empty: that of the status, if it has one
}

func newError(status int, message, hint string) *Error {
	return &Error{Status: status, Message: message, Hint: hint}
}

// statusCodes are the codes of the statuses that have only one cause.
var statusCodes = map[int]string{
	http.StatusUnauthorized: controlapi.TokenRequired, http.StatusForbidden: controlapi.Forbidden,
	http.StatusInternalServerError: controlapi.StoreFailed,
}

// Error returns the message without the hint.
func (e *Error) Error() string { return e.Message }

// errStore is the response if the store fails.
var errStore = newError(http.StatusInternalServerError, "the store failed", "see the log of the server")

func (a *API) handlerFunc(handle func(*http.Request) (int, any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		status, body, err := handle(r)
		if err != nil && errorFor(err) == errStore {
			a.s.LogFailure(r, err)
		}
		writeControl(w, status, body, err)
	}
}

// errorFor returns the response to an error: the error of the client, or errStore.
func errorFor(err error) *Error {
	var rejected *Error
	if errors.As(err, &rejected) {
		return rejected
	}
	return errStore
}

// WriteError writes an error response of the control API.
func WriteError(w http.ResponseWriter, err error) { writeControl(w, 0, nil, err) }

// encoded is a body that is JSON already.
type encoded []byte

func writeControl(w http.ResponseWriter, status int, body any, err error) {
	if err != nil {
		rejected := *errorFor(err)
		rejected.Code = cmp.Or(rejected.Code, statusCodes[rejected.Status])
		status, body = rejected.Status, rejected
	}
	if body == nil {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	text, isEncoded := body.(encoded)
	if !isEncoded {
		text = wire.Printable(wire.Encode(body))
	}
	_, _ = w.Write(text) // a client that has disconnected gets nothing
}

// tooLarge returns the rejection of a body of more than limit bytes.
func tooLarge(limit int64) *Error {
	return newError(http.StatusRequestEntityTooLarge, "the body has more than "+strconv.FormatInt(limit, 10)+" bytes", "")
}

// readAll returns a body.
func readAll(r *http.Request, limit int64) ([]byte, error) {
	data, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, limit))
	var exceeded *http.MaxBytesError
	switch {
	case errors.As(err, &exceeded):
		return nil, tooLarge(limit)
	case err != nil:
		return nil, newError(http.StatusBadRequest, "the body ends too early", "send as many bytes as Content-Length states")
	}
	return data, nil
}

// read decodes a body strictly: it returns an error for unknown members. No error contains a part of the body, except
// names of members.
func read(r *http.Request, limit int64, to any) error {
	body, err := readAll(r, limit)
	if err != nil {
		return err
	}
	return Decode(body, "body", to)
}

// Decode decodes JSON strictly, as [read] does. Its errors have the type [*Error] and name the JSON as the subject.
func Decode(body []byte, subject string, to any) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return newError(http.StatusBadRequest, "the "+subject+" is empty", "GET "+Prefix+"openapi.yaml describes the "+subject)
	}
	if err := wire.CheckSyntax(body); err != nil {
		return syntaxError(err, subject)
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(to)
	var wrongType *json.UnmarshalTypeError
	var snapshot *store.SnapshotError
	var badTime *time.ParseError
	if errors.As(err, &snapshot) && snapshot.Unwrap() != nil { // this package names the members of all bodies alike
		err, snapshot = snapshot.Unwrap(), nil
	}
	switch {
	case snapshot != nil:
		return newError(http.StatusBadRequest, snapshot.Reason, snapshot.Hint)
	case errors.As(err, &badTime):
		return newError(http.StatusBadRequest, "a time in the "+subject+" is invalid", "write times like 2026-01-02T03:04:05Z")
	case errors.As(err, &wrongType) && wrongType.Field == "":
		return newError(http.StatusBadRequest, "the "+subject+" is not a JSON object", "GET "+Prefix+"openapi.yaml describes the "+subject)
	case errors.As(err, &wrongType):
		place := memberPath(wrongType.Field, to)
		return newError(http.StatusBadRequest, place+": "+typeProblem(wrongType), "GET "+Prefix+"openapi.yaml describes the "+subject)
	case err != nil && strings.HasPrefix(err.Error(), "json: unknown field "): // encoding/json has no type for this error
		return unknownMember(strings.TrimPrefix(err.Error(), "json: unknown field "), subject, to)
	case err != nil:
		return newError(http.StatusBadRequest, "the "+subject+" is not valid JSON", "check quotes, commas and brackets")
	}
	if name, found := wire.OtherName(namesOf(to), body); found {
		return unknownMember(strconv.Quote(name), subject, to)
	}
	return nil
}

func syntaxError(err error, subject string) *Error {
	switch {
	case errors.Is(err, wire.ErrMoreValues):
		return newError(http.StatusBadRequest, "the "+subject+" has more than one value", "send one JSON value in each request")
	case errors.Is(err, jsontext.ErrDuplicateName):
		return newError(http.StatusBadRequest, "the "+subject+" has a duplicate member in an object", "remove one of the two members")
	}
	if syntactic := (*jsontext.SyntacticError)(nil); errors.As(err, &syntactic) {
		place := fmt.Sprintf("the %s is not valid JSON from byte %d on", subject, syntactic.ByteOffset+1)
		return newError(http.StatusBadRequest, place, "check quotes, commas and brackets")
	}
	return newError(http.StatusBadRequest, "the "+subject+" is not valid JSON", "check quotes, commas and brackets")
}

// namesOf returns the type with the names of a body. A snapshot has two members more than a state.
func namesOf(to any) reflect.Type {
	if _, ok := to.(*store.State); ok {
		return reflect.TypeFor[struct {
			Format   int                       `json:"format"`
			Projects map[string]store.Contents `json:"projects"`
		}]()
	}
	return reflect.TypeOf(to)
}

// typeProblem describes a value of another type than its member has, without the value.
func typeProblem(err *json.UnmarshalTypeError) string {
	want, isNumber := "a string", strings.HasPrefix(err.Value, "number")
	switch kind := err.Type.Kind(); {
	case kind == reflect.Float64 && isNumber:
		return "the number is too large"
	case (kind == reflect.Int || kind == reflect.Uint64) && isNumber:
		return "not a whole number, or out of range"
	case kind == reflect.Float64:
		want = "a number"
	case kind == reflect.Int || kind == reflect.Uint64:
		want = "a whole number"
	case kind == reflect.Bool:
		want = "true or false"
	case kind == reflect.Map || kind == reflect.Struct:
		want = "an object"
	}
	got := map[string]string{"string": "a string", "bool": "true or false", "array": "an array", "object": "an object"}[err.Value]
	return "want " + want + ", got " + cmp.Or(got, "a number")
}

// unknownMember returns the rejection of a body with a member that the type of to has not. The name is quoted.
func unknownMember(quoted, subject string, to any) *Error {
	hint := "GET " + Prefix + "openapi.yaml lists the members"
	names := membersOf(to)
	name, _ := strconv.Unquote(quoted) // as encoding/json has quoted it
	near := suggest.Nearest(name, names)
	if other := "responseHeader"; name == "headers" && slices.Contains(names, other) { // as stubs name it
		near = other
	}
	if near != "" {
		hint = "did you mean " + near + "?"
	}
	return newError(http.StatusBadRequest, "the "+subject+" has an unknown member "+quoted, hint)
}

// memberPath returns a path of encoding/json to a value in a body, without the leading names of embedded structs, whose
// members belong to the body itself.
func memberPath(path string, to any) string {
	of := reflect.TypeOf(to).Elem()
	for of.Kind() == reflect.Struct {
		name, rest, _ := strings.Cut(path, ".")
		field, ok := of.FieldByName(name)
		if !ok || !field.Anonymous {
			break
		}
		path, of = rest, field.Type
	}
	return path
}

// membersOf returns the names of the members of a pointer to a struct in JSON.
func membersOf(to any) (names []string) {
	of := reflect.TypeOf(to).Elem()
	if of.Kind() != reflect.Struct {
		return nil
	}
	for _, field := range reflect.VisibleFields(of) {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}

// only rejects unknown parameters, which are probably misspelled.
func only(query url.Values, names ...string) error {
	for name := range query {
		if !slices.Contains(names, name) {
			return newError(http.StatusBadRequest, "unknown query parameter", "known: "+strings.Join(names, ", "))
		}
	}
	return nil
}
