package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

const (
	org      = "65f0c1d2e3a4b5c6d7e8f900"
	otherOrg = "65f0c1d2e3a4b5c6d7e8f901"
)

func named(id, org, name string) store.Project {
	return store.Project{ID: id, Org: org, Name: name, Created: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
}

// set is a change that ignores the old record.
func (c *checker) set(p store.Project) error {
	return c.s.UpdateProject(c.ctx, p.ID, func(*store.Project) (store.Project, error) { return p, nil })
}

func (c *checker) mustSet(list ...store.Project) {
	c.t.Helper()
	for _, p := range list {
		c.wantErr("update project", c.set(p), nil)
	}
}

func (c *checker) wantProject(want store.Project) {
	c.t.Helper()
	got, err := c.s.Project(c.ctx, want.ID)
	c.wantErr("project", err, nil)
	c.wantSame("project", got, want)
}

func (c *checker) wantProjects(want ...store.Project) {
	c.t.Helper()
	got, err := c.s.Projects(c.ctx)
	c.wantErr("projects", err, nil)
	c.wantSameProjects("projects", got, want)
}

func (c *checker) wantNamed(name string, want ...store.Project) {
	c.t.Helper()
	got, err := c.s.ProjectsByName(c.ctx, name)
	c.wantErr("named", err, nil)
	c.wantSameProjects("named "+name, got, want)
}

func (c *checker) wantSameProjects(what string, got, want []store.Project) {
	c.t.Helper()
	byID := func(a, b store.Project) int { return strings.Compare(a.ID, b.ID) }
	slices.SortFunc(got, byID)
	slices.SortFunc(want, byID)
	if len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
		c.t.Errorf("%s: %s: %v, want %v", c.name, what, got, want)
	}
}

func (c *checker) records() {
	_, err := c.s.Project(c.ctx, project)
	c.wantErr("project", err, store.ErrNotFound)
	full := named(project, org, "Ünïcode (1) & more, 'ok' %s")
	full.Region, full.Tags = "GOV_REGIONS_ONLY", []store.Tag{{Key: "env", Value: "<>&\u2028"}, {Key: "a", Value: "b"}}
	full.NoDefaultAlerts, full.NoManagedSlowMs = true, true
	full.Settings, full.Limits = map[string]bool{"a": true, "b": false}, map[string]int64{"x": 1 << 60}
	full.Teams = []store.Team{{ID: otherOrg, Roles: []string{"GROUP_OWNER"}}}
	var seen *store.Project
	change := func(p store.Project) {
		c.t.Helper()
		c.wantErr("update project", c.s.UpdateProject(c.ctx, p.ID, func(old *store.Project) (store.Project, error) {
			seen = old
			return p, nil
		}), nil)
	}
	change(full)
	c.wantSame("a change sees nil if nothing is stored", seen, (*store.Project)(nil))
	c.wantProject(full)
	cleared := named(project, org, full.Name)
	cleared.Tags = []store.Tag{}
	change(cleared)
	c.wantSame("a change sees the stored project", seen, &full)
	c.wantProject(cleared)
	c.mustCreate(project, sample("A"))
	c.wantProject(cleared)
	c.wantList(project, sample("A"))
}

func (c *checker) names() {
	a, b := named(project, org, "a"), named(other, org, "b")
	c.mustSet(a, b)
	taken := b
	taken.Name = "a"
	c.wantErr("a name that is taken", c.set(taken), store.ErrNameTaken)
	c.wantProject(b)
	elsewhere := named(otherOrg, otherOrg, "a")
	c.mustSet(elsewhere)
	c.wantNamed("a", a, elsewhere)
	c.wantNamed("b", b)
	c.wantNamed("c")
	c.wantNamed("")
	a.Name = "c"
	c.mustSet(a, a)
	c.wantNamed("a", elsewhere)
	c.wantNamed("c", a)
	c.mustSet(taken)
	c.wantNamed("a", elsewhere, taken)
	c.wantNamed("b")
	c.wantErr("delete project", c.s.DeleteProject(c.ctx, other), nil)
	c.wantNamed("a", elsewhere)
	next := named("222222222222222222222222", org, "a")
	c.mustSet(next)
	c.wantNamed("a", elsewhere, next)
}

