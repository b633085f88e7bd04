package companions

import (
	"context"
	"net/http"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/companions"
)

// The versions of endpoints that have other versions than most. Their responses without entries are the same in all
// versions.
var (
	userVersions    = []string{"2025-02-19", firstVersion}
	clusterVersions = []string{"2024-08-05", "2023-02-01", firstVersion}
	backupVersions  = []string{"2023-10-01"}
)

// emptyPage returns an operation with the page of a list without entries.
func (c *call) emptyPage(id string, p wire.Paging) func(context.Context) (any, error) {
	return func(ctx context.Context) (any, error) {
		if _, err := c.project(ctx, id); err != nil {
			return nil, err
		}
		return c.list(p, nil)
	}
}

// same returns an operation with the same response for all projects.
func (c *call) same(id string, response any) func(context.Context) (any, error) {
	return c.ofProject(id, func(store.Project) any { return response })
}

// ListGroupUsers returns no users.
func (a *API) ListGroupUsers(w http.ResponseWriter, r *http.Request, id string, p companions.ListGroupUsersParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.versions = userVersions
	c.run(c.emptyPage(id, paging(p.IncludeCount, p.ItemsPerPage, p.PageNum)))
}

// ListGroupClusters returns no clusters.
func (a *API) ListGroupClusters(w http.ResponseWriter, r *http.Request, id string, p companions.ListGroupClustersParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.versions = clusterVersions
	c.run(c.emptyPage(id, paging(p.IncludeCount, p.ItemsPerPage, p.PageNum)))
}

// ListGroupAccessListEntries returns no entries.
func (a *API) ListGroupAccessListEntries(w http.ResponseWriter, r *http.Request, id string, p companions.ListGroupAccessListEntriesParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(c.emptyPage(id, paging(p.IncludeCount, p.ItemsPerPage, p.PageNum)))
}

// ListGroupPeers returns no peering connections.
func (a *API) ListGroupPeers(w http.ResponseWriter, r *http.Request, id string, p companions.ListGroupPeersParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(c.emptyPage(id, paging(p.IncludeCount, p.ItemsPerPage, p.PageNum)))
}

// ListGroupPrivateEndpointEndpointService returns no services.
func (a *API) ListGroupPrivateEndpointEndpointService(
	w http.ResponseWriter, r *http.Request, id string, provider companions.CloudProvider,
	p companions.ListGroupPrivateEndpointEndpointServiceParams,
) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(func(ctx context.Context) (any, error) {
		if !provider.Valid() {
			return nil, wire.NewError("INVALID_PATH_PARAMETER", "cloudProvider")
		}
		return c.same(id, []any{})(ctx)
	})
}

// ListGroupCustomDBRoleRoles returns no roles.
func (a *API) ListGroupCustomDBRoleRoles(w http.ResponseWriter, r *http.Request, id string, p companions.ListGroupCustomDBRoleRolesParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(c.same(id, []any{}))
}

// GetGroupIPAddresses returns the addresses of no clusters.
func (a *API) GetGroupIPAddresses(w http.ResponseWriter, r *http.Request, id string, p companions.GetGroupIPAddressesParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(c.same(id, wire.Object{wire.Field("groupId", id), wire.Field("services", wire.Object{wire.Field("clusters", []any{})})}))
}

// GetGroupPrivateEndpointRegionalMode returns the regional mode of private endpoints, which is off.
func (a *API) GetGroupPrivateEndpointRegionalMode(
	w http.ResponseWriter, r *http.Request, id string, p companions.GetGroupPrivateEndpointRegionalModeParams,
) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(c.same(id, off()))
}

func off() wire.Object { return wire.Object{wire.Field("enabled", false)} }

// GetGroupEncryptionAtRest returns the encryption at rest, which is off.
func (a *API) GetGroupEncryptionAtRest(w http.ResponseWriter, r *http.Request, id string, p companions.GetGroupEncryptionAtRestParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(c.same(id, wire.Object{
		wire.Field("awsKms", off()), wire.Field("azureKeyVault", off()), wire.Field("enabledForSearchNodes", false),
		wire.Field("googleCloudKms", off()),
	}))
}

// GetGroupAuditLog returns the configuration of audit logs, which are off.
func (a *API) GetGroupAuditLog(w http.ResponseWriter, r *http.Request, id string, p companions.GetGroupAuditLogParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(c.same(id, wire.Object{
		wire.Field("auditAuthorizationSuccess", false), wire.Field("auditFilter", "{}"), wire.Field("configurationType", "NONE"),
		wire.Field("enabled", false),
	}))
}

// GetGroupBackupCompliancePolicy returns an empty policy.
func (a *API) GetGroupBackupCompliancePolicy(
	w http.ResponseWriter, r *http.Request, id string, p companions.GetGroupBackupCompliancePolicyParams,
) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.versions = backupVersions
	c.run(c.same(id, wire.Object{}))
}
