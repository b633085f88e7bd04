package companions

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

// defaultAlert is an alert configuration that a new project has.
type defaultAlert struct {
	event    string
	delay    json.Number // minutes
	interval json.Number // minutes
	metric   string      // empty if the limit is one of hours
	limit    json.Number // in raw units or hours, empty if there is none
	disabled bool
}

const metricEvent = "OUTSIDE_METRIC_THRESHOLD"

// defaultAlerts are the alert configurations that a real project had after its creation.
var defaultAlerts = []defaultAlert{
	{event: "REPLICATION_OPLOG_WINDOW_RUNNING_OUT", limit: "1"},
	{event: "NO_PRIMARY", delay: "15"},
	{event: "CLUSTER_MONGOS_IS_MISSING", delay: "15"},
	{event: metricEvent, metric: "CONNECTIONS_PERCENT", limit: "80.0"},
	{event: metricEvent, metric: "DISK_PARTITION_SPACE_USED_DATA", limit: "90.0"},
	{event: metricEvent, metric: "QUERY_TARGETING_SCANNED_OBJECTS_PER_RETURNED", limit: "1000.0", delay: "10"},
	{event: metricEvent, metric: "NORMALIZED_SYSTEM_CPU_USER", limit: "95.0"},
	{event: metricEvent, metric: "NORMALIZED_SYSTEM_CPU_STEAL", limit: "50.0", disabled: true},
	{event: "CREDIT_CARD_ABOUT_TO_EXPIRE", interval: "1440"},
	{event: "HOST_HAS_INDEX_SUGGESTIONS", delay: "10"},
	{event: "JOINED_GROUP"},
}

// addDefaultAlerts stores the alert configurations of a new project. If the process ends before that, the project has
// none.
func (a *API) addDefaultAlerts(ctx context.Context, project store.Project) error {
	if project.NoDefaultAlerts {
		return nil
	}
	var defaults []store.Alert
	for _, d := range defaultAlerts {
		alert := a.newAlert()
		alert.Fields = d.fields(a.NewID())
		defaults = append(defaults, alert)
	}
	err := a.Store.UpdateAlerts(ctx, project.ID, func(list []store.Alert, _ []store.Integration) ([]store.Alert, error) {
		if slices.ContainsFunc(list, func(alert store.Alert) bool { return alert.ID == defaults[0].ID }) {
			return list, nil // an earlier try stored them
		}
		return slices.Concat(defaults, list), nil
	})
	if errors.Is(err, store.ErrDeleted) { // the project was created, and another client has deleted it
		return nil
	}
	return err
}

func (d defaultAlert) fields(notifier string) map[string]any {
	fields := map[string]any{"enabled": !d.disabled, "eventTypeName": d.event, "matchers": []any{}, "notifications": []any{map[string]any{
		"typeName": "GROUP", "roles": []any{"GROUP_OWNER"}, "emailEnabled": true, "smsEnabled": false,
		"intervalMin": cmp.Or(d.interval, "60"), "delayMin": cmp.Or(d.delay, "0"), "notifierId": notifier,
	}}}
	switch {
	case d.metric != "":
		fields["metricThreshold"] = map[string]any{"metricName": d.metric, "mode": "AVERAGE", "operator": "GREATER_THAN",
			"threshold": d.limit, "units": "RAW"}
	case d.limit != "":
		fields["threshold"] = map[string]any{"operator": "LESS_THAN", "threshold": d.limit, "units": "HOURS"}
	}
	return fields
}
