// Package fakeatlas is a fake of the MongoDB Atlas API for third-party integrations, v2 and v1.0, for tests of software
// that calls Atlas. A [Server] is an [http.Handler] with state: you can create integrations, read them with their
// secrets masked, update and delete them, and errors are those of Atlas. [Start] serves one on a free port of the
// loopback interface for as long as a test runs.
//
// It requires credentials as Atlas does, by digest or by service account; see [DefaultAPIKey], [DefaultServiceAccount]
// and [WithCredentials]. docs/behavior.md documents its behavior, the evidence for it, and its limits.
//
// Exported names and the control API follow semantic versioning: before v1.0.0, only a minor version changes them.
// Responses follow Atlas: any version may change them if Atlas changes, or if there is new evidence about it.
package fakeatlas

import (
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"sync/atomic"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/auth"
	"github.com/atlasint/atlasint/fakeatlas/internal/clock"
	"github.com/atlasint/atlasint/fakeatlas/internal/companions"
	"github.com/atlasint/atlasint/fakeatlas/internal/control"
	"github.com/atlasint/atlasint/fakeatlas/internal/events"
	"github.com/atlasint/atlasint/fakeatlas/internal/fallback"
	"github.com/atlasint/atlasint/fakeatlas/internal/faults"
	"github.com/atlasint/atlasint/fakeatlas/internal/journal"
	"github.com/atlasint/atlasint/fakeatlas/internal/metrics"
	"github.com/atlasint/atlasint/fakeatlas/internal/ratelimit"
	"github.com/atlasint/atlasint/fakeatlas/internal/recording"
	"github.com/atlasint/atlasint/fakeatlas/internal/stubs"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/validate"
)

// Server is a fake Atlas. It is safe for concurrent use. Create it with [New].
type Server struct {
	// URL is the base URL of a server that [Start] returned, such as http://127.0.0.1:41377; else empty.
	URL string

	config  config
	store   store.Store
	plain   bool // the store gets secrets
	checks  map[payloadKind]*validate.Validator
	auth    *auth.Authenticator
	limiter *ratelimit.Limiter
	clock   *clock.Clock
	mux     *http.ServeMux
	byName  *http.ServeMux // the routes of projects by their names
	routes  []string       // the patterns of both
	journal *journal.Journal
	faults  *faults.List[Fault]
	stubs   *stubs.List
	metrics *metrics.Metrics
	events  *events.Hub
	started time.Time
	control *control.API // nil if it is off

	recorder *recording.Recorder // nil: exchanges are not recorded

	companions *companions.API

	ids atomic.Uint64 // the second half of the last new ID
}

// Format prints the server's URL for every verb, so that package fmt shows no credentials and no stored secrets.
func (s *Server) Format(f fmt.State, _ rune) {
	text := "fake Atlas"
	if s.URL != "" {
		text += " at " + s.URL
	}
	_, _ = io.WriteString(f, text)
}

type config struct {
	credentials  auth.Credentials
	projects     map[string]bool // nil: every well-formed one exists
	baseURL      string
	rateLimit    int
	enforceLimit bool
	choices      Choices
	latency      time.Duration
	store        store.Store
	logger       *slog.Logger
	journal      int
	recordings   string // a folder; "" if exchanges are not recorded
	control      controlAccess
	fallback     *fallback.Proxy // nil: none
}

// Option changes a default of [New], which ignores a nil Option.
type Option func(*config) error

// WithoutAuth accepts every request, with any credentials or none, and gives every client a token. By default, requests
// need credentials as they do for Atlas.
func WithoutAuth() Option {
	return func(c *config) error { c.credentials.Disabled = true; return nil }
}

// WithProjects sets the projects that exist besides those that clients create; requests to others get 404
// GROUP_NOT_FOUND. By default, every project with a well-formed ID exists until a client deletes it.
func WithProjects(ids ...string) Option {
	return func(c *config) error {
		c.projects = map[string]bool{}
		for _, id := range ids {
			if !atlas.IsID(id) {
				return wrongOption("WithProjects", "", "the project ID %q is not 24 hexadecimal digits in lower case", id)
			}
			c.projects[id] = true
		}
		return nil
	}
}

