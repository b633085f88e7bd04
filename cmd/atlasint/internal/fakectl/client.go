package fakectl

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/internal/controlapi"
	"github.com/atlasint/atlasint/internal/netcause"
	"github.com/atlasint/atlasint/internal/redact"
)

// The largest responses in bytes. The journal has bodies of 16 MiB.
const (
	maxResponse = 128 << 20
	maxSnapshot = 512 << 20 // as the server returns and accepts
)

// client calls the control API of one server.
type client struct {
	base    *url.URL
	token   string
	timeout time.Duration // of one call
	refused string        // the hint for a refused connection, "" for the usual one
	flags   string        // of the command, for hints that name another command
}

// call is a request to the control API.
type call struct {
	method, path string
	query        url.Values
	body         []byte
	member       string        // that the response has, "" if it has no body; see [client.change]
	maxResponse  int           // in bytes; 0 for that of most calls
	wait         time.Duration // that the server may take longer than usual
	missingHint  string        // for the response 404 of the control API, "" for the hint of the response
	flagHint     string        // follows the text of the response 400: the flags that set members of the body
}

// send returns the response to a call: its JSON in into, unless that is nil, and its headers.
func (c *client) send(ctx context.Context, what call, into any) (http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout+what.wait)
	defer cancel()
	target := c.base.JoinPath(controlapi.Prefix, what.path)
	target.RawQuery = what.query.Encode()
	request, err := http.NewRequestWithContext(ctx, what.method, target.String(), bytes.NewReader(what.body))
	if err != nil {
		return nil, problem.Inputf("%s %w", c.host(), problem.Worded("can't be called; check the URL", err))
	}
	if len(what.body) > 0 {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	// A proxy of the environment is not used: the control API rejects requests from a proxy.
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: noRedirects}).Do(request)
	if err != nil {
		return nil, c.noResponse(err)
	}
	defer response.Body.Close()
	limit := cmp.Or(what.maxResponse, maxResponse)
	data, err := io.ReadAll(io.LimitReader(response.Body, int64(limit)+1))
	switch {
	case err != nil:
		return nil, problem.Failuref("%s %w", c.host(), reasonOfPart(err, "--timeout"))
	case len(data) > limit:
		return nil, problem.Failuref("%s sent a response of more than %d MiB; check the URL", c.host(), limit>>20)
	case response.StatusCode >= http.StatusMultipleChoices:
		return nil, c.responseError(what, response.StatusCode, data)
	case what.member == "" && (len(data) > 0 || response.StatusCode != http.StatusNoContent), what.member != "" && !hasMember(data, what.member):
		return nil, c.notFakeError(response.StatusCode)
	case into != nil && decode(data, into) != nil:
		return nil, c.notFakeError(response.StatusCode)
	}
	return response.Header, nil
}

// change sends a call whose response has no body, after a call whose response has one: other servers may respond to any
// path with 204.
func (c *client) change(ctx context.Context, what call) error {
	if _, err := c.send(ctx, call{method: http.MethodGet, path: "clock", member: "now"}, nil); err != nil {
		return err
	}
	_, err := c.send(ctx, what, nil)
	return err
}

// hasMember reports whether a response is a JSON object with a member. Other servers may respond to any path with 200.
func hasMember(data []byte, name string) bool {
	var object map[string]json.RawMessage
	return decode(data, &object) == nil && object[name] != nil && string(object[name]) != "null"
}

func noRedirects(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func decode(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	return decoder.Decode(into)
}

func (c *client) host() string { return redact.Path(c.base.Host) }

// noResponse returns the error for a request without a response.
func (c *client) noResponse(err error) error {
	return problem.Failuref("%s %w", c.host(), reason(err, "--timeout", c.refused))
}

func (c *client) notFakeError(status int) error {
	return problem.Failuref("%s returned HTTP %d without the JSON of a fake Atlas; check the URL", c.host(), status)
}

// responseError returns the error for an unsuccessful response of the control API.
func (c *client) responseError(what call, status int, data []byte) error {
	var body struct {
		Error     any // a string in the control API, a number in the API of Atlas
		Hint      string
		ErrorCode string
	}
	_ = decode(data, &body) // a response of another server
	text, _ := body.Error.(string)
	switch {
	case text == "" && status == http.StatusNotFound && body.ErrorCode == "RESOURCE_NOT_FOUND":
		return problem.Failuref("%s has no control API: the server was started with --no-control, or without %s on an address "+
			"that other machines reach; restart it without the flag, or with a token", c.host(), TokenVariable)
	case text == "" && netcause.ExpectsHTTPS(c.base.Scheme, status, data):
		return problem.Failuref("%s %s", c.host(), expectsHTTPS)
	case text == "":
		return c.notFakeError(status)
	case status == http.StatusUnauthorized && c.token == "":
		return problem.Failuref("%s requires the token of its control API; set %s", c.host(), TokenVariable)
	case status == http.StatusUnauthorized:
		return problem.Failuref("%s rejects the token of the control API; check %s", c.host(), TokenVariable)
	}
	text = c.clean(text)
	switch {
	case status == http.StatusRequestTimeout:
		body.Hint = "atlasint fake requests" + c.flags + " lists the requests that were made"
	case status == http.StatusNotFound && what.missingHint != "":
		body.Hint = what.missingHint
	}
	if body.Hint != "" {
		text += "; " + c.clean(body.Hint)
	}
	if status == http.StatusBadRequest && what.flagHint != "" {
		text += "; " + what.flagHint
	}
	return problem.Of(kindOf(status), fmt.Errorf("%s: %s", c.host(), text))
}

// clean returns a text of the server on one line, without the token, which a server can repeat.
func (c *client) clean(text string) string {
	return redact.Shorten(redact.Secrets(redact.Line(text), []string{c.token}))
}

// kindOf returns the kind of the problem for a status of the control API.
func kindOf(status int) problem.Kind {
	switch status {
	case http.StatusRequestTimeout: // no request matched
		return problem.Finding
	case http.StatusBadRequest, http.StatusNotFound, http.StatusRequestEntityTooLarge:
		return problem.Input
	}
	return problem.Failure
}
