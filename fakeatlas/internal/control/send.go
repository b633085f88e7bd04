package control

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/internal/atlas"
)

// The limits of a request that the server sends to itself.
const (
	maxPayload   = 2 * atlas.MaxPayload // bytes of the call; the API itself rejects larger payloads than its limit
	maxResponse  = 2 << 20              // bytes of the body of the response
	maxSentNames = 50                   // headers
)

// sentRequest is a request to the API.
type sentRequest struct {
	Method string            `json:"method"`
	Path   string            `json:"path"` // with its query
	Header map[string]string `json:"headers"`
	Body   json.RawMessage   `json:"body"` // a string is sent unchanged, any other value as JSON
}

// ownHeaders are the headers that a sent request may not have: the server sets them itself.
var ownHeaders = []string{
	"Authorization", "Connection", "Content-Length", "Cookie", "Expect", "Host", "Keep-Alive", "Origin", "Proxy-Authorization",
	"Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// postSend sends a request to the API of the server, which handles it like any other, and returns the response.
func (a *API) postSend(r *http.Request) (int, any, error) {
	var sent sentRequest
	if err := read(r, maxPayload, &sent); err != nil {
		return 0, nil, err
	}
	request, err := sent.request(r)
	if err != nil {
		return 0, nil, err
	}
	response, err := a.s.Client().Transport.RoundTrip(request)
	if err != nil { // a fault has closed the connection, or the caller has disconnected
		return http.StatusOK, wire.Object{wire.Field("status", 0), wire.Field("headers", wire.Object{}), wire.Field("body", nil),
			wire.Field("truncated", false)}, nil
	}
	defer func() { _ = response.Body.Close() }()
	return http.StatusOK, responseDocument(response), nil
}

// request returns the HTTP request, or the reason for which the server does not send it. No error contains a part of
// it.
func (s *sentRequest) request(r *http.Request) (*http.Request, error) {
	target, err := url.ParseRequestURI(s.Path)
	if err != nil || !strings.HasPrefix(s.Path, "/api/") || path.Clean(target.Path) != target.Path {
		return nil, newError(http.StatusBadRequest, "the path is not one of the API", "send a path below /api/ without its host")
	}
	if strings.HasPrefix(target.Path, wire.OAuthPath) {
		return nil, newError(http.StatusBadRequest, "the path is for tokens, whose responses are secret",
			"send such requests to the server directly")
	}
	target.Scheme, target.Host = "http", cmp.Or(r.Host, "localhost")
	if r.TLS != nil {
		target.Scheme = "https"
	}
	request, err := http.NewRequestWithContext(r.Context(), cmp.Or(s.Method, http.MethodGet), target.String(), bytes.NewReader(s.body()))
	if err != nil {
		return nil, newError(http.StatusBadRequest, "the method is not one of HTTP", "use GET, POST, PUT, PATCH or DELETE")
	}
	if len(s.body()) == 0 {
		request.Body = http.NoBody
	} else {
		request.Header.Set("Content-Type", "application/json")
	}
	request.Header.Set("User-Agent", "atlasint-console")
	return request, s.setHeader(request.Header)
}

// body returns the bytes of the body: those of a string, or JSON.
func (s *sentRequest) body() []byte {
	var text string
	switch {
	case len(s.Body) == 0 || string(s.Body) == "null":
		return nil
	case json.Unmarshal(s.Body, &text) == nil:
		return []byte(text)
	}
	return s.Body
}

func (s *sentRequest) setHeader(header http.Header) error {
	if len(s.Header) > maxSentNames {
		return newError(http.StatusBadRequest, "there are too many headers", "send "+strconv.Itoa(maxSentNames)+" at most")
	}
	for name, value := range s.Header {
		name = http.CanonicalHeaderKey(name)
		if slices.Contains(ownHeaders, name) {
			return newError(http.StatusBadRequest, "headers: the server sets "+name+" itself", "leave it out")
		}
		if !wire.IsHeaderName(name) || !wire.IsHeaderValue(value) {
			return newError(http.StatusBadRequest, "headers: a name or a value is invalid", "use the characters of HTTP headers")
		}
		header.Set(name, value)
	}
	return nil
}

// responseDocument returns a response as JSON. A body that is JSON stays JSON, any other is text.
func responseDocument(response *http.Response) wire.Object {
	data, err := io.ReadAll(io.LimitReader(response.Body, maxResponse+1))
	truncated := len(data) > maxResponse || err != nil && !errors.Is(err, io.EOF)
	data = data[:min(len(data), maxResponse)]
	var body any
	switch {
	case len(data) == 0:
	case !truncated && json.Valid(data):
		body = json.RawMessage(data)
	default:
		body = strings.ToValidUTF8(string(data), "\ufffd")
	}
	headers := map[string]string{}
	for name, values := range response.Header {
		headers[name] = strings.Join(values, ", ")
	}
	return wire.Object{
		wire.Field("status", response.StatusCode), wire.Field("headers", headers), wire.Field("body", body), wire.Field("truncated", truncated),
	}
}
