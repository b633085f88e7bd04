package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

// webhook is the type of integration that can't be deleted while it is used.
const webhook = "WEBHOOK"

// alert is an alert configuration that uses no integration.
func alert(id string) store.Alert {
	moment := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return store.Alert{ID: id, Created: moment, Updated: moment.Add(time.Hour), Fields: map[string]any{
		"enabled": true, "eventTypeName": "NO_PRIMARY", "matchers": []any{},
		"metricThreshold": map[string]any{"threshold": json.Number("80.0")},
		"notifications":   []any{map[string]any{"typeName": "EMAIL", "emailAddress": "<ada@example.com>", "delayMin": json.Number("0")}},
	}}
}

// using is an alert configuration that uses an integration of a type.
func using(id, typ string) store.Alert {
	a := alert(id)
	n := map[string]any{"typeName": typ, "notifierId": id}
	if typ != webhook {
		n["integrationId"] = sample(typ).ID
	}
	a.Fields["notifications"] = []any{n}
	return a
}

// setAlerts is a change that ignores the old alert configurations.
func (c *checker) setAlerts(project string, list ...store.Alert) error {
	return c.s.UpdateAlerts(c.ctx, project, func([]store.Alert, []store.Integration) ([]store.Alert, error) { return list, nil })
}

func (c *checker) wantAlerts(project string, want ...store.Alert) {
	c.t.Helper()
	got, err := c.s.Alerts(c.ctx, project)
	c.wantErr("alerts", err, nil)
	if len(got) != 0 || len(want) != 0 {
		c.wantSame("alerts", got, want)
	}
}

func (c *checker) alerts() {
	c.wantAlerts(project)
	c.mustCreate(project, sample("A"), sample("B"))
	var seen []store.Alert
	set := func(list ...store.Alert) {
		c.t.Helper()
		c.wantErr("update alerts", c.s.UpdateAlerts(c.ctx, project,
			func(old []store.Alert, integrations []store.Integration) ([]store.Alert, error) {
				slices.SortFunc(integrations, byType)
				c.wantSame("a change sees the integrations", integrations, []store.Integration{sample("A"), sample("B")})
				seen = old
				return list, nil
			}), nil)
	}
	set(alert("b"), using("a", "A"))
	c.wantSame("a change sees nil if nothing is stored", len(seen), 0)
	c.wantAlerts(project, alert("b"), using("a", "A"))
	c.wantAlerts(other)
	c.wantList(project, sample("A"), sample("B"))
	set(alert("c"))
	c.wantSame("a change sees the stored alert configuration", seen, []store.Alert{alert("b"), using("a", "A")})
	got, err := c.s.Alerts(c.ctx, project)
	c.wantErr("alerts", err, nil)
	clear(got)
	c.wantAlerts(project, alert("c"))
	c.wantErr("update alerts", c.setAlerts(other, alert("d")), nil)
	c.wantProjects(store.Project{ID: project}, store.Project{ID: other})
	set()
	c.wantAlerts(project)
	c.wantErr("update alerts", c.setAlerts(other), nil)
	c.wantProjects(store.Project{ID: project})
}

func (c *checker) rejectedAlerts() {
	rejection := errors.New("rejected")
	reject := func([]store.Alert, []store.Integration) ([]store.Alert, error) {
		return []store.Alert{alert("b")}, rejection
	}
	c.wantErr("change of nothing", c.s.UpdateAlerts(c.ctx, project, reject), rejection)
	c.wantAlerts(project)
	c.wantErr("update alerts", c.setAlerts(project, alert("a")), nil)
	c.wantErr("change", c.s.UpdateAlerts(c.ctx, project, reject), rejection)
	c.wantAlerts(project, alert("a"))
}

func (c *checker) webhookInUse() {
	c.mustCreate(project, sample(webhook), sample("A"))
	c.mustCreate(other, sample(webhook))
	c.wantErr("update alerts", c.setAlerts(project, alert("b"), using("a", webhook), using("c", "A")), nil)
	c.wantErr("delete a webhook that is used", c.s.Delete(c.ctx, project, webhook), store.ErrInUse)
	c.wantErr("delete another integration that is used", c.s.Delete(c.ctx, project, "A"), nil)
	c.wantErr("delete a webhook of another project", c.s.Delete(c.ctx, other, webhook), nil)
	c.wantErr("update a webhook that is used", c.put(project, sample(webhook)), nil)
	c.wantList(project, sample(webhook))
	own := using("a", webhook)
	own.Fields["notifications"].([]any)[0].(map[string]any)["webhookUrl"] = "https://h.example/"
	c.wantErr("update alerts", c.setAlerts(project, own, using("c", "A")), nil)
	c.wantErr("delete a webhook that is not used", c.s.Delete(c.ctx, project, webhook), nil)
	c.wantErr("delete it again", c.s.Delete(c.ctx, project, webhook), store.ErrNotFound)
	c.wantAlerts(project, own, using("c", "A"))
}

