package fakeatlas

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/logtext"
)

const (
	defaultJournal = 1000
	journalBody    = 64 << 10 // bytes of a body that are kept; Atlas's payloads stay below 32 KiB
	journalHeader  = 200      // characters of a header that are kept
	journalBytes   = 16 << 20 // of all bodies in the journal, beyond which the oldest are dropped
	maxAddress     = 2 << 10  // bytes of a path and of a query that are kept
)

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
	wire.Target
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

func clip(s string) string {
	if len(s) > journalHeader {
		return s[:journalHeader] + "…"
	}
	return s
}

// payload is the body with its secrets masked, nil if it is no object or the path has no known type: what
// nothing is known of may hold anything.
func (e *entry) payload() map[string]any {
	typ, sent := typeOf(e.APIVersion, e.Type), atlas.Object(e.body)
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

// shed lets go of the oldest bodies while all of them take too much. It needs the lock.
func (j *journal) shed() {
	for i := 0; j.bytes > journalBytes && i < len(j.ring); i++ {
		at := (j.next + i) % len(j.ring)
		if n := len(j.ring[at].body); n > 0 {
			bare := *j.ring[at] // somebody may be reading the entry
			bare.body = nil
			j.ring[at] = &bare
			j.bytes -= n
		}
	}
}

// compact lets go of a long address: a short part of it, such as the method, would keep all of it.
func (e *entry) compact() {
	if len(e.path)+len(e.query)+len(e.method) <= maxAddress {
		return
	}
	e.method, e.Project, e.Type = clip(strings.Clone(e.method)), clip(e.Project), clip(e.Type)
	e.Project, e.Type = strings.Clone(e.Project), strings.Clone(e.Type)
	e.path, e.query = cutAt(e.path, "/"), cutAt(e.query, "&")
}

// cutAt cuts a long text where a part of it ends: half a secret might pass for no secret.
func cutAt(s, separator string) string {
	if len(s) > maxAddress {
		s = s[:maxAddress]
		s = s[:strings.LastIndex(s, separator)+1] + "…"
	}
	return strings.Clone(s)
}

func newEntry(r *http.Request, now time.Time) *entry {
	return &entry{
		Target: wire.TargetOf(r.Method, r.URL.Path),
		time:   now,
		method: r.Method,
		path:   r.URL.EscapedPath(), query: r.URL.RawQuery,
		accept: clip(r.Header.Get("Accept")), contentType: clip(r.Header.Get("Content-Type")), userAgent: clip(r.UserAgent()),
	}
}

// masked returns the entry without its body, and with what a client may have put a secret into hidden.
func (e *entry) masked() entry {
	m := *e
	m.method, m.path, m.query = logtext.Method(e.method), logtext.Path(e.path), logtext.Query(e.query)
	m.Project, m.Type = logtext.ID(e.Project), logtext.Type(e.Type)
	m.accept, m.contentType, m.userAgent = logtext.Media(e.accept), logtext.Media(e.contentType), logtext.Agent(e.userAgent)
	m.body = nil
	return m
}
