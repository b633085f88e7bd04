package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/atlasint/atlasint/gen/atlasv2"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/redact"
)

// HintKind names a hint of an error for programs that word it themselves, such as a command that has flags where
// this package has options. They set the Hint of the error before they print it.
type HintKind string

// The kinds of hints that name an option of [New].
const (
	HintCredentials HintKind = "credentials" // pass credentials by an option, not in the base URL
	HintPlainHTTP   HintKind = "plain-http"  // use https, or allow http with WithPlainHTTP
	HintTimeout     HintKind = "timeout"     // allow more time with WithTimeout
	HintCertificate HintKind = "certificate" // trust an authority of your own with WithTransport
)

// UsageError reports an option, a project id, a type or a target that can't be used. Nothing was sent.
type UsageError struct {
	Option   string // the option of [New] that is wrong, such as WithBaseURL; empty if it is no option
	Reason   string
	Hint     string // what to try next; may be empty
	HintKind HintKind
}

// Error implements error: the reason and what to try next, on one line.
func (e *UsageError) Error() string {
	if e.Hint == "" {
		return e.Reason
	}
	return e.Reason + "; " + e.Hint
}

func usage(format string, args ...any) error {
	return &UsageError{Reason: fmt.Sprintf(format, args...)}
}

func wrongOption(option, format string, args ...any) error {
	return &UsageError{Option: option, Reason: fmt.Sprintf(format, args...)}
}

// PayloadError says that a payload is none, or that the [Checker] refused it. Nothing of it was sent.
type PayloadError struct {
	Type   string // empty if it is not known
	Reason string
	cause  cause // the Checker's
}

// Error implements error.
func (e *PayloadError) Error() string {
	if e.Type == "" {
		return "the payload: " + e.Reason
	}
	return "the payload of " + e.Type + ": " + e.Reason
}

// Unwrap gives the error of the [Checker], if it was that.
func (e *PayloadError) Unwrap() error { return e.cause.get() }

// cause holds an error of others, whose text may contain a secret. Of a function fmt prints the address only.
type cause func() error

func causedBy(err error) cause { return func() error { return err } }

func (c cause) get() error {
	if c == nil {
		return nil
	}
	return c()
}

// Code is an errorCode of Atlas. As an error it stands for every [*APIError] with that code, so that
// errors.Is(err, client.Code("INVALID_ATTRIBUTE")) asks for any of them.
type Code string

// The codes that callers act on. All others that are known are in [schemas.ErrorCodes].
const (
	ErrNotConfigured     Code = "INTEGRATION_NOT_CONFIGURED"
	ErrAlreadyConfigured Code = "INTEGRATION_ALREADY_CONFIGURED"
	ErrProjectNotFound   Code = "GROUP_NOT_FOUND"
	// ErrRateLimited matches both codes of a rate limit: RATE_LIMITED of v1.0 and of the token endpoint, and
	// RATE_LIMITED_TOKEN_BUCKET of v2.
	ErrRateLimited Code = "RATE_LIMITED"
)

const tokenBucket Code = "RATE_LIMITED_TOKEN_BUCKET"

// Error implements error.
func (c Code) Error() string { return string(c) }

// APIError is a refusal by Atlas. Credentials and values of the payload that Atlas repeats in its texts, and
// whatever else is long enough for a secret, are replaced by "(hidden)". A Status of 500 or more does not tell
// whether a change was made.
type APIError struct {
	Method     string
	URL        string // without the query
	Status     int    // of HTTP
	Code       Code   // of a token's refusal, that of OAuth 2.0, such as invalid_client
	Detail     string // what is wrong, in Atlas's words; may be empty
	Reason     string // the status in words; may be empty
	Parameters []any  // strings, numbers, booleans and nil, as in Detail
	Fields     []atlasv2.FieldViolation
	RetryAfter time.Duration // how long Atlas asks to wait; 0 if it does not say
}

// Error implements error: the request, the answer and what to try next, on one line.
func (e *APIError) Error() string {
	out := fmt.Sprintf("%s %s: Atlas answered %d %s", e.Method, e.URL, e.Status, e.Code)
	if e.Detail != "" {
		out += ": " + e.Detail
	}
	for _, f := range e.Fields {
		out = strings.TrimSuffix(out, ".") + fmt.Sprintf("; %s: %s", f.Field, f.Description)
	}
	if cure := e.cure(); cure != "" {
		out = strings.TrimSuffix(out, ".") + "; " + cure
	}
	return out
}

