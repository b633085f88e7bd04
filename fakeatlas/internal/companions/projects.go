package companions

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/companions"
	"github.com/atlasint/atlasint/internal/atlas"
)

// ListGroups returns the projects that were created, named or used.
func (a *API) ListGroups(w http.ResponseWriter, r *http.Request, p companions.ListGroupsParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(func(ctx context.Context) (any, error) {
		return c.listProjects(ctx, paging(p.IncludeCount, p.ItemsPerPage, p.PageNum), func(store.Project) bool { return true })
	})
}

// GetOrgGroups returns the projects of an organization.
func (a *API) GetOrgGroups(w http.ResponseWriter, r *http.Request, org string, p companions.GetOrgGroupsParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(func(ctx context.Context) (any, error) {
		if err := checkOrg(org); err != nil {
			return nil, err
		}
		return c.listProjects(ctx, paging(p.IncludeCount, p.ItemsPerPage, p.PageNum), func(project store.Project) bool {
			return project.Org == org && hasPrefix(project.Name, wire.ValueOr(p.Name, ""))
		})
	})
}

// hasPrefix reports whether a name begins with a prefix, without regard to case.
func hasPrefix(name, prefix string) bool {
	return len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix)
}

func (c *call) listProjects(ctx context.Context, p wire.Paging, wanted func(store.Project) bool) (any, error) {
	list, err := c.projects(ctx)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(p store.Project) bool { return !wanted(p) })
	results := make([]wire.Object, len(list))
	for i, project := range list {
		results[i] = c.group(project, false)
	}
	return c.list(p, results)
}

