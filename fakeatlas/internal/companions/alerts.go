package companions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/companions"
	"github.com/atlasint/atlasint/internal/atlas"
)

// fieldNames are the fields that matchers can name.
var fieldNames = []any{
	"ATLAS_NODE_TYPE", "CLUSTER_NAME", "HOSTNAME", "PORT", "HOSTNAME_AND_PORT", "APPLICATION_ID", "REPLICA_SET_NAME",
	"TYPE_NAME", "SHARD_NAME",
}

// ListAlertConfigMatcherFieldNames returns the fields that matchers can name.
func (a *API) ListAlertConfigMatcherFieldNames(
	w http.ResponseWriter, r *http.Request, p companions.ListAlertConfigMatcherFieldNamesParams,
) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(func(context.Context) (any, error) { return fieldNames, nil })
}

// ListGroupAlertConfigs returns the alert configurations of a project, by ID.
func (a *API) ListGroupAlertConfigs(w http.ResponseWriter, r *http.Request, id string, p companions.ListGroupAlertConfigsParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(func(ctx context.Context) (any, error) {
		list, err := c.alerts(ctx, id)
		if err != nil {
			return nil, err
		}
		slices.SortFunc(list, func(a, b store.Alert) int { return strings.Compare(a.ID, b.ID) })
		hook, err := c.webhookOf(ctx, id, list...)
		if err != nil {
			return nil, err
		}
		results := make([]wire.Object, len(list))
		for i, alert := range list {
			results[i] = c.alert(id, alert, hook, false)
		}
		return c.list(paging(p.IncludeCount, p.ItemsPerPage, p.PageNum), results)
	})
}

// alerts returns the alert configurations of a project.
func (a *API) alerts(ctx context.Context, id string) ([]store.Alert, error) {
	if err := a.Exists(ctx, id); err != nil {
		return nil, err
	}
	list, err := a.Store.Alerts(ctx, id)
	return list, notFound(id, err)
}

// updateAlerts changes the alert configurations of a project.
func (a *API) updateAlerts(ctx context.Context, id string, change func([]store.Alert, []store.Integration) ([]store.Alert, error)) error {
	return notFound(id, a.Store.UpdateAlerts(ctx, id, change))
}

// webhookOf returns the WEBHOOK integration of a project if an alert configuration notifies a webhook, nil if there is
// none.
func (a *API) webhookOf(ctx context.Context, id string, list ...store.Alert) (*store.Integration, error) {
	for _, alert := range list {
		for _, n := range notificationsOf(alert) {
			if n["typeName"] != webhook {
				continue
			}
			in, err := a.Store.Get(ctx, id, webhook)
			if errors.Is(err, store.ErrNotFound) {
				return nil, nil
			}
			return &in, notFound(id, err)
		}
	}
	return nil, nil
}

func notificationsOf(alert store.Alert) (list []map[string]any) {
	items, _ := alert.Fields["notifications"].([]any)
	for _, item := range items {
		n, _ := item.(map[string]any)
		list = append(list, n)
	}
	return list
}

// alert returns an alert configuration as responses show it: alone, or in a list. Its members are in the order of their
// names.
func (c *call) alert(project string, alert store.Alert, hook *store.Integration, alone bool) wire.Object {
	self := c.href("groups/" + project + "/alertConfigs/" + alert.ID)
	links := []any{link(self, "self")}
	if alone {
		links = append(links, link(self+"/alerts", "https://cloud.mongodb.com/alerts"))
	}
	shown := maps.Clone(alert.Fields)
	list := []any{}
	for _, n := range notificationsOf(alert) {
		list = append(list, byName(masked(withWebhook(n, hook))))
	}
	shown["notifications"] = list
	shown["created"], shown["updated"] = alert.Created.UTC().Format(time.RFC3339), alert.Updated.UTC().Format(time.RFC3339)
	shown["groupId"], shown["id"], shown["links"] = project, alert.ID, links
	return byName(shown)
}

// withWebhook returns a notification with the URL and the secret of the WEBHOOK integration if it has none of its own.
func withWebhook(n map[string]any, hook *store.Integration) map[string]any {
	if n["typeName"] != webhook || hook == nil {
		return n
	}
	n = maps.Clone(n)
	for field, name := range inherited {
		if value := hook.Fields[name]; n[field] == nil && !atlas.IsEmpty(value) {
			n[field] = value
		}
	}
	return n
}

