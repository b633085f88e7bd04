package client

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/redact"
)

// UsageError is the error for an invalid option, project ID, type or target. No request was sent.
type UsageError struct {
	Option string // the field of [Options] that is wrong, such as BaseURL; empty if it is none
	Reason string
	Hint   string // what to try next; may be empty
	// SuggestedOption is the field of [Options] that the hint suggests, as in [TransportError].
	SuggestedOption string
}

// Error returns the reason and the hint on one line.
func (e *UsageError) Error() string {
	if e.Hint == "" {
		return e.Reason
	}
	return e.Reason + "; " + e.Hint
}

func usage(hint, format string, args ...any) error {
	return &UsageError{Reason: fmt.Sprintf(format, args...), Hint: hint}
}

func wrongOption(option, hint, format string, args ...any) error {
	return &UsageError{Option: option, Reason: fmt.Sprintf(format, args...), Hint: hint}
}

// PayloadError is the error for an invalid payload, or one that the check of the [Options] rejected. The payload was
// not sent.
type PayloadError struct {
	Type   string // empty if it is unknown
	Reason string
	cause  unprinted[error] // of the check; its text may contain a secret
}

// Error returns the type and the reason on one line.
func (e *PayloadError) Error() string {
	if e.Type == "" {
		return "the payload: " + e.Reason
	}
	return "the payload of " + e.Type + ": " + e.Reason
}

// Unwrap returns the error of the check in the [Options], nil if there was none.
func (e *PayloadError) Unwrap() error { return e.cause.get() }

// Code is an errorCode of Atlas. As the target of errors.Is it matches every [*APIError] with that code, for example
// errors.Is(err, client.Code("INVALID_ATTRIBUTE")).
type Code string

// Codes for errors.Is. All documented codes are in [schemas.ErrorCodes].
const (
	ErrNotConfigured     Code = "INTEGRATION_NOT_CONFIGURED"
	ErrAlreadyConfigured Code = "INTEGRATION_ALREADY_CONFIGURED"
	ErrProjectNotFound   Code = "GROUP_NOT_FOUND"
	// ErrRateLimited matches both codes of a rate limit: RATE_LIMITED of v1.0 and of the token endpoint, and
	// RATE_LIMITED_TOKEN_BUCKET of v2.
	ErrRateLimited Code = "RATE_LIMITED"
)

const (
	tokenBucket Code = "RATE_LIMITED_TOKEN_BUCKET"
	unexpected  Code = "UNEXPECTED_ERROR"
)

// Error returns the code.
func (c Code) Error() string { return string(c) }

// APIError is an error response of Atlas. In its texts, credentials, values of the payload and anything else that is
// long enough for a secret are replaced with "(hidden)". After a Status of 500 or more, Atlas may have made the change.
type APIError struct {
	Method     string
	URL        string           // without the query
	Status     int              // the HTTP status
	Code       Code             // the errorCode; for a token request that of OAuth 2.0, such as invalid_client
	Detail     string           // the description of the fault, from Atlas; may be empty
	Reason     string           // the text of the status; may be empty
	Parameters []any            // strings, numbers, booleans and nil, as in Detail
	Fields     []FieldViolation // the fields that are wrong, if Atlas names them
	// RetryAfter is the wait that Atlas states, for RATE_LIMITED also the period of the limit, at most 1,000,000 seconds;
	// 0 if it states none.
	RetryAfter time.Duration
}

// FieldViolation is a field of the payload that Atlas rejects, from badRequestDetail of the response.
type FieldViolation struct {
	Field       string `json:"field"`       // the path to the field in the payload, such as region
	Description string `json:"description"` // the reason, from Atlas
}

// Error returns the request, the response and what to try next, on one line.
func (e *APIError) Error() string {
	out := fmt.Sprintf("%s %s: Atlas returned %d %s", e.Method, e.URL, e.Status, e.Code)
	if e.Detail != "" {
		out += ": " + e.Detail
	}
	for _, f := range e.Fields {
		out = strings.TrimSuffix(out, ".") + fmt.Sprintf("; %s: %s", f.Field, f.Description)
	}
	if fix := e.advice(); fix != "" {
		out = strings.TrimSuffix(out, ".") + "; " + fix
	}
	return out
}

