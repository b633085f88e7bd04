package fakeatlas

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/auth"
	"github.com/atlasint/atlasint/fakeatlas/internal/clock"
	"github.com/atlasint/atlasint/fakeatlas/internal/control"
	"github.com/atlasint/atlasint/fakeatlas/internal/events"
	"github.com/atlasint/atlasint/fakeatlas/internal/journal"
	"github.com/atlasint/atlasint/fakeatlas/internal/stubs"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/internal/controlapi"
)

// controlAccess is the access to the control API. Only the token's hash is kept.
type controlAccess struct {
	off   bool
	token *control.Token
}

// WithControl requires "Authorization: Bearer" and the token for every request to the control API under
// /_atlasint/. By default, and with an empty token, it needs no token and accepts only requests from programs on
// the same machine: the client's address and the Host must both be of the loopback interface, and no header may
// come from a proxy. A reverse proxy on the machine that adds no header can't be recognized: behind one, set a
// token or use [WithoutControl].
//
// The token consists of visible ASCII characters, since clients can't send others in a header.
//
// The control API shows the stored state with its secrets in plain text, if the store has them.
func WithControl(token string) Option {
	return func(c *config) error {
		if token == "" {
			c.control = controlAccess{}
			return nil
		}
		if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return wrongOption("WithControl", "use letters, digits and punctuation",
				"the control token has a character that clients can't send, such as a space or a line end")
		}
		c.control = controlAccess{token: control.NewToken(token)}
		return nil
	}
}

// WithoutControl turns the control API off: its paths get the responses that unknown paths get from Atlas.
func WithoutControl() Option {
	return func(c *config) error { c.control = controlAccess{off: true}; return nil }
}

// controlBackend is a server as the control API sees it.
type controlBackend struct{ s *Server }

var _ control.Backend = controlBackend{}

func (c controlBackend) CheckStore(ctx context.Context) error {
	if err := c.s.store.Check(ctx); err != nil {
		return &control.Error{Status: http.StatusServiceUnavailable, Message: "the store rejects writes", Hint: failureText(err),
			Code: controlapi.StoreFailed}
	}
	return nil
}

func (c controlBackend) Metrics(ctx context.Context) ([]byte, error) { return c.s.metrics.Text(ctx) }

func (c controlBackend) Snapshot(projects []string, masked bool) (any, error) {
	state, err := c.s.Snapshot()
	if len(projects) > 0 {
		maps.DeleteFunc(state, func(id string, _ store.Contents) bool { return !slices.Contains(projects, id) })
	}
	if masked && err == nil {
		return journal.MaskedState(state), nil
	}
	return state, err
}

func (c controlBackend) KeepsSecrets() bool { return c.s.plain }

// Restore restores a snapshot. Only a store that keeps masks accepts the masks of its own snapshots.
func (c controlBackend) Restore(state store.State) error {
	err := c.s.Restore(state)
	failed := controlErrorFor(err)
	var payload *PayloadError
	var shown *control.Error
	if errors.As(err, &payload) && errors.As(failed, &shown) && payload.Findings[len(payload.Findings)-1].Rule == "masked-value" {
		shown.Hint = "the snapshot has masks: restore it into a server with a file store or a Redis store"
	}
	return failed
}

func (c controlBackend) Reset(ctx context.Context, projects []string) error {
	if len(projects) == 0 {
		return controlErrorFor(c.s.Reset())
	}
	for _, id := range projects {
		if err := c.s.resetProject(ctx, id); err != nil {
			return controlErrorFor(err)
		}
	}
	return nil
}

func (c controlBackend) Requests(f *journal.Filter, limit int) control.Requests {
	found, last := c.s.journal.Select(f)
	requests := control.Requests{List: []json.Marshaler{}, Count: len(found), Last: last, Capacity: c.s.journal.Limit}
	if limit >= 0 {
		found = found[max(0, len(found)-limit):]
	}
	for _, e := range found {
		requests.List = append(requests.List, requestOf(e))
	}
	return requests
}