// byName returns the members of an object in the order of their names.
func byName(object map[string]any) wire.Object {
	o := make(wire.Object, 0, len(object))
	for _, name := range slices.Sorted(maps.Keys(object)) {
		o = append(o, wire.Field(name, object[name]))
	}
	return o
}

// indexOfAlert returns the index of an alert configuration, or an error if there is none.
func indexOfAlert(list []store.Alert, project, id string) (int, error) {
	i := slices.IndexFunc(list, func(a store.Alert) bool { return a.ID == id })
	if i < 0 {
		return i, wire.NewError("ALERT_CONFIG_NOT_FOUND", id, project)
	}
	return i, nil
}

// checkAlert rejects malformed IDs and projects that do not exist.
func (c *call) checkAlert(ctx context.Context, project, id string) error {
	if err := c.Exists(ctx, project); err != nil {
		return err
	}
	if !atlas.IsID(id) {
		return wire.NewError("INVALID_ALERT_CONFIG_ID", shown(id))
	}
	return nil
}

// shownAlert returns an alert configuration alone.
func (c *call) shownAlert(ctx context.Context, project string, alert store.Alert) (any, error) {
	hook, err := c.webhookOf(ctx, project, alert)
	if err != nil {
		return nil, err
	}
	return c.alert(project, alert, hook, true), nil
}

// GetGroupAlertConfig returns an alert configuration.
func (a *API) GetGroupAlertConfig(w http.ResponseWriter, r *http.Request, project, id string, p companions.GetGroupAlertConfigParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(func(ctx context.Context) (any, error) {
		if err := c.checkAlert(ctx, project, id); err != nil {
			return nil, err
		}
		list, err := c.alerts(ctx, project)
		if err != nil {
			return nil, err
		}
		i, err := indexOfAlert(list, project, id)
		if err != nil {
			return nil, err
		}
		return c.shownAlert(ctx, project, list[i])
	})
}

// readAlert returns the fields of the alert configuration that the body describes.
func (c *call) readAlert() (map[string]any, error) {
	body, err := wire.ReadBody(c.r)
	if err != nil {
		return nil, err
	}
	return alertFields(body)
}

// CreateGroupAlertConfig creates an alert configuration.
func (a *API) CreateGroupAlertConfig(w http.ResponseWriter, r *http.Request, project string, p companions.CreateGroupAlertConfigParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.status = http.StatusCreated
	c.run(func(ctx context.Context) (any, error) {
		if err := c.Exists(ctx, project); err != nil {
			return nil, err
		}
		fields, err := c.readAlert()
		if err != nil {
			return nil, err
		}
		alert := c.newAlert()
		err = c.updateAlerts(ctx, project, func(list []store.Alert, integrations []store.Integration) ([]store.Alert, error) {
			list = slices.DeleteFunc(list, func(a store.Alert) bool { return a.ID == alert.ID }) // an earlier try may have stored it
			if len(list) >= maxAlerts {
				return nil, wire.NewError("MAX_ALERT_CONFIGS_PER_GROUP_EXCEEDED", strconv.Itoa(maxAlerts), project)
			}
			alert.Fields, err = relations{API: a, integrations: integrations}.complete(fields)
			return append(list, alert), err
		})
		if err != nil {
			return nil, err
		}
		shown, err := c.shownAlert(ctx, project, alert)
		if err == nil {
			c.w.Header().Set("Location", c.href("groups/"+project+"/alertConfigs/"+alert.ID))
		}
		return shown, err
	})
}

func (a *API) newAlert() store.Alert {
	now := a.Now().UTC().Truncate(time.Second)
	return store.Alert{ID: a.NewID(), Created: now, Updated: now}
}

// changeAlert changes the fields of an alert configuration, and responds with it.
func (c *call) changeAlert(
	ctx context.Context, project, id string, change func(old map[string]any, integrations []store.Integration) (map[string]any, error),
) (any, error) {
	var changed store.Alert
	err := c.updateAlerts(ctx, project, func(list []store.Alert, integrations []store.Integration) ([]store.Alert, error) {
		i, err := indexOfAlert(list, project, id)
		if err != nil {
			return nil, err
		}
		changed = list[i]
		changed.Updated = c.Now().UTC().Truncate(time.Second)
		changed.Fields, err = change(list[i].Fields, integrations)
		list[i] = changed
		return list, err
	})
	if err != nil {
		return nil, err
	}
	return c.shownAlert(ctx, project, changed)
}