func (e *APIError) advice() string {
	switch {
	case e.RetryAfter > 0:
		return "try again in " + waitText(e.RetryAfter)
	case len(e.Fields) > 0: // they are more precise than the documentation of the code
		return ""
	}
	i := documented(string(e.Code))
	unknown := i < 0 || e.Code == unexpected // a code with several causes, which no advice fits
	switch {
	case e.Status == http.StatusInsufficientStorage: // a full fake, whose detail has the advice
		return ""
	case e.Status >= http.StatusInternalServerError && unknown:
		return "try again later"
	case e.Status == http.StatusUnauthorized && (i < 0 || schemas.ErrorCodes[i].Status != e.Status):
		return "check the credentials"
	case unknown:
		return ""
	}
	fix := schemas.ErrorCodes[i].Fix
	if e.Method == http.MethodDelete {
		fix = cmp.Or(schemas.ErrorCodes[i].FixDelete, fix)
	}
	fix = strings.TrimSuffix(fix, ".")
	if fix == "" {
		return ""
	}
	return strings.ToLower(fix[:1]) + fix[1:]
}

// Is reports whether target is the error's [Code], or [ErrRateLimited] for any code of a rate limit.
func (e *APIError) Is(target error) bool {
	code, ok := target.(Code)
	return ok && (code == e.Code || code == ErrRateLimited && e.Code == tokenBucket)
}

// TransportError reports that the client did not reach Atlas, or that the response was incomplete or not from Atlas.
// errors.Is and errors.As find its cause, an error of the network or of the context, including that of
// [context.WithCancelCause]. It has no Unwrap, because the text of the cause may contain a secret.
type TransportError struct {
	Method string
	URL    string // without the query
	Status int    // the HTTP status of a response that is not from Atlas; else 0
	Reason string
	Hint   string // what to try next; may be empty
	// SuggestedOption is the field of [Options] that the hint suggests, else "": "Credentials" (pass them there, not in
	// the base URL), "PlainHTTP" (use https, or set it), "Timeout" or "Transport" (trust your own certificate authority
	// with it). A program with its own options, such as flags, can set Hint to its own text before it prints the error.
	SuggestedOption string
	// MaybeDone reports that a change was sent and that Atlas may have made it.
	MaybeDone bool
	cause     unprinted[error] // its text may contain a secret
}

// Error returns the request, the reason and what to try next, on one line.
func (e *TransportError) Error() string {
	out := fmt.Sprintf("%s %s: %s", e.Method, e.URL, e.Reason)
	switch {
	case e.MaybeDone:
		out += "; Atlas may have made the change: check before you send it again"
	case e.Hint != "":
		out += "; " + e.Hint
	}
	return out
}

// Is reports whether the cause is target.
func (e *TransportError) Is(target error) bool { return errors.Is(e.cause.get(), target) }

// As sets target to the first cause of its type and reports whether there is one.
func (e *TransportError) As(target any) bool { return errors.As(e.cause.get(), target) }

// UnreadError is the error of [Client.Create], [Client.Update] and [Client.Apply] if Atlas stored the payload, but did
// not return the integration, neither in its response nor to a request for it. Don't send the payload again.
//
// It has no Unwrap, so that errors.Is and errors.As match it to no error of a payload that was not stored, such as
// [ErrNotConfigured].
type UnreadError struct {
	Type  string // of the payload
	Cause error  // of the request for the integration: an [*APIError], a [*TransportError] or a [*UsageError]
}

// Error returns that the payload was stored, and the text of the cause.
func (e *UnreadError) Error() string {
	return fmt.Sprintf("the payload was stored, but the integration can't be read: %v", e.Cause)
}

func (e *TransportError) withCause(err error) *TransportError {
	e.cause = hide(err)
	return e
}

func (x *exchange) transportError(reason, hint string) *TransportError {
	return &TransportError{Method: x.request.Method, URL: x.url, Reason: reason, Hint: hint}
}

