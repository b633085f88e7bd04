package fakeatlas

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/stubs"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/internal/atlas"
)

// Fault makes requests fail. Its first fields select the requests: an empty field matches every request to the
// integrations of both API versions. Requests for tokens fail only if Path matches theirs.
//
// Faults apply after the credentials were accepted, so that the first request of a digest client, which has none,
// uses no fault up. At most one fault applies to a request: faults with Times come before those without, then the
// oldest comes first.
type Fault struct {
	ID      string            `json:"id,omitempty"`      // given by the server
	Method  string            `json:"method,omitempty"`  // such as POST
	Path    string            `json:"path,omitempty"`    // without the query; "*" matches any text, including slashes
	Project string            `json:"project,omitempty"` // separates parallel tests that share a server
	Type    string            `json:"type,omitempty"`    // as in the path, such as DATADOG
	Header  map[string]string `json:"header,omitempty"`  // headers of the request and their whole values; no credentials

	// Status, from 400 to 599, and ErrorCode are the answer, in the form of the API. Either may be omitted: the
	// other decides. A code of Atlas has Atlas's text. Requests for tokens are answered in the form of OAuth 2.0,
	// INVALID_GRANT as its invalid_grant, except for 429, which has the form of the API.
	Status    int    `json:"status,omitempty"`
	ErrorCode string `json:"errorCode,omitempty"`
	// Body and ResponseHeader replace the body and add headers of that answer, as those of a [Stub]. The body has 16 KiB at
	// most. Lists of the control API hide their values.
	Body           any               `json:"body,omitempty"`
	ResponseHeader map[string]string `json:"responseHeader,omitempty"`
	// RetryAfter becomes the header of the same name, in whole seconds, rounded up. It is a year at most.
	RetryAfter time.Duration `json:"-"`

	Delay    time.Duration `json:"-"`                  // a year at most, before the answer, the server's own or the fault's, by the machine's clock
	Drop     bool          `json:"drop,omitempty"`     // close the connection instead of an answer
	Truncate bool          `json:"truncate,omitempty"` // close it in the middle of the answer's body, if it has one

	Applied     int     `json:"applied,omitempty"`     // how many requests it has made fail; set by the server
	Times       int     `json:"times,omitempty"`       // how many requests fail, then the fault is removed; 0: no limit
	Probability float64 `json:"probability,omitempty"` // that a matching request fails; 0 and 1: always
	Seed        uint64  `json:"seed,omitempty"`        // of Probability: with the same seed, the same requests fail

	answer *stubs.Answer // with Body and ResponseHeader, if there are any
}

// faultJSON has the durations as texts.
type faultJSON struct {
	faultPlain
	RetryAfter string `json:"retryAfter,omitempty"`
	Delay      string `json:"delay,omitempty"`

	Body json.RawMessage `json:"body,omitempty"` // as sent: its numbers keep their digits
}

type faultPlain Fault

// MarshalJSON writes durations as texts, such as "1.5s", and the whole body.
func (f Fault) MarshalJSON() ([]byte, error) {
	text := func(d time.Duration) string {
		if d == 0 {
			return ""
		}
		return d.String()
	}
	var body json.RawMessage
	if f.Body != nil {
		var err error
		if body, err = json.Marshal(f.Body); err != nil {
			return nil, err
		}
	}
	return json.Marshal(faultJSON{faultPlain(f), text(f.RetryAfter), text(f.Delay), body})
}

// fault reads the durations.
func (j faultJSON) fault() (Fault, error) {
	f := Fault(j.faultPlain)
	if len(j.Body) > 0 && j.Body[0] == '"' {
		_ = json.Unmarshal(j.Body, &f.Body) // it was decoded
	} else if len(j.Body) > 0 {
		f.Body = j.Body
	}
	for _, d := range []struct {
		name, text string
		to         *time.Duration
	}{{"retryAfter", j.RetryAfter, &f.RetryAfter}, {"delay", j.Delay, &f.Delay}} {
		if d.text == "" {
			continue
		}
		parsed, err := time.ParseDuration(d.text)
		if err != nil {
			return Fault{}, &FaultError{d.name, `must be a duration, such as "1.5s"`}
		}
		*d.to = parsed
	}
	return f, nil
}

// FaultError is the error of a [Fault] that can't be used.
type FaultError struct {
	Field  string // as in the JSON of the control API
	Reason string
}

// Error implements error.
func (e *FaultError) Error() string {
	return "invalid fault: " + e.Field + " " + e.Reason
}

// maxFaults is how many faults may be active at a time.
const maxFaults = 1000

// maxFaultTime bounds the times of a fault: longer ones are mistakes, and no sum of theirs overflows.
const maxFaultTime = 365 * 24 * time.Hour

var errorCodeForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,63}$`) })

// secretHeaders are rejected, since the list of faults would show credentials.
var secretHeaders = []string{"Authorization", "Proxy-Authorization", "Cookie"}

func (f *Fault) check() error {
	for name := range f.Header {
		if slices.Contains(secretHeaders, http.CanonicalHeaderKey(name)) {
			return &FaultError{"header", "must not contain credentials"}
		}
	}
	if err := f.checkTarget(); err != nil {
		return err
	}
	switch {
	case f.Status != 0 && (f.Status < 400 || f.Status > 599):
		return &FaultError{"status", "must be between 400 and 599"}
	case f.ErrorCode != "" && !errorCodeForm().MatchString(f.ErrorCode):
		return &FaultError{"errorCode", "must consist of capital letters, digits and underscores"}
	case f.ErrorCode != "" && f.Status == 0 && wire.ErrorCodes()[f.ErrorCode].Status == 0:
		return &FaultError{"errorCode", "is not a documented code of Atlas: set a status"}
	case f.Delay < 0 || f.Delay > maxFaultTime:
		return &FaultError{"delay", "must be between 0 and a year of 8760h"}
	case f.RetryAfter < 0 || f.RetryAfter > maxFaultTime:
		return &FaultError{"retryAfter", "must be between 0 and a year of 8760h"}
	case f.RetryAfter > 0 && !f.answers():
		return &FaultError{"retryAfter", "needs a status or an errorCode"}
	case f.hasOwnAnswer() && !f.answers():
		return &FaultError{"body", "and responseHeader need a status or an errorCode"}
	case f.Drop && (f.Truncate || f.answers()):
		return &FaultError{"drop", "must not be set with truncate, status or errorCode: a dropped request gets no response"}
	case f.Times < 0:
		return &FaultError{"times", "must not be negative"}
	case !(f.Probability >= 0 && f.Probability <= 1): // so that NaN is refused too
		return &FaultError{"probability", "must be between 0 and 1"}
	case !f.Drop && !f.Truncate && !f.answers() && f.Delay == 0:
		return &FaultError{"status", "is missing: set status, errorCode, delay, drop or truncate"}
	}
	return f.checkAnswer()
}

// hasOwnAnswer reports whether the fault has a body or headers of its own.
func (f *Fault) hasOwnAnswer() bool { return f.Body != nil || len(f.ResponseHeader) > 0 }

// checkAnswer checks the body and the headers of the answer.
func (f *Fault) checkAnswer() error {
	answer, err := stubs.NewAnswer(f.statusOf(), f.ResponseHeader, f.Body)
	var invalid *stubs.Error
	switch {
	case !f.hasOwnAnswer():
		return nil
	case errors.As(err, &invalid) && strings.HasPrefix(invalid.Pointer, "/headers"):
		return &FaultError{"responseHeader", "has a header that is not valid: " + invalid.Message}
	case err != nil:
		return &FaultError{"body", "can't be sent: " + invalid.Message}
	case answer.BodySize() > maxFaultBody:
		return &FaultError{"body", "must have 16 KiB at most"}
	}
	f.answer = &answer
	return nil
}

// maxFaultBody is the largest body of a fault in bytes.
const maxFaultBody = 16 << 10

func (f *Fault) statusOf() int { return cmp.Or(f.Status, wire.ErrorCodes()[f.ErrorCode].Status) }

// masked returns the fault as lists show it.
func (f Fault) masked() Fault {
	f.Body = stubs.MaskBody(f.Body)
	if f.ResponseHeader != nil {
		f.ResponseHeader = stubs.MaskHeaders(f.ResponseHeader)
	}
	return f
}

// Format prints the fault as JSON, with "(hidden)" in place of secrets, for every verb.
func (f Fault) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, f.LogValue().String()) }

// LogValue implements [slog.LogValuer], without secrets.
func (f Fault) LogValue() slog.Value {
	text, _ := f.masked().MarshalJSON() // a fault can always be encoded
	return slog.StringValue(string(text))
}

// checkTarget refuses a target that no request fits: a test would wait for such a fault, or pass without it.
func (f *Fault) checkTarget() error {
	switch {
	case f.Path != "" && f.Path[0] != '/' && f.Path[0] != '*':
		return &FaultError{"path", `must begin with "/" or "*"`}
	case f.Project != "" && !atlas.IsID(f.Project):
		return &FaultError{"project", "must be 24 hexadecimal digits in lower case"}
	case f.Type != "" && knownType(f.Type) == "":
		return &FaultError{"type", "must be an integration type of the API, such as DATADOG"}
	}
	return nil
}

func (f *Fault) answers() bool { return f.Status != 0 || f.ErrorCode != "" }

// FailNext makes the next request fail that matches f, or the next f.Times ones. Faults of later calls apply once
// those of earlier calls are used up. The error is a [*FaultError].
func (s *Server) FailNext(f Fault) error {
	if f.Times == 0 {
		f.Times = 1
	}
	_, err := s.InjectFault(f)
	return err
}

// InjectFault makes requests fail that match f, f.Times of them; if it is 0, until the fault is removed. It returns
// the fault's ID. At most 1000 faults are active at a time. The error is a [*FaultError].
func (s *Server) InjectFault(f Fault) (id string, err error) {
	if err := f.check(); err != nil {
		return "", err
	}
	f.Header = maps.Clone(f.Header)
	id, ok := s.faults.Add(f)
	if !ok {
		return "", &FaultError{"times", "must wait: the limit of " + strconv.Itoa(maxFaults) + " active faults is reached; remove some"}
	}
	return id, nil
}

// RemoveFault removes a fault, and reports whether it was active.
func (s *Server) RemoveFault(id string) bool { return s.faults.Remove(id) }

// ClearFaults removes all faults.
func (s *Server) ClearFaults() { s.faults.Clear() }
