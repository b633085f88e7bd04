package control

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/internal/atlas"
)

// health returns the health of the store, if the store can check it.
func (a *API) health(r *http.Request) (int, any, error) {
	return http.StatusOK, wire.Object{wire.Field("status", "ok")}, a.s.CheckStore(r.Context())
}

// secretsHeader is the header that reports whether a snapshot has plain or masked secrets.
const secretsHeader = "Atlasint-Secrets"

// getState returns the stored state. It writes the response itself, because that has a header of its own.
func (a *API) getState(w http.ResponseWriter, r *http.Request) {
	a.handlerFunc(func(r *http.Request) (int, any, error) {
		query := r.URL.Query()
		projects, err := projectsOf(query, "masked")
		if err != nil {
			return 0, nil, err
		}
		masked := query.Get("masked")
		if query.Has("masked") && masked != "true" && masked != "false" {
			return 0, nil, badQuery("masked", "is neither true nor false", "write masked=true, or leave it out")
		}
		state, err := a.s.Snapshot(projects, masked == "true")
		if err != nil {
			return 0, nil, err
		}
		text := wire.Printable(wire.Encode(state))
		if len(text) > a.maxSnapshot && masked != "true" {
			return 0, nil, newError(http.StatusConflict,
				"the snapshot would have more than "+strconv.Itoa(a.maxSnapshot)+" bytes, and the server could not restore it",
				"select projects with project=ID, or copy the file or the Redis of the store")
		}
		if masked == "true" || !a.s.KeepsSecrets() {
			w.Header().Set(secretsHeader, "masked")
		} else {
			w.Header().Set(secretsHeader, "plain")
		}
		return http.StatusOK, encoded(text), nil
	})(w, r)
}

// projectsOf returns the projects that a query names.
func projectsOf(query url.Values, others ...string) ([]string, error) {
	if err := only(query, append(others, "project")...); err != nil {
		return nil, err
	}
	for _, id := range query["project"] {
		if !atlas.IsID(id) {
			return nil, badQuery("project", "is not a project ID", "a project ID has "+atlas.IDForm)
		}
	}
	return query["project"], nil
}

func (a *API) putState(r *http.Request) (int, any, error) {
	var sent store.State
	if err := read(r, int64(a.maxSnapshot), &sent); err != nil {
		return 0, nil, err
	}
	return http.StatusNoContent, nil, a.s.Restore(sent)
}

func (a *API) reset(r *http.Request) (int, any, error) {
	projects, err := projectsOf(r.URL.Query())
	if err != nil {
		return 0, nil, err
	}
	return http.StatusNoContent, nil, a.s.Reset(r.Context(), projects)
}

func (a *API) getFaults(*http.Request) (int, any, error) {
	return http.StatusOK, wire.Object{wire.Field("faults", a.s.Faults())}, nil
}

func (a *API) postFault(r *http.Request) (int, any, error) {
	added, err := a.s.AddFault(func(into any) error { return read(r, maxBody, into) })
	return http.StatusCreated, added, err
}

func (a *API) deleteFaults(*http.Request) (int, any, error) {
	a.s.ClearFaults()
	return http.StatusNoContent, nil, nil
}

func (a *API) deleteFault(r *http.Request) (int, any, error) {
	if !a.s.RemoveFault(r.PathValue("id")) {
		return 0, nil, newError(http.StatusNotFound, "no fault has this ID",
			"a fault is removed after its last request; GET "+Prefix+"faults lists the active ones")
	}
	return http.StatusNoContent, nil, nil
}

// getMetrics responds with the text format instead of JSON.
func (a *API) getMetrics(w http.ResponseWriter, r *http.Request) {
	text, err := a.s.Metrics(r.Context())
	if err != nil {
		a.s.LogFailure(r, err)
		writeControl(w, 0, nil, errStore)
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	_, _ = w.Write(text) // a client that has disconnected gets nothing
}
