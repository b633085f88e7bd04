package fakeatlas

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
)

// responseType is a type with its fields in the order of responses.
type responseType struct {
	*atlas.Type
	sorted []*atlas.Field
}

// responseTypes are the types by API version and name. They are built on first use, since most subcommands of the
// command start no server.
var responseTypes = sync.OnceValue(func() map[string]map[string]*responseType {
	all := map[string]map[string]*responseType{}
	for _, version := range []string{schemas.V1, schemas.V2} {
		all[version] = map[string]*responseType{}
		for _, t := range atlas.Types(version) {
			info := &responseType{Type: t}
			for i := range t.Fields {
				info.sorted = append(info.sorted, t.Payload.Lookup(t.Fields[i].Name))
			}
			// Atlas writes the members by name, and the type last.
			slices.SortFunc(info.sorted, func(a, b *atlas.Field) int {
				return cmp.Or(cmp.Compare(len(a.Const), len(b.Const)), cmp.Compare(a.Name, b.Name))
			})
			all[version][t.Name] = info
		}
	}
	return all
})

// responseType returns the type that the path names.
func (c *call) responseType() *responseType { return responseTypes()[c.apiVersion][c.typ] }

// view returns an integration as one API version shows it: its own fields only, secrets masked, and unset fields by
// their default, as null or left out.
func view(apiVersion string, in store.Integration) wire.Object {
	fields := responseTypes()[apiVersion][in.Type].sorted
	o := make(wire.Object, 0, len(fields))
	for _, f := range fields {
		value, set := in.Fields[f.Name]
		switch {
		case f.Const != "":
			o = append(o, wire.Field("type", in.Type))
		case f.Name == "id":
			o = append(o, wire.Field("id", in.ID))
		case f.Secret == schemas.MaskOmitted:
		case set && value != nil:
			o = append(o, wire.Field(f.Name, f.MaskedValue(value)))
		case f.Unset == `""`:
			o = append(o, wire.Field(f.Name, ""))
		case set, f.Unset == "null", f.Required && f.Nullable: // the other API version may not require it
			o = append(o, wire.Field(f.Name, nil))
		case f.Default != nil:
			o = append(o, wire.Field(f.Name, f.Default))
		}
	}
	return o
}

// page returns one page of a project's integrations, in the order of the types. Types that the API version does not
// have are neither shown nor counted.
func (c *call) page(list []store.Integration) wire.Object {
	known := responseTypes()[c.apiVersion]
	list = slices.DeleteFunc(list, func(in store.Integration) bool { return known[in.Type] == nil })
	slices.SortFunc(list, func(a, b store.Integration) int { return cmp.Compare(known[a.Type].Rank, known[b.Type].Rank) })
	first, last := c.paging.Span(len(list))
	results := make([]wire.Object, 0, last-first)
	for _, in := range list[first:last] {
		results = append(results, view(c.apiVersion, in))
	}
	return c.paging.List(c.r, c.s.baseURL(c.r), len(list), results, c.envelope)
}

// single returns the response with one integration.
func (c *call) single(in store.Integration) wire.Object {
	body := view(c.apiVersion, in)
	if c.envelope {
		return wire.Envelope(http.StatusOK, body)
	}
	return body
}

// format returns the response to an operation, nil if it has no body.
func (c *call) format(op operation, found stored) any {
	switch op {
	case getIntegration:
		return c.single(found.one)
	case deleteIntegration:
		return nil
	default:
		return c.page(found.all)
	}
}

// write sends a response with a body, or 204 if there is none.
func (c *call) write(body any) {
	c.w.Header().Set("Content-Type", wire.MediaType(c.apiVersion))
	if body == nil {
		c.w.WriteHeader(http.StatusNoContent)
		return
	}
	wire.WriteJSON(c.w, http.StatusOK, body, c.pretty)
}

// baseURL returns the beginning of links.
func (s *Server) baseURL(r *http.Request) string {
	if s.config.baseURL != "" {
		return strings.TrimSuffix(s.config.baseURL, "/")
	}
	return wire.BaseURL(r)
}
