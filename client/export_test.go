package client

import "time"

// SetClock sets the clock of a client and removes the random part of a backoff: share replaces the random number.
func (c *Client) SetClock(now func() time.Time, share float64) {
	s := c.hidden()
	s.now, s.spread = now, func() float64 { return share }
}

// Media is the media type of an API version.
func Media(apiVersion string) string { return endpointsByVersion[apiVersion].media }

// MaxBody is the limit of an answer's size, in bytes.
const MaxBody = maxBody