// WithBaseURL sets the beginning of links, scheme, host and maybe a path, for a server behind a proxy. By default it is
// the scheme and host of the request.
func WithBaseURL(base string) Option {
	return func(c *config) error {
		u, err := url.Parse(base)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || strings.ContainsAny(base, "?#") {
			return wrongOption("WithBaseURL", "use one such as https://atlas.example",
				"the base URL is not an absolute http(s) URL without user, query and fragment")
		}
		c.baseURL = base
		return nil
	}
}

// WithRateLimit gives each project a token bucket of n requests and rejects requests while it is empty, with 429
// RATE_LIMITED_TOKEN_BUCKET on v2 and RATE_LIMITED on v1.0. Every 60 seconds the bucket gets back 500 requests, as
// Atlas's does, or n if that is less. With 0 there is no limit and no header of it; n is at most
// 1,000,000,000. By default the bucket is Atlas's own of 1200, and no request is rejected.
func WithRateLimit(n int) Option {
	return func(c *config) error {
		if n < 0 {
			return wrongOption("WithRateLimit", "use 0 for no limit", "the rate limit must not be negative, got %d", n)
		}
		if n > ratelimit.MaxCapacity {
			return wrongOption("WithRateLimit", "use 0 for no limit", "the rate limit must be at most %d, not %d", ratelimit.MaxCapacity, n)
		}
		c.rateLimit, c.enforceLimit = n, n > 0
		return nil
	}
}

// Choices are behaviors for which the sources disagree. The zero value is the behavior on which most clients rely.
type Choices struct {
	// StrictMasks rejects every masked value. By default a masked value in an update that equals the mask of the stored
	// value keeps the stored value. Clients that read, change and write rely on that.
	StrictMasks bool
	// StrictFields rejects updates that omit required fields, and optional fields that are empty or null. By default an
	// update may omit any field that is stored, and an optional field that is "" or null counts as not sent: clients
	// rely on both, and no response of Atlas shows that it accepts them.
	StrictFields bool
	// SlackOAuth rejects Slack integrations as Atlas does since it links workspaces by OAuth2: a creation, and an
	// update that changes the API token or the team. [Server.Seed] and [Server.Restore] make a linked workspace. By
	// default a Slack payload is stored like any other.
	SlackOAuth bool
	// LenientAccept accepts requests to v2 without a media type of Atlas in Accept. By default they get 406, as a wrong
	// date always does.
	LenientAccept bool
}

// WithChoices sets the behaviors for which the sources disagree.
func WithChoices(choices Choices) Option {
	return func(c *config) error { c.choices = choices; return nil }
}

// WithLatency delays every response of the API.
func WithLatency(d time.Duration) Option {
	return func(c *config) error {
		if d < 0 {
			return wrongOption("WithLatency", "", "the latency must not be negative, got %v", d)
		}
		c.latency = d
		return nil
	}
}

// WithStore keeps the state in s, which must not be nil. The caller closes s when the server is not used any more. By
// default, the state is in memory and starts empty. The store gets masks instead of secrets, unless it keeps secrets:
// see [store.Store].
//
// If s is a [store.TextStore], access tokens stay valid after a restart of the server. If s is a [store.SharedStore],
// several servers can use it at once: a client may send each request to another of them. Each server still has its own
// journal, faults and clock.
func WithStore(s store.Store) Option {
	return func(c *config) error {
		if v := reflect.ValueOf(s); s == nil || v.Kind() == reflect.Pointer && v.IsNil() {
			return wrongOption("WithStore", "check the error of the function that opened it", "the store is nil")
		}
		c.store = s
		return nil
	}
}

// WithLogger logs every request without secrets at level Info, and failures of the store at level Error. By default
// nothing is logged.
func WithLogger(l *slog.Logger) Option {
	return func(c *config) error { c.logger = l; return nil }
}

