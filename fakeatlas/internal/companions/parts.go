package companions

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/companions"
	"github.com/atlasint/atlasint/internal/atlas"
)

// settings are the settings of a project in the order of responses, with the values of a new one. A test compares them
// with the document.
var settings = []setting{
	{"isAtlasHomePageAiAssistantEnabled", true},
	{"isClusterAiAssistantEnabled", true},
	{"isCollectDatabaseSpecificsStatisticsEnabled", true},
	{"isDataExplorerEnabled", true},
	{"isDataExplorerGenAIFeaturesEnabled", true},
	{"isDataExplorerGenAISampleDocumentPassingEnabled", false},
	{"isDataValidationEnabled", true},
	{"isExtendedStorageSizesEnabled", false},
	{"isNativeRerankingEnabled", false},
	{"isPerformanceAdvisorEnabled", true},
	{"isRealtimePerformancePanelEnabled", true},
	{"isSchemaAdvisorEnabled", true},
}

type setting struct {
	name string
	on   bool
}

func settingsOf(p store.Project) wire.Object {
	o := make(wire.Object, len(settings))
	for i, setting := range settings {
		on, changed := p.Settings[setting.name]
		if !changed {
			on = setting.on
		}
		o[i] = wire.Field(setting.name, on)
	}
	return o
}

// GetGroupSettings returns the settings of a project.
func (a *API) GetGroupSettings(w http.ResponseWriter, r *http.Request, id string, p companions.GetGroupSettingsParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(c.ofProject(id, func(project store.Project) any { return settingsOf(project) }))
}

// UpdateGroupSettings changes the settings that were sent.
func (a *API) UpdateGroupSettings(w http.ResponseWriter, r *http.Request, id string, p companions.UpdateGroupSettingsParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(func(ctx context.Context) (any, error) {
		if err := c.Exists(ctx, id); err != nil {
			return nil, err
		}
		members, err := c.read(&companions.GroupSettings{})
		if err != nil {
			return nil, err
		}
		project, err := c.change(ctx, id, func(project *store.Project) error {
			changed := maps.Clone(project.Settings)
			for name := range members {
				if isNone(members, name) {
					continue
				}
				if changed == nil {
					changed = map[string]bool{}
				}
				changed[name] = string(members[name]) == "true"
			}
			project.Settings = changed
			return nil
		})
		return settingsOf(project), err
	})
}

// ofProject returns an operation that shows a part of a project.
func (c *call) ofProject(id string, part func(store.Project) any) func(context.Context) (any, error) {
	return func(ctx context.Context) (any, error) {
		project, err := c.project(ctx, id)
		return part(project), err
	}
}

func limitOf(name string, value int64) wire.Object {
	return wire.Object{wire.Field("name", name), wire.Field("value", value)}
}

// ListGroupLimits returns the limits that were set.
func (a *API) ListGroupLimits(w http.ResponseWriter, r *http.Request, id string, p companions.ListGroupLimitsParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(c.ofProject(id, func(project store.Project) any {
		list := []wire.Object{}
		for _, name := range slices.Sorted(maps.Keys(project.Limits)) {
			list = append(list, limitOf(name, project.Limits[name]))
		}
		return list
	}))
}

// limit returns a limit that was set. The default limits of Atlas are not known.
func (c *call) limit(project store.Project, name companions.LimitName) (int64, error) {
	value, ok := project.Limits[string(name)]
	if !ok {
		return 0, wire.NewError("RESOURCE_NOT_FOUND", c.r.URL.EscapedPath())
	}
	return value, nil
}

func checkLimit(name companions.LimitName) error {
	if !name.Valid() {
		return wire.NewError("INVALID_PATH_PARAMETER", "limitName")
	}
	return nil
}

// checkLimitOf returns an error unless the project and the limit exist.
func (c *call) checkLimitOf(ctx context.Context, id string, name companions.LimitName) error {
	if err := c.Exists(ctx, id); err != nil {
		return err
	}
	return checkLimit(name)
}

