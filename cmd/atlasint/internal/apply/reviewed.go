package apply

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/internal/atlas"
)

// errChanged is the error of a change of a reviewed plan whose integration another client has changed.
var errChanged = problem.Findingf("another client changed the integration after the plan was compared; nothing was sent for it")

// State returns the integration of a step as Atlas returned it. Equal integrations have equal states; no integration
// has nil. It may contain secrets that Atlas did not mask.
func (s Step) State() []byte {
	if s.remote == nil {
		return nil
	}
	return stateOf(s.remote.JSON)
}

// stateOf returns a document with sorted names and without white space and links.
func stateOf(doc json.RawMessage) []byte {
	object := atlas.Object(doc)
	if object == nil {
		return doc
	}
	delete(object, "links")
	state, _ := json.Marshal(object) // it was read from JSON
	return state
}

// Body returns the bytes of the payload of a step to send, with secrets in the clear; nil if there is none.
func (s Step) Body() []byte {
	if s.Local == nil {
		return nil
	}
	return s.Local.Document.JSON
}

// changeReviewed makes one change if the integration still has the state of the step. Else the error is errChanged.
func (p *Project) changeReviewed(ctx context.Context, c *client.Client, s Step) (string, error) {
	now, err := c.Get(ctx, p.ID, s.Type)
	var state []byte
	switch {
	case err == nil:
		state = stateOf(now.JSON)
	case !errors.Is(err, client.ErrNotConfigured):
		return "", err
	}
	if !bytes.Equal(state, s.State()) {
		return "", errChanged
	}
	did := "updated"
	switch s.Action {
	case Delete:
		did, err = "deleted", c.Delete(ctx, p.ID, s.Type)
	case Create:
		did = "created"
		_, err = c.Create(ctx, p.ID, s.Local.Payload)
	default:
		_, err = c.Update(ctx, p.ID, s.Local.Payload)
	}
	if errors.Is(err, client.ErrAlreadyConfigured) || errors.Is(err, client.ErrNotConfigured) {
		err = errChanged
	}
	return did, err
}
