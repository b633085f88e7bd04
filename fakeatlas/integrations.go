package fakeatlas

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"net/http"

	"github.com/atlasint/atlasint/fakeatlas/internal/payload"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/internal/atlas"
)

// call is one request to an operation on integrations, of either API version.
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

// operation is one of the operations on integrations.
type operation int

const (
	listIntegrations operation = iota
	getIntegration
	createIntegration
	updateIntegration
	deleteIntegration
)

// stored has the integrations that an operation found in the store: one, or those of a project.
type stored struct {
	one store.Integration
	all []store.Integration
}

// access reads or changes the store. A change returns the integrations of the project.
func (c *call) access(op operation, sent *payload.Payload) (stored, error) {
	switch op {
	case getIntegration:
		return c.get()
	case createIntegration:
		return c.create(sent)
	case updateIntegration:
		return c.update(sent)
	case deleteIntegration:
		return stored{}, c.notConfigured(c.s.store.Delete(c.r.Context(), c.project, c.typ))
	default:
		return c.list()
	}
}

// checkParameters returns the rejection of the path and the query, nil if they are valid.
func (c *call) checkParameters() error {
	if err := c.s.companions.Exists(c.r.Context(), c.project); err != nil {
		return err
	}
	if e := c.checkType(); e != nil {
		return e
	}
	if e := c.paging.Check(); e != nil {
		return e
	}
	return nil
}

// checkType rejects types in the path that no integration of the API version can have.
func (c *call) checkType() *wire.Error {
	if c.typ == "" || atlas.Find(c.apiVersion, c.typ) != nil {
		return nil
	}
	if known := atlas.RejectedType(c.typ); known != nil && known.Name == c.typ && known.ErrorCode != "" {
		return wire.NewError(known.ErrorCode)
	}
	return wire.NewError("INVALID_PATH_PARAMETER", "integrationType")
}

// validate reads and validates the payload of an operation, nil if it has none. An update whose findings depend on
// the stored integration passes.
func (c *call) validate(op operation) (*payload.Payload, error) {
	if op != createIntegration && op != updateIntegration {
		return nil, nil
	}
	body, err := wire.ReadBody(c.r)
	if err != nil {
		return nil, err
	}
	rules := c.rules()
	p := rules.Parse(body)
	if op == updateIntegration && !rules.AlwaysInvalid(p) {
		return p, nil
	}
	if e := rules.Rejection(p, nil); e != nil {
		return nil, e
	}
	return p, nil
}

// rules returns the rules for the payload of the request.
func (c *call) rules() payload.Rules {
	rules := c.s.payloadRules(c.apiVersion, c.typ)
	rules.Update = c.r.Method == http.MethodPut
	return rules
}

// payloadRules returns the rules for payloads of a type, or of any type if typ is "".
func (s *Server) payloadRules(apiVersion, typ string) payload.Rules {
	choices := s.config.choices
	return payload.Rules{
		Validator: s.checks[payloadKind{apiVersion, typ}], APIVersion: apiVersion, Type: typ,
		StrictMasks: choices.StrictMasks, StrictFields: choices.StrictFields, SlackOAuth: choices.SlackOAuth,
	}
}

// forStore returns an integration in its stored form, which depends on whether the store keeps secrets.
func (s *Server) forStore(in store.Integration) store.Integration {
	if s.plain {
		return in
	}
	return payload.Masked(in)
}

func (c *call) list() (stored, error) {
	all, err := c.s.store.List(c.r.Context(), c.project)
	return stored{all: all}, err
}

func (c *call) get() (stored, error) {
	one, err := c.s.store.Get(c.r.Context(), c.project, c.typ)
	return stored{one: one}, c.notConfigured(err)
}

func (c *call) notConfigured(err error) error {
	switch {
	case errors.Is(err, store.ErrNotFound):
		return wire.NewError("INTEGRATION_NOT_CONFIGURED", c.typ)
	case errors.Is(err, store.ErrInUse):
		return wire.NewError("WEBHOOK_NOTIFICATIONS_PRESENT")
	}
	return err
}

func (c *call) create(p *payload.Payload) (stored, error) {
	err := c.s.store.Create(c.r.Context(), c.project, c.newIntegration(p.Own()))
	if errors.Is(err, store.ErrExists) {
		return stored{}, wire.NewError("INTEGRATION_ALREADY_CONFIGURED", c.typ)
	}
	if err != nil {
		return stored{}, err
	}
	return c.list()
}

// update merges the payload into the stored integration, and creates the integration if there is none. The payload
// is validated against the stored integration while no other request can change it.
func (c *call) update(p *payload.Payload) (stored, error) {
	of := *c // a copy, so that only updates move a call to the heap
	err := c.s.store.Update(c.r.Context(), c.project, c.typ, func(old *store.Integration) (store.Integration, error) {
		return of.merge(p, old)
	})
	if err != nil {
		return stored{}, err
	}
	return c.list()
}

// merge returns the stored integration after an update. Old is nil if there is none.
func (c *call) merge(p *payload.Payload, old *store.Integration) (store.Integration, error) {
	rules := c.rules()
	if e := rules.Rejection(p, old); e != nil {
		return store.Integration{}, e
	}
	if old == nil {
		return c.newIntegration(p.Own()), nil
	}
	return c.s.forStore(store.Integration{Type: c.typ, ID: old.ID, Fields: rules.Merge(p, old)}), nil
}

// newIntegration returns a new integration in its stored form.
func (c *call) newIntegration(fields map[string]any) store.Integration {
	return c.s.forStore(store.Integration{Type: c.typ, ID: c.s.newID(), Fields: c.withDefaults(fields)})
}

// withDefaults adds the defaults of a new integration for fields that were not sent, so that both API versions show
// the same values.
func (c *call) withDefaults(fields map[string]any) map[string]any {
	for _, f := range c.responseType().sorted {
		if _, sent := fields[f.Name]; !sent && f.Default != nil {
			fields[f.Name] = f.Default
		}
	}
	return fields
}

// newID returns a new ID in the form of Atlas's: 24 hexadecimal digits that begin with the time.
func (s *Server) newID() string {
	var id [12]byte
	binary.BigEndian.PutUint32(id[:4], uint32(s.clock.Now().Unix()))
	binary.BigEndian.PutUint64(id[4:], s.ids.Add(1))
	return hex.EncodeToString(id[:])
}