func (c *checker) lists() {
	c.wantProjects()
	a := named(project, org, "a")
	c.mustSet(a)
	c.mustCreate(project, sample("A"))
	c.mustCreate(other, sample("A"), sample("B"))
	c.wantProjects(a, store.Project{ID: other})
	c.wantErr("delete", c.s.Delete(c.ctx, other, "A"), nil)
	c.wantErr("delete", c.s.Delete(c.ctx, other, "B"), nil)
	c.wantProjects(a)
}

func (c *checker) rejectedChange() {
	rejection := errors.New("rejected")
	reject := func(*store.Project) (store.Project, error) { return named(project, org, "b"), rejection }
	c.wantErr("change of nothing", c.s.UpdateProject(c.ctx, project, reject), rejection)
	c.wantProjects()
	c.mustSet(named(project, org, "a"))
	c.wantErr("change", c.s.UpdateProject(c.ctx, project, reject), rejection)
	c.wantProjects(named(project, org, "a"))
}

// wantDeleted checks that no method finds a project.
func (c *checker) wantDeleted(id string) {
	c.t.Helper()
	_, err := c.s.Project(c.ctx, id)
	c.wantErr("project of a deleted one", err, store.ErrDeleted)
	_, err = c.s.List(c.ctx, id)
	c.wantErr("list of a deleted project", err, store.ErrDeleted)
	_, err = c.s.Get(c.ctx, id, "A")
	c.wantErr("get of a deleted project", err, store.ErrDeleted)
	c.wantErr("create in a deleted project", c.s.Create(c.ctx, id, sample("A")), store.ErrDeleted)
	c.wantErr("update in a deleted project", c.put(id, sample("A")), store.ErrDeleted)
	_, err = c.s.Alerts(c.ctx, id)
	c.wantErr("alert configurations of a deleted project", err, store.ErrDeleted)
	c.wantErr("change of alert configurations in a deleted project", c.setAlerts(id, alert("a")), store.ErrDeleted)
	c.wantErr("delete in a deleted project", c.s.Delete(c.ctx, id, "A"), store.ErrDeleted)
	c.wantErr("change of a deleted project", c.set(named(id, org, "again")), store.ErrDeleted)
	c.wantErr("deletion of a deleted project", c.s.DeleteProject(c.ctx, id), store.ErrDeleted)
	c.wantNamed("again")
}

func (c *checker) deleted() {
	c.mustSet(named(project, org, "a"))
	c.mustCreate(project, sample("A"), sample("B"))
	c.mustCreate(other, sample("A"))
	c.wantErr("delete project", c.s.DeleteProject(c.ctx, project), nil)
	c.wantDeleted(project)
	c.wantNamed("a")
	c.wantProjects(store.Project{ID: other})
	c.wantList(other, sample("A"))
	c.wantSame("snapshot", c.state(), store.State{project: {Deleted: true}, other: {Integrations: []store.Integration{sample("A")}}})
}

func (c *checker) deletedUnrecorded() {
	c.mustCreate(project, sample("A"))
	c.wantErr("delete project", c.s.DeleteProject(c.ctx, project), nil)
	c.wantDeleted(project)
	c.wantErr("delete project without anything", c.s.DeleteProject(c.ctx, other), nil)
	c.wantDeleted(other)
	c.wantProjects()
}

