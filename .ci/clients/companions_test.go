package clients

import (
	"net/http"
	"testing"
	"time"

	"go.mongodb.org/atlas-sdk/v20241113005/admin"

	"github.com/atlasint/atlasint/fakeatlas"
)

// ok executes a request of the SDK that has to succeed.
func ok[T any](t *testing.T, execute func() (T, *http.Response, error)) T {
	t.Helper()
	value, _, err := execute()
	wantNoError(t, err)
	return value
}

// refused executes a request of the SDK that has to fail.
func refused[T any](t *testing.T, execute func() (T, *http.Response, error), status int, code string) {
	t.Helper()
	_, _, err := execute()
	rejected(t, err, status, code)
}

// A project with an integration. Projects are named, so that only the created one exists besides. The recorded run of
// Terraform has the requests of the SDK about the parts of a project.
func TestSDKProjects(t *testing.T) {
	f, ctx := start(t, fakeatlas.WithProjects(project)), t.Context()
	client := sdkClient(t, f.URL, admin.UseDigestAuth(key.PublicKey, key.PrivateKey))
	api := client.ProjectsApi
	org := ok(t, client.OrganizationsApi.ListOrganizations(ctx).Execute).GetResults()[0].GetId()
	sent := admin.NewGroup(0, time.Time{}, "Alerts (1)", org)
	sent.Tags = &[]admin.ResourceTag{{Key: "env", Value: "e2e"}}
	created := ok(t, api.CreateProject(ctx, sent).ProjectOwnerId("").Execute)
	id := created.GetId()
	refused(t, api.CreateProject(ctx, sent).Execute, 409, "GROUP_ALREADY_EXISTS")
	same(t, "by name", created, ok(t, api.GetProjectByName(ctx, "Alerts (1)").Execute))
	same(t, "by ID", created, ok(t, api.GetProject(ctx, id).Execute))
	integrations := client.ThirdPartyIntegrationsApi
	hook := decoded[admin.ThirdPartyIntegration](t, `{"type":"WEBHOOK","url":"https://hooks.example.com/x"}`)
	ok(t, integrations.CreateThirdPartyIntegration(ctx, "WEBHOOK", id, hook).Execute)
	none := []admin.ResourceTag{}
	updated := ok(t, api.UpdateProject(ctx, id, &admin.GroupUpdate{Name: admin.PtrString("Renamed"), Tags: &none}).Execute)
	same(t, "updated", []any{"Renamed", 0}, []any{updated.GetName(), len(updated.GetTags())})
	same(t, "listed", 2, ok(t, api.ListProjects(ctx).Execute).GetTotalCount()) // with the named one
	ok(t, api.DeleteProject(ctx, id).Execute)
	refused(t, api.GetProject(ctx, id).Execute, 404, "GROUP_NOT_FOUND")
	refused(t, integrations.GetThirdPartyIntegration(ctx, id, "WEBHOOK").Execute, 404, "GROUP_NOT_FOUND")
}

// An alert configuration that uses an integration. The SDK sends whole responses back, read-only fields and masks
// included.
func TestSDKAlertConfigurations(t *testing.T) {
	f, ctx := start(t), t.Context()
	client := sdkClient(t, f.URL, admin.UseOAuthAuth(ctx, account.ClientID, account.ClientSecret))
	api, integrations := client.AlertConfigurationsApi, client.ThirdPartyIntegrationsApi
	f.must(`POST v2/WEBHOOK {"type":"WEBHOOK","url":"https://hooks.example.com/x"}`)
	hook := ok(t, integrations.GetThirdPartyIntegration(ctx, project, "WEBHOOK").Execute)
	sent := decoded[admin.GroupAlertsConfig](t, `{"eventTypeName":"NO_PRIMARY","enabled":true,"matchers":[],"notifications":[
		{"typeName":"WEBHOOK","integrationId":"`+hook.GetId()+`","delayMin":0,"intervalMin":0},
		{"typeName":"PAGER_DUTY","serviceKey":"0123456789abcdef0123456789ab4321","intervalMin":0}]}`)
	created := ok(t, api.CreateAlertConfiguration(ctx, project, sent).Execute)
	id, notifications := created.GetId(), created.GetNotifications()
	same(t, "created", []any{"NO_PRIMARY", hook.GetId(), "****************************4321"},
		[]any{created.GetEventTypeName(), notifications[0].GetIntegrationId(), notifications[1].GetServiceKey()})
	read := ok(t, api.GetAlertConfiguration(ctx, project, id).Execute)
	same(t, "read", created, read)
	same(t, "updated", notifications, ok(t, api.UpdateAlertConfiguration(ctx, project, id, read).Execute).GetNotifications())
	off := &admin.AlertsToggle{Enabled: admin.PtrBool(false)}
	same(t, "enabled", false, ok(t, api.ToggleAlertConfiguration(ctx, project, id, off).Execute).GetEnabled())
	remove := integrations.DeleteThirdPartyIntegration(ctx, "WEBHOOK", project).Execute
	refused(t, remove, 400, "WEBHOOK_NOTIFICATIONS_PRESENT")
	_, err := api.DeleteAlertConfiguration(ctx, project, id).Execute()
	wantNoError(t, err)
	refused(t, api.GetAlertConfiguration(ctx, project, id).Execute, 404, "ALERT_CONFIG_NOT_FOUND")
	ok(t, remove)
}