// WithRecordings writes each exchange to a file of its own in a folder that is empty or does not exist, with all
// secrets hidden; docs/recordings.md has the format. A file is written before its client sees the response. After
// 10,000 exchanges, and after a failure, the server records no more and logs the reason. Requests to the control API
// are not recorded. By default nothing is recorded.
func WithRecordings(folder string) Option {
	return func(c *config) error {
		if folder == "" {
			return wrongOption("WithRecordings", "", "the folder for recordings has no name")
		}
		c.recordings = folder
		return nil
	}
}

// New makes a server, or returns an [*OptionError] or an error of the store. It listens nowhere: it is an
// [http.Handler].
func New(opts ...Option) (*Server, error) {
	c := config{
		rateLimit: ratelimit.DefaultCapacity, journal: journal.DefaultLength,
	}
	opts = append([]Option{WithCredentials(DefaultAPIKey, DefaultServiceAccount)}, opts...)
	for _, opt := range opts {
		if opt == nil { // as a helper may return it for no option
			continue
		}
		if err := opt(&c); err != nil {
			return nil, err
		}
	}
	if c.store == nil {
		c.store = new(store.Memory)
	}
	s := &Server{config: c, store: c.store, clock: clock.New(), started: time.Now()}
	s.plain = s.store.KeepsSecrets()
	s.ids.Store(rand.Uint64() >> 1) // processes that share a store must not make the same ids
	if err := s.build(); err != nil {
		return nil, err
	}
	return s, nil
}

// payloadKind is a kind of payload: those of one type, or of any type if typ is empty.
type payloadKind struct{ apiVersion, typ string }

// newChecks returns a validator for each kind of payload.
func newChecks() (map[payloadKind]*validate.Validator, error) {
	kinds := []payloadKind{{schemas.V1, ""}, {schemas.V2, ""}}
	for _, t := range schemas.Types {
		kinds = append(kinds, payloadKind{t.APIVersion, t.Name})
	}
	checks := map[payloadKind]*validate.Validator{}
	for _, k := range kinds {
		v, err := validate.New(validate.Options{APIVersion: k.apiVersion, Type: k.typ, Literals: true})
		if err != nil {
			return nil, err
		}
		checks[k] = v
	}
	return checks, nil
}

func (s *Server) build() error {
	var err error
	texts, _ := s.store.(store.TextStore) // optional, as the next
	shared, _ := s.store.(store.SharedStore)
	s.limiter = &ratelimit.Limiter{
		Bucket: ratelimit.BucketOf(s.config.rateLimit), Enforce: s.config.enforceLimit, Now: s.clock.Now, Shared: shared,
	}
	if s.auth, err = auth.New(s.config.credentials, s.clock.Now, texts, shared); err != nil {
		return err
	}
	if s.recorder, err = recording.Open(s.config.recordings, s.config.logger); err != nil {
		return recordingsError(err)
	}
	s.metrics = metrics.New(s.store)
	s.journal, s.faults = &journal.Journal{Limit: s.config.journal}, s.newFaults()
	s.events = &events.Hub{Journal: s.journal, Encode: func(e *journal.Entry) []byte { return wire.Encode(requestOf(e)) }}
	s.stubs = &stubs.List{
		Reserved: control.IsPath, Served: s.servedMethods, Changed: func() { s.events.Changed(events.Stubs) },
	}
	if s.config.fallback != nil {
		s.config.fallback.Logf = s.logFallback
	}
	if !s.config.control.off {
		s.control = control.New(controlBackend{s}, s.config.control.token)
	}
	if s.checks, err = newChecks(); err != nil {
		return err
	}
	s.companions = &companions.API{
		Store: s.store, Named: s.config.projects, Now: s.clock.Now, NewID: s.newID, Plain: s.plain, BaseURL: s.baseURL, ErrorFor: s.errorFor,
	}
	s.mux, s.byName = http.NewServeMux(), http.NewServeMux()
	for _, register := range s.routeGroups() {
		register(wire.Router{ServeMux: s.mux, Patterns: &s.routes})
	}
	return nil
}
