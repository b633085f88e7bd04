package control

import (
	"net/http"
	"strconv"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

// health returns the health of the store, if the store can check it.
func (c *API) health(r *http.Request) (int, any, error) {
	return http.StatusOK, wire.Object{wire.Field("status", "ok")}, c.s.CheckStore(r.Context())
}

func (c *API) getState(*http.Request) (int, any, error) {
	state, err := c.s.Snapshot()
	return http.StatusOK, state, err
}

func (c *API) putState(r *http.Request) (int, any, error) {
	var sent store.State
	if err := read(r, MaxSnapshot, &sent); err != nil {
		return 0, nil, err
	}
	return http.StatusNoContent, nil, c.s.Restore(sent)
}

func (c *API) reset(*http.Request) (int, any, error) {
	return http.StatusNoContent, nil, c.s.Reset()
}

func (c *API) getRequests(r *http.Request) (int, any, error) {
	query := r.URL.Query()
	if err := only(query, "limit", "path", "project"); err != nil {
		return 0, nil, err
	}
	requests := c.s.Requests(query["project"], query.Get("path"))
	if query.Has("limit") {
		limit, err := strconv.Atoi(query.Get("limit"))
		if err != nil || limit < 0 {
			return 0, nil, &Error{http.StatusBadRequest, "limit is no number from 0 up", ""}
		}
		requests = requests[max(0, len(requests)-limit):]
	}
	return http.StatusOK, wire.Object{wire.Field("requests", requests)}, nil
}

func (c *API) deleteRequests(*http.Request) (int, any, error) {
	c.s.ClearRequests()
	return http.StatusNoContent, nil, nil
}

func (c *API) getFaults(*http.Request) (int, any, error) {
	return http.StatusOK, wire.Object{wire.Field("faults", c.s.Faults())}, nil
}

func (c *API) postFault(r *http.Request) (int, any, error) {
	added, err := c.s.AddFault(func(into any) error { return read(r, MaxBody, into) })
	return http.StatusCreated, added, err
}

func (c *API) deleteFaults(*http.Request) (int, any, error) {
	c.s.ClearFaults()
	return http.StatusNoContent, nil, nil
}

func (c *API) deleteFault(r *http.Request) (int, any, error) {
	if !c.s.RemoveFault(r.PathValue("id")) {
		return 0, nil, &Error{http.StatusNotFound, "no fault has this id", "it may have struck as often as it should"}
	}
	return http.StatusNoContent, nil, nil
}

// getMetrics answers with the text format instead of JSON.
func (c *API) getMetrics(w http.ResponseWriter, r *http.Request) {
	text, err := c.s.Metrics(r.Context())
	if err != nil {
		c.s.LogFailure(r, err)
		writeControl(w, 0, nil, ErrStore)
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	_, _ = w.Write(text) // a client that has gone away gets nothing
}