// UpdateGroupAlertConfig replaces an alert configuration.
func (a *API) UpdateGroupAlertConfig(
	w http.ResponseWriter, r *http.Request, project, id string, p companions.UpdateGroupAlertConfigParams,
) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(func(ctx context.Context) (any, error) {
		if err := c.checkAlert(ctx, project, id); err != nil {
			return nil, err
		}
		fields, err := c.readAlert()
		if err != nil {
			return nil, err
		}
		return c.changeAlert(ctx, project, id, func(old map[string]any, integrations []store.Integration) (map[string]any, error) {
			stored, _ := old["notifications"].([]any)
			return relations{API: a, old: stored, integrations: integrations}.complete(fields)
		})
	})
}

// ToggleGroupAlertConfig enables or disables an alert configuration.
func (a *API) ToggleGroupAlertConfig(
	w http.ResponseWriter, r *http.Request, project, id string, p companions.ToggleGroupAlertConfigParams,
) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(func(ctx context.Context) (any, error) {
		if err := c.checkAlert(ctx, project, id); err != nil {
			return nil, err
		}
		var sent companions.AlertToggle
		members, err := c.read(&sent)
		switch {
		case err != nil:
			return nil, err
		case isNone(members, "enabled"):
			return nil, wire.NewError("MISSING_ATTRIBUTE", "enabled")
		}
		return c.changeAlert(ctx, project, id, func(old map[string]any, _ []store.Integration) (map[string]any, error) {
			changed := maps.Clone(old)
			changed["enabled"] = sent.Enabled
			return changed, nil
		})
	})
}

// DeleteGroupAlertConfig deletes an alert configuration.
func (a *API) DeleteGroupAlertConfig(
	w http.ResponseWriter, r *http.Request, project, id string, p companions.DeleteGroupAlertConfigParams,
) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(func(ctx context.Context) (any, error) {
		if err := c.checkAlert(ctx, project, id); err != nil {
			return nil, err
		}
		return nil, c.updateAlerts(ctx, project, func(list []store.Alert, _ []store.Integration) ([]store.Alert, error) {
			i, err := indexOfAlert(list, project, id)
			if err != nil {
				return nil, err
			}
			return slices.Delete(list, i, i+1), nil
		})
	})
}

// CheckAlerts validates the alert configurations of a snapshot together with the integrations of their project. It
// returns copies of them, with IDs for those without. The error describes the first that no request could have made,
// without its values, such as "alerts[0] is not an alert configuration that the API accepts".
func (a *API) CheckAlerts(list []store.Alert, integrations []store.Integration) ([]store.Alert, error) {
	if len(list) > maxAlerts {
		return nil, fmt.Errorf("it has %d alert configurations, over the limit of %d", len(list), maxAlerts)
	}
	var checked []store.Alert
	seen := map[string]bool{}
	for i, alert := range list {
		fresh := a.newAlert()
		if alert.ID == "" {
			alert.ID = fresh.ID
		}
		if alert.Created.IsZero() {
			alert.Created = fresh.Created
		}
		if alert.Updated.IsZero() {
			alert.Updated = alert.Created
		}
		body, err := json.Marshal(alert.Fields)
		if err == nil {
			alert.Fields, err = a.restored(body, integrations)
		}
		place := "alerts[" + strconv.Itoa(i) + "]"
		switch {
		case err != nil:
			return nil, errors.New(place + " is not an alert configuration that the API accepts" + codeText(err))
		case !atlas.IsID(alert.ID):
			return nil, errors.New("the id of " + place + " is not " + atlas.IDForm)
		case !isTime(alert.Created) || !isTime(alert.Updated):
			return nil, errors.New("a time of " + place + " is not one of the years 1 to 9999")
		case seen[alert.ID]:
			return nil, errors.New(place + " has the id of another alert configuration")
		}
		seen[alert.ID] = true
		checked = append(checked, alert)
	}
	return checked, nil
}

// codeText returns the code of an error of the API in parentheses, "" for another error.
func codeText(err error) string {
	var rejected *wire.Error
	if !errors.As(err, &rejected) {
		return ""
	}
	return " (" + rejected.Code + ")"
}

// restored returns the fields of an alert configuration that came with a snapshot.
func (a *API) restored(body []byte, integrations []store.Integration) (map[string]any, error) {
	fields, err := alertFields(body)
	if err != nil {
		return nil, err
	}
	return relations{API: a, integrations: integrations, restored: true}.complete(fields)
}
