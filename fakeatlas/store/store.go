// Package store keeps the state of a fake Atlas. [Store] is the interface that the server needs, and [Memory] is a
// store in the memory of the process. A store may have more methods: see [TextStore] and [SharedStore]. The stores that
// outlast the process are in packages of their own, filestore and redisstore, so that only programs that import them
// link them. Package storetest tests the contract.
package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/atlasint/atlasint/internal/atlas"
)

// Integration is a stored configuration. Its fields are those that were sent, without type and id. Secrets are masked
// unless the store keeps them, see [Store]. A value is a string, a bool, nil, a [json.Number], or a []any or a
// map[string]any of values. Do not change the fields, at any depth, once a store has them or has returned them.
type Integration struct {
	Type   string         `json:"type"`
	ID     string         `json:"id"`
	Fields map[string]any `json:"fields"`
}

// String returns the type, the ID and the fields on one line. Secrets are masked, even if the store has them as they
// were sent, and so are fields and types that the API description lacks.
func (in Integration) String() string {
	doc, _ := json.Marshal(in.Fields) // without valid fields only the type and the ID are printed
	return atlas.Line(in.Type, in.ID, doc)
}

// Format prints String for every verb.
func (in Integration) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, in.String()) }

// LogValue returns the text of String, for every handler of log/slog.
func (in Integration) LogValue() slog.Value { return slog.StringValue(in.String()) }

// UnmarshalJSON keeps numbers unchanged, and rejects unknown members.
func (in *Integration) UnmarshalJSON(data []byte) error {
	type plain Integration
	return decodeExact(data, (*plain)(in))
}

func decodeExact(data []byte, value any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	decoder.DisallowUnknownFields()
	return decoder.Decode(value)
}

// The errors that the methods of a [Store] return to reject a call.
var (
	ErrExists   = errors.New("the project has an integration of this type")
	ErrNotFound = errors.New("the store has no such integration, record of a project or text")
	ErrFull     = errors.New("the store is full")
)

// Store keeps at most one integration of a type in each project, alert configurations, and projects. In an
// organization no two records of projects have the same name.
//
// The methods are safe for concurrent use, and each is atomic, also for all processes that share the store. Snapshot
// and Restore may be atomic for each project alone. The caller may change the slices and the State that they return.
//
// Errors are matched with errors.Is; the server responds with 500 to those that are not named here. All methods for
// integrations and alert configurations return ErrDeleted for a deleted project.
//
// Unless a store keeps secrets, the server passes their masks, which are all that it needs to respond as Atlas does. A
// store may offer more: see [TextStore] and [SharedStore].
type Store interface {
	// Kind returns the kind of the store for the overview of the control API, such as "memory".
	Kind() string
	// KeepsSecrets reports whether the server passes secrets as they were sent, for tests that read them. The result never
	// changes. A store that outlasts the process should return false.
	KeepsSecrets() bool
	// Check returns nil if the store accepts writes. The server calls it for each request for its health.
	Check(ctx context.Context) error
	// List returns the integrations of a project in no particular order.
	List(ctx context.Context, project string) ([]Integration, error)
	// Get returns ErrNotFound where there is none.
	Get(ctx context.Context, project, typ string) (Integration, error)
	// Create returns ErrExists where there is one already. If two calls run at the same time, one of them fails.
	Create(ctx context.Context, project string, in Integration) error
	// Update passes the stored integration to change, nil if there is none, and stores the result. It calls change again
	// if another server writes first. If change fails, Update returns its error and stores nothing.
	Update(ctx context.Context, project, typ string, change func(*Integration) (Integration, error)) error
	// Delete returns ErrNotFound where there is none, and ErrInUse if an alert configuration of the project keeps it.
	Delete(ctx context.Context, project, typ string) error
	// Alerts returns the alert configurations of a project in the order in which they were stored.
	Alerts(ctx context.Context, project string) ([]Alert, error)
	// UpdateAlerts passes the alert configurations and the integrations of a project to change, and stores the alert
	// configurations that it returns in place of the others. No integration that they use ([Alert.Uses]) changes in
	// between. It calls change again if another server writes first, or if it is uncertain whether it has stored the
	// result. If change fails, UpdateAlerts returns its error and stores nothing.
	UpdateAlerts(ctx context.Context, project string, change func([]Alert, []Integration) ([]Alert, error)) error
	// Project returns the record of a project; ErrNotFound if it has none, ErrDeleted if the project was deleted.
	Project(ctx context.Context, id string) (Project, error)
	// Projects returns the records of all projects in no particular order. Projects with integrations or alert
	// configurations and without a record have only an ID.
	Projects(ctx context.Context) ([]Project, error)
	// ProjectsByName returns the records with a name, at most one for each organization.
	ProjectsByName(ctx context.Context, name string) ([]Project, error)
	// UpdateProject passes the record of a project to change, nil if there is none, and stores the result, which must keep
	// the ID. It returns ErrNameTaken or ErrDeleted, and calls change again if another client writes first. If change
	// fails, UpdateProject returns its error and stores nothing.
	UpdateProject(ctx context.Context, id string, change func(*Project) (Project, error)) error
	// DeleteProject deletes a project with its integrations and alert configurations, whether it has a record or not.
	// Afterwards all methods return ErrDeleted for it. Of many calls at the same time one succeeds; the others return
	// ErrDeleted. A store remembers the last 10,000 deleted projects. It forgets older ones, whose IDs can be used again.
	DeleteProject(ctx context.Context, id string) error
	// Snapshot returns everything, Restore replaces everything. Restore does not check whether the integrations of alert
	// configurations exist. It returns ErrNameTaken, and may have replaced some, if two records of an organization have
	// the same name.
	Snapshot(ctx context.Context) (State, error)
	Restore(ctx context.Context, state State) error
}
