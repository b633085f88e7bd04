//go:build ignore

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"

	"github.com/icholy/digest"
)

// What the server has unless it is told otherwise.
const (
	publicKey    = "atlasint"
	privateKey   = "fake0000-0000-4000-8000-0000private0"
	clientID     = "mdb_sa_id_00000000000000000000fake"
	clientSecret = "mdb_sa_sk_fake_fake_fake_fake_fake_fake_fake"
)

// payloads are good by both generations.
var payloads = map[string]string{
	"OPS_GENIE":  `{"type":"OPS_GENIE","apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64","region":"EU"}`,
	"VICTOR_OPS": `{"type":"VICTOR_OPS","apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64"}`,
	"DATADOG":    `{"type":"DATADOG","apiKey":"0123456789abcdef0123456789abcdef","region":"US"}`,
	"PAGER_DUTY": `{"type":"PAGER_DUTY","serviceKey":"0123456789abcdef0123456789abcdef"}`,
}

var types = []string{"DATADOG", "OPS_GENIE", "PAGER_DUTY", "VICTOR_OPS"}

// refused are bodies with a fault each.
var refused = []string{
	`{"type":"OPS_GENIE","apiKey":"k","region":"UK"}`, `{"type":"OPS_GENIE","apiKey":"k","unknown":1}`, `{"type":"X"}`, `{`, ``, `[]`,
	`{"type":"OPS_GENIE","type":"OPS_GENIE","apiKey":"k"}`, strings.Repeat("[", 20_000), strings.Repeat(" ", 100_000) + "x",
}

// client is one of many. It alone uses its projects, so that it knows what they hold.
type client struct {
	url      string
	http     *http.Client
	random   *rand.Rand
	projects []map[string]bool
	number   int
	counts   map[string]int

	token     string
	challenge *digest.Challenge
	used      int // how often the challenge was answered
}

func newClient(url string, seed uint64, number int) *client {
	c := &client{url: url, number: number, random: rand.New(rand.NewPCG(seed, uint64(number))), counts: map[string]int{},
		http: &http.Client{Transport: &http.Transport{}}}
	for range 64 {
		c.projects = append(c.projects, map[string]bool{})
	}
	return c
}

// kind is a kind of request and how often it comes, in a thousand.
type kind struct {
	name string
	each int
	do   func(*client) error
}

var kinds = []kind{
	{"get", 270, func(c *client) error { return c.one("GET", 200, 404) }},
	{"list", 200, func(c *client) error { return c.call(c.list("GET"), 200) }},
	{"put", 180, func(c *client) error { return c.one("PUT", 200, 200) }},
	{"post", 90, func(c *client) error { return c.one("POST", 409, 200) }},
	{"delete", 70, func(c *client) error { return c.one("DELETE", 204, 404) }},
	{"refused", 70, (*client).refusal},
	{"401", 40, (*client).stranger},
	{"429", 20, func(c *client) error { return c.fault("429", 429) }},
	{"503", 10, func(c *client) error { return c.fault("503", 503) }},
	{"drop", 10, (*client).drop},
	{"truncate", 10, (*client).truncate},
	{"no route", 10, (*client).lost},
	{"token", 10, (*client).tokens},
	{"control", 10, (*client).control},
}

// work makes n requests or a few more. It begins by asking to be let in anew, since an hour may have passed.
func (c *client) work(n int) error {
	c.challenge = nil
	if err := c.signIn(); err != nil {
		return err
	}
	for i := range n {
		k := c.choose()
		c.counts[k.name]++
		if err := k.do(c); err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
		if i%500 == 499 {
			c.http.CloseIdleConnections()
		}
	}
	return nil
}

func (c *client) choose() *kind {
	at := c.random.IntN(1000)
	for i := range kinds {
		if at -= kinds[i].each; at < 0 {
			return &kinds[i]
		}
	}
	return &kinds[0]
}

// request is one to the API; half of them bring a token, the others answer a challenge.
type request struct {
	method, path, body string
	header             map[string]string
}

func (c *client) list(method string) request {
	return request{method: method, path: c.path(c.project())}
}

func (c *client) project() int { return c.random.IntN(len(c.projects)) }

func (c *client) path(project int) string {
	generation := []string{"v2", "v1.0"}[c.random.IntN(2)]
	return fmt.Sprintf("/api/atlas/%s/groups/%012x%012x/integrations", generation, c.number+1, project)
}

// one asks for one integration. The two statuses are those where it is there and where it is not.
func (c *client) one(method string, there, absent int) error {
	project, typ := c.project(), types[c.random.IntN(len(types))]
	body, want := "", absent
	if c.projects[project][typ] {
		want = there
	}
	if method == "PUT" || method == "POST" {
		body = payloads[typ]
	}
	err := c.call(request{method: method, path: c.path(project) + "/" + typ, body: body}, want)
	if method != "GET" && want < 300 {
		c.projects[project][typ] = method != "DELETE"
	}
	return err
}

