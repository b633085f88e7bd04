// Package apply syncs the integrations of a project to match payloads. A [Comparison] takes the payloads from a
// validation report, reads the integrations with [Project.List], compares the two with [Steps], and makes a [Plan] of
// the steps. [Project.Send] makes the changes. [Prune] decides when integrations without a payload may be deleted.
//
// Only the fields in a payload are compared and changed, as in an update. Secrets are compared by their masks, so two
// secrets with the same mask count as equal. No text or document of the package has a secret.
package apply

import (
	"cmp"
	"slices"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/validate"
)

// Local is a payload from a file.
type Local struct {
	Type       string             // the integration type
	Payload    client.Payload     // with its references replaced; the zero value if Blocked
	Blocked    bool               // a reference in the payload has no value, so the payload can't be sent
	APIVersion string             // the API version to send it with
	File       string             // its path
	Number     int                // the record in File, from 1; 0 if it is the whole file
	Expanded   []string           // fields whose values come from references; see isPublic
	Document   *validate.Document // the parsed payload
}

// Remote is an integration as an API version returns it.
type Remote struct {
	client.Integration
	APIVersion string
}

// Action is the action of a step.
type Action string

// The actions.
const (
	Create    Action = "create"
	Update    Action = "update"
	Delete    Action = "delete"
	Unchanged Action = "unchanged"
	// Blocked is a payload that can't be sent: a reference in it has no value.
	Blocked Action = "blocked"
	// Extra is an integration that no payload describes. It is kept.
	Extra Action = "extra"
	// Unknown is an integration of a type that the API description does not have. It is always kept.
	Unknown Action = "unknown"
)

// Changes reports whether the action changes the project.
func (a Action) Changes() bool { return a == Create || a == Update || a == Delete }

// Step is the action for one integration type, and why.
type Step struct {
	Type       string
	Action     Action
	APIVersion string
	ID         string   // of the integration, if there is one and Atlas returns its ID
	Local      *Local   // nil if there is no payload
	Changes    []Change // of single fields, in the order of the API description
	remote     *Remote  // the integration as read; nil if there is none
}

// Options change the steps that [Steps] returns.
type Options struct {
	Prune  bool // delete integrations without a payload
	Resend bool // update unchanged integrations too
}

// Steps compares payloads, of which no two have the same type, with all integrations of a project. It returns the
// steps in the order in which to make them: payloads in the order of the API's types, then deletions, then
// integrations that are kept.
func Steps(local []Local, remote []Remote, o Options) []Step {
	found := map[key]*Remote{}
	for i := range remote {
		found[key{remote[i].APIVersion, remote[i].Type}] = &remote[i]
	}
	described := map[string]bool{}
	var steps []Step
	for i := range local {
		typ := local[i].Type
		described[typ] = true
		steps = append(steps, stepFor(&local[i], found[key{local[i].APIVersion, typ}], o))
	}
	for _, r := range remote {
		if !described[r.Type] { // each type once, although both API versions may list it
			described[r.Type] = true
			steps = append(steps, stepWithout(r, o))
		}
	}
	slices.SortStableFunc(steps, func(a, b Step) int {
		return cmp.Or(cmp.Compare(phase(a.Action), phase(b.Action)), cmp.Compare(atlas.Rank(a.Type), atlas.Rank(b.Type)))
	})
	return steps
}

type key struct{ apiVersion, typ string }

// phase orders actions: those for a payload come first.
func phase(a Action) int {
	switch a {
	case Delete:
		return 1
	case Extra:
		return 2
	case Unknown:
		return 3
	default:
		return 0
	}
}

func stepFor(l *Local, r *Remote, o Options) Step {
	s := Step{Type: l.Type, Action: Create, APIVersion: l.APIVersion, Local: l}
	if r != nil {
		s.ID, s.Action, s.remote = r.ID, Unchanged, r
	}
	switch {
	case l.Blocked:
		s.Action = Blocked
		return s
	case r == nil:
		return s
	}
	s.Changes = compare(l, r)
	if o.Resend || slices.ContainsFunc(s.Changes, func(c Change) bool { return c.State == Differs }) {
		s.Action = Update
	}
	return s
}

func stepWithout(r Remote, o Options) Step {
	s := Step{Type: r.Type, Action: Extra, APIVersion: r.APIVersion, ID: r.ID, remote: &r}
	switch {
	case atlas.Find(r.APIVersion, r.Type) == nil:
		s.Action = Unknown
	case o.Prune:
		s.Action = Delete
	}
	return s
}