// apiError reads an error response; it returns nil if the response does not have the form of Atlas. It omits malformed
// parts, so that the others are not lost.
func (x *exchange) apiError(resp response) *APIError {
	object, err := objectOf(resp.body)
	if err != nil {
		return nil //nolint:nilerr // the caller reports a body in another form by its status
	}
	e := &APIError{Method: x.request.Method, URL: x.url, Status: resp.status}
	code, hasCode := stringOf(object["errorCode"])
	detail, _ := stringOf(object["detail"])
	if !hasCode && x.project == "" { // OAuth 2.0, RFC 6749
		code, hasCode = stringOf(object["error"])
		detail, _ = stringOf(object["error_description"])
	}
	if !hasCode || code == "" {
		return nil
	}
	reason, _ := stringOf(object["reason"])
	e.Code, e.Detail, e.Reason = x.code(code), x.cleanText(detail), x.cleanText(reason)
	e.Parameters = x.parameters(object["parameters"])
	e.Fields = x.violations(object["badRequestDetail"])
	x.hideSpread(e)
	e.RetryAfter = retryAfter(resp.header, x.now())
	if e.RetryAfter == 0 && e.Code == ErrRateLimited {
		e.RetryAfter = e.period()
	}
	return e
}

// hideSpread hides all texts if a secret is spread over several of them, such as a character in each parameter.
func (x *exchange) hideSpread(e *APIError) {
	texts := []*string{&e.Detail, &e.Reason}
	for i := range e.Fields {
		texts = append(texts, &e.Fields[i].Field, &e.Fields[i].Description)
	}
	list := []string{fmt.Sprintln(e.Parameters...)}
	isDocumented := documented(string(e.Code)) >= 0
	if !isDocumented {
		list = append(list, string(e.Code))
	}
	for _, text := range texts {
		list = append(list, *text)
	}
	all := strings.Join(list, "\n")
	if redact.Separated(all, x.secretTexts()) == all {
		return
	}
	for _, text := range texts {
		if *text != "" {
			*text = hidden
		}
	}
	for i := range e.Parameters {
		e.Parameters[i] = hidden
	}
	if !isDocumented {
		e.Code = hidden
	}
}

// period returns the period of a rate limit, "50 requests every 1 minutes", which the token endpoint states in place of
// Retry-After; 0 if the response has none.
func (e *APIError) period() time.Duration {
	if len(e.Parameters) != 3 {
		return 0
	}
	minutes, _ := e.Parameters[2].(float64)
	return time.Duration(max(0, min(minutes, maxStated.Minutes())) * float64(time.Minute))
}

// code returns an error code that is safe to show. A documented one is public even if a secret
// contains a part of it, unless it is a secret as a whole.
func (x *exchange) code(s string) Code {
	isSecret := slices.ContainsFunc(x.secretTexts(), func(secret string) bool { return strings.EqualFold(secret, s) })
	if documented(s) >= 0 && !isSecret {
		return Code(s)
	}
	if s = x.cleanText(s); !redact.IsCode(s) {
		s = redact.Plain(s)
	}
	return Code(s)
}

// documented returns the index of a code in [schemas.ErrorCodes], or -1.
func documented(code string) int {
	return slices.IndexFunc(schemas.ErrorCodes, func(c schemas.ErrorCode) bool { return c.Code == code })
}

func (x *exchange) parameters(doc json.RawMessage) []any {
	var list []any
	_ = json.Unmarshal(doc, &list) // no parameters, unless it is a list
	for i, p := range list {
		switch p := p.(type) {
		case string:
			list[i] = x.cleanText(p)
		case float64, bool, nil:
		default:
			list[i] = hidden
		}
	}
	return list
}

func (x *exchange) violations(doc json.RawMessage) []FieldViolation {
	var detail struct {
		Fields []FieldViolation `json:"fields"`
	}
	_ = json.Unmarshal(doc, &detail) // no fields, if it has another form
	for i, f := range detail.Fields {
		detail.Fields[i] = FieldViolation{Field: x.cleanText(f.Field), Description: x.cleanText(f.Description)}
	}
	return detail.Fields
}
