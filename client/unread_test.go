package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/client"
)

// unreadAtlas stores payloads, and its responses to them have no integrations. Reads before a change get 404 or, if the
// integration is there, the integration; reads after it get the error.
type unreadAtlas struct {
	there   bool
	readErr http.Handler
	changed bool
	sent    []string
}

func (a *unreadAtlas) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.sent = append(a.sent, r.Method)
	switch {
	case r.Method != http.MethodGet:
		a.changed = true
		fmt.Fprint(w, `{"results":[]}`)
	case a.changed:
		a.readErr.ServeHTTP(w, r)
	case a.there:
		fmt.Fprint(w, datadog)
	default:
		notConfigured.ServeHTTP(w, r)
	}
}

var notConfigured = respondWith(404, "application/json", `{"error":404,"errorCode":"INTEGRATION_NOT_CONFIGURED"}`)

// The error for an integration that can't be read after a change reports that the payload is stored, and matches no
// error of a payload that is not.
func TestUnreadError(t *testing.T) {
	update := func(c *client.Client, p client.Payload) (bool, error) {
		_, err := c.Update(context.Background(), project, p)
		return false, err
	}
	create := func(c *client.Client, p client.Payload) (bool, error) {
		_, err := c.Create(context.Background(), project, p)
		return false, err
	}
	apply := func(c *client.Client, p client.Payload) (bool, error) {
		_, created, err := c.Apply(context.Background(), project, p)
		return created, err
	}
	for name, call := range map[string]struct {
		call    func(*client.Client, client.Payload) (bool, error)
		there   bool
		created bool
		sent    string
	}{
		"create":           {call: create, sent: "POST GET"},
		"update":           {call: update, there: true, sent: "PUT GET"},
		"apply, absent":    {call: apply, created: true, sent: "GET POST GET"},
		"apply, available": {call: apply, there: true, sent: "GET PUT GET"},
	} {
		for readName, read := range map[string]struct {
			response http.Handler
			cause    error
		}{
			"not configured": {notConfigured, new(client.APIError)},
			"conflict":       {respondWith(409, "application/json", `{"errorCode":"INTEGRATION_ALREADY_CONFIGURED"}`), new(client.APIError)},
			"forbidden":      {respondWith(403, "application/json", `{"errorCode":"USER_UNAUTHORIZED"}`), new(client.APIError)},
			"server error":   {respondWith(500, html, "<h1>Error</h1>"), new(client.TransportError)},
			"not JSON":       {respondWith(200, html, "<h1>Sign in</h1>"), new(client.TransportError)},
		} {
			t.Run(name+"/"+readName, func(t *testing.T) {
				atlas := &unreadAtlas{there: call.there, readErr: read.response}
				created, err := call.call(reach(t, atlas, client.Options{Retries: -1}), payload(t, datadog))
				unread := as[*client.UnreadError](t, err)
				if unread.Type != "DATADOG" {
					t.Errorf("the type is %q, want DATADOG", unread.Type)
				}
				if got, want := fmt.Sprintf("%T", unread.Cause), fmt.Sprintf("%T", read.cause); got != want {
					t.Errorf("the cause is a %s, want a %s", got, want)
				}
				if created != call.created {
					t.Errorf("created is %t, want %t", created, call.created)
				}
				if diff := cmp.Diff(call.sent, strings.Join(atlas.sent, " ")); diff != "" {
					t.Errorf("requests (-want +got):\n%s", diff)
				}
				expectText(t, err, "the payload was stored, but the integration can't be read: "+unread.Cause.Error())
				wantNoOtherError(t, err)
			})
		}
	}
}

// wantNoOtherError fails the test if err matches an error of a payload that was not stored.
func wantNoOtherError(t *testing.T, err error) {
	t.Helper()
	for _, code := range []client.Code{client.ErrNotConfigured, client.ErrAlreadyConfigured, client.ErrProjectNotFound, client.ErrRateLimited} {
		if errors.Is(err, code) {
			t.Errorf("it matches %s: %v", code, err)
		}
	}
	var apiErr *client.APIError
	if errors.As(err, &apiErr) {
		t.Errorf("it matches an APIError: %v", err)
	}
	var transportErr *client.TransportError
	if errors.As(err, &transportErr) {
		t.Errorf("it matches a TransportError: %v", err)
	}
}
