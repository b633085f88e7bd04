package companions

import (
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/companions"
	"github.com/atlasint/atlasint/internal/atlas"
)

// CheckRecord validates a record that came with a snapshot, and returns a copy of it. A record without an ID gets that
// of its project. The error names the first member that no request could have set to its value, without the value.
func CheckRecord(id string, p store.Project) (store.Project, error) {
	if p.ID == "" {
		p.ID = id
	}
	for _, member := range []struct {
		name  string
		valid bool
	}{
		{"id", p.ID == id},
		{"org", atlas.IsID(p.Org)},
		{"name", isName(p.Name)},
		{"created", isTime(p.Created)},
		{"region", companions.NewGroupRegionUsageRestrictions(p.Region).Valid()},
		{"tags", areTags(p.Tags)},
		{"settings", areSettings(p.Settings)},
		{"limits", areLimits(p.Limits)},
		{"teams", areTeams(p.Teams)},
	} {
		if !member.valid {
			return p, errors.New("a value of " + member.name + " is not accepted by the API")
		}
	}
	return Clone(p), nil
}

// isTime reports whether JSON has a form for a time: the year has four digits, and is not 0.
func isTime(t time.Time) bool {
	year := t.UTC().Year()
	return year >= 1 && year <= 9999
}

func areTags(tags []store.Tag) bool {
	sent := make([]companions.ResourceTag, len(tags))
	for i, tag := range tags {
		sent[i] = companions.ResourceTag{Key: tag.Key, Value: tag.Value}
	}
	_, err := tagsOf(sent)
	return err == nil
}

func areSettings(changed map[string]bool) bool {
	for name := range changed {
		if !slices.ContainsFunc(settings, func(s setting) bool { return s.name == name }) {
			return false
		}
	}
	return true
}

func areLimits(limits map[string]int64) bool {
	for name, value := range limits {
		if !companions.LimitName(name).Valid() || value < 0 {
			return false
		}
	}
	return true
}

func areTeams(teams []store.Team) bool {
	return !slices.ContainsFunc(teams, func(t store.Team) bool { return !atlas.IsID(t.ID) })
}

// CheckNames returns [store.ErrNameTaken] if two records of a state have the same name in an organization.
func CheckNames(state store.State) error {
	seen := map[[2]string]bool{}
	for _, contents := range state {
		if contents.Project == nil {
			continue
		}
		name := [2]string{contents.Project.Org, contents.Project.Name}
		if seen[name] {
			return store.ErrNameTaken
		}
		seen[name] = true
	}
	return nil
}

// Clone returns a copy of a record that shares nothing with it.
func Clone(p store.Project) store.Project {
	p.Tags, p.Settings, p.Limits, p.Teams = slices.Clone(p.Tags), maps.Clone(p.Settings), maps.Clone(p.Limits), slices.Clone(p.Teams)
	for i, team := range p.Teams {
		p.Teams[i].Roles = slices.Clone(team.Roles)
	}
	return p
}
