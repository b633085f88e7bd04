// Package client calls the third-party integrations of the MongoDB Atlas API, v2 or v1.0. [New] makes a
// [Client]; [Client.List], [Client.Get], [Client.Create], [Client.Update], [Client.Apply] and
// [Client.Delete] are its calls. What goes in is a [Payload], what comes back an [Integration]: each is a
// JSON document that keeps every field, known or not, with a typed view of it from
// [github.com/atlasint/atlasint/gen/atlasv2] or [github.com/atlasint/atlasint/gen/atlasv1].
//
// Errors are typed by who is at fault: [*UsageError] is the caller, [*PayloadError] the payload, [*APIError]
// a refusal by Atlas, [*TransportError] the way there and back. No text of them holds a credential or a
// secret of a payload. What is repeated after a failure, and what never is, is said at [WithRetries].
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

// DefaultBaseURL is where Atlas is.
const DefaultBaseURL = "https://cloud.mongodb.com"

// Client calls one server with one set of credentials. Create it with [New] and end it with [Client.Close].
// It is safe for concurrent use, and a copy works as the original does. Printing it, or a value that contains
// it, shows no credential.
type Client struct {
	// A function, because fmt prints the address of one, and follows pointers for verbs that don't fit.
	hidden func() *session
}

// session is the content of a [Client].
type session struct {
	config config
	door   door
	auth   auth
	http   *http.Client
	now    func() time.Time
	spread func() float64 // how much of the second half of a backoff is waited, from 0 to 1
	closed atomic.Bool
}

// New makes a client. It needs one of [WithDigest], [WithServiceAccount] and [WithBearer], and sends nothing
// yet. Its error is a [*UsageError].
func New(opts ...Option) (*Client, error) {
	c := &session{config: defaults(), now: time.Now, spread: rand.Float64}
	for _, opt := range opts {
		if err := opt(&c.config); err != nil {
			return nil, err
		}
	}
	if err := c.config.check(); err != nil {
		return nil, err
	}
	c.door = doors[c.config.apiVersion]
	base := &http.Client{Transport: &wire{c.config.transport, c.config.userAgent}, CheckRedirect: stay}
	c.auth = c.config.credentials.auth(c.config.base, base)
	c.http = &http.Client{Transport: c.auth, CheckRedirect: stay}
	return &Client{func() *session { return c }}, nil
}

// session returns the content, or a [*UsageError] if the client was not created with [New].
func (c *Client) session() (*session, error) {
	if c == nil || c.hidden == nil {
		return nil, usage("the client is empty: create it with New")
	}
	return c.hidden(), nil
}

// Format prints the host of the server for every verb.
func (c Client) Format(f fmt.State, _ rune) {
	text := "empty client"
	if s, err := c.session(); err == nil {
		text = "client of " + tokenURL(s.config.base).Host
	}
	_, _ = io.WriteString(f, text)
}

// stay keeps credentials and payloads from following a redirect anywhere.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Close ends the client: the token of a service account is revoked, which takes at most the time of
// [WithTimeout], and further calls fail. Calls that are under way are not waited for; those that need another
// token fail. Only the first Close does anything. With other credentials nothing is sent and the error is nil.
func (c *Client) Close() error {
	s, err := c.session()
	if err != nil || s.closed.Swap(true) {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.config.timeout)
	defer cancel()
	err = s.revoke(ctx)
	s.http.CloseIdleConnections()
	return err
}