// GetGroupLimit returns a limit that was set.
func (a *API) GetGroupLimit(
	w http.ResponseWriter, r *http.Request, id string, name companions.LimitName, p companions.GetGroupLimitParams,
) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(func(ctx context.Context) (any, error) {
		project, err := c.project(ctx, id)
		if err != nil {
			return nil, err
		}
		if err := checkLimit(name); err != nil {
			return nil, err
		}
		value, err := c.limit(project, name)
		return limitOf(string(name), value), err
	})
}

// SetGroupLimit sets a limit.
func (a *API) SetGroupLimit(
	w http.ResponseWriter, r *http.Request, id string, name companions.LimitName, p companions.SetGroupLimitParams,
) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(func(ctx context.Context) (any, error) {
		if err := c.checkLimitOf(ctx, id, name); err != nil {
			return nil, err
		}
		var sent companions.Limit
		members, err := c.read(&sent)
		switch {
		case err != nil:
			return nil, err
		case isNone(members, "value"):
			return nil, wire.NewError("MISSING_ATTRIBUTE", "value")
		case !isNone(members, "name") && sent.Name != name:
			return nil, wire.NewError("INVALID_ATTRIBUTE", "name")
		case sent.Value < 0:
			return nil, wire.NewError("INVALID_ATTRIBUTE", "value")
		}
		_, err = c.change(ctx, id, func(project *store.Project) error {
			limits := map[string]int64{}
			maps.Copy(limits, project.Limits)
			limits[string(name)] = sent.Value
			project.Limits = limits
			return nil
		})
		return limitOf(string(name), sent.Value), err
	})
}

// DeleteGroupLimit removes a limit that was set.
func (a *API) DeleteGroupLimit(
	w http.ResponseWriter, r *http.Request, id string, name companions.LimitName, p companions.DeleteGroupLimitParams,
) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(func(ctx context.Context) (any, error) {
		if err := c.checkLimitOf(ctx, id, name); err != nil {
			return nil, err
		}
		_, err := c.change(ctx, id, func(project *store.Project) error {
			if _, err := c.limit(*project, name); err != nil {
				return err
			}
			project.Limits = maps.Clone(project.Limits)
			delete(project.Limits, string(name))
			return nil
		})
		return nil, err
	})
}

// GetGroupManagedSlowMs reports whether Atlas manages the threshold of slow operations.
func (a *API) GetGroupManagedSlowMs(w http.ResponseWriter, r *http.Request, id string, p companions.GetGroupManagedSlowMsParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(c.ofProject(id, func(project store.Project) any { return !project.NoManagedSlowMs }))
}

// EnableGroupManagedSlowMs lets Atlas manage the threshold of slow operations.
func (a *API) EnableGroupManagedSlowMs(w http.ResponseWriter, r *http.Request, id string, p companions.EnableGroupManagedSlowMsParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(c.setSlowMs(id, true))
}

// DisableGroupManagedSlowMs makes Atlas stop managing the threshold of slow operations.
func (a *API) DisableGroupManagedSlowMs(w http.ResponseWriter, r *http.Request, id string, p companions.DisableGroupManagedSlowMsParams) {
	c := a.call(w, r, p.Envelope, p.Pretty)
	c.run(c.setSlowMs(id, false))
}

func (c *call) setSlowMs(id string, on bool) func(context.Context) (any, error) {
	return func(ctx context.Context) (any, error) {
		_, err := c.change(ctx, id, func(project *store.Project) error {
			project.NoManagedSlowMs = !on
			return nil
		})
		return nil, err
	}
}

// checkTeam checks the ID of a team.
func checkTeam(id string) error {
	if !atlas.IsID(id) {
		return wire.NewError("INVALID_PATH_PARAMETER", "teamId")
	}
	return nil
}
