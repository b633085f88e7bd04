package companions

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/companions"
)

// orgName is the name of an organization.
func orgName(id string) string {
	if id == defaultOrg {
		return "atlasint"
	}
	return "Organization " + id
}

// org returns an organization as responses show it: alone, or in a list.
func (c *call) org(id string, alone bool) wire.Object {
	self := c.href("orgs/" + id)
	links := []any{link(self, "self")}
	if alone {
		for _, name := range []string{"groups", "teams", "users"} {
			links = append(links, link(self+"/"+name, "https://cloud.mongodb.com/"+name))
		}
	}
	return wire.Object{
		wire.Field("id", id), wire.Field("isDeleted", false), wire.Field("links", links), wire.Field("name", orgName(id)),
		wire.Field("skipDefaultAlertsSettings", false),
	}
}

// ListOrgs returns the default organization and those that have projects.
func (a *API) ListOrgs(w http.ResponseWriter, r *http.Request, p companions.ListOrgsParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(func(ctx context.Context) (any, error) {
		list, err := c.projects(ctx)
		if err != nil {
			return nil, err
		}
		ids := map[string]bool{defaultOrg: true}
		for _, project := range list {
			ids[project.Org] = true
		}
		results := []wire.Object{}
		for _, id := range slices.Sorted(maps.Keys(ids)) {
			if hasPrefix(orgName(id), wire.ValueOr(p.Name, "")) {
				results = append(results, c.org(id, false))
			}
		}
		return c.list(paging(p.IncludeCount, p.ItemsPerPage, p.PageNum), results)
	})
}

// ofOrg returns an operation that shows an organization or a part of it.
func ofOrg(id string, show func() (any, error)) func(context.Context) (any, error) {
	return func(context.Context) (any, error) {
		if err := checkOrg(id); err != nil {
			return nil, err
		}
		return show()
	}
}

// GetOrg returns an organization.
func (a *API) GetOrg(w http.ResponseWriter, r *http.Request, id string, p companions.GetOrgParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(ofOrg(id, func() (any, error) { return c.org(id, true), nil }))
}

// GetOrgSettings returns the settings of an organization.
func (a *API) GetOrgSettings(w http.ResponseWriter, r *http.Request, id string, p companions.GetOrgSettingsParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(ofOrg(id, func() (any, error) {
		return wire.Object{
			wire.Field("apiAccessListRequired", false), wire.Field("genAIFeaturesEnabled", true),
			wire.Field("multiFactorAuthRequired", false), wire.Field("restrictEmployeeAccess", false),
		}, nil
	}))
}

// ListOrgUsers returns no users.
func (a *API) ListOrgUsers(w http.ResponseWriter, r *http.Request, id string, p companions.ListOrgUsersParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.versions = userVersions
	c.run(ofOrg(id, func() (any, error) { return c.list(paging(p.IncludeCount, p.ItemsPerPage, p.PageNum), nil) }))
}
