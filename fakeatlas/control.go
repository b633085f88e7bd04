package fakeatlas

import (
	"cmp"
	_ "embed" // the description of the control API
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

const (
	controlPrefix = "/_atlasint/"
	snapshotBody  = 64 << 20 // bytes
	controlBody   = 16 << 10 // of all other bodies
)

//go:embed control.openapi.yaml
var controlDocument []byte

func isControl(path string) bool {
	return strings.HasPrefix(path, controlPrefix) || path == strings.TrimSuffix(controlPrefix, "/")
}

// control is the API that steers a server from outside its process.
type control struct {
	s      *Server
	mux    *http.ServeMux
	origin *http.CrossOriginProtection
}

func newControl(s *Server) *control {
	c := &control{s, http.NewServeMux(), http.NewCrossOriginProtection()}
	for pattern, handle := range map[string]func(*http.Request) (int, any, error){
		"GET health":         c.health,
		"GET state":          c.getState,
		"PUT state":          c.putState,
		"POST reset":         c.reset,
		"GET requests":       c.getRequests,
		"DELETE requests":    c.deleteRequests,
		"GET faults":         c.getFaults,
		"POST faults":        c.postFault,
		"DELETE faults":      c.deleteFaults,
		"DELETE faults/{id}": c.deleteFault,
		"GET clock":          c.getClock,
		"PUT clock":          c.putClock,
	} {
		c.mux.HandleFunc(strings.Replace(pattern, " ", " "+controlPrefix, 1), c.answering(handle))
	}
	c.mux.HandleFunc("GET "+controlPrefix+"metrics", c.getMetrics)
	c.mux.HandleFunc("GET "+controlPrefix+"openapi.yaml", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/yaml")
		_, _ = w.Write(controlDocument) // a client that has gone away gets nothing
	})
	return c
}

// ServeHTTP answers a request of somebody who may ask.
func (c *control) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if err := cmp.Or(c.admit(w, r), checkSimple(r)); err != nil {
		writeControl(w, 0, nil, err)
		return
	}
	handler, pattern := c.mux.Handler(r)
	if pattern != "" {
		c.mux.ServeHTTP(w, r)
		return
	}
	probe := &statusProbe{header: http.Header{}}
	handler.ServeHTTP(probe, r)
	if probe.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", probe.header.Get("Allow"))
		writeControl(w, 0, nil, &controlError{http.StatusMethodNotAllowed, "the method does not fit the path", "it takes " + probe.header.Get("Allow")})
		return
	}
	writeControl(w, 0, nil, &controlError{http.StatusNotFound, "the control API has no such path", "GET " + controlPrefix + "openapi.yaml lists them"})
}

// controlError is a refusal of the control API.
type controlError struct {
	status  int
	Message string `json:"error"`
	Hint    string `json:"hint,omitempty"`
}

// Error makes it an error.
func (e *controlError) Error() string { return e.Message }

// errStore is the answer where the store fails.
var errStore = &controlError{http.StatusInternalServerError, "the store failed", "see the server's own output"}

func (c *control) answering(handle func(*http.Request) (int, any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		status, body, err := handle(r)
		if err != nil && asControlError(err) == errStore {
			c.s.storeFailed(r, err)
		}
		writeControl(w, status, body, err)
	}
}

