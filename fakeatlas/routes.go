package fakeatlas

import (
	"errors"
	"net/http"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/atlasv1"
	"github.com/atlasint/atlasint/gen/atlasv2"
	"github.com/atlasint/atlasint/gen/companions"
	"github.com/atlasint/atlasint/gen/schemas"
)

// v2Routes and v1Routes are the handlers of the generated routes of one API version. Both use the same store.
type (
	v2Routes struct{ s *Server }
	v1Routes struct{ s *Server }
)

var (
	_ atlasv2.ServerInterface = v2Routes{}
	_ atlasv1.ServerInterface = v1Routes{}
)

// routeGroups returns the groups of routes of the API. Each registers its handlers, which run at the end of the
// request path and need not check credentials, rates and versions.
func (s *Server) routeGroups() []func(wire.Router) {
	return []func(wire.Router){
		func(mux wire.Router) {
			atlasv2.HandlerWithOptions(v2Routes{s}, atlasv2.StdHTTPServerOptions{BaseRouter: mux, ErrorHandlerFunc: badParameter})
		},
		func(mux wire.Router) {
			atlasv1.HandlerWithOptions(v1Routes{s}, atlasv1.StdHTTPServerOptions{BaseRouter: mux, ErrorHandlerFunc: badParameter})
		},
		func(mux wire.Router) {
			s.companions.Register(mux, wire.Router{ServeMux: s.byName, Patterns: &s.routes}, badParameter)
		},
	}
}

// onePage is the paging of responses that are not lists.
var onePage = wire.NewPaging(nil, nil, nil)

func (v v2Routes) call(w http.ResponseWriter, r *http.Request, project, typ string, envelope, pretty *bool, p wire.Paging) *call {
	return &call{v.s, w, r, schemas.V2, project, typ, wire.ValueOr(envelope, false), wire.ValueOr(pretty, false), p}
}

func (v v2Routes) ListIntegrations(w http.ResponseWriter, r *http.Request, project string, p atlasv2.ListIntegrationsParams) {
	c := v.call(w, r, project, "", p.Envelope, p.Pretty, wire.NewPaging(p.IncludeCount, p.ItemsPerPage, p.PageNum))
	c.serveOperation(listIntegrations)
}

func (v v2Routes) GetIntegration(w http.ResponseWriter, r *http.Request, project string, typ atlasv2.IntegrationType, p atlasv2.GetIntegrationParams) {
	c := v.call(w, r, project, string(typ), p.Envelope, p.Pretty, onePage)
	c.serveOperation(getIntegration)
}

func (v v2Routes) CreateIntegration(w http.ResponseWriter, r *http.Request, project string, typ atlasv2.IntegrationType, p atlasv2.CreateIntegrationParams) {
	c := v.call(w, r, project, string(typ), p.Envelope, p.Pretty, wire.NewPaging(p.IncludeCount, p.ItemsPerPage, p.PageNum))
	c.serveOperation(createIntegration)
}

func (v v2Routes) UpdateIntegration(w http.ResponseWriter, r *http.Request, project string, typ atlasv2.IntegrationType, p atlasv2.UpdateIntegrationParams) {
	c := v.call(w, r, project, string(typ), p.Envelope, p.Pretty, wire.NewPaging(p.IncludeCount, p.ItemsPerPage, p.PageNum))
	c.serveOperation(updateIntegration)
}

func (v v2Routes) DeleteIntegration(w http.ResponseWriter, r *http.Request, project string, typ atlasv2.IntegrationType, p atlasv2.DeleteIntegrationParams) {
	c := v.call(w, r, project, string(typ), p.Envelope, p.Pretty, onePage)
	c.serveOperation(deleteIntegration)
}

func (v v2Routes) CreateToken(w http.ResponseWriter, r *http.Request, _ atlasv2.CreateTokenParams) {
	v.s.createToken(w, r)
}

func (v v2Routes) RevokeToken(w http.ResponseWriter, r *http.Request) { v.s.revokeToken(w, r) }

func (v v1Routes) call(w http.ResponseWriter, r *http.Request, project, typ string, envelope, pretty *bool, p wire.Paging) *call {
	return &call{v.s, w, r, schemas.V1, project, typ, wire.ValueOr(envelope, false), wire.ValueOr(pretty, false), p}
}

func (v v1Routes) ListIntegrations(w http.ResponseWriter, r *http.Request, project string, p atlasv1.ListIntegrationsParams) {
	c := v.call(w, r, project, "", p.Envelope, p.Pretty, wire.NewPaging(p.IncludeCount, p.ItemsPerPage, p.PageNum))
	c.serveOperation(listIntegrations)
}

func (v v1Routes) GetIntegration(w http.ResponseWriter, r *http.Request, project string, typ atlasv1.IntegrationType, p atlasv1.GetIntegrationParams) {
	c := v.call(w, r, project, string(typ), p.Envelope, p.Pretty, onePage)
	c.serveOperation(getIntegration)
}

func (v v1Routes) CreateIntegration(w http.ResponseWriter, r *http.Request, project string, typ atlasv1.IntegrationType, p atlasv1.CreateIntegrationParams) {
	c := v.call(w, r, project, string(typ), p.Envelope, p.Pretty, wire.NewPaging(p.IncludeCount, p.ItemsPerPage, p.PageNum))
	c.serveOperation(createIntegration)
}

func (v v1Routes) UpdateIntegration(w http.ResponseWriter, r *http.Request, project string, typ atlasv1.IntegrationType, p atlasv1.UpdateIntegrationParams) {
	c := v.call(w, r, project, string(typ), p.Envelope, p.Pretty, wire.NewPaging(p.IncludeCount, p.ItemsPerPage, p.PageNum))
	c.serveOperation(updateIntegration)
}

func (v v1Routes) DeleteIntegration(w http.ResponseWriter, r *http.Request, project string, typ atlasv1.IntegrationType, p atlasv1.DeleteIntegrationParams) {
	c := v.call(w, r, project, string(typ), p.Envelope, p.Pretty, onePage)
	c.serveOperation(deleteIntegration)
}

// badParameter rejects a query parameter of the wrong kind, by the name that the generated code has for it.
func badParameter(w http.ResponseWriter, r *http.Request, err error) {
	name := "query"
	var v2 *atlasv2.InvalidParamFormatError
	var v1 *atlasv1.InvalidParamFormatError
	var companion *companions.InvalidParamFormatError
	switch {
	case errors.As(err, &v2):
		name = v2.ParamName
	case errors.As(err, &v1):
		name = v1.ParamName
	case errors.As(err, &companion):
		name = companion.ParamName
	}
	wire.NewError("INVALID_QUERY_PARAMETER", name).Write(w, r)
}
