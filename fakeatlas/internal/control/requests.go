package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"weak"

	"github.com/atlasint/atlasint/fakeatlas/internal/journal"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/logtext"
	"github.com/atlasint/atlasint/internal/suggest"
)

// The limits of a call that waits for requests.
const (
	maxWait    = 10 * time.Minute
	maxWaitMin = 1000 // requests
)

// Requests are entries of the journal.
type Requests struct {
	List     []json.Marshaler // the oldest first
	Count    int              // entries that match, of those that the journal keeps
	Last     uint64           // sequence number of the newest entry, whether it matches or not
	Capacity int              // entries that the journal keeps at most
}

func (r Requests) document() wire.Object {
	return wire.Object{
		wire.Field("requests", r.List), wire.Field("count", r.Count), wire.Field("last", r.Last), wire.Field("capacity", r.Capacity),
	}
}

// selection is the query of a call for requests.
type selection struct {
	filter journal.Filter
	limit  int           // -1: all
	wait   time.Duration // 0: don't wait
	min    int           // requests to wait for
}

func (a *API) getRequests(r *http.Request) (int, any, error) {
	s, err := selectionOf(r.URL.Query())
	if err != nil {
		return 0, nil, err
	}
	if s.wait > 0 {
		return a.waitForRequests(r, s)
	}
	return http.StatusOK, a.s.Requests(&s.filter, s.limit).document(), nil
}

// waitForRequests waits until requests were made, the time has passed, the client has disconnected or the server stops.
func (a *API) waitForRequests(r *http.Request, s selection) (int, any, error) {
	running, stop := a.untilShutdown(r)
	defer stop()
	ctx, cancel := context.WithTimeout(running, s.wait)
	defer cancel()
	found := Requests{List: []json.Marshaler{}}
	err := a.s.WaitForRequests(ctx, &s.filter, s.min, &found)
	switch {
	case err == nil:
		return http.StatusOK, found.document(), nil
	case errors.Is(err, journal.ErrManyWaiters):
		return 0, nil, newError(http.StatusServiceUnavailable, fmt.Sprintf("can't wait: %d calls wait already", journal.MaxWaiters),
			"try again once some of them have ended")
	case errors.Is(err, journal.ErrNoJournal):
		return 0, nil, newError(http.StatusBadRequest, "can't wait: the server keeps no journal", "start the server with a journal")
	case errors.Is(err, context.DeadlineExceeded):
		return 0, nil, newError(http.StatusRequestTimeout,
			fmt.Sprintf("%d of %d matching requests were made within %v", found.Count, s.min, s.wait),
			"GET "+Prefix+"requests lists the requests that were made")
	}
	return 0, nil, newError(http.StatusServiceUnavailable, "stopped waiting: the server is shutting down", "try again once it runs")
}

