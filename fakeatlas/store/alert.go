package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/atlasint/atlasint/internal/atlas"
)

// Alert is an alert configuration of a project. Its fields are those that a client sent, with defaults. Secrets are
// masked unless the store keeps them, see [Store]. Their values are like those of an [Integration]: do not change them
// once a store has them or has returned them.
type Alert struct {
	ID      string         `json:"id"`
	Created time.Time      `json:"created"`
	Updated time.Time      `json:"updated"`
	Fields  map[string]any `json:"fields"`
}

// ErrInUse reports that an alert configuration needs the integration, see [Alert.Requires].
var ErrInUse = errors.New("an alert configuration of the project needs the integration")

// webhook is the only type of integration that can't be deleted while an alert configuration uses it.
const webhook = "WEBHOOK"

// Uses returns the types of the integrations that the notifications use: by their IDs, or because a notification to a
// webhook has no URL of its own. Each type appears once; the list is sorted.
func (a Alert) Uses() []string {
	var types []string
	list, _ := a.Fields["notifications"].([]any)
	for _, item := range list {
		n, _ := item.(map[string]any)
		typ, _ := n["typeName"].(string)
		if n["integrationId"] != nil || typ == webhook && n["webhookUrl"] == nil {
			types = append(types, typ)
		}
	}
	slices.Sort(types)
	return slices.Compact(types)
}

// Requires reports whether the integration of a type can't be deleted while the alert configuration exists.
func (a Alert) Requires(typ string) bool { return typ == webhook && slices.Contains(a.Uses(), typ) }

// String returns the ID. It leaves out the fields, because they may contain secrets.
func (a Alert) String() string {
	if !atlas.IsID(a.ID) {
		return "alert configuration"
	}
	return "alert configuration " + a.ID
}

// Format prints String for every verb.
func (a Alert) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, a.String()) }

// LogValue returns the text of String, for every handler of log/slog.
func (a Alert) LogValue() slog.Value { return slog.StringValue(a.String()) }

// UnmarshalJSON keeps numbers unchanged, and rejects unknown members.
func (a *Alert) UnmarshalJSON(data []byte) error {
	type plain Alert
	return decodeExact(data, (*plain)(a))
}

// Alerts implements [Store].
func (m *Memory) Alerts(_ context.Context, project string) ([]Alert, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.projects.deleted[project] {
		return nil, ErrDeleted
	}
	return slices.Clone(m.alerts[project]), nil
}

// UpdateAlerts implements [Store]. It calls change once.
func (m *Memory) UpdateAlerts(_ context.Context, project string, change func([]Alert, []Integration) ([]Alert, error)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.projects.deleted[project] {
		return ErrDeleted
	}
	changed, err := change(slices.Clone(m.alerts[project]), m.integrationsOf(project))
	if err != nil {
		return err
	}
	return m.putAlerts(project, changed)
}

// putAlerts replaces the alert configurations of a project. It needs the lock.
func (m *Memory) putAlerts(project string, list []Alert) error {
	size := m.size - weightOfAlerts(m.alerts[project]) + weightOfAlerts(list)
	if size > memoryLimit && size > m.size {
		return ErrFull
	}
	m.size = size
	if m.alerts == nil {
		m.alerts = map[string][]Alert{}
	}
	if m.alerts[project] = slices.Clone(list); len(list) == 0 {
		delete(m.alerts, project)
	}
	return nil
}

// requires reports whether an alert configuration needs the integration. It needs the lock.
func (m *Memory) requires(project, typ string) bool {
	return slices.ContainsFunc(m.alerts[project], func(a Alert) bool { return a.Requires(typ) })
}

func weightOfAlerts(list []Alert) (n int) {
	for _, a := range list {
		n += overhead + len(a.ID) + weightOf(a.Fields)
	}
	return n
}
