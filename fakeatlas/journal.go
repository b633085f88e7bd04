package fakeatlas

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/logtext"
)

const (
	defaultJournal = 1000
	journalBody    = 64 << 10 // bytes of a body that are kept; Atlas's payloads stay below 32 KiB
	journalHeader  = 200      // characters of a header that are kept
)

// Request is one request in the journal. It has no credentials and no secret: of addresses, headers and payloads it
// has what the API knows, and "(hidden)" for everything else.
type Request struct {
	Time       time.Time         `json:"time"` // when it came, by the server's clock
	Method     string            `json:"method"`
	Path       string            `json:"path"`                 // escaped
	Query      string            `json:"query,omitempty"`      // of known parameters
	Operation  string            `json:"operation"`            // list, get, create, update, delete, token, revoke or other
	Project    string            `json:"project,omitempty"`    // as in the path
	Type       string            `json:"type,omitempty"`       // as in the path
	Generation string            `json:"generation,omitempty"` // v2 or v1.0; empty outside both
	Status     int               `json:"status"`               // 0: the connection was dropped, or the client went away
	ErrorCode  string            `json:"errorCode,omitempty"`  // of the answer
	Duration   time.Duration     `json:"-"`                    // until the answer began, by the machine's clock
	User       string            `json:"user,omitempty"`       // the public key or client id that was let in
	Fault      string            `json:"fault,omitempty"`      // the id of the fault that was applied
	Header     map[string]string `json:"header,omitempty"`     // Accept, Content-Type and User-Agent
	Body       map[string]any    `json:"body,omitempty"`       // the payload with its secrets masked; nil if it is none
	BodySize   int64             `json:"bodySize"`             // bytes that were read of the body
}

// MarshalJSON writes the duration as text, such as "1.2ms", and what a terminal would act on in escapes.
func (r Request) MarshalJSON() ([]byte, error) {
	type plain Request
	data, err := json.Marshal(struct {
		plain
		Duration string `json:"duration"`
	}{plain(r), r.Duration.String()})
	return printable(data), err
}

// WithJournal keeps the newest n requests for [Server.Requests]; 0 keeps none. By default it is 1000. One
// takes about half a kilobyte, up to 5 with a long address, and its body as far as 64 KiB. All bodies
// together take at most 16 MiB: beyond that the oldest requests lose theirs.
func WithJournal(n int) Option {
	return func(c *config) error {
		if n < 0 {
			return fmt.Errorf("the journal must not be of negative length, as %d is", n)
		}
		c.journal = n
		return nil
	}
}

// Requests returns the requests that were answered, the oldest first, those refused and those for tokens
// among them; the control API leaves no trace. If projects are named, it returns only theirs. A request is
// in the journal before its client sees the answer. The result is the caller's own.
func (s *Server) Requests(projects ...string) []Request {
	requests := []Request{}
	for _, e := range s.journal.list() {
		if len(projects) == 0 || slices.Contains(projects, e.project) {
			requests = append(requests, e.request())
		}
	}
	return requests
}

// journal keeps the newest entries in a ring.
type journal struct {
	limit int

	mu    sync.Mutex
	ring  []*entry
	next  int // where the oldest is, once the ring is full
	bytes int // of all bodies
}

func (j *journal) add(e *entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case j.limit == 0:
		return
	case len(j.ring) < j.limit:
		j.ring = append(j.ring, e)
	default:
		j.bytes -= len(j.ring[j.next].body)
		j.ring[j.next] = e
		j.next = (j.next + 1) % j.limit
	}
	j.bytes += len(e.body)
	j.shed()
}

func (j *journal) list() []*entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append(slices.Clone(j.ring[j.next:]), j.ring[:j.next]...)
}

func (j *journal) clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.ring, j.next, j.bytes = nil, 0, 0
}

// entry is a request as it came. It is masked when somebody asks for it, which most tests never do. Nobody
// changes it once it is in the journal.
type entry struct {
	target
	time        time.Time
	took        time.Duration
	method      string
	path, query string
	accept      string
	contentType string
	userAgent   string
	user, fault string
	status      int
	code        string
	body        []byte // nil if it was too long, or none of the journal's business
	bodySize    int64
}

