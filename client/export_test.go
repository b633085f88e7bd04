package client

import "time"

// SetClock gives a client a clock of the test's own, and waits without chance: of the half of a backoff
// that is left to it, this share.
func (c *Client) SetClock(now func() time.Time, share float64) {
	s := c.hidden()
	s.now, s.spread = now, func() float64 { return share }
}

// Media is the media type of an API version.
func Media(apiVersion string) string { return doors[apiVersion].media }

// The limit of an answer's size, in bytes.
const MaxBody = maxBody
