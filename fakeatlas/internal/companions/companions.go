// Package companions has the handlers of the endpoints that clients of integrations also call: organizations, projects
// with their settings, and alert configurations. The projects and alert configurations are in the store; organizations
// are not, and every one with a well-formed ID exists.
package companions

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/companions"
	"github.com/atlasint/atlasint/internal/atlas"
)

// defaultOrg is the organization of projects that were not created.
const defaultOrg = "5f0000000000000000000001"

// firstVersion is the only version of most endpoints.
const firstVersion = "2023-01-01"

// API responds to the requests to the companion endpoints. It is safe for concurrent use.
type API struct {
	Store    store.Store
	Named    map[string]bool                        // the projects that exist without being created; nil: all
	Now      func() time.Time                       // the time of creations
	NewID    func() string                          // a new project ID
	Plain    bool                                   // the store gets secrets as they were sent
	BaseURL  func(*http.Request) string             // the beginning of links
	ErrorFor func(*http.Request, error) *wire.Error // the response to an error
}

var _ companions.ServerInterface = (*API)(nil)

// Register adds the routes. Those of projects by their names go to byName, see [wire.ByNamePath].
func (a *API) Register(routes, byName wire.Router, badParameter func(http.ResponseWriter, *http.Request, error)) {
	companions.HandlerWithOptions(a, companions.StdHTTPServerOptions{BaseRouter: router{routes, byName}, ErrorHandlerFunc: badParameter})
}

// router registers the routes of projects by their names in another mux: one mux can't have both.
type router struct{ routes, byName wire.Router }

func (r router) HandleFunc(pattern string, handle func(http.ResponseWriter, *http.Request)) {
	if strings.Contains(pattern, wire.ByNamePath) {
		r.byName.HandleFunc(pattern, handle)
		return
	}
	r.routes.HandleFunc(pattern, handle)
}

func (r router) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.routes.ServeHTTP(w, request)
}

// call is one request.
type call struct {
	*API
	w        http.ResponseWriter
	r        *http.Request
	envelope bool
	pretty   bool
	status   int      // of success
	versions []string // of the endpoint, the newest first
	paged    bool     // the body is a page, which has its envelope
}

func (a *API) call(w http.ResponseWriter, r *http.Request, envelope, pretty *bool) *call {
	return &call{
		API: a, w: w, r: r, envelope: wire.ValueOr(envelope, false), pretty: wire.ValueOr(pretty, false),
		status: http.StatusOK, versions: []string{firstVersion},
	}
}

// run responds with the body that an operation returns, or with its error. Without a body, the status is 204.
func (c *call) run(operation func(context.Context) (any, error)) {
	version, rejected := wire.Version(c.r, c.versions...)
	if rejected != nil {
		rejected.Write(c.w, c.r)
		return
	}
	body, err := operation(c.r.Context())
	if err != nil {
		c.ErrorFor(c.r, err).Write(c.w, c.r)
		return
	}
	c.w.Header().Set("Content-Type", wire.DatedMediaType(version))
	if body == nil {
		c.w.WriteHeader(http.StatusNoContent)
		return
	}
	if c.envelope && !c.paged {
		body = wire.Object{wire.Field("status", c.status), wire.Field("content", body)}
	}
	wire.WriteJSON(c.w, c.status, body, c.pretty)
}

// paging reads the parameters of a list. A page number of 0 counts as 1.
func paging(includeCount *bool, itemsPerPage, pageNum *int) wire.Paging {
	if pageNum != nil && *pageNum == 0 {
		pageNum = nil
	}
	return wire.NewPaging(includeCount, itemsPerPage, pageNum)
}

// list returns the page of a list.
func (c *call) list(p wire.Paging, all []wire.Object) (any, error) {
	if e := p.Check(); e != nil {
		return nil, e
	}
	first, last := p.Span(len(all))
	c.paged = true
	return p.List(c.r, c.BaseURL(c.r), len(all), append([]wire.Object{}, all[first:last]...), c.envelope), nil
}

// href returns the address of a path below that of v2.
func (c *call) href(path string) string { return c.BaseURL(c.r) + "/api/atlas/v2/" + path }

func link(href, rel string) wire.Object {
	return wire.Object{wire.Field("href", href), wire.Field("rel", rel)}
}

// Exists returns an error unless a project exists. For an implicit project, it returns nil even if the project was
// deleted: the methods of the store return that error.
func (a *API) Exists(ctx context.Context, id string) error {
	if !atlas.IsID(id) {
		return wire.NewError("INVALID_GROUP_ID", id)
	}
	if a.isImplicit(id) {
		return nil
	}
	_, err := a.Store.Project(ctx, id)
	return notFound(id, err)
}

// isImplicit reports whether a project exists without being created, unless it was deleted.
func (a *API) isImplicit(id string) bool { return a.Named == nil || a.Named[id] }

// notFound returns the error of the API for an error of the store about a project.
func notFound(id string, err error) error {
	if errors.Is(err, store.ErrDeleted) || errors.Is(err, store.ErrNotFound) {
		return wire.NewError("GROUP_NOT_FOUND", id)
	}
	return err
}

// project returns a project.
func (a *API) project(ctx context.Context, id string) (store.Project, error) {
	if !atlas.IsID(id) {
		return store.Project{}, wire.NewError("INVALID_GROUP_ID", id)
	}
	p, err := a.Store.Project(ctx, id)
	if errors.Is(err, store.ErrNotFound) && a.isImplicit(id) {
		return implicit(id), nil
	}
	return p, notFound(id, err)
}

// change changes the record of a project and returns the result.
func (a *API) change(ctx context.Context, id string, change func(*store.Project) error) (store.Project, error) {
	if !atlas.IsID(id) {
		return store.Project{}, wire.NewError("INVALID_GROUP_ID", id)
	}
	var changed store.Project
	err := a.Store.UpdateProject(ctx, id, func(old *store.Project) (store.Project, error) {
		switch {
		case old != nil:
			changed = *old
		case a.isImplicit(id):
			changed = implicit(id)
		default:
			return store.Project{}, wire.NewError("GROUP_NOT_FOUND", id)
		}
		err := change(&changed)
		return changed, err
	})
	if errors.Is(err, store.ErrNameTaken) {
		return changed, wire.NewError("GROUP_ALREADY_EXISTS", shown(changed.Name))
	}
	return changed, notFound(id, err)
}

// implicitName begins the names of projects that were not created. The ID follows.
const implicitName = "Project "

// implicit returns the record of a project that was not created. The ID begins with the time of its creation.
func implicit(id string) store.Project {
	p := store.Project{ID: id, Org: defaultOrg, Name: implicitName + id}
	if data, err := hex.DecodeString(id); err == nil {
		p.Created = time.Unix(int64(binary.BigEndian.Uint32(data)), 0).UTC()
	}
	return p
}

// withName returns the project without a record that has a name, and reports whether there is one.
func (a *API) withName(ctx context.Context, name string) (store.Project, bool, error) {
	id, ok := strings.CutPrefix(name, implicitName)
	if !ok || !atlas.IsID(id) || !a.isImplicit(id) {
		return store.Project{}, false, nil
	}
	_, err := a.Store.Project(ctx, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return implicit(id), true, nil
	case errors.Is(err, store.ErrDeleted):
		return store.Project{}, false, nil
	}
	return store.Project{}, false, err
}
