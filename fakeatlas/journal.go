package fakeatlas

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/journal"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
)

// Request is one request in the journal. It contains no credentials and no secret: its address, headers and body have
// only the parts that the API has, and "(hidden)" in place of everything else.
type Request struct {
	// Seq is the sequence number in this server's journal, from 1 up, in the order of the responses.
	Seq    uint64    `json:"seq"`
	Time   time.Time `json:"time"` // of arrival, by the server's clock
	Method string    `json:"method"`
	Path   string    `json:"path"`            // escaped
	Query  string    `json:"query,omitempty"` // of known parameters
	// Operation is list, get, create, update, delete, token, revoke, an operationId such as getGroup, or other.
	Operation  string        `json:"operation"`
	Project    string        `json:"project,omitempty"`    // as in the path
	Type       string        `json:"type,omitempty"`       // as in the path
	APIVersion string        `json:"apiVersion,omitempty"` // v2 or v1.0; empty outside both
	Status     int           `json:"status"`               // 0: the connection was dropped, or the client disconnected
	ErrorCode  string        `json:"errorCode,omitempty"`  // of the response
	Duration   time.Duration `json:"-"`                    // until the response began, by the machine's clock
	User       string        `json:"user,omitempty"`       // the accepted public key or client ID
	Fault      string        `json:"fault,omitempty"`      // the id of the fault that was applied
	// FaultEffect is what the fault did, such as "status 503" or "delay 2s, truncate". The parts are delay, status,
	// errorCode, drop and truncate, as in [Fault].
	FaultEffect string `json:"faultEffect,omitempty"`
	Stub        string `json:"stub,omitempty"`     // the id of the stub that responded
	Fallback    bool   `json:"fallback,omitempty"` // the response is that of the fallback
	// Challenge reports whether the response is the 401 to a request without credentials, such as the first one of a
	// digest client.
	Challenge bool              `json:"challenge,omitempty"`
	Header    map[string]string `json:"header,omitempty"` // Accept, Content-Type and User-Agent
	Body      map[string]any    `json:"body,omitempty"`   // with its secrets masked; nil if it is too long or not a payload
	BodySize  int64             `json:"bodySize"`         // bytes of the body that were read
	// Response is the JSON of the response with its secrets masked and without links, as encoding/json decodes it with
	// UseNumber. It is nil if the response has no body, is not from the API or is longer than 64 KiB.
	Response any `json:"response,omitempty"`
}

// MarshalJSON writes the duration as text, such as "1.2ms", and escapes the characters that terminals interpret.
func (r Request) MarshalJSON() ([]byte, error) {
	type plain Request
	data, err := json.Marshal(struct {
		plain
		Duration string `json:"duration"`
	}{plain(r), r.Duration.String()})
	return wire.Printable(data), err
}

// UnmarshalJSON reads a request as the control API returns it. It ignores unknown members, which newer servers may add.
func (r *Request) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil // as encoding/json requires
	}
	type plain Request
	var read struct {
		plain
		Duration string `json:"duration"`
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(&read); err != nil {
		return err
	}
	if read.Duration != "" {
		var err error
		if read.plain.Duration, err = time.ParseDuration(read.Duration); err != nil {
			return errors.New(`duration is not one such as "1.2ms"`)
		}
	}
	*r = Request(read.plain)
	return nil
}

// WithJournal keeps the newest n requests for [Server.Requests]; 0 keeps none. The default is 1000. A request takes
// about half a kilobyte, up to 5 kB with a long address, and its body and that of its response up to 64 KiB each. All
// bodies together take at most 16 MiB: beyond that, the bodies of the oldest requests are dropped.
func WithJournal(n int) Option {
	return func(c *config) error {
		if n < 0 {
			return wrongOption("WithJournal", "", "the length of the journal must not be negative, got %d", n)
		}
		c.journal = n
		return nil
	}
}

// Requests returns the requests that got a response, the oldest first, including rejected requests and those for
// tokens, but none to the control API. If projects are named, it returns only requests to them. A request is in the
// journal before its client sees the response. The caller owns the result.
func (s *Server) Requests(projects ...string) []Request {
	requests := []Request{}
	for _, e := range s.journal.List() {
		if len(projects) == 0 || slices.Contains(projects, e.Project) {
			requests = append(requests, requestOf(e))
		}
	}
	return requests
}

// WaitForRequest returns the first request for which match returns true. It calls match with the requests in the
// journal, the oldest first, then with new ones as their responses begin, from the calling goroutine. It returns the
// error of ctx when that is done. At most 100 calls wait at a time, together with those of the control API; the
// journal must keep requests, see [WithJournal].
func (s *Server) WaitForRequest(ctx context.Context, match func(Request) bool) (Request, error) {
	var found Request
	err := s.journal.Wait(ctx, &journal.Filter{}, func(e *journal.Entry) bool {
		found = requestOf(e)
		return match(found)
	})
	if err != nil {
		return Request{}, err
	}
	return found, nil
}

// requestOf returns an entry of the journal as a request, its secrets masked.
func requestOf(e *journal.Entry) Request {
	e = e.Prepared()
	m := e.Masked()
	r := Request{
		Time: m.Time, Duration: m.Duration, Method: m.Method, Path: m.Path, Query: m.Query,
		Operation: m.Operation, Project: m.Project, Type: m.Type, APIVersion: m.APIVersion,
		Status: m.Status, ErrorCode: m.ErrorCode, User: m.User, Fault: m.Fault, FaultEffect: m.FaultEffect, Stub: m.Stub, Fallback: m.Fallback,
		Challenge: m.Challenge, Body: e.MaskedBody(), BodySize: m.BodySize,
		Seq: m.Seq, Response: e.MaskedResponse(),
	}
	r.Header = map[string]string{}
	for name, value := range map[string]string{"Accept": m.Accept, "Content-Type": m.ContentType, "User-Agent": m.UserAgent} {
		if value != "" {
			r.Header[name] = value
		}
	}
	return r
}
