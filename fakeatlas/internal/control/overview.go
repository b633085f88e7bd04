package control

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/metrics"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/companions"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/buildinfo"
)

// Overview describes a server.
type Overview struct {
	BaseURL   string
	StartedAt time.Time
	Store     string // memory, file, redis or other
	State     store.State
	Totals    metrics.Totals
	Minute    metrics.Minute
	NoAuth    bool // requests need no credentials
	// The built-in credentials that the server accepts, not secrets; "" for those that it does not accept.
	PublicKey, PrivateKey, ClientID, ClientSecret string
}

func (a *API) getOverview(r *http.Request) (int, any, error) {
	o, err := a.s.Overview(r)
	if err != nil {
		return 0, nil, err
	}
	projects, integrations, alerts := 0, 0, 0
	for _, contents := range o.State {
		if !contents.Deleted {
			projects++
		}
		integrations += len(contents.Integrations)
		alerts += len(contents.Alerts)
	}
	return http.StatusOK, wire.Object{
		wire.Field("version", buildinfo.Version()),
		wire.Field("baseURL", o.BaseURL),
		wire.Field("startedAt", o.StartedAt.UTC()),
		wire.Field("store", o.Store),
		wire.Field("projects", projects),
		wire.Field("integrations", integrations),
		wire.Field("alerts", alerts),
		wire.Field("counters", wire.Object{
			wire.Field("requests", o.Totals.Requests),
			wire.Field("clientErrors", o.Totals.ClientErrors),
			wire.Field("serverErrors", o.Totals.ServerErrors),
			wire.Field("dropped", o.Totals.Dropped),
			wire.Field("faults", len(a.s.Faults())),
			wire.Field("stubs", len(a.s.Stubs().All())),
		}),
		wire.Field("lastMinute", o.Minute),
		wire.Field("credentials", o.credentials()),
	}, nil
}

// credentials returns the built-in credentials, and the environment variables of clients for all others.
func (o *Overview) credentials() wire.Object {
	object := wire.Object{
		wire.Field("required", !o.NoAuth),
		wire.Field("builtIn", o.PublicKey != "" || o.ClientID != ""),
	}
	variables := []string{}
	for _, pair := range [][]struct{ name, value, variable string }{
		{{"publicKey", o.PublicKey, atlas.PublicKeyVariable}, {"privateKey", o.PrivateKey, atlas.PrivateKeyVariable}},
		{{"clientId", o.ClientID, atlas.ClientIDVariable}, {"clientSecret", o.ClientSecret, atlas.ClientSecretVariable}},
	} {
		for _, credential := range pair {
			if credential.value == "" {
				variables = append(variables, credential.variable)
				continue
			}
			object = append(object, wire.Field(credential.name, credential.value))
		}
	}
	return append(object, wire.Field("variables", variables))
}

// getTypes returns the index of types and fields, and the error codes.
func (a *API) getTypes(*http.Request) (int, any, error) {
	list := []wire.Object{}
	for _, apiVersion := range atlas.Versions() {
		for _, t := range atlas.Types(apiVersion) {
			list = append(list, wire.Object{
				wire.Field("name", t.Name),
				wire.Field("apiVersion", t.APIVersion),
				wire.Field("title", t.Title),
				wire.Field("description", t.Description),
				wire.Field("fields", t.Fields),
			})
		}
	}
	return http.StatusOK, wire.Object{
		wire.Field("types", list),
		wire.Field("alertConfiguration", alertFields()),
		wire.Field("errorCodes", slices.Sorted(maps.Keys(wire.ErrorCodes()))),
	}, nil
}

// alertFields are the fields of an alert configuration that requests may have.
func alertFields() []schemas.Field {
	fields := companions.Operations()["createGroupAlertConfig"].Request.Fields
	return slices.DeleteFunc(slices.Clone(fields), func(f schemas.Field) bool { return f.ReadOnly })
}