// projects returns all projects that are listed, sorted by name.
func (a *API) projects(ctx context.Context) ([]store.Project, error) {
	list, err := a.Store.Projects(ctx)
	if err != nil {
		return nil, err
	}
	listed := map[string]bool{}
	for i, p := range list {
		listed[p.ID] = true
		if p.Name == "" {
			list[i] = implicit(p.ID)
		}
	}
	for id := range a.Named {
		if listed[id] {
			continue
		}
		switch _, err := a.Store.Project(ctx, id); {
		case errors.Is(err, store.ErrNotFound):
			list = append(list, implicit(id))
		case err != nil && !errors.Is(err, store.ErrDeleted):
			return nil, err
		}
	}
	slices.SortFunc(list, func(a, b store.Project) int {
		if order := strings.Compare(a.Name, b.Name); order != 0 {
			return order
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list, nil
}

// groupLinks are the links of one project besides the one to itself.
var groupLinks = []string{"containers", "clusters", "databaseUsers", "peers", "processes", "whitelist"}

// group returns a project as responses show it: alone, or in a list.
func (c *call) group(p store.Project, alone bool) wire.Object {
	self := c.href("groups/" + p.ID)
	links := []any{link(self, "self")}
	o := wire.Object{wire.Field("clusterCount", 0), wire.Field("created", p.Created.UTC().Format(time.RFC3339)), wire.Field("id", p.ID)}
	tags := make([]any, len(p.Tags))
	for i, tag := range p.Tags {
		tags[i] = wire.Object{wire.Field("key", tag.Key), wire.Field("value", tag.Value)}
	}
	if alone {
		for _, name := range groupLinks {
			links = append(links, link(self+"/"+name, "https://cloud.mongodb.com/"+name))
		}
	}
	o = append(o, wire.Field("links", links), wire.Field("name", p.Name), wire.Field("orgId", p.Org))
	if p.Region != "" {
		o = append(o, wire.Field("regionUsageRestrictions", p.Region))
	}
	if !alone || p.Tags != nil {
		o = append(o, wire.Field("tags", tags))
	}
	return append(o, wire.Field("withDefaultAlertsSettings", !p.NoDefaultAlerts))
}

// CreateGroup creates a project, with the default alert configurations unless the client turns them off.
func (a *API) CreateGroup(w http.ResponseWriter, r *http.Request, p companions.CreateGroupParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.status = http.StatusCreated
	c.run(func(ctx context.Context) (any, error) {
		project, err := c.readProject()
		if err != nil {
			return nil, err
		}
		if err := c.checkFree(ctx, project); err != nil {
			return nil, err
		}
		err = c.Store.UpdateProject(ctx, project.ID, func(*store.Project) (store.Project, error) { return project, nil })
		if errors.Is(err, store.ErrNameTaken) {
			return nil, wire.NewError("GROUP_ALREADY_EXISTS", shown(project.Name))
		}
		if err == nil {
			err = c.addDefaultAlerts(ctx, project)
		}
		return c.group(project, true), err
	})
}

// readProject returns the new project that the body describes. Its read-only members count as not sent.
func (c *call) readProject() (store.Project, error) {
	var sent companions.NewGroup
	members, err := c.read(&sent)
	if err != nil {
		return store.Project{}, err
	}
	for _, name := range []string{"name", "orgId"} {
		if isNone(members, name) {
			return store.Project{}, wire.NewError("MISSING_ATTRIBUTE", name)
		}
	}
	if err := checkOrg(sent.OrgID); err != nil {
		return store.Project{}, err
	}
	tags, err := tagsOf(sent.Tags)
	if err != nil {
		return store.Project{}, err
	}
	region := wire.ValueOr(sent.RegionUsageRestrictions, "")
	if !region.Valid() {
		return store.Project{}, wire.NewError("INVALID_ENUM_VALUE", shown(string(region)))
	}
	return store.Project{
		ID: c.NewID(), Org: sent.OrgID, Name: sent.Name, Created: c.Now().UTC().Truncate(time.Second),
		Region: string(region), Tags: tags, NoDefaultAlerts: !wire.ValueOr(sent.WithDefaultAlertsSettings, true),
	}, nil
}

// checkFree rejects a malformed name, and the name of a project without a record. The store rejects the names of
// records.
func (c *call) checkFree(ctx context.Context, p store.Project) error {
	if err := checkName(p.Name); err != nil {
		return err
	}
	owner, taken, err := c.withName(ctx, p.Name)
	if taken && owner.ID != p.ID && owner.Org == p.Org {
		return wire.NewError("GROUP_ALREADY_EXISTS", shown(p.Name))
	}
	return err
}

// tagsOf validates tags. Without tags it returns nil, which means that they were never set.
func tagsOf(sent []companions.ResourceTag) ([]store.Tag, error) {
	var tags []store.Tag
	for _, tag := range sent {
		for _, text := range []string{tag.Key, tag.Value} {
			if n := utf8.RuneCountInString(text); n < 1 || n > 255 {
				return nil, wire.NewError("INVALID_ATTRIBUTE", "tags")
			}
		}
		tags = append(tags, store.Tag{Key: tag.Key, Value: tag.Value})
	}
	return tags, nil
}

// GetGroup returns a project.
func (a *API) GetGroup(w http.ResponseWriter, r *http.Request, id string, p companions.GetGroupParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(func(ctx context.Context) (any, error) {
		project, err := c.project(ctx, id)
		return c.group(project, true), err
	})
}

// GetGroupByName returns the project with a name. If several organizations have one, it is that of the organization
// with the lowest ID.
func (a *API) GetGroupByName(w http.ResponseWriter, r *http.Request, name string, p companions.GetGroupByNameParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(func(ctx context.Context) (any, error) {
		list, err := c.Store.ProjectsByName(ctx, name)
		if err != nil {
			return nil, err
		}
		project, ok, err := c.withName(ctx, name)
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, project)
		}
		if len(list) == 0 {
			return nil, wire.NewError("GROUP_NOT_FOUND", shown(name))
		}
		return c.group(slices.MinFunc(list, func(a, b store.Project) int { return strings.Compare(a.Org, b.Org) }), true), nil
	})
}

// UpdateGroup changes the members of a project that were sent.
func (a *API) UpdateGroup(w http.ResponseWriter, r *http.Request, id string, p companions.UpdateGroupParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(func(ctx context.Context) (any, error) {
		project, err := c.project(ctx, id)
		if err != nil {
			return nil, err
		}
		var sent companions.GroupUpdate
		members, err := c.read(&sent)
		if err != nil {
			return nil, err
		}
		tags, err := tagsOf(sent.Tags)
		if err != nil {
			return nil, err
		}
		if sent.Name != nil {
			project.Name = *sent.Name
			if err := c.checkFree(ctx, project); err != nil {
				return nil, err
			}
		}
		project, err = c.change(ctx, id, func(project *store.Project) error {
			if !isNone(members, "tags") {
				project.Tags = append([]store.Tag{}, tags...)
			}
			update(project, sent)
			return nil
		})
		return c.group(project, true), err
	})
}

// update changes the name and the settings of a project that were sent.
func update(project *store.Project, sent companions.GroupUpdate) {
	if sent.WithDefaultAlertsSettings != nil {
		project.NoDefaultAlerts = !*sent.WithDefaultAlertsSettings
	}
	if sent.Name != nil {
		project.Name = *sent.Name
	}
}

// DeleteGroup deletes a project and everything in it.
func (a *API) DeleteGroup(w http.ResponseWriter, r *http.Request, id string, p companions.DeleteGroupParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.status = http.StatusAccepted
	c.run(func(ctx context.Context) (any, error) {
		if err := c.Exists(ctx, id); err != nil {
			return nil, err
		}
		return wire.Object{}, notFound(id, c.Store.DeleteProject(ctx, id))
	})
}

func checkOrg(id string) error {
	if !atlas.IsID(id) {
		return wire.NewError("INVALID_ORG_ID", shown(id))
	}
	return nil
}