func (c *client) refusal() error {
	r := c.list("PUT")
	r.path += "/OPS_GENIE"
	r.body = refused[c.random.IntN(len(refused))]
	return c.call(r, 400)
}

func (c *client) stranger() error {
	r := c.list([]string{"GET", "PUT"}[c.random.IntN(2)])
	header := []string{"", "Bearer x", "Bearer " + c.token + "x", `Digest username="x"`, "Basic YTpi"}[c.random.IntN(5)]
	return c.send(r, header, 401)
}

func (c *client) fault(kind string, want int) error {
	r := c.list("GET")
	r.header = map[string]string{"X-Soak": kind}
	return c.call(r, want)
}

var errAnswered = errors.New("there is an answer, where the connection was to break off")

// drop sends what the client of net/http does not send again by itself.
func (c *client) drop() error {
	r := request{method: "POST", path: c.path(c.project()) + "/OPS_GENIE", body: "{}", header: map[string]string{"X-Soak": "drop"}}
	if err := c.send(r, "Bearer "+c.token, 0); err == nil {
		return errAnswered
	}
	return nil
}

func (c *client) truncate() error {
	r := c.list("GET")
	r.header = map[string]string{"X-Soak": "truncate"}
	if err := c.send(r, "Bearer "+c.token, 200); !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: %v", errAnswered, err)
	}
	return nil
}

func (c *client) lost() error {
	return c.call(request{method: "GET", path: "/api/atlas/v2/" + strings.Repeat("x", c.random.IntN(5000))}, 404)
}

// tokens gets a token, uses it, and gives it back, after which it is good for nothing. Some are kept.
func (c *client) tokens() error {
	old := c.token
	if err := c.signIn(); err != nil || c.random.IntN(2) == 0 {
		return err
	}
	if err := c.oauth("revoke", "token="+old, nil); err != nil {
		return err
	}
	return c.send(c.list("GET"), "Bearer "+old, 401)
}

func (c *client) control() error {
	paths := []string{"health", "faults", "clock", "requests?limit=10", "metrics"}
	r := request{method: "GET", path: "/_atlasint/" + paths[c.random.IntN(len(paths))]}
	return c.send(r, "", 200)
}

func (c *client) signIn() error {
	c.counts["sign in"]++
	var answer struct {
		Token string `json:"access_token"`
	}
	err := c.oauth("token", "grant_type=client_credentials", &answer)
	c.token = answer.Token
	return err
}

func (c *client) oauth(what, form string, to any) error {
	r, err := http.NewRequest("POST", c.url+"/api/oauth/"+what, strings.NewReader(form))
	if err != nil {
		return err
	}
	r.SetBasicAuth(clientID, clientSecret)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != 200 {
		err = fmt.Errorf("%s: status %d", what, answer.StatusCode)
	}
	if err != nil || to == nil {
		return err
	}
	return json.Unmarshal(data, to)
}

// call sends a request with good credentials.
func (c *client) call(r request, want int) error {
	if c.random.IntN(2) == 0 {
		return c.send(r, "Bearer "+c.token, want)
	}
	if c.challenge == nil || c.used == 1000 {
		if err := c.challenged(); err != nil {
			return err
		}
	}
	c.used++
	answer, err := digest.Digest(c.challenge, digest.Options{Method: r.method, URI: r.path, Count: c.used, Username: publicKey, Password: privateKey})
	if err != nil {
		return err
	}
	return c.send(r, answer.String(), want)
}

func (c *client) challenged() error {
	c.counts["challenge"]++
	answer, err := c.http.Get(c.url + c.path(0))
	if err != nil {
		return err
	}
	answer.Body.Close()
	c.challenge, err = digest.ParseChallenge(answer.Header.Get("WWW-Authenticate"))
	c.used = 0
	return err
}

func (c *client) send(r request, authorization string, want int) error {
	in, err := http.NewRequest(r.method, c.url+r.path, strings.NewReader(r.body))
	if err != nil {
		return err
	}
	in.Header.Set("Accept", "application/vnd.atlas.2023-01-01+json")
	in.Header.Set("Content-Type", "application/json")
	if authorization != "" {
		in.Header.Set("Authorization", authorization)
	}
	for name, value := range r.header {
		in.Header.Set(name, value)
	}
	answer, err := c.http.Do(in)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != want {
		err = fmt.Errorf("%s %s: status %d, want %d: %.500s", r.method, r.path, answer.StatusCode, want, data)
	}
	return err
}
