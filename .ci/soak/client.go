package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/icholy/digest"

	"github.com/atlasint/atlasint/.ci/load"
	"github.com/atlasint/atlasint/fakeatlas"
)

// payloads are valid in both API versions.
var payloads = map[string]string{
	"OPS_GENIE":  `{"type":"OPS_GENIE","apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64","region":"EU"}`,
	"VICTOR_OPS": `{"type":"VICTOR_OPS","apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64"}`,
	"DATADOG":    `{"type":"DATADOG","apiKey":"0123456789abcdef0123456789abcdef","region":"US"}`,
	"PAGER_DUTY": `{"type":"PAGER_DUTY","serviceKey":"0123456789abcdef0123456789abcdef"}`,
}

var types = slices.Sorted(maps.Keys(payloads))

// rejected are bodies with one fault each.
var rejected = []string{
	`{"type":"OPS_GENIE","apiKey":"k","region":"UK"}`, `{"type":"OPS_GENIE","apiKey":"k","unknown":1}`, `{"type":"X"}`, `{`, ``, `[]`,
	`{"type":"OPS_GENIE","type":"OPS_GENIE","apiKey":"k"}`, strings.Repeat("[", 20_000), strings.Repeat(" ", 100_000) + "x",
}

// client is one of many. It alone uses its projects, so it can track which integrations they have.
type client struct {
	server *load.Server
	random *rand.Rand
	stored map[string]bool // by project number and type
	number int

	http, digest *http.Client // digest responds to challenges with the default API key
	bearer       string       // the Authorization with a token
}

func newClient(s *load.Server, seed uint64, number int) *client {
	transport, key := &http.Transport{}, fakeatlas.DefaultAPIKey
	return &client{server: s, number: number, random: rand.New(rand.NewPCG(seed, uint64(number))),
		stored: map[string]bool{}, http: &http.Client{Transport: transport},
		digest: &http.Client{Transport: &digest.Transport{Username: key.PublicKey, Password: key.PrivateKey, Transport: transport}}}
}

// kind is a kind of request and its frequency per hundred.
type kind struct {
	name      string
	frequency int
	do        func(*client) error
}

var kinds = []kind{
	{"get", 27, func(c *client) error { return c.integrationRequest("GET", 200, 404) }},
	{"list", 20, func(c *client) error { return c.call(c.list(), 200) }},
	{"put", 18, func(c *client) error { return c.integrationRequest("PUT", 200, 200) }},
	{"post", 9, func(c *client) error { return c.integrationRequest("POST", 409, 200) }},
	{"delete", 7, func(c *client) error { return c.integrationRequest("DELETE", 204, 404) }},
	{"refused", 7, func(c *client) error {
		return c.call(load.Request{Method: "PUT", Path: c.list().Path + "/OPS_GENIE", Body: pick(c, rejected)}, 400)
	}},
	{"401", 4, func(c *client) error {
		r := c.list()
		r.Method = pick(c, []string{"GET", "PUT"})
		return c.send(r, pick(c, []string{"", "Bearer x", c.bearer + "x", `Digest username="x"`, "Basic YTpi"}), 401)
	}},
	{"429", 2, func(c *client) error { return c.send(c.fault("429"), c.bearer, 429) }},
	{"503", 1, func(c *client) error { return c.send(c.fault("503"), c.bearer, 503) }},
	{"drop", 1, (*client).drop},
	{"truncate", 1, (*client).truncate},
	{"no route", 1, func(c *client) error {
		return c.call(load.Request{Method: "GET", Path: "/api/atlas/v2/" + strings.Repeat("x", c.random.IntN(5000))}, 404)
	}},
	{"token", 1, (*client).replaceToken},
	{"control", 1, func(c *client) error {
		path := pick(c, []string{"health", "faults", "clock", "requests?limit=10", "metrics"})
		return c.send(load.Request{Method: "GET", Path: "/_atlasint/" + path}, "", 200)
	}},
}

// hundred has each kind as often as it occurs in a hundred requests.
func hundred() (all []kind) {
	for _, k := range kinds {
		all = append(all, slices.Repeat([]kind{k}, k.frequency)...)
	}
	return all
}

// work sends n requests or a few more. It signs in again, since an hour may have passed.
func (c *client) work(n int) (err error) {
	if c.bearer, err = c.server.Bearer(); err != nil {
		return err
	}
	kinds := hundred()
	for i := range n {
		k := pick(c, kinds)
		if err := k.do(c); err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
		if i%500 == 499 {
			c.http.CloseIdleConnections()
		}
	}
	return nil
}

func pick[T any](c *client, list []T) T { return list[c.random.IntN(len(list))] }

func (c *client) path(project int) string {
	return fmt.Sprintf("/api/atlas/%s/groups/%012x%012x/integrations", pick(c, []string{"v2", "v1.0"}), c.number+1, project)
}

func (c *client) list() load.Request {
	return load.Request{Method: "GET", Path: c.path(c.random.IntN(64))}
}

func (c *client) fault(kind string) load.Request {
	r := c.list()
	r.Header = map[string]string{"X-Soak": kind}
	return r
}

// integrationRequest sends a request about one integration. The two statuses are those with and without a stored
// integration.
func (c *client) integrationRequest(method string, stored, absent int) error {
	project, typ := c.random.IntN(64), pick(c, types)
	at := fmt.Sprint(project, "/", typ)
	r, want := load.Request{Method: method, Path: c.path(project) + "/" + typ}, absent
	if c.stored[at] {
		want = stored
	}
	if method == "PUT" || method == "POST" {
		r.Body = payloads[typ]
	}
	err := c.call(r, want)
	if method != "GET" && want < 300 {
		c.stored[at] = method != "DELETE"
	}
	return err
}

// drop sends a POST: net/http doesn't repeat it.
func (c *client) drop() error {
	r := c.fault("drop")
	r.Method, r.Path, r.Body = "POST", r.Path+"/OPS_GENIE", "{}"
	if err := c.send(r, c.bearer, 0); !errors.As(err, new(*url.Error)) {
		return fmt.Errorf("the connection did not close: %w", err)
	}
	return nil
}

func (c *client) truncate() error {
	if err := c.send(c.fault("truncate"), c.bearer, 200); !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the response is not truncated: %v", err)
	}
	return nil
}

// replaceToken signs in again, and revokes the old token, which the server then rejects.
func (c *client) replaceToken() (err error) {
	old, account := c.bearer, fakeatlas.DefaultServiceAccount
	if c.bearer, err = c.server.Bearer(); err != nil {
		return err
	}
	revoke := load.Request{Method: "POST", Path: "/api/oauth/revoke", Body: "token=" + strings.TrimPrefix(old, "Bearer "),
		Header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}}
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(account.ClientID+":"+account.ClientSecret))
	if err := c.send(revoke, basic, 200); err != nil {
		return err
	}
	return c.send(c.list(), old, 401)
}

// call sends a request with valid credentials: half of them have a token, the others respond to a challenge.
func (c *client) call(r load.Request, want int) error {
	if c.random.IntN(2) == 0 {
		return c.send(r, c.bearer, want)
	}
	_, err := c.server.Send(c.digest, r, want)
	return err
}

func (c *client) send(r load.Request, authorization string, want int) error {
	if authorization != "" {
		header := map[string]string{"Authorization": authorization}
		maps.Copy(header, r.Header)
		r.Header = header
	}
	_, err := c.server.Send(c.http, r, want)
	return err
}