func writeControl(w http.ResponseWriter, status int, body any, err error) {
	if err != nil {
		refused := asControlError(err)
		status, body = refused.status, refused
	}
	if body == nil {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(printable(encode(body))) // a client that has gone away gets nothing
}

// asControlError tells what the client did wrong from what went wrong here.
func asControlError(err error) *controlError {
	var refused *controlError
	var fault *FaultError
	var payload *PayloadError
	var project *ProjectError
	switch {
	case errors.As(err, &refused):
		return refused
	case errors.As(err, &fault):
		return &controlError{http.StatusBadRequest, fault.Error(), ""}
	case errors.As(err, &payload):
		return &controlError{http.StatusBadRequest, err.Error(), payload.Findings[0].Hint}
	case errors.As(err, &project), errors.Is(err, store.ErrExists):
		return &controlError{http.StatusBadRequest, err.Error(), ""}
	case errors.Is(err, store.ErrFull):
		return &controlError{http.StatusInsufficientStorage, store.ErrFull.Error(), "delete integrations, or POST " + controlPrefix + "reset"}
	default:
		return errStore
	}
}

// read decodes a body strictly: what it can't use, it refuses. No text repeats what was sent, but for
// names of members.
func read(r *http.Request, limit int64, to any) error {
	body := http.MaxBytesReader(nil, r.Body, limit)
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(to)
	var tooLarge *http.MaxBytesError
	var wrongType *json.UnmarshalTypeError
	var snapshot *store.SnapshotError
	switch {
	case errors.As(err, &snapshot):
		return &controlError{http.StatusBadRequest, snapshot.Text, snapshot.Hint}
	case errors.As(err, &tooLarge):
		return &controlError{http.StatusRequestEntityTooLarge, "the body has more than " + strconv.FormatInt(limit, 10) + " bytes", ""}
	case errors.As(err, &wrongType) && wrongType.Field == "":
		return &controlError{http.StatusBadRequest, "the body is no JSON object", "GET " + controlPrefix + "openapi.yaml says what it takes"}
	case errors.As(err, &wrongType):
		place := strings.TrimPrefix(wrongType.Field, "faultPlain.") // encoding/json names what is embedded, too
		return &controlError{http.StatusBadRequest, "the body has a value of the wrong type at " + place, "GET " + controlPrefix + "openapi.yaml says what it takes"}
	case err != nil && strings.HasPrefix(err.Error(), "json: unknown field "):
		return &controlError{http.StatusBadRequest, "the body has an unknown member " + strings.TrimPrefix(err.Error(), "json: unknown field "), "GET " + controlPrefix + "openapi.yaml lists the known ones"}
	case err != nil:
		return &controlError{http.StatusBadRequest, "the body is not JSON", ""}
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return &controlError{http.StatusBadRequest, "the body has more than one value", ""}
	}
	return nil
}

// only refuses parameters that nobody reads, since they are mistyped ones.
func only(query url.Values, names ...string) error {
	for name := range query {
		if !slices.Contains(names, name) {
			return &controlError{http.StatusBadRequest, "unknown query parameter", "known: " + strings.Join(names, ", ")}
		}
	}
	return nil
}

// health is that of the store, if it can tell.
func (c *control) health(r *http.Request) (int, any, error) {
	if checker, ok := c.s.store.(store.Checker); ok {
		if err := checker.Check(r.Context()); err != nil {
			return 0, nil, &controlError{http.StatusServiceUnavailable, "the store takes no writes", wordsOf(err)}
		}
	}
	return http.StatusOK, object{{"status", "ok"}}, nil
}

func (c *control) getState(*http.Request) (int, any, error) {
	state, err := c.s.Snapshot()
	return http.StatusOK, state, err
}

func (c *control) putState(r *http.Request) (int, any, error) {
	var sent store.State
	if err := read(r, snapshotBody, &sent); err != nil {
		return 0, nil, err
	}
	return http.StatusNoContent, nil, c.s.Restore(sent)
}

func (c *control) reset(*http.Request) (int, any, error) {
	return http.StatusNoContent, nil, c.s.Reset()
}

func (c *control) getRequests(r *http.Request) (int, any, error) {
	query := r.URL.Query()
	if err := only(query, "limit", "path", "project"); err != nil {
		return 0, nil, err
	}
	requests := c.s.Requests(query["project"]...)
	if path := query.Get("path"); path != "" {
		requests = slices.DeleteFunc(requests, func(r Request) bool { return !matches(path, r.Path) })
	}
	if query.Has("limit") {
		limit, err := strconv.Atoi(query.Get("limit"))
		if err != nil || limit < 0 {
			return 0, nil, &controlError{http.StatusBadRequest, "limit is no number from 0 up", ""}
		}
		requests = requests[max(0, len(requests)-limit):]
	}
	return http.StatusOK, object{{"requests", requests}}, nil
}

func (c *control) deleteRequests(*http.Request) (int, any, error) {
	c.s.journal.clear()
	return http.StatusNoContent, nil, nil
}

func (c *control) getFaults(*http.Request) (int, any, error) {
	return http.StatusOK, object{{"faults", c.s.Faults()}}, nil
}

func (c *control) postFault(r *http.Request) (int, any, error) {
	var sent faultJSON
	if err := read(r, controlBody, &sent); err != nil {
		return 0, nil, err
	}
	f, err := sent.fault()
	if err != nil {
		return 0, nil, err
	}
	f.ID, err = c.s.InjectFault(f)
	return http.StatusCreated, f, err
}

func (c *control) deleteFaults(*http.Request) (int, any, error) {
	c.s.ClearFaults()
	return http.StatusNoContent, nil, nil
}

func (c *control) deleteFault(r *http.Request) (int, any, error) {
	if !c.s.RemoveFault(r.PathValue("id")) {
		return 0, nil, &controlError{http.StatusNotFound, "no fault has this id", "it may have struck as often as it should"}
	}
	return http.StatusNoContent, nil, nil
}