func (c *checker) deletedAlerts() {
	c.mustCreate(project, sample(webhook))
	c.wantErr("update alerts", c.setAlerts(project, using("a", webhook)), nil)
	c.wantErr("update alerts", c.setAlerts(other, alert("a")), nil)
	c.wantErr("delete project", c.s.DeleteProject(c.ctx, project), nil)
	c.wantDeleted(project)
	c.wantErr("delete project without integrations", c.s.DeleteProject(c.ctx, other), nil)
	c.wantDeleted(other)
	c.wantProjects()
	c.wantSame("snapshot", c.state(), store.State{project: {Deleted: true}, other: {Deleted: true}})
}

func (c *checker) alertSnapshot() {
	record := named(project, org, "a")
	c.mustSet(record)
	c.mustCreate(project, sample(webhook))
	c.wantErr("update alerts", c.setAlerts(project, using("b", webhook), alert("a")), nil)
	c.wantErr("update alerts", c.setAlerts(other, alert("a")), nil)
	state := c.state()
	c.wantSame("snapshot", state, store.State{
		project: {Project: &record, Integrations: []store.Integration{sample(webhook)}, Alerts: []store.Alert{using("b", webhook), alert("a")}},
		other:   {Alerts: []store.Alert{alert("a")}},
	})
	c.wantErr("update alerts", c.setAlerts(project), nil)
	c.wantErr("delete", c.s.Delete(c.ctx, project, webhook), nil)
	data, err := json.Marshal(state)
	c.wantErr("marshal", err, nil)
	read := store.State{}
	c.wantErr("unmarshal", json.Unmarshal(data, &read), nil)
	c.wantErr("restore", c.s.Restore(c.ctx, read), nil)
	c.wantSame("restored", c.state(), state)
	c.wantErr("delete a restored webhook that is used", c.s.Delete(c.ctx, project, webhook), store.ErrInUse)
	c.wantErr("restore nothing", c.s.Restore(c.ctx, store.State{}), nil)
	c.wantAlerts(project)
	c.empty()
}

// add is a change that adds an alert configuration, if the project has the integrations that it uses. It may run twice.
func (c *checker) add(project string, a store.Alert) error {
	return c.s.UpdateAlerts(c.ctx, project, func(old []store.Alert, integrations []store.Integration) ([]store.Alert, error) {
		for _, typ := range a.Uses() {
			if !slices.ContainsFunc(integrations, func(in store.Integration) bool { return in.Type == typ }) {
				return nil, store.ErrNotFound
			}
		}
		if slices.ContainsFunc(old, func(o store.Alert) bool { return o.ID == a.ID }) {
			return old, nil
		}
		return append(old, a), nil
	})
}

func (c *checker) alertRace() {
	c.wantSame("successes", c.together(nil, func(n int) error { return c.add(project, alert(fmt.Sprint(n))) }), clients)
	list, err := c.s.Alerts(c.ctx, project)
	c.wantErr("alerts", err, nil)
	c.wantSame("alert configurations", len(list), clients)
}

// webhookRace checks that concurrent deletions and alert configurations never leave a use of a deleted webhook.
func (c *checker) webhookRace() {
	c.mustCreate(project, sample(webhook))
	c.together(nil, func(n int) error {
		if n%2 == 0 {
			if err := c.add(project, using(fmt.Sprint(n), webhook)); !errors.Is(err, store.ErrNotFound) {
				return err
			}
			return nil
		}
		err := c.s.Delete(c.ctx, project, webhook)
		if errors.Is(err, store.ErrInUse) || errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	_, err := c.s.Get(c.ctx, project, webhook)
	deleted := errors.Is(err, store.ErrNotFound)
	list, err := c.s.Alerts(c.ctx, project)
	c.wantErr("alerts", err, nil)
	c.wantSame("a webhook without an alert configuration, or the other way round", len(list) == 0, deleted)
}
