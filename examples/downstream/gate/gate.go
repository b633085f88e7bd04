// Package gate lets users read a project's integrations without the project's API key: the gate has
// the key, forwards reads to Atlas, and rejects writes.
package gate

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"

	"example.com/gate/atlas"
)

// Gate is the generated server interface over the generated client.
type Gate struct {
	atlas   *atlas.Client
	project string
}

var _ atlas.ServerInterface = (*Gate)(nil)

// New returns a handler for one project. The HTTP client authenticates at the base URL.
func New(baseURL, project string, authenticated *http.Client) (http.Handler, error) {
	client, err := atlas.NewClient(baseURL, atlas.WithHTTPClient(authenticated))
	if err != nil {
		return nil, err
	}
	return atlas.HandlerWithOptions(&Gate{client, project}, atlas.StdHTTPServerOptions{
		ErrorHandlerFunc: func(w http.ResponseWriter, _ *http.Request, err error) {
			reject(w, http.StatusBadRequest, "INVALID_QUERY_PARAMETER", err.Error())
		},
	}), nil
}

// ListIntegrations passes the project's integrations on, their secrets masked by Atlas.
func (g *Gate) ListIntegrations(w http.ResponseWriter, r *http.Request, project atlas.GroupID, params atlas.ListIntegrationsParams) {
	if g.checkProject(w, project) {
		pass(w)(g.atlas.ListIntegrations(r.Context(), project, &params))
	}
}

// GetIntegration passes one integration on.
func (g *Gate) GetIntegration(
	w http.ResponseWriter, r *http.Request, project atlas.GroupID, typ atlas.IntegrationType, params atlas.GetIntegrationParams,
) {
	if g.checkProject(w, project) {
		pass(w)(g.atlas.GetIntegration(r.Context(), project, typ, &params))
	}
}

// CreateIntegration rejects the request.
func (g *Gate) CreateIntegration(
	w http.ResponseWriter, _ *http.Request, _ atlas.GroupID, _ atlas.IntegrationType, _ atlas.CreateIntegrationParams,
) {
	readOnly(w)
}

// UpdateIntegration rejects the request.
func (g *Gate) UpdateIntegration(
	w http.ResponseWriter, _ *http.Request, _ atlas.GroupID, _ atlas.IntegrationType, _ atlas.UpdateIntegrationParams,
) {
	readOnly(w)
}

// DeleteIntegration rejects the request.
func (g *Gate) DeleteIntegration(
	w http.ResponseWriter, _ *http.Request, _ atlas.GroupID, _ atlas.IntegrationType, _ atlas.DeleteIntegrationParams,
) {
	readOnly(w)
}

// CreateToken fails: the gate has no accounts.
func (g *Gate) CreateToken(w http.ResponseWriter, _ *http.Request, _ atlas.CreateTokenParams) {
	readOnly(w)
}

// RevokeToken fails: the gate has no accounts.
func (g *Gate) RevokeToken(w http.ResponseWriter, _ *http.Request) { readOnly(w) }

// checkProject reports whether a request is for the project of the gate, and returns 404 if it is not.
func (g *Gate) checkProject(w http.ResponseWriter, project atlas.GroupID) bool {
	if project != g.project {
		reject(w, http.StatusNotFound, "GROUP_NOT_FOUND", "This gate serves another project.")
	}
	return project == g.project
}

// pass copies a response of Atlas.
func pass(w http.ResponseWriter) func(*http.Response, error) {
	return func(res *http.Response, err error) {
		if err != nil {
			slog.Error("no response from Atlas", "error", err)
			reject(w, http.StatusBadGateway, "UNEXPECTED_ERROR", "No response from Atlas.")
			return
		}
		defer res.Body.Close()
		w.Header().Set("Content-Type", res.Header.Get("Content-Type"))
		w.WriteHeader(res.StatusCode)
		if _, err := io.Copy(w, res.Body); err != nil {
			slog.Error("the response broke off", "error", err)
		}
	}
}

func readOnly(w http.ResponseWriter) {
	reject(w, http.StatusForbidden, "USER_UNAUTHORIZED", "This gate is for reading.")
}

func reject(w http.ResponseWriter, status int, code, detail string) {
	reason := http.StatusText(status)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(atlas.APIError{Status: int32(status), ErrorCode: code, Detail: &detail, Reason: &reason})
}
