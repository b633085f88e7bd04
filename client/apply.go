package client

import (
	"context"
	"errors"
)

// Apply creates or updates the project's integration of the payload's type, and returns the integration and
// whether it was created. If another client creates or deletes the integration meanwhile, Apply tries the other
// operation. If the response to a creation is lost, it sends the payload as an update, which is correct whether or not
// the creation has arrived. As in [Client.Update], fields that the payload omits keep their values. The errors are
// those of [Client.Get], [Client.Create] and [Client.Update]. With an error, created is false, except after an
// [*UnreadError].
func (c *Client) Apply(ctx context.Context, project string, p Payload) (in Integration, created bool, err error) {
	if err := p.check(); err != nil {
		return Integration{}, false, err
	}
	_, err = c.Get(ctx, project, p.typ)
	switch {
	case errors.Is(err, ErrNotConfigured):
		return c.createOrUpdate(ctx, project, p)
	case err != nil:
		return Integration{}, false, err
	}
	in, err = c.Update(ctx, project, p)
	if errors.Is(err, ErrNotConfigured) {
		return c.createOrUpdate(ctx, project, p)
	}
	return in, false, err
}

func (c *Client) createOrUpdate(ctx context.Context, project string, p Payload) (in Integration, created bool, err error) {
	in, err = c.Create(ctx, project, p)
	created = true
	var transportErr *TransportError
	switch {
	case errors.Is(err, ErrAlreadyConfigured):
		created = false
	case errors.As(err, &transportErr) && transportErr.MaybeDone && ctx.Err() == nil:
	default:
		return in, isStored(err), err
	}
	in, err = c.Update(ctx, project, p)
	return in, created && isStored(err), err
}

// isStored reports whether the payload is stored after a Create or Update with this error.
func isStored(err error) bool {
	var unread *UnreadError
	return err == nil || errors.As(err, &unread)
}
