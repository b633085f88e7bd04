package companions

import (
	"context"
	"net/http"
	"slices"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/companions"
	"github.com/atlasint/atlasint/internal/atlas"
)

// allTeams is the paging of responses that have all teams.
var allTeams = wire.NewPaging(nil, nil, nil)

func (c *call) listTeams(p wire.Paging, project store.Project) (any, error) {
	results := make([]wire.Object, len(project.Teams))
	for i, team := range project.Teams {
		roles := make([]any, len(team.Roles))
		for i, role := range team.Roles {
			roles[i] = role
		}
		self := c.href("groups/" + project.ID + "/teams/" + team.ID)
		results[i] = wire.Object{wire.Field("links", []any{link(self, "self")}), wire.Field("roleNames", roles), wire.Field("teamId", team.ID)}
	}
	return c.list(p, results)
}

// ListGroupTeams returns the teams of a project.
func (a *API) ListGroupTeams(w http.ResponseWriter, r *http.Request, id string, p companions.ListGroupTeamsParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(func(ctx context.Context) (any, error) {
		project, err := c.project(ctx, id)
		if err != nil {
			return nil, err
		}
		return c.listTeams(paging(p.IncludeCount, p.ItemsPerPage, p.PageNum), project)
	})
}

// AddGroupTeams adds teams to a project, or changes the roles of those that it has.
func (a *API) AddGroupTeams(w http.ResponseWriter, r *http.Request, id string, p companions.AddGroupTeamsParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(func(ctx context.Context) (any, error) {
		if err := c.Exists(ctx, id); err != nil {
			return nil, err
		}
		var sent []companions.TeamRole
		if _, err := c.read(&sent); err != nil {
			return nil, err
		}
		for _, team := range sent {
			if team.TeamID == nil {
				return nil, wire.NewError("MISSING_ATTRIBUTE", "teamId")
			}
			if !atlas.IsID(*team.TeamID) {
				return nil, wire.NewError("INVALID_ATTRIBUTE", "teamId")
			}
		}
		project, err := c.change(ctx, id, func(project *store.Project) error {
			for _, team := range sent {
				setTeam(project, store.Team{ID: *team.TeamID, Roles: slices.Clone(team.RoleNames)})
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		return c.listTeams(allTeams, project)
	})
}

// setTeam adds a team or replaces it.
func setTeam(project *store.Project, team store.Team) {
	teams := slices.Clone(project.Teams)
	if i := indexOf(teams, team.ID); i >= 0 {
		teams[i] = team
	} else {
		teams = append(teams, team)
	}
	project.Teams = teams
}

func indexOf(teams []store.Team, id string) int {
	return slices.IndexFunc(teams, func(t store.Team) bool { return t.ID == id })
}

// changeTeam changes a team of a project.
func (c *call) changeTeam(
	ctx context.Context, id, team string, change func(teams []store.Team, i int) []store.Team,
) (store.Project, error) {
	if err := checkTeam(team); err != nil {
		return store.Project{}, err
	}
	return c.change(ctx, id, func(project *store.Project) error {
		i := indexOf(project.Teams, team)
		if i < 0 {
			return wire.NewError("RESOURCE_NOT_FOUND", c.r.URL.EscapedPath())
		}
		project.Teams = change(slices.Clone(project.Teams), i)
		return nil
	})
}

// UpdateGroupTeam changes the roles of a team.
func (a *API) UpdateGroupTeam(w http.ResponseWriter, r *http.Request, id, team string, p companions.UpdateGroupTeamParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(func(ctx context.Context) (any, error) {
		if err := c.Exists(ctx, id); err != nil {
			return nil, err
		}
		var sent companions.TeamUpdate
		members, err := c.read(&sent)
		if err != nil {
			return nil, err
		}
		if isNone(members, "roleNames") {
			return nil, wire.NewError("MISSING_ATTRIBUTE", "roleNames")
		}
		project, err := c.changeTeam(ctx, id, team, func(teams []store.Team, i int) []store.Team {
			teams[i].Roles = slices.Clone(sent.RoleNames)
			return teams
		})
		if err != nil {
			return nil, err
		}
		return c.listTeams(allTeams, project)
	})
}

// RemoveGroupTeam removes a team from a project.
func (a *API) RemoveGroupTeam(w http.ResponseWriter, r *http.Request, id, team string, p companions.RemoveGroupTeamParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(func(ctx context.Context) (any, error) {
		if err := c.Exists(ctx, id); err != nil {
			return nil, err
		}
		_, err := c.changeTeam(ctx, id, team, func(teams []store.Team, i int) []store.Team { return slices.Delete(teams, i, i+1) })
		return nil, err
	})
}
