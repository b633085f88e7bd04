package fakeatlas

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
)

// projectModel is what the projects of a server must be. Every well-formed ID is a project until it is deleted.
type projectModel struct {
	a       *apiClient
	names   map[string]string          // of projects with a record
	types   map[string]map[string]bool // integrations by project
	deleted map[string]bool
	ids     []string
}

var modelTypes = []string{"OPS_GENIE", "VICTOR_OPS"}

func (m *projectModel) id(t *rapid.T) string { return rapid.SampledFrom(m.ids).Draw(t, "project") }

func drawName(t *rapid.T) string {
	return rapid.SampledFrom([]string{"a", "b", "A name (1)"}).Draw(t, "name")
}

// owner returns the project that has a name.
func (m *projectModel) owner(name string) string {
	for id, n := range m.names {
		if n == name {
			return id
		}
	}
	return ""
}

func (m *projectModel) create(t *rapid.T) {
	name := drawName(t)
	got := m.a.do("POST", prefix2+"groups", `{"name":"`+name+`","orgId":"5f0000000000000000000001"}`)
	if m.owner(name) != "" {
		m.a.want(got, 409, "GROUP_ALREADY_EXISTS")
		return
	}
	m.a.want(got, 201, "")
	var project struct{ ID string }
	if err := json.Unmarshal([]byte(got.body), &project); err != nil {
		t.Fatal(err)
	}
	m.ids = append(m.ids, project.ID)
	m.names[project.ID] = name
}

func (m *projectModel) rename(t *rapid.T) {
	id, name := m.id(t), drawName(t)
	got := m.a.do("PATCH", prefix2+"groups/"+id, `{"name":"`+name+`"}`)
	switch owner := m.owner(name); {
	case m.deleted[id]:
		m.a.want(got, 404, "GROUP_NOT_FOUND")
	case owner != "" && owner != id:
		m.a.want(got, 409, "GROUP_ALREADY_EXISTS")
	default:
		m.a.want(got, 200, "")
		m.names[id] = name
	}
}

func (m *projectModel) remove(t *rapid.T) {
	id := m.id(t)
	got := m.a.do("DELETE", prefix2+"groups/"+id, "")
	if m.deleted[id] {
		m.a.want(got, 404, "GROUP_NOT_FOUND")
		return
	}
	m.a.want(got, 202, "")
	m.deleted[id] = true
	delete(m.names, id)
	delete(m.types, id)
}

func (m *projectModel) integrate(t *rapid.T) {
	id, typ := m.id(t), rapid.SampledFrom(modelTypes).Draw(t, "type")
	a := m.a.in(id).withVersion(rapid.SampledFrom(apiVersions).Draw(t, "version"))
	if rapid.Bool().Draw(t, "put") {
		got := a.do("PUT", "/"+typ, `{"type":"`+typ+`","apiKey":"k-123456"}`)
		if m.deleted[id] {
			a.want(got, 404, "GROUP_NOT_FOUND")
			return
		}
		a.want(got, 200, "")
		if m.types[id] == nil {
			m.types[id] = map[string]bool{}
		}
		m.types[id][typ] = true
		return
	}
	got := a.do("DELETE", "/"+typ, "")
	switch {
	case m.deleted[id]:
		a.want(got, 404, "GROUP_NOT_FOUND")
	case !m.types[id][typ]:
		a.want(got, 404, "INTEGRATION_NOT_CONFIGURED")
	default:
		a.want(got, 204, "")
		delete(m.types[id], typ)
	}
}

// same compares the lists of the server with the model.
func (m *projectModel) same(t *rapid.T) {
	var shown struct{ Results []struct{ ID, Name string } }
	if err := json.Unmarshal([]byte(m.a.do("GET", prefix2+"groups?itemsPerPage=500", "").body), &shown); err != nil {
		t.Fatal(err)
	}
	got, want := map[string]string{}, maps.Clone(m.names)
	for _, project := range shown.Results {
		got[project.ID] = project.Name
	}
	for id, types := range m.types {
		if _, recorded := want[id]; !recorded && len(types) > 0 {
			want[id] = "Project " + id
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(shown.Results) != len(want) {
		t.Errorf("projects (-want +got):\n%s", diff)
	}
	for _, id := range m.ids {
		types := []string{}
		for _, in := range m.a.s.Integrations(id) {
			types = append(types, in.Type)
		}
		slices.Sort(types)
		wanted := []string{}
		for typ, stored := range m.types[id] {
			if stored {
				wanted = append(wanted, typ)
			}
		}
		slices.Sort(wanted)
		if diff := cmp.Diff(wanted, types); diff != "" {
			t.Errorf("integrations of %s (-want +got):\n%s", id, diff)
		}
	}
}

// Whatever the store, random requests for projects and their integrations are answered as the model says.
func TestProjectsAgainstAModel(t *testing.T) {
	for name, s := range eachStore(t) {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				if err := s.Restore(context.Background(), store.State{}); err != nil {
					t.Fatal(err)
				}
				m := &projectModel{
					a: newAPIClient(t, schemas.V2, WithStore(s), WithJournal(0)), names: map[string]string{}, types: map[string]map[string]bool{}, deleted: map[string]bool{},
					ids: []string{testProject, fmt.Sprintf("%024x", 1), fmt.Sprintf("%024x", 2)},
				}
				actions := map[string]func(*rapid.T){"create": m.create, "rename": m.rename, "remove": m.remove, "integrate": m.integrate}
				if name == "memory" { // the others take longer
					actions[""] = m.same
				}
				t.Repeat(actions)
				m.same(t)
			})
		})
	}
}