func (e *APIError) cure() string {
	switch {
	case e.RetryAfter > 0:
		return "try again in " + e.RetryAfter.String()
	case len(e.Fields) > 0: // they are more precise than what is known of the code
		return ""
	}
	i := documented(string(e.Code))
	switch {
	case e.Status == http.StatusUnauthorized && (i < 0 || schemas.ErrorCodes[i].Status != e.Status):
		return "check the credentials"
	case i < 0:
		return ""
	}
	cure := strings.TrimSuffix(schemas.ErrorCodes[i].Cure, ".")
	if cure == "" {
		return ""
	}
	return strings.ToLower(cure[:1]) + cure[1:]
}

// Is reports whether target is the error's [Code], or [ErrRateLimited] for any code of a rate limit.
func (e *APIError) Is(target error) bool {
	code, ok := target.(Code)
	return ok && (code == e.Code || code == ErrRateLimited && e.Code == tokenBucket)
}

// TransportError says that Atlas was not reached, or that what came back was not from Atlas or not whole. The
// cause, of the network or of the context, that of [context.WithCancelCause] too, is found by errors.Is and
// errors.As; it can't be unwrapped, since its own text is not washed.
type TransportError struct {
	Method string
	URL    string // without the query
	Status int    // of an answer that is none of Atlas's; else 0
	Reason string
	Hint   string // what to try next; may be empty
	// HintKind is set if the hint names an option of [New].
	HintKind HintKind
	// MaybeDone tells that a change was sent and may have been made.
	MaybeDone bool
	cause     cause
}

// Error implements error: the request, the reason and what to try next, on one line.
func (e *TransportError) Error() string {
	out := fmt.Sprintf("%s %s: %s", e.Method, e.URL, e.Reason)
	switch {
	case e.MaybeDone:
		out += "; the change may have been made all the same: look before you repeat it"
	case e.Hint != "":
		out += "; " + e.Hint
	}
	return out
}

// Is tells whether the cause is target.
func (e *TransportError) Is(target error) bool { return errors.Is(e.cause.get(), target) }

// As finds the cause that target asks for.
func (e *TransportError) As(target any) bool { return errors.As(e.cause.get(), target) }

func (e *TransportError) wrap(err error) *TransportError {
	e.cause = causedBy(err)
	return e
}

func (x *exchange) transportError(reason, hint string) *TransportError {
	return &TransportError{Method: x.request.Method, URL: x.url, Reason: reason, Hint: hint}
}

// apiError reads a refusal, nil if it has not the form of Atlas's. What is not as it should be in it is left
// out, so that the rest is not lost.
func (x *exchange) apiError(a answer) *APIError {
	object, err := objectOf(a.body)
	if err != nil {
		return nil
	}
	e := &APIError{Method: x.request.Method, URL: x.url, Status: a.status}
	code, hasCode := text(object["errorCode"])
	detail, _ := text(object["detail"])
	if !hasCode && x.project == "" { // OAuth 2.0, RFC 6749
		code, hasCode = text(object["error"])
		detail, _ = text(object["error_description"])
	}
	if !hasCode || code == "" {
		return nil
	}
	reason, _ := text(object["reason"])
	e.Code, e.Detail, e.Reason = x.code(code), x.wash(detail), x.wash(reason)
	e.Parameters = x.parameters(object["parameters"])
	e.Fields = x.violations(object["badRequestDetail"])
	e.RetryAfter = stated(a.header, time.Now())
	return e
}

// code returns an error code that is safe to show. A documented one is public, whatever part of it a secret
// contains, unless it is a secret as a whole.
func (x *exchange) code(s string) Code {
	isSecret := slices.ContainsFunc(x.texts(), func(secret string) bool { return strings.EqualFold(secret, s) })
	if documented(s) >= 0 && !isSecret {
		return Code(s)
	}
	if s = x.wash(s); !redact.IsCode(s) {
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
	_ = json.Unmarshal(doc, &list) // none, if it is no list
	for i, p := range list {
		switch p := p.(type) {
		case string:
			list[i] = x.wash(p)
		case float64, bool, nil:
		default:
			list[i] = hidden
		}
	}
	return list
}

func (x *exchange) violations(doc json.RawMessage) []atlasv2.FieldViolation {
	var detail atlasv2.BadRequestDetail
	_ = json.Unmarshal(doc, &detail) // none, if it has another form
	for i, f := range detail.Fields {
		detail.Fields[i] = atlasv2.FieldViolation{Field: x.wash(f.Field), Description: x.wash(f.Description)}
	}
	return detail.Fields
}
