package clients

import (
	"testing"

	"go.mongodb.org/atlas-sdk/v20241113005/admin"
)

// An alert configuration that uses an integration, as Terraform applies, reads, updates and destroys it, with the official
// SDK. It sends whole answers back, read-only fields and masks included.
func TestSDKAlertConfigurations(t *testing.T) {
	for name, login := range sdkLogins {
		t.Run(name, func(t *testing.T) {
			f, ctx := start(t), t.Context()
			client, err := admin.NewClient(admin.UseBaseURL(f.URL), login(ctx))
			if err != nil {
				t.Fatal(err)
			}
			hook := decoded[sdkIntegration](t, `{"type":"WEBHOOK","url":"https://hooks.example.com/x"}`)
			_, _, err = client.ThirdPartyIntegrationsApi.CreateThirdPartyIntegration(ctx, "WEBHOOK", project, hook).Execute()
			wantNoError(t, err)
			stored, _, err := client.ThirdPartyIntegrationsApi.GetThirdPartyIntegration(ctx, project, "WEBHOOK").Execute()
			wantNoError(t, err)

			api := client.AlertConfigurationsApi
			notifications := []admin.AlertsNotificationRootForGroup{
				{TypeName: admin.PtrString("WEBHOOK"), IntegrationId: stored.Id, DelayMin: admin.PtrInt(0), IntervalMin: admin.PtrInt(0)},
				{TypeName: admin.PtrString("PAGER_DUTY"), ServiceKey: admin.PtrString("0123456789abcdef0123456789ab4321"), IntervalMin: admin.PtrInt(0)},
			}
			sent := &admin.GroupAlertsConfig{EventTypeName: admin.PtrString("NO_PRIMARY"), Enabled: admin.PtrBool(true), Matchers: &[]admin.StreamsMatcher{}, Notifications: &notifications}
			created, answer, err := api.CreateAlertConfiguration(ctx, project, sent).Execute()
			wantNoError(t, err)
			id := created.GetId()
			same(t, "created", []any{201, "NO_PRIMARY", stored.GetId(), "****************************4321"},
				[]any{answer.StatusCode, created.GetEventTypeName(), created.GetNotifications()[0].GetIntegrationId(), created.GetNotifications()[1].GetServiceKey()})
			read, _, err := api.GetAlertConfiguration(ctx, project, id).Execute()
			wantNoError(t, err)
			same(t, "read", created, read)
			updated, _, err := api.UpdateAlertConfiguration(ctx, project, id, read).Execute()
			wantNoError(t, err)
			same(t, "updated", created.GetNotifications(), updated.GetNotifications())
			toggled, _, err := api.ToggleAlertConfiguration(ctx, project, id, &admin.AlertsToggle{Enabled: admin.PtrBool(false)}).Execute()
			wantNoError(t, err)
			same(t, "enabled", false, toggled.GetEnabled())
			list, _, err := api.ListAlertConfigurations(ctx, project).IncludeCount(false).PageNum(0).Execute()
			wantNoError(t, err)
			same(t, "listed", id, list.GetResults()[0].GetId())
			names, _, err := api.ListAlertConfigurationMatchersFieldNames(ctx).Execute()
			wantNoError(t, err)
			same(t, "names of fields", 9, len(names))

			_, _, err = client.ThirdPartyIntegrationsApi.DeleteThirdPartyIntegration(ctx, "WEBHOOK", project).Execute()
			sdkRefused(t, err, 400, "WEBHOOK_NOTIFICATIONS_PRESENT")
			_, err = api.DeleteAlertConfiguration(ctx, project, id).Execute()
			wantNoError(t, err)
			_, _, err = api.GetAlertConfiguration(ctx, project, id).Execute()
			sdkRefused(t, err, 404, "ALERT_CONFIG_NOT_FOUND")
			_, _, err = client.ThirdPartyIntegrationsApi.DeleteThirdPartyIntegration(ctx, "WEBHOOK", project).Execute()
			wantNoError(t, err)
		})
	}
}
