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

// Client calls one Atlas with one set of credentials. It is safe for concurrent use. Make one with [New],
// and end it with [Client.Close].
type Client struct {
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
	c := &Client{config: defaults(), now: time.Now, spread: rand.Float64}
	for _, opt := range opts {
		if err := opt(&c.config); err != nil {
			return nil, err
		}
	}
	if err := c.config.check(); err != nil {
		return nil, err
	}
	c.door = doors[c.config.generation]
	base := &http.Client{Transport: &wire{c.config.transport, c.config.userAgent}, CheckRedirect: stay}
	c.auth = c.config.credentials.auth(c.config.base, base)
	c.http = &http.Client{Transport: c.auth, CheckRedirect: stay}
	return c, nil
}

// Format names the server whatever the verb, so that none of fmt shows a credential.
func (c *Client) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "client of "+tokenURL(c.config.base).Host)
}

// stay keeps credentials and payloads from following a redirect anywhere.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Close ends the client: the token of a service account is revoked, which takes at most the time of
// [WithTimeout], and further calls fail. Calls that are under way are not waited for; those that need another
// token fail. Only the first Close does anything. With other credentials nothing is sent and the error is nil.
func (c *Client) Close() error {
	if c.closed.Swap(true) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), c.config.timeout)
	defer cancel()
	err := c.revoke(ctx)
	c.http.CloseIdleConnections()
	return err
}