func (c controlBackend) WaitForRequests(ctx context.Context, f *journal.Filter, n int, found *control.Requests) error {
	found.Capacity = c.s.journal.Limit
	return c.s.journal.Wait(ctx, f, func(e *journal.Entry) bool {
		found.List = append(found.List, requestOf(e))
		found.Count++
		found.Last = e.Seq
		return found.Count == n
	})
}

func (c controlBackend) ClearRequests() {
	c.s.journal.Clear()
	c.s.events.Changed(events.Journal)
}

func (c controlBackend) Overview(r *http.Request) (control.Overview, error) {
	o := control.Overview{BaseURL: c.s.baseURL(r), StartedAt: c.s.started, Store: c.s.store.Kind(), Totals: c.s.metrics.Totals(),
		Minute: c.s.metrics.Minute(), NoAuth: c.s.config.credentials.Disabled}
	if key := DefaultAPIKey; auth.HasBuiltIn(c.s.config.credentials.Keys, key.PublicKey, key.PrivateKey) {
		o.PublicKey, o.PrivateKey = key.PublicKey, key.PrivateKey
	}
	if account := DefaultServiceAccount; auth.HasBuiltIn(c.s.config.credentials.Clients, account.ClientID, account.ClientSecret) {
		o.ClientID, o.ClientSecret = account.ClientID, account.ClientSecret
	}
	var err error
	o.State, err = c.s.store.Snapshot(r.Context())
	return o, err
}

func (c controlBackend) Client() *http.Client { return c.s.Client() }

func (c controlBackend) Events() *events.Hub { return c.s.events }

func (c controlBackend) Faults() []json.Marshaler {
	faults := []json.Marshaler{}
	for _, f := range c.s.Faults() {
		faults = append(faults, f.masked())
	}
	return faults
}

func (c controlBackend) AddFault(decode func(into any) error) (json.Marshaler, error) {
	var sent faultJSON
	if err := decode(&sent); err != nil {
		return nil, err
	}
	f, err := sent.fault()
	if err != nil {
		return nil, controlErrorFor(err)
	}
	f.ID, err = c.s.InjectFault(f)
	return f.masked(), controlErrorFor(err)
}

func (c controlBackend) RemoveFault(id string) bool { return c.s.RemoveFault(id) }

func (c controlBackend) ClearFaults() { c.s.ClearFaults() }

func (c controlBackend) Stubs() *stubs.List { return c.s.stubs }

func (c controlBackend) Now() time.Time { return c.s.clock.Now() }

func (c controlBackend) IsClockStopped() bool { return c.s.clock.IsStopped() }

func (c controlBackend) MoveClock(move func(*clock.Clock) bool) bool { return c.s.moveClock(move) }

func (c controlBackend) LogFailure(r *http.Request, err error) { _ = c.s.storeError(r, err) }

// controlErrorFor returns an error that the client caused as a [control.Error], any other unchanged.
func controlErrorFor(err error) error {
	var fault *FaultError
	var payload *PayloadError
	var project *projectError
	var contents *store.SnapshotError
	switch {
	case errors.As(err, &fault):
		return &control.Error{Status: http.StatusBadRequest, Message: fault.text(), Hint: fault.Hint}
	case errors.As(err, &payload):
		return &control.Error{Status: http.StatusBadRequest, Message: "project " + payload.Project + ": " + payload.text(), Hint: payload.hint()}
	case errors.As(err, &project):
		return &control.Error{Status: http.StatusBadRequest, Message: project.text(), Hint: project.hint()}
	case errors.As(err, &contents):
		return &control.Error{Status: http.StatusBadRequest, Message: contents.Reason, Hint: contents.Hint}
	case errors.Is(err, store.ErrDeleted), errors.Is(err, store.ErrExists),
		errors.Is(err, store.ErrNameTaken):
		return &control.Error{Status: http.StatusBadRequest, Message: err.Error()}
	case errors.Is(err, store.ErrInUse):
		return &control.Error{Status: http.StatusConflict, Message: "clients create alert configurations in the project",
			Hint: "stop them, or try again"}
	case errors.Is(err, store.ErrFull):
		return &control.Error{Status: http.StatusInsufficientStorage, Message: store.ErrFull.Error(),
			Hint: "delete integrations, or POST " + control.Prefix + "reset"}
	default:
		return err
	}
}