func (s *Server) newEntry(r *http.Request) *entry {
	return &entry{
		target: targetOf(r.Method, r.URL.Path),
		time:   s.clock.Now(),
		method: r.Method,
		path:   r.URL.EscapedPath(), query: r.URL.RawQuery,
		accept: clip(r.Header.Get("Accept")), contentType: clip(r.Header.Get("Content-Type")), userAgent: clip(r.UserAgent()),
	}
}

func clip(s string) string {
	if len(s) > journalHeader {
		return s[:journalHeader] + "…"
	}
	return s
}

func (e *entry) request() Request {
	r := Request{
		Time: e.time, Duration: e.took, Method: logtext.Method(e.method), Path: logtext.Path(e.path), Query: logtext.Query(e.query),
		Operation: e.operation, Project: logtext.ID(e.project), Type: logtext.Type(e.typ), Generation: e.generation,
		Status: e.status, ErrorCode: e.code, User: e.user, Fault: e.fault, Body: e.payload(), BodySize: e.bodySize,
	}
	r.Header = map[string]string{}
	for name, value := range map[string]string{"Accept": logtext.Media(e.accept), "Content-Type": logtext.Media(e.contentType), "User-Agent": logtext.Agent(e.userAgent)} {
		if value != "" {
			r.Header[name] = value
		}
	}
	return r
}

// payload is the body with its secrets masked, nil if it is no object or the path has no known type: what
// nothing is known of may hold anything.
func (e *entry) payload() map[string]any {
	typ, sent := typeOf(e.generation, e.typ), atlas.Object(e.body)
	if typ == nil || sent == nil {
		return nil
	}
	masked := make(map[string]any, len(sent))
	for name, value := range sent {
		if !fieldNames()[name] {
			name = logtext.Hidden
		}
		masked[name] = e.journaled(typ.Payload.Lookup(name), value)
	}
	return masked
}

// fieldNames are the names of all fields of all types.
var fieldNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, t := range schemas.Types {
		for _, f := range t.Fields {
			names[f.Name] = true
		}
	}
	return names
})

// typeOf is a type in this API version, else in the other; nil if neither has it.
func typeOf(generation, typ string) *atlas.Type {
	if t := atlas.Find(generation, typ); t != nil {
		return t
	}
	return atlas.Find(atlas.OtherVersion(generation), typ)
}

// journaled shows a value of a field as answers do. What no answer would show may be a secret in the wrong
// place, such as a key under another field's name: of a refused body, only values of the field's list are shown.
func (e *entry) journaled(f *atlas.Field, value any) any {
	text, isText := value.(string)
	_, isBool := value.(bool)
	accepted := e.status >= 200 && e.status < 300
	switch {
	case value == nil, isBool:
		return value
	case accepted && f != nil && f.Kind != "string" && f.Kind != "boolean":
		return f.Displayed(value)
	case f == nil, !isText, f.Kind != "string", f.Secret == schemas.MaskOmitted:
		return logtext.Hidden
	case f.Secret != "" && !accepted:
		return atlas.Mask(schemas.MaskLast4, text)
	case f.Secret != "":
		return f.Shown(text)
	case accepted && !f.ReadOnly, f.Name == "id" && atlas.IsID(text), text == f.Const, slices.Contains(f.Enum, text):
		return text
	default:
		return logtext.Hidden
	}
}

// userOf is who a request was let in as; empty where everybody is.
func (s *Server) userOf(r *http.Request) string {
	if s.config.noAuth {
		return ""
	}
	if _, ok := cutScheme(r.Header.Get("Authorization"), "Digest"); ok {
		return s.config.publicKey
	}
	return s.config.clientID
}

// clientOf is the service account that asks for a token, if it is the right one.
func (s *Server) clientOf(r *http.Request) string {
	if id, secret, ok := r.BasicAuth(); ok && s.isClient(id, secret) {
		return s.config.clientID
	}
	return ""
}
