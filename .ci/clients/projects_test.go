package clients

import (
	"testing"
	"time"

	"go.mongodb.org/atlas-sdk/v20241113005/admin"

	"github.com/atlasint/atlasint/fakeatlas"
)

// A configuration of a project with an integration, as Terraform applies, reads, updates and destroys it, with the
// official SDK. Projects are named, so that only the created one exists besides.
func TestSDKProjects(t *testing.T) {
	for name, login := range sdkLogins {
		t.Run(name, func(t *testing.T) {
			f, ctx := start(t, fakeatlas.WithProjects(project)), t.Context()
			client, err := admin.NewClient(admin.UseBaseURL(f.URL), login(ctx))
			if err != nil {
				t.Fatal(err)
			}
			orgs, _, err := client.OrganizationsApi.ListOrganizations(ctx).Execute()
			if err != nil || len(orgs.GetResults()) == 0 {
				t.Fatalf("%v, %v", orgs, err)
			}
			org := orgs.GetResults()[0].GetId()
			sent := admin.NewGroup(0, time.Time{}, "Alerts (1)", org)
			tags := []admin.ResourceTag{{Key: "env", Value: "e2e"}}
			sent.Tags = &tags
			created, answer, err := client.ProjectsApi.CreateProject(ctx, sent).ProjectOwnerId("").Execute()
			if err != nil || answer.StatusCode != 201 {
				t.Fatalf("%v, %v", created, err)
			}
			id := created.GetId()
			_, _, err = client.ProjectsApi.CreateProject(ctx, sent).Execute()
			sdkRefused(t, err, 409, "GROUP_ALREADY_EXISTS")

			sdkReadsProject(t, client, created)

			key := decoded[sdkIntegration](t, `{"type":"OPS_GENIE","apiKey":"12345678-1234-1234-1234-123456781234"}`)
			_, _, err = client.ThirdPartyIntegrationsApi.CreateThirdPartyIntegration(ctx, "OPS_GENIE", id, key).Execute()
			wantNoError(t, err)
			none := []admin.ResourceTag{}
			updated, _, err := client.ProjectsApi.UpdateProject(ctx, id, &admin.GroupUpdate{Name: admin.PtrString("Renamed"), Tags: &none}).Execute()
			wantNoError(t, err)
			same(t, "updated", []any{"Renamed", 0}, []any{updated.GetName(), len(updated.GetTags())})
			list, _, err := client.ProjectsApi.ListProjects(ctx).Execute()
			wantNoError(t, err)
			same(t, "listed", 2, list.GetTotalCount()) // with the named one
			_, _, err = client.ProjectsApi.DeleteProject(ctx, id).Execute()
			wantNoError(t, err)
			_, _, err = client.ProjectsApi.GetProject(ctx, id).Execute()
			sdkRefused(t, err, 404, "GROUP_NOT_FOUND")
			_, _, err = client.ThirdPartyIntegrationsApi.GetThirdPartyIntegration(ctx, id, "OPS_GENIE").Execute()
			sdkRefused(t, err, 404, "GROUP_NOT_FOUND")
		})
	}
}

// sdkReadsProject reads a project and its parts as Terraform does, and changes its settings and limits.
func sdkReadsProject(t *testing.T, client *admin.APIClient, created *admin.Group) {
	t.Helper()
	ctx, id := t.Context(), created.GetId()
	named, _, err := client.ProjectsApi.GetProjectByName(ctx, "Alerts (1)").Execute()
	wantNoError(t, err)
	same(t, "by name", created, named)
	read, _, err := client.ProjectsApi.GetProject(ctx, id).Execute()
	wantNoError(t, err)
	same(t, "by ID", created, read)
	settings, _, err := client.ProjectsApi.GetProjectSettings(ctx, id).Execute()
	wantNoError(t, err)
	settings.IsDataExplorerEnabled = admin.PtrBool(false)
	changed, _, err := client.ProjectsApi.UpdateProjectSettings(ctx, id, settings).Execute()
	wantNoError(t, err)
	same(t, "settings", settings, changed)
	const limit = "atlas.project.deployment.clusters"
	_, _, err = client.ProjectsApi.SetProjectLimit(ctx, limit, id, admin.NewDataFederationLimit(limit, 7)).Execute()
	wantNoError(t, err)
	limits, _, err := client.ProjectsApi.ListProjectLimits(ctx, id).Execute()
	wantNoError(t, err)
	same(t, "limits", []admin.DataFederationLimit{{Name: limit, Value: 7}}, limits)
	for what, request := range map[string]func() error{
		"IP addresses": func() error { _, _, err := client.ProjectsApi.ReturnAllIpAddresses(ctx, id).Execute(); return err },
		"users":        func() error { _, _, err := client.ProjectsApi.ListProjectUsers(ctx, id).Execute(); return err },
		"teams":        func() error { _, _, err := client.TeamsApi.ListProjectTeams(ctx, id).Execute(); return err },
		"clusters":     func() error { _, _, err := client.ClustersApi.ListClusters(ctx, id).Execute(); return err },
	} {
		if err := request(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// sdkRefused fails unless the error is a rejection by Atlas.
func sdkRefused(t *testing.T, err error, status int, code string) {
	t.Helper()
	got, ok := decodedRejection(err)
	if !ok || got.status != status || got.code != code {
		t.Fatalf("got %v, want %d %s", err, status, code)
	}
}

func wantNoError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