// stopping returns a channel that is closed when the HTTP server of a request shuts down, which waits for running
// requests. It is nil outside an HTTP server. The channels of servers that no longer exist are removed; a server that
// shuts down still needs its own, for the requests that it has accepted.
func (a *API) stopping(r *http.Request) <-chan struct{} {
	server, ok := r.Context().Value(http.ServerContextKey).(*http.Server)
	if !ok {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	stop, ok := a.servers[weak.Make(server)]
	if !ok {
		maps.DeleteFunc(a.servers, func(s weak.Pointer[http.Server], _ chan struct{}) bool { return s.Value() == nil })
		stop = make(chan struct{})
		a.servers[weak.Make(server)] = stop
		server.RegisterOnShutdown(sync.OnceFunc(func() { close(stop) }))
	}
	return stop
}

func (a *API) deleteRequests(*http.Request) (int, any, error) {
	a.s.ClearRequests()
	return http.StatusNoContent, nil, nil
}

// selectionOf reads the query. A value that matches nothing is probably misspelled.
func selectionOf(query url.Values) (s selection, err error) {
	if err := only(query, "challenge", "limit", "method", "min", "path", "project", "since", "status", "type", "wait"); err != nil {
		return s, err
	}
	s.filter = journal.Filter{Method: query.Get("method"), Path: query.Get("path"), Projects: query["project"], Types: query["type"]}
	if m := s.filter.Method; m != "" && !slices.Contains(logtext.Methods(), strings.ToUpper(m)) {
		return s, badQuery("method", "is not a method of HTTP", suggest.Hint(m, logtext.Methods(), "write it as in requests, such as POST"))
	}
	if p := s.filter.Path; p != "" && p[0] != '/' && p[0] != '*' {
		return s, badQuery("path", `must begin with "/" or "*"`, "write */integrations/DATADOG or the whole path, /api/atlas/v2/...")
	}
	for _, id := range s.filter.Projects {
		if !atlas.IsID(id) {
			return s, badQuery("project", "is not a project ID", "a project ID has "+atlas.IDForm)
		}
	}
	for _, typ := range s.filter.Types {
		if atlas.Find(schemas.V2, typ) == nil && atlas.Find(schemas.V1, typ) == nil {
			return s, badQuery("type", "is not an integration type", suggest.Hint(typ, atlas.TypeNames(), "write it as in paths, such as DATADOG"))
		}
	}
	if query.Has("challenge") {
		is := query.Get("challenge") == "true"
		if !is && query.Get("challenge") != "false" {
			return s, badQuery("challenge", "is neither true nor false", "")
		}
		s.filter.Challenge = &is
	}
	for _, text := range query["status"] {
		span, ok := statusSpan(text)
		if !ok {
			return s, badQuery("status", "is neither a status nor a class of statuses",
				"write 404 or 4xx; 0 is a connection that was closed without a response")
		}
		s.filter.Statuses = append(s.filter.Statuses, span)
	}
	return s, s.readNumbers(query)
}

// readNumbers reads since, limit, wait and min.
func (s *selection) readNumbers(query url.Values) error {
	s.limit, s.min = -1, 1
	var err error
	if text := query.Get("since"); text != "" {
		if s.filter.Since, err = strconv.ParseUint(text, 10, 64); err != nil {
			return badQuery("since", "is not a sequence number", "take last or a seq of an earlier response")
		}
	}
	if query.Has("limit") {
		if s.limit, err = strconv.Atoi(query.Get("limit")); err != nil || s.limit < 0 {
			return badQuery("limit", "is not a whole number from 0 up", "leave it out for all requests")
		}
	}
	if query.Has("min") {
		if s.min, err = strconv.Atoi(query.Get("min")); err != nil || s.min < 1 || s.min > maxWaitMin {
			return badQuery("min", fmt.Sprintf("is not a whole number from 1 to %d", maxWaitMin), "leave it out to wait for one request")
		}
	}
	if query.Has("wait") {
		if s.wait, err = time.ParseDuration(query.Get("wait")); err != nil || s.wait <= 0 || s.wait > maxWait {
			return badQuery("wait", "is not a duration above 0 and up to "+maxWait.String(), "write it with its unit, such as 30s")
		}
	}
	switch {
	case s.wait > 0 && s.limit >= 0:
		return badQuery("limit", "has no effect with wait", "leave it out")
	case s.wait == 0 && query.Has("min"):
		return badQuery("min", "has no effect without wait", "add wait, such as wait=30s")
	}
	return nil
}

func badQuery(name, problem, hint string) error {
	return newError(http.StatusBadRequest, "the query parameter "+name+" "+problem, hint)
}

var statusForm = regexp.MustCompile(`^(0|[1-5]\d\d|[1-5]xx)$`)

// statusSpan returns the statuses of a text such as 404, 4xx or 0.
func statusSpan(text string) (journal.Span, bool) {
	if !statusForm.MatchString(text) {
		return journal.Span{}, false
	}
	if text[1:] == "xx" {
		first := int(text[0]-'0') * 100
		return journal.Span{First: first, Last: first + 99}, true
	}
	status, err := strconv.Atoi(text)
	return journal.Span{First: status, Last: status}, err == nil
}
