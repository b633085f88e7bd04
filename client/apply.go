package client

import (
	"context"
	"errors"
)

// Apply makes the project's integration of the payload's type what the payload says: it looks whether there
// is one, then creates or updates it, and tells which. Where another client was quicker to create or to
// delete it, Apply does the other. Where the answer to a creation was lost, it sends the payload as an
// update, which is right whether the creation has arrived or not. As in [Client.Update], fields that the
// payload leaves out stay as they are.
func (c *Client) Apply(ctx context.Context, project string, p Payload) (Integration, Operation, error) {
	_, err := c.Get(ctx, project, p.typ)
	switch {
	case errors.Is(err, ErrNotConfigured):
		return c.createOrUpdate(ctx, project, p)
	case err != nil:
		return Integration{}, "", err
	}
	in, err := c.Update(ctx, project, p)
	if errors.Is(err, ErrNotConfigured) {
		return c.createOrUpdate(ctx, project, p)
	}
	return in, Update, err
}

func (c *Client) createOrUpdate(ctx context.Context, project string, p Payload) (Integration, Operation, error) {
	in, err := c.Create(ctx, project, p)
	done := Create
	var lost *TransportError
	switch {
	case errors.Is(err, ErrAlreadyConfigured):
		done = Update
	case errors.As(err, &lost) && lost.MaybeDone && ctx.Err() == nil:
	default:
		return in, done, err
	}
	in, err = c.Update(ctx, project, p)
	return in, done, err
}
