// Package client calls the third-party integrations of the MongoDB Atlas API, v2 or v1.0. [New] returns a
// [Client]; its calls are [Client.List], [Client.Get], [Client.Create], [Client.Update], [Client.Apply] and
// [Client.Delete]. They send a [Payload] and return an [Integration]: each is a
// JSON document that keeps every field, known or not, with a typed view of it from
// [github.com/atlasint/atlasint/gen/atlasv2] or [github.com/atlasint/atlasint/gen/atlasv1].
//
// The type of an error shows its cause: [*UsageError] is a wrong argument, [*PayloadError] a wrong payload,
// [*APIError] an error response of Atlas, and [*TransportError] a failure of the network or a response that is not from
// Atlas. [*UnreadError] follows a change that was made. Their texts contain neither credentials nor secrets of
// payloads. Retries in [Options] documents which requests are repeated.
//
// Exported names and the types of errors follow semantic versioning: before v1.0.0, only a minor version changes them.
// Any version may change the texts of errors.
package client

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"time"
)

// Client calls one server with one set of credentials. Create it with [New] and end it with [Client.Close].
// It is safe for concurrent use, and a copy works as the original does. Printing it, or a value that contains
// it, shows no credential.
type Client struct {
	hidden unprinted[*session]
}

// session is the content of a [Client].
type session struct {
	options   Options // completed
	endpoints endpoints
	auth      authenticator
	http      *http.Client
	now       func() time.Time
	spread    func() float64 // returns the share of the second half of a backoff to wait, from 0 to 1
	closed    atomic.Bool
}

// New returns a client. It sends no request. Its error is a [*UsageError].
func New(options Options) (*Client, error) {
	options, err := options.completed()
	if err != nil {
		return nil, err
	}
	s := &session{options: options, now: time.Now, spread: rand.Float64}
	s.endpoints = endpointsByVersion[s.options.APIVersion]
	base := &http.Client{Transport: &transport{base: s.options.Transport, userAgent: s.options.UserAgent}, CheckRedirect: noRedirects}
	s.auth = s.options.Credentials.newAuthenticator(s.options.BaseURL, base)
	s.http = &http.Client{Transport: s.auth, CheckRedirect: noRedirects}
	return &Client{hide(s)}, nil
}

// session returns the content, or a [*UsageError] if the client was not created with [New].
func (c *Client) session() (*session, error) {
	if c == nil || c.hidden == nil {
		return nil, usage("create it with New", "the client is empty")
	}
	return c.hidden.get(), nil
}

// Format prints the host of the server for every verb.
func (c Client) Format(f fmt.State, _ rune) {
	text := "empty client"
	if s, err := c.session(); err == nil {
		text = "client of " + tokenURL(s.options.BaseURL).Host
	}
	_, _ = io.WriteString(f, text)
}

// noRedirects stops at a redirect, so that no credentials or payloads are sent to another host.
func noRedirects(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Close ends the client: the token of a service account is revoked, which takes at most the timeout of
// the [Options], and further calls fail. Close does not wait for other calls; those that need another
// token fail. It waits for a token that is being requested, also if the call that needs it was canceled: the request
// continues for up to 5 seconds. If its response does not arrive, Close returns a [*TransportError]. Only the first
// Close has an effect. With other credentials Close sends no request and returns nil.
func (c *Client) Close() error {
	s, err := c.session()
	if err != nil || s.closed.Swap(true) {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.options.Timeout)
	defer cancel()
	err = s.revoke(ctx)
	s.http.CloseIdleConnections()
	return err
}