func (c *checker) projectSnapshot() {
	a, b := named(project, org, "a"), named(otherOrg, org, "b")
	a.Tags, a.Limits = []store.Tag{}, map[string]int64{"x": 1}
	c.mustSet(a, b)
	c.mustCreate(project, sample("A"))
	c.wantErr("delete project", c.s.DeleteProject(c.ctx, other), nil)
	state := c.state()
	c.wantSame("snapshot", state, store.State{
		project: {Project: &a, Integrations: []store.Integration{sample("A")}}, otherOrg: {Project: &b}, other: {Deleted: true},
	})
	c.wantErr("delete project", c.s.DeleteProject(c.ctx, project), nil)
	c.mustSet(named(otherOrg, org, "a"))
	data, err := json.Marshal(state)
	c.wantErr("marshal", err, nil)
	read := store.State{}
	c.wantErr("unmarshal", json.Unmarshal(data, &read), nil)
	c.wantErr("restore", c.s.Restore(c.ctx, read), nil)
	c.wantSame("restored", c.state(), state)
	c.wantNamed("a", a)
	c.wantNamed("b", b)
	c.wantDeleted(other)
	c.wantErr("restore nothing", c.s.Restore(c.ctx, store.State{}), nil)
	c.empty()
	c.wantProjects()
	c.wantNamed("a")
	c.mustCreate(other, sample("A"))
}

func (c *checker) duplicateNames() {
	a, b := named(project, org, "a"), named(other, org, "a")
	c.wantErr("restore", c.s.Restore(c.ctx, store.State{project: {Project: &a}, other: {Project: &b}}), store.ErrNameTaken)
}

func (c *checker) nameRace() {
	n := c.together(store.ErrNameTaken, func(n int) error { return c.set(named(fmt.Sprintf("%024x", n), org, "a")) })
	c.wantSame("successes", n, 1)
	list, err := c.s.Projects(c.ctx)
	c.wantErr("projects", err, nil)
	c.wantSame("projects", len(list), 1)
	c.wantNamed("a", list...)
}

// renameRace checks that one of many projects gets a name while its owner is deleted.
func (c *checker) renameRace() {
	owner := named(project, org, "a")
	c.mustSet(owner)
	for n := range clients {
		c.mustSet(named(fmt.Sprintf("%024x", n), org, fmt.Sprint(n)))
	}
	n := c.together(store.ErrNameTaken, func(n int) error {
		if n == 0 {
			return c.s.DeleteProject(c.ctx, project)
		}
		return c.set(named(fmt.Sprintf("%024x", n), org, "a"))
	})
	got, err := c.s.ProjectsByName(c.ctx, "a")
	c.wantErr("named", err, nil)
	c.wantSame("projects with the name", len(got), n-1)
	if len(got) > 1 {
		c.t.Errorf("%s: a name has %d projects", c.name, len(got))
	}
	c.mustSet(append(got, named("222222222222222222222222", org, "b"))...)
	list, err := c.s.Projects(c.ctx)
	c.wantErr("projects", err, nil)
	c.wantSame("projects", len(list), clients+1)
}

func (c *checker) deleteRace() {
	c.mustSet(named(project, org, "a"))
	c.mustCreate(project, sample("A"))
	c.wantSame("successes", c.together(store.ErrDeleted, func(int) error { return c.s.DeleteProject(c.ctx, project) }), 1)
	c.wantDeleted(project)
}

// writeRace checks that writes during the deletion of a project leave nothing of it.
func (c *checker) writeRace() {
	c.mustCreate(project, sample("A"))
	c.together(store.ErrDeleted, func(n int) error {
		switch {
		case n == clients/2:
			return c.s.DeleteProject(c.ctx, project)
		case n%3 == 0:
			return c.set(named(project, org, fmt.Sprint(n)))
		case n%3 == 1:
			return c.put(project, sample("A"))
		}
		in := sample("A")
		in.Type = fmt.Sprintf("B%d", n)
		return c.s.Create(c.ctx, project, in)
	})
	c.wantDeleted(project)
	c.wantProjects()
	c.wantSame("snapshot", c.state(), store.State{project: {Deleted: true}})
	for n := range clients {
		c.wantNamed(fmt.Sprint(n))
	}
}
