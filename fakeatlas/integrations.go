package fakeatlas

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"net/http"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/internal/atlas"
)

// call is one request to an operation on integrations, of either generation.
type call struct {
	s          *Server
	w          http.ResponseWriter
	r          *http.Request
	apiVersion string
	project    string
	typ        string
	envelope   bool
	pretty     bool
	paging     wire.Paging
}

// run answers with what an operation makes, or with its refusal.
func (c *call) run(operation func(context.Context) (any, error)) {
	body, err := c.checked(operation)
	var refused *wire.Error
	switch {
	case errors.As(err, &refused):
		refused.Write(c.w, c.r)
		return
	case errors.Is(err, store.ErrFull):
		errorFull().Write(c.w, c.r)
		return
	case err != nil:
		c.s.storeError(c.r, err).Write(c.w, c.r)
		return
	}
	c.w.Header().Set("Content-Type", wire.MediaType(c.apiVersion))
	if body == nil {
		c.w.WriteHeader(http.StatusNoContent)
		return
	}
	wire.WriteJSON(c.w, http.StatusOK, body, c.pretty)
}

// checked runs an operation once the path and the query are found to be good.
func (c *call) checked(operation func(context.Context) (any, error)) (any, error) {
	if !atlas.IsID(c.project) {
		return nil, wire.NewError("INVALID_GROUP_ID", c.project)
	}
	if known := c.s.config.projects; known != nil && !known[c.project] {
		return nil, wire.NewError("GROUP_NOT_FOUND", c.project)
	}
	if e := c.checkType(); e != nil {
		return nil, e
	}
	if e := c.paging.Check(); e != nil {
		return nil, e
	}
	return operation(c.r.Context())
}

// checkType refuses path types that no integration of the generation can have.
func (c *call) checkType() *wire.Error {
	switch {
	case c.typ == "" || atlas.Find(c.apiVersion, c.typ) != nil:
		return nil
	default:
		if refused := atlas.RefusedType(c.typ); refused != nil && refused.Name == c.typ && refused.ErrorCode != "" {
			return wire.NewError(refused.ErrorCode)
		}
		return wire.NewError("INVALID_PATH_PARAMETER", "integrationType")
	}
}

func (c *call) list(ctx context.Context) (any, error) {
	list, err := c.s.store.List(ctx, c.project)
	if err != nil {
		return nil, err
	}
	return c.page(list), nil
}

func (c *call) get(ctx context.Context) (any, error) {
	in, err := c.s.store.Get(ctx, c.project, c.typ)
	if err != nil {
		return nil, c.notConfigured(err)
	}
	body := view(c.apiVersion, in)
	if c.envelope {
		return wire.Object{wire.Field("status", http.StatusOK), wire.Field("content", body)}, nil
	}
	return body, nil
}

func (c *call) notConfigured(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return wire.NewError("INTEGRATION_NOT_CONFIGURED", c.typ)
	}
	return err
}

func (c *call) create(ctx context.Context) (any, error) {
	body, err := wire.ReadBody(c.w, c.r)
	if err != nil {
		return nil, err
	}
	p := c.parse(body)
	if e := c.rejection(p, nil); e != nil {
		return nil, e
	}
	err = c.s.store.Create(ctx, c.project, c.s.forStore(store.Integration{Type: c.typ, ID: c.s.newID(), Fields: c.withDefaults(p.own())}))
	if errors.Is(err, store.ErrExists) {
		return nil, wire.NewError("INTEGRATION_ALREADY_CONFIGURED", c.typ)
	}
	if err != nil {
		return nil, err
	}
	return c.list(ctx)
}

// update lays what was sent over what is stored. It judges the body against the stored integration while
// nobody else can change that.
func (c *call) update(ctx context.Context) (any, error) {
	body, err := wire.ReadBody(c.w, c.r)
	if err != nil {
		return nil, err
	}
	p := c.parse(body)
	if c.alwaysInvalid(p) {
		return nil, c.rejection(p, nil)
	}
	err = c.s.store.Update(ctx, c.project, c.typ, func(old *store.Integration) (store.Integration, error) {
		if e := c.rejection(p, old); e != nil {
			return store.Integration{}, e
		}
		id := ""
		if old == nil {
			id = c.s.newID()
		} else {
			id = old.ID
		}
		fields := c.fieldsOf(p, old)
		if old == nil {
			fields = c.withDefaults(fields)
		}
		return c.s.forStore(store.Integration{Type: c.typ, ID: id, Fields: fields}), nil
	})
	if err != nil {
		return nil, err
	}
	return c.list(ctx)
}

// withDefaults fills in what a new integration gets unless it was sent, so that both generations show it.
func (c *call) withDefaults(fields map[string]any) map[string]any {
	for _, f := range c.answerType().sorted {
		if _, sent := fields[f.Name]; !sent && f.Default != nil {
			fields[f.Name] = f.Default
		}
	}
	return fields
}

func (c *call) delete(ctx context.Context) (any, error) {
	return nil, c.notConfigured(c.s.store.Delete(ctx, c.project, c.typ))
}

// newID makes an id as Atlas's are: 24 hexadecimal digits that begin with the time.
func (s *Server) newID() string {
	var id [12]byte
	binary.BigEndian.PutUint32(id[:4], uint32(s.clock.Now().Unix()))
	binary.BigEndian.PutUint64(id[4:], s.ids.Add(1))
	return hex.EncodeToString(id[:])
}

// errorFull says that the store has come to its limit.
func errorFull() *wire.Error {
	return wire.NewError("UNEXPECTED_ERROR").WithStatus(http.StatusInsufficientStorage).
		WithDetail("This fake of Atlas holds as much as it may. Delete integrations, or reset it.")
}
