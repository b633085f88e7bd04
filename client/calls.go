package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
)

// The operations, as in package validate.
const (
	create = "create"
	update = "update"
)

// The limits of a list: the pages, the integrations of a page, and the bytes of all integrations. The integrations of a
// project fit on one page, and take less than 100 KiB.
const (
	maxPages   = 20
	maxResults = 10_000
	maxList    = maxBody
)

// List returns all integrations of a project, in the order of Atlas, including those of unknown types.
func (c *Client) List(ctx context.Context, project string) ([]Integration, error) {
	s, err := c.session()
	if err != nil {
		return nil, err
	}
	return s.list(ctx, project)
}

func (s *session) list(ctx context.Context, project string) ([]Integration, error) {
	var all []Integration
	size := 0
	for page := 1; ; page++ {
		x, err := s.request(project, func() (*http.Request, error) { return s.endpoints.list(s.options.BaseURL, project, page) })
		if err != nil {
			return nil, err
		}
		results, more, err := s.sendForPage(ctx, x)
		if err != nil {
			return nil, err
		}
		all = append(all, results...)
		if !more || len(results) == 0 {
			return all, nil
		}
		for _, in := range results {
			size += len(in.JSON)
		}
		switch {
		case page == maxPages:
			return nil, x.transportError("the list has too many pages", "check the base URL")
		case size > maxList:
			return nil, x.transportError("the list is too large", "check the base URL")
		}
	}
}

// Get returns the integration of a type. The error is [ErrNotConfigured] by errors.Is if there is none.
func (c *Client) Get(ctx context.Context, project, typ string) (Integration, error) {
	s, err := c.session()
	if err != nil {
		return Integration{}, err
	}
	return s.get(ctx, project, typ)
}

func (s *session) get(ctx context.Context, project, typ string) (Integration, error) {
	x, err := s.typedRequest(project, typ, func() (*http.Request, error) { return s.endpoints.get(s.options.BaseURL, project, typ) })
	if err != nil {
		return Integration{}, err
	}
	resp, err := s.do(ctx, x)
	if err != nil {
		return Integration{}, err
	}
	in, err := x.integration(resp.body)
	if err != nil || in.Type != typ {
		return Integration{}, x.unexpected(resp, "instead of the integration")
	}
	return in, nil
}

// Create stores a payload as a new integration and returns the stored integration. The error is
// [ErrAlreadyConfigured] by errors.Is if the project has one of the type. After an [*UnreadError], the payload is
// stored.
func (c *Client) Create(ctx context.Context, project string, p Payload) (Integration, error) {
	s, err := c.session()
	if err != nil {
		return Integration{}, err
	}
	return s.send(ctx, create, project, p, s.endpoints.create)
}

// Update changes the fields of the payload in the integration of its type and returns the stored integration. Fields
// that the payload omits keep their values. If the project has no such integration, Atlas creates one. After an
// [*UnreadError], the payload is stored.
func (c *Client) Update(ctx context.Context, project string, p Payload) (Integration, error) {
	s, err := c.session()
	if err != nil {
		return Integration{}, err
	}
	return s.send(ctx, update, project, p, s.endpoints.update)
}

// Delete removes the integration of a type. The error is [ErrNotConfigured] by errors.Is if there was none.
func (c *Client) Delete(ctx context.Context, project, typ string) error {
	s, err := c.session()
	if err != nil {
		return err
	}
	x, err := s.typedRequest(project, typ, func() (*http.Request, error) { return s.endpoints.delete(s.options.BaseURL, project, typ) })
	if err != nil {
		return err
	}
	resp, err := s.do(ctx, x)
	if x.maybeDone && errors.Is(err, ErrNotConfigured) {
		return nil // an earlier attempt, whose response was lost, has removed it
	}
	if err == nil && len(resp.body) > 0 && !json.Valid(resp.body) {
		return x.unexpected(resp, "instead of JSON or an empty body")
	}
	return err
}

// send posts or puts a payload and returns its integration from the response, which contains all of them.
func (s *session) send(ctx context.Context, operation string, project string, p Payload, build sendFunc) (Integration, error) {
	if err := p.check(); err != nil {
		return Integration{}, err
	}
	x, err := s.typedRequest(project, p.typ, func() (*http.Request, error) {
		return build(s.options.BaseURL, project, p.typ, s.endpoints.media, bytes.NewReader(p.bytes()))
	})
	if err != nil {
		return Integration{}, err
	}
	if err := s.checkPayload(operation, p); err != nil {
		return Integration{}, err
	}
	x.secrets = append(x.secrets, secretsOf(p)...)
	results, _, err := s.sendForPage(ctx, x)
	if err != nil {
		return Integration{}, err
	}
	if i := slices.IndexFunc(results, func(in Integration) bool { return in.Type == p.typ }); i >= 0 {
		return results[i], nil
	}
	in, err := s.get(ctx, project, p.typ) // it can be on another page
	if err != nil {
		return Integration{}, &UnreadError{Type: p.typ, Cause: err}
	}
	return in, nil
}

func (s *session) checkPayload(operation string, p Payload) error {
	if s.options.Check == nil {
		return nil
	}
	if err := s.options.Check(operation, p); err != nil {
		return &PayloadError{Type: p.typ, Reason: err.Error(), cause: hide(err)}
	}
	return nil
}

// sendForPage sends a request and reads the page of integrations in the response.
func (s *session) sendForPage(ctx context.Context, x *exchange) (results []Integration, more bool, err error) {
	resp, err := s.do(ctx, x)
	if err != nil {
		return nil, false, err
	}
	var page struct {
		Links   []struct{ Rel string }
		Results []json.RawMessage
	}
	if err := json.Unmarshal(resp.body, &page); err != nil || page.Results == nil {
		return nil, false, x.unexpected(resp, "instead of a page of integrations")
	}
	if len(page.Results) > maxResults {
		return nil, false, x.unexpected(resp, "with too many integrations")
	}
	for _, doc := range page.Results {
		in, err := x.integration(doc)
		if err != nil {
			return nil, false, x.unexpected(resp, "with results that are not integrations")
		}
		results = append(results, in)
	}
	return results, slices.ContainsFunc(page.Links, func(l struct{ Rel string }) bool { return l.Rel == "next" }), nil
}
