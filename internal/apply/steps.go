// Package apply tells what must be done so that a project has what payloads describe. [Steps] compares
// the two; it sends nothing and holds no secret.
//
// A payload speaks of its own fields only, as updates do: what it leaves out stays as it is. Secrets are
// compared by their masks, so that two with the same mask are taken for the same.
package apply

import (
	"cmp"
	"slices"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/gen/schemas"
)

// Local is a payload from a file.
type Local struct {
	Type       string         // the integration type
	Payload    client.Payload // with its references replaced; the zero value if Blocked
	Blocked    bool           // a reference in the payload has no value, so the payload can't be sent
	Generation string         // of the API, by which it is to be sent
	File       string         // where it stands
	Number     int            // the record in File, from 1; 0 if it is the whole file
	Expanded   []string       // fields whose values came of references; they are never shown
}

// Remote is an integration as a generation of the API shows it.
type Remote struct {
	client.Integration
	Generation string
}

// Action is what is to be done about an integration type.
type Action string

// The actions.
const (
	Create    Action = "create"
	Update    Action = "update"
	Delete    Action = "delete"
	Unchanged Action = "unchanged"
	// Blocked is a payload that can't be sent: a reference in it has no value.
	Blocked Action = "blocked"
	// Extra is an integration that no payload describes. It stays.
	Extra Action = "extra"
	// Unknown is an integration of a type that the API description does not have. It stays in any case.
	Unknown Action = "unknown"
)

// Changes tells whether the action changes the project.
func (a Action) Changes() bool { return a == Create || a == Update || a == Delete }

// Step is what is to be done about one type, and why.
type Step struct {
	Type       string
	Action     Action
	Generation string
	ID         string   // of the integration, if there is one and Atlas names it
	Local      *Local   // nil if only Atlas has the type
	Changes    []Change // what is to be said of single fields
}

// Options change what [Steps] asks for.
type Options struct {
	Prune  bool // delete what no payload describes
	Resend bool // update what looks unchanged too
}

// Steps compares payloads, of which no two have the same type, with all integrations of a project. The steps
// come in the order in which they are to be made: that of the API's types, deletions last, and after them
// what is left alone.
func Steps(local []Local, remote []Remote, o Options) []Step {
	found := map[key]*Remote{}
	for i := range remote {
		found[key{remote[i].Generation, remote[i].Type}] = &remote[i]
	}
	described := map[string]bool{}
	var steps []Step
	for i := range local {
		typ := local[i].Type
		described[typ] = true
		steps = append(steps, stepFor(&local[i], found[key{local[i].Generation, typ}], o))
	}
	for _, r := range remote {
		if !described[r.Type] { // each type once, although both generations may show it
			described[r.Type] = true
			steps = append(steps, stepWithout(r, o))
		}
	}
	slices.SortStableFunc(steps, func(a, b Step) int {
		return cmp.Or(cmp.Compare(turn(a.Action), turn(b.Action)), cmp.Compare(rank(a.Type), rank(b.Type)))
	})
	return steps
}

type key struct{ generation, typ string }

// turn is when an action's time comes; payloads come before what only Atlas has.
func turn(a Action) int { return slices.Index([]Action{Delete, Extra, Unknown}, a) }

// rank is the place of a type in the API's lists.
func rank(typ string) int {
	i := slices.IndexFunc(schemas.Types, func(t schemas.Type) bool { return t.Name == typ })
	if i < 0 {
		return len(schemas.Types)
	}
	return i
}

func stepFor(l *Local, r *Remote, o Options) Step {
	s := Step{Type: l.Type, Action: Create, Generation: l.Generation, Local: l}
	if r != nil {
		s.ID, s.Action = r.ID, Unchanged
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
	s := Step{Type: r.Type, Action: Extra, Generation: r.Generation, ID: r.ID}
	switch {
	case schemas.Find(r.Generation, r.Type) == nil:
		s.Action = Unknown
	case o.Prune:
		s.Action = Delete
	}
	return s
}
