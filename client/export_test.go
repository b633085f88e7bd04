package client

import (
	"net/http"
	"time"
)

// SetClock sets the clock of a client and removes the random part of a backoff: share replaces the random number.
func (c *Client) SetClock(now func() time.Time, share float64) {
	s := c.hidden.get()
	s.now, s.spread = now, func() float64 { return share }
}

// Media is the media type of an API version.
func Media(apiVersion string) string { return endpointsByVersion[apiVersion].media }

// MaxBody is the limit of a response's size, in bytes.
const MaxBody = maxBody

// OwnTransport returns the transport of a client without the option Transport.
func OwnTransport() *http.Transport { return ownTransport().(*http.Transport) }

// Outlast is the context for the request of a token.
var Outlast = outlast
