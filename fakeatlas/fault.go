package fakeatlas

import (
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/faults"
	"github.com/atlasint/atlasint/fakeatlas/internal/stubs"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/logtext"
	"github.com/atlasint/atlasint/internal/suggest"
)

// Fault makes requests fail. Its first fields select the requests. Without them, a fault applies to every request of
// both API versions, such as those to integrations, alert configurations and stubs. Requests to other paths, such as
// those for tokens, fail only if Path matches theirs.
//
// Faults apply after the credentials were accepted, so that the first request of a digest client, which has none, does
// not use up a fault. At most one fault applies to a request: faults with Times come before those without, then the
// oldest comes first.
type Fault struct {
	ID      string            `json:"id,omitempty"`      // set by the server
	Method  string            `json:"method,omitempty"`  // such as POST
	Path    string            `json:"path,omitempty"`    // without the query; "*" matches any text, including slashes
	Project string            `json:"project,omitempty"` // separates parallel tests that share a server
	Type    string            `json:"type,omitempty"`    // as in the path, such as DATADOG
	Header  map[string]string `json:"header,omitempty"`  // headers of the request and their whole values; no credentials

	// Status, from 400 to 599, and ErrorCode are the response, in the form of the API. Either may be omitted: the
	// other decides. A documented code of Atlas has Atlas's text; another one needs a Status, and a misspelled one is
	// rejected. Requests for tokens get a response in the form of OAuth 2.0, INVALID_GRANT as its invalid_grant, except
	// for 429, which has the form of the API.
	Status    int    `json:"status,omitempty"`
	ErrorCode string `json:"errorCode,omitempty"`
	// Body and ResponseHeader replace the body and add headers of that response, as those of a [Stub]. The body has 16 KiB
	// at most. Lists of the control API hide their values.
	Body           any               `json:"body,omitempty"`
	ResponseHeader map[string]string `json:"responseHeader,omitempty"`
	// RetryAfter becomes the header of the same name, in whole seconds, rounded up. It is a year at most.
	RetryAfter time.Duration `json:"-"`

	// Delay is the time before the response, the server's own or the fault's, by the machine's clock. It is a year at
	// most.
	Delay    time.Duration `json:"-"`
	Drop     bool          `json:"drop,omitempty"`     // close the connection instead of a response
	Truncate bool          `json:"truncate,omitempty"` // close it in the middle of the response's body, if it has one

	Applied     int     `json:"applied,omitempty"`     // how many requests it has made fail; set by the server
	Times       int     `json:"times,omitempty"`       // how many requests fail, then the fault is removed; 0: no limit
	Probability float64 `json:"probability,omitempty"` // that a matching request fails; 0 and 1: always; JSON has no 0
	// Seed initializes the random numbers that Probability is compared with: with the same seed, the same requests
	// fail.
	Seed uint64 `json:"seed,omitempty"`

	response *stubs.Response // with Body and ResponseHeader, if there are any
}

// FaultError is the error for an invalid [Fault], for one more while 1000 are active, and for JSON that is not a fault.
// Its text contains no secret.
type FaultError struct {
	Field  string // the field that is wrong, as in the JSON of the control API; empty for other errors
	Reason string // begins with the field, if there is one
	Hint   string // what to try next; may be empty
}

// Error returns the reason and the hint on one line.
func (e *FaultError) Error() string { return withHint(e.text(), e.Hint) }

func (e *FaultError) text() string {
	if e.Field == "" {
		return e.Reason
	}
	return "invalid fault: " + e.Reason
}

// wrongFault returns the error for a field. The problem follows the name of the field.
func wrongFault(field, problem, hint string) error {
	return &FaultError{Field: field, Reason: field + " " + problem, Hint: hint}
}

func wrongProbability() error {
	return wrongFault("probability", "must be greater than 0, and 1 at most", "use one such as 0.5, or leave it out for all requests")
}

// maxFaultTime is the longest duration in a fault. A longer one is probably a mistake, and sums of durations must not
// overflow.
const maxFaultTime = 365 * 24 * time.Hour

var errorCodeForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,63}$`) })

// secretHeaders are rejected, since the list of faults would show credentials.
var secretHeaders = []string{"Authorization", "Proxy-Authorization", "Cookie"}

func (f *Fault) check() error {
	for name := range f.Header {
		if slices.Contains(secretHeaders, http.CanonicalHeaderKey(name)) {
			return wrongFault("header", "must not contain credentials", "use another header, such as User-Agent")
		}
	}
	if err := f.checkTarget(); err != nil {
		return err
	}
	if err := f.checkCode(); err != nil {
		return err
	}
	switch {
	case f.Status != 0 && (f.Status < 400 || f.Status > 599):
		return wrongFault("status", "must be between 400 and 599", "use one such as 429 or 503")
	case f.Delay < 0 || f.Delay > maxFaultTime:
		return wrongFault("delay", "must be between 0 and a year of 8760h", "use one such as 2s")
	case f.RetryAfter < 0 || f.RetryAfter > maxFaultTime:
		return wrongFault("retryAfter", "must be between 0 and a year of 8760h", "use one such as 2s")
	case f.RetryAfter > 0 && !f.hasError():
		return wrongFault("retryAfter", "needs a status or an errorCode", "add one, such as 429")
	case f.hasCustomResponse() && !f.hasError():
		return wrongFault("body", "and responseHeader need a status or an errorCode", "add one, such as 503")
	case f.Drop && (f.Truncate || f.hasError()):
		return wrongFault("drop", "must not be set with truncate, status or errorCode: a dropped request gets no response",
			"leave out either")
	case f.Times < 0:
		return wrongFault("times", "must not be negative", "use 0 for no limit")
	case !(f.Probability >= 0 && f.Probability <= 1): // so that NaN is rejected too
		return wrongProbability()
	case !f.Drop && !f.Truncate && !f.hasError() && f.Delay == 0:
		return &FaultError{"status", "status is missing", "set status, errorCode, delay, drop or truncate"}
	}
	return f.checkResponse()
}

// checkCode rejects misspelled codes. Atlas has more codes than it documents: with a status, they are accepted.
func (f *Fault) checkCode() error {
	const undocumented = "errorCode is not a documented code of Atlas"
	near := faults.NearestCode(f.ErrorCode)
	switch {
	case f.ErrorCode == near:
		return nil
	case near != "" && f.Body == nil:
		return &FaultError{"errorCode", undocumented, "use " + near + ", or set status and send another code in body"}
	case !errorCodeForm().MatchString(f.ErrorCode):
		return wrongFault("errorCode", "must consist of capital letters, digits and underscores", "use one such as GROUP_NOT_FOUND")
	case f.Status == 0:
		return &FaultError{"errorCode", undocumented, "set a status"}
	}
	return nil
}

// hasCustomResponse reports whether the fault has a body or headers of its own.
func (f *Fault) hasCustomResponse() bool { return f.Body != nil || len(f.ResponseHeader) > 0 }

// checkResponse checks the body and the headers of the response.
func (f *Fault) checkResponse() error {
	resp, invalid := stubs.NewResponse(f.statusOf(), f.ResponseHeader, f.Body)
	switch {
	case !f.hasCustomResponse():
		return nil
	case invalid != nil && strings.HasPrefix(invalid.Pointer, "/headers"):
		return &FaultError{"responseHeader", "responseHeader has a header that is not valid: " + invalid.Reason, invalid.Hint}
	case invalid != nil:
		return &FaultError{"body", "body can't be sent: " + invalid.Reason, invalid.Hint}
	case resp.BodySize() > maxFaultBody:
		return wrongFault("body", "must have 16 KiB at most", "use a shorter one")
	}
	f.response = &resp
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

// foreignWildcard matches the wildcards of other routers, {groupId} and :id, which no request has in its path.
var foreignWildcard = regexp.MustCompile(`\{\w+\}|/:\w`)

// checkTarget rejects a target that no request matches: a test would wait for such a fault, or pass without it.
func (f *Fault) checkTarget() error {
	method := strings.ToUpper(f.Method)
	switch {
	case method != "" && logtext.Method(method) != method:
		return wrongFault("method", "must be a method of HTTP, such as GET",
			suggest.Hint(method, logtext.Methods(), "correct it, or leave it out for all methods"))
	case f.Path != "" && f.Path[0] != '/' && f.Path[0] != '*':
		return wrongFault("path", `must begin with "/" or "*"`, "write */integrations/DATADOG or the whole path, /api/atlas/v2/...")
	case foreignWildcard.MatchString(f.Path):
		return wrongFault("path", "must have * in place of the parts that vary, such as {groupId}", "write it like /api/atlas/v2/groups/*/integrations")
	case f.Project != "" && !atlas.IsID(f.Project):
		return wrongFault("project", "must be 24 hexadecimal digits in lower case", "copy the ID from the URL of the request, or leave it out for all projects")
	case f.Type != "" && knownType(f.Type) == "":
		return wrongFault("type", "must be an integration type of the API, such as DATADOG",
			suggest.Hint(f.Type, atlas.TypeNames(), "write it as in the URL of the request, or leave it out for all types"))
	}
	return nil
}

func (f *Fault) hasError() bool { return f.Status != 0 || f.ErrorCode != "" }
