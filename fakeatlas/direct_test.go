package fakeatlas_test

import (
	"context"
	"crypto/md5"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/redisstore"
)

const (
	base    = "https://atlas.invalid" // no server listens there: the responses come from the process
	secret  = "0123456789abcdef0123456789abc0de"
	datadog = `{"type":"DATADOG","apiKey":"` + secret + `","region":"US"}`
	dated   = "application/vnd.atlas.2023-01-01+json"
)

func newServer(t testing.TB, opts ...fakeatlas.Option) *fakeatlas.Server {
	t.Helper()
	s, err := fakeatlas.New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func integrations(apiVersion, project, rest string) string {
	return "/api/atlas/" + apiVersion + "/groups/" + project + "/integrations" + rest
}

// v2 is the address of a project's integrations, as far as the path goes.
func v2(rest string) string { return integrations("v2", project, rest) }

func newRequest(t testing.TB, method, url, body string, headers ...string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	return r
}

type Request struct {
	status int
	header http.Header
	body   string
}

// do sends a request and reads all of the response.
func do(t testing.TB, c *http.Client, r *http.Request) Request {
	t.Helper()
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return Request{resp.StatusCode, resp.Header, string(body)}
}

// call is do for a client of the server in the same process.
func call(t testing.TB, s *fakeatlas.Server, method, path, body string, headers ...string) Request {
	t.Helper()
	return do(t, s.Client(), newRequest(t, method, base+path, body, headers...))
}

// wantParts checks that a text contains each of the parts.
func wantParts(t testing.TB, where, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s: %q is missing in %s", where, part, text)
		}
	}
}

// wantNoParts checks that a text contains none of the parts.
func wantNoParts(t testing.TB, where, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("%s: %q is in %s", where, part, text)
		}
	}
}

func wantStatus(t testing.TB, got Request, status int, code string) {
	t.Helper()
	want := code
	if status == 401 && code == "UNEXPECTED_ERROR" { // of the authentication layer: only the body has the code
		want = ""
	}
	if got.status != status || got.header.Get("X-Error-Code") != want {
		t.Fatalf("got %d %q, want %d %q: %s", got.status, got.header.Get("X-Error-Code"), status, want, got.body)
	}
	if !strings.Contains(got.body, code) {
		t.Fatalf("%s is missing in %s", code, got.body)
	}
}

// examplePayloads returns the example payloads of an API version, one for each type.
func examplePayloads(t testing.TB, apiVersion string) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("../examples/payloads/" + apiVersion + "/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples of %s: %v", apiVersion, err)
	}
	payloads := map[string][]byte{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var typed struct{ Type string }
		if err := json.Unmarshal(data, &typed); err != nil {
			t.Fatal(err)
		}
		payloads[typed.Type] = data
	}
	return payloads
}

func TestSeed(t *testing.T) {
	s := newServer(t)
	opsGenie := map[string]any{"type": "OPS_GENIE", "apiKey": "00000000-1111"}
	flowdock := struct {
		Type     string `json:"type"`
		FlowName string `json:"flowName"`
		APIToken string `json:"apiToken"`
		OrgName  string `json:"orgName"`
	}{"FLOWDOCK", "flow", "a-token-0000", "org"}
	if err := s.Seed(project, []byte(datadog), opsGenie, flowdock, json.RawMessage(`{"type":"VICTOR_OPS","apiKey":"k-1111"}`)); err != nil {
		t.Fatal(err)
	}
	got, ok := s.Integration(project, "DATADOG")
	want := map[string]any{
		"apiKey": secret, "region": "US", "sendCollectionLatencyMetrics": false, "sendDatabaseMetrics": false,
		"sendQueryStatsMetrics": false, "sendShardingMetrics": false, "sendUserProvidedResourceTags": false,
	}
	if !ok || !cmp.Equal(want, got.Fields) || len(got.ID) != 24 {
		t.Errorf("stored %v %v, want %v", ok, got, want)
	}
	var types []string
	for _, in := range s.Integrations(project) {
		types = append(types, in.Type)
	}
	if diff := cmp.Diff([]string{"DATADOG", "OPS_GENIE", "VICTOR_OPS", "FLOWDOCK"}, types); diff != "" {
		t.Error(diff)
	}
	if got := call(t, s, "GET", v2("/DATADOG"), ""); !strings.Contains(got.body, `"apiKey":"****************************c0de"`) {
		t.Errorf("a seed is shown as %s", got.body)
	}
}

// A seed is stored as POST stores it.
func TestSeedsAreAsPosted(t *testing.T) {
	for typ, payload := range examplePayloads(t, "v2") {
		seeded, posted := newServer(t), newServer(t)
		if err := seeded.Seed(project, payload); err != nil {
			t.Fatal(err)
		}
		wantStatus(t, call(t, posted, "POST", v2("/"+typ), string(payload)), 200, "")
		a, _ := seeded.Integration(project, typ)
		b, _ := posted.Integration(project, typ)
		if diff := cmp.Diff(a.Fields, b.Fields); diff != "" {
			t.Errorf("%s: %s", typ, diff)
		}
	}
}

func TestRejectedSeeds(t *testing.T) {
	const other = "ffffffffffffffffffffffff"
	s := newServer(t, fakeatlas.WithProjects(project))
	if err := s.Seed(project, datadog); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, project string
		payload       any
		want          string
	}{
		{"masked", project, `{"type":"OPS_GENIE","apiKey":"**** 1234"}`, "this is a mask"},
		{"unknown type", project, `{"type":"PAGER"}`, "an unknown type"},
		{"no object", project, `[]`, "an unknown type"},
		{"nothing", project, ``, "an unknown type"},
		{"not JSON", project, func() {}, "a func() can't be written as JSON"},
		{"twice", project, datadog, "DATADOG: the project has an integration of this type"},
		{"project that is none", "p", datadog, "24 hexadecimal digits"},
		{"project not told of", other, datadog, "does not exist on this server"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := s.Seed(tc.project, `{"type":"VICTOR_OPS","apiKey":"k-1111"}`, tc.payload)
			if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), secret) {
				t.Errorf("got %v, want an error with %q", err, tc.want)
			}
			var rejected *fakeatlas.PayloadError
			if errors.As(err, &rejected) && len(rejected.Findings) == 0 {
				t.Error("an error without findings")
			}
			if tc.project == project && !errors.As(err, &rejected) && !errors.Is(err, store.ErrExists) {
				t.Errorf("%T is none of the documented errors of Seed", err)
			}
			_ = s.DeleteIntegration(project, "VICTOR_OPS")
		})
	}
	if err := s.Seed(project, datadog); !errors.Is(err, store.ErrExists) {
		t.Errorf("got %v, want store.ErrExists", err)
	}
	if err := s.Seed(project, `{"type":"OPS_GENIE","apiKey":"k-1111"}`, `{}`); err == nil || len(s.Integrations(project)) != 1 {
		t.Errorf("an invalid payload must prevent the others from being stored: %v, %v", err, s.Integrations(project))
	}
}

// TestNilOption passes an option that a helper has returned as nil.
func TestNilOption(t *testing.T) {
	if _, err := fakeatlas.New(nil, fakeatlas.WithoutAuth(), nil); err != nil {
		t.Error(err)
	}
}

func TestInvalidOptions(t *testing.T) {
	for name, opt := range map[string]fakeatlas.Option{
		"journal":           fakeatlas.WithJournal(-1),
		"fallback":          fakeatlas.WithFallback("http://u:" + secret + "@127.0.0.1"),
		"recordings":        fakeatlas.WithRecordings(""),
		"credentials twice": fakeatlas.WithCredentials(fakeatlas.DefaultAPIKey, fakeatlas.DefaultAPIKey),
		"latency":           fakeatlas.WithLatency(-1),
		"rate limit":        fakeatlas.WithRateLimit(-1),
		"large rate limit":  fakeatlas.WithRateLimit(1_000_000_001),
		"project":           fakeatlas.WithProjects("p"),
		"key":               fakeatlas.WithCredentials(fakeatlas.Credential{PublicKey: "", PrivateKey: "x"}),
		"service account":   fakeatlas.WithCredentials(fakeatlas.Credential{ClientID: "x", ClientSecret: ""}),
		"no base URL":       fakeatlas.WithBaseURL("atlas.example"),
		"base URL, no host": fakeatlas.WithBaseURL("https://"),
		"base URL, scheme":  fakeatlas.WithBaseURL("ftp://atlas.example"),
		"base URL, query":   fakeatlas.WithBaseURL("https://atlas.example/?a"),
		"base URL, user":    fakeatlas.WithBaseURL("https://u:" + secret + "@atlas.example"),
		"token with space":  fakeatlas.WithControl(secret + " x"),
		"token with line":   fakeatlas.WithControl(secret + "\n"),
		"token with accent": fakeatlas.WithControl(secret + "é"),
		"no store":          fakeatlas.WithStore(nil),
		"nil store":         fakeatlas.WithStore((*redisstore.Store)(nil)),
		"base URL, broken":  fakeatlas.WithBaseURL("https://u:" + secret + "@[::1"),
	} {
		_, err := fakeatlas.New(opt)
		var wrong *fakeatlas.OptionError
		if !errors.As(err, &wrong) {
			t.Errorf("%s: got %v, want an OptionError", name, err)
			continue
		}
		if !strings.HasPrefix(wrong.Option, "With") {
			t.Errorf("%s: the option is %q", name, wrong.Option)
		}
		if text := err.Error(); !strings.HasPrefix(text, wrong.Reason) || !strings.HasSuffix(text, wrong.Hint) {
			t.Errorf("%s: %q is not the reason %q and the hint %q", name, text, wrong.Reason, wrong.Hint)
		}
		wantNoParts(t, name, err.Error(), secret)
	}
}

// Restore accepts every integration that either API version has stored.
func TestSnapshotAndRestore(t *testing.T) {
	s := newServer(t)
	for typ, payload := range examplePayloads(t, "v1.0") {
		wantStatus(t, call(t, s, "POST", integrations("v1.0", project, "/"+typ), string(payload)), 200, "")
	}
	for typ, payload := range examplePayloads(t, "v2") {
		wantStatus(t, call(t, s, "PUT", v2("/"+typ), string(payload)), 200, "")
	}
	before, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Reset(); err != nil || len(s.Integrations(project)) > 0 {
		t.Fatalf("after a reset there are %v, %v", s.Integrations(project), err)
	}
	if err := s.Restore(before); err != nil {
		t.Fatal(err)
	}
	after, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error(diff)
	}
}

// A test may change a snapshot before it restores it, and go on changing it.
func TestSnapshotIsACopy(t *testing.T) {
	s := newServer(t)
	if err := s.Seed(project, datadog); err != nil {
		t.Fatal(err)
	}
	want := s.Integrations(project)
	state, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	change := func() {
		t.Helper()
		state[project].Integrations[0].Fields["region"] = "EU"
		if diff := cmp.Diff(want, s.Integrations(project)); diff != "" {
			t.Error(diff)
		}
		state[project].Integrations[0].Fields["region"] = "US"
	}
	change()
	if err := s.Restore(state); err != nil {
		t.Fatal(err)
	}
	change()
}

// A store of one's own, or filled past the server, may have integrations without fields.
func TestUpdateWhereNoFieldsAreStored(t *testing.T) {
	memory := new(store.Memory)
	if err := memory.Create(context.Background(), project, store.Integration{Type: "DATADOG", ID: project}); err != nil {
		t.Fatal(err)
	}
	s := newServer(t, fakeatlas.WithStore(memory))
	wantStatus(t, call(t, s, "PUT", v2("/DATADOG"), datadog), 200, "")
	if in, _ := s.Integration(project, "DATADOG"); in.Fields["apiKey"] != secret || in.ID != project {
		t.Errorf("stored: %v", in)
	}
}

// stored is the part of a snapshot for one project.
func stored(list ...store.Integration) store.Contents { return store.Contents{Integrations: list} }

func TestRejectedSnapshots(t *testing.T) {
	good := store.Integration{Type: "OPS_GENIE", Fields: map[string]any{"apiKey": "k-1111"}}
	with := func(name string, value any) store.Integration {
		return store.Integration{Type: "OPS_GENIE", Fields: map[string]any{"apiKey": "k-1111", name: value}}
	}
	s := newServer(t)
	if err := s.Seed(project, datadog); err != nil {
		t.Fatal(err)
	}
	for name, state := range map[string]store.State{
		"project":  {"p": stored(good)},
		"type":     {project: stored(store.Integration{Type: "PAGER"})},
		"field":    {project: stored(with("channelName", "c"))},
		"value":    {project: stored(with("region", "MARS"))},
		"mask":     {project: stored(with("apiKey", "****1111"))},
		"inner id": {project: stored(with("id", project))},
		"missing":  {project: stored(store.Integration{Type: "OPS_GENIE"})},
		"id":       {project: stored(store.Integration{Type: good.Type, ID: "1", Fields: good.Fields})},
		"twice":    {project: stored(good, good)},
		"no name":  {project: {Project: &store.Project{Org: project}}},
		"record":   {project: {Project: &store.Project{ID: project, Org: project}}},
		"other id": {project: {Project: &store.Project{ID: "111111111111111111111111", Org: project, Name: "a"}}},
		"names": {
			project:                    {Project: &store.Project{Org: project, Name: "a"}},
			"111111111111111111111111": {Project: &store.Project{Org: project, Name: "a"}},
		},
	} {
		if err := s.Restore(state); err == nil {
			t.Errorf("%s: is accepted", name)
		}
	}
	if in, ok := s.Integration(project, "DATADOG"); !ok || len(s.Integrations(project)) != 1 {
		t.Errorf("a rejected snapshot has changed what was stored: %v", in)
	}
	if err := s.Restore(store.State{project: stored(good)}); err != nil {
		t.Error(err)
	}
}

// Direct access returns copies, which the caller may change.
func TestDirectStateIsACopy(t *testing.T) {
	s := newServer(t)
	if err := s.Seed(project, datadog); err != nil {
		t.Fatal(err)
	}
	in, _ := s.Integration(project, "DATADOG")
	in.Fields["region"] = "EU"
	s.Integrations(project)[0].Fields["region"] = "EU"
	if in, _ := s.Integration(project, "DATADOG"); in.Fields["region"] != "US" {
		t.Error("a change from outside is stored")
	}
	if _, ok := s.Integration(project, "SLACK"); ok {
		t.Error("an unknown integration is returned")
	}
	if err := s.DeleteIntegration(project, "SLACK"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("got %v, want store.ErrNotFound", err)
	}
}

// token requests a token as a service account does.
func token(t testing.TB, s *fakeatlas.Server) string {
	t.Helper()
	r := newRequest(t, "POST", base+"/api/oauth/token", "grant_type=client_credentials", "Content-Type: application/x-www-form-urlencoded")
	r.SetBasicAuth(fakeatlas.DefaultServiceAccount.ClientID, fakeatlas.DefaultServiceAccount.ClientSecret)
	got := do(t, &http.Client{Transport: s.Transport()}, r)
	wantStatus(t, got, 200, "")
	var issued struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(got.body), &issued); err != nil {
		t.Fatal(err)
	}
	return issued.AccessToken
}

func TestTokensExpireByTheClock(t *testing.T) {
	s := newServer(t)
	bearer := "Authorization: Bearer " + token(t, s)
	wantStatus(t, call(t, s, "GET", v2(""), "", bearer), 200, "")
	s.Advance(59 * time.Minute)
	wantStatus(t, call(t, s, "GET", v2(""), "", bearer), 200, "")
	s.Advance(time.Minute)
	wantStatus(t, call(t, s, "GET", v2(""), "", bearer), 401, "UNEXPECTED_ERROR")
	wantStatus(t, call(t, s, "GET", v2(""), ""), 200, "") // the client requests its own
}

// digestCredentials is the response of a client with the default key to a challenge, by RFC 7616.
func digestCredentials(t testing.TB, challenge, method, uri string) string {
	t.Helper()
	parts := regexp.MustCompile(`realm="([^"]*)".*nonce="([^"]*)"`).FindStringSubmatch(challenge)
	if parts == nil {
		t.Fatalf("no challenge: %s", challenge)
	}
	hash := func(texts ...string) string { return fmt.Sprintf("%x", md5.Sum([]byte(strings.Join(texts, ":")))) }
	user := hash(fakeatlas.DefaultAPIKey.PublicKey, parts[1], fakeatlas.DefaultAPIKey.PrivateKey)
	response := hash(user, parts[2], "00000001", "c", "auth", hash(method, uri))
	return fmt.Sprintf(`Digest username="%s", realm="%s", nonce="%s", uri="%s", response="%s", algorithm=MD5, qop=auth, nc=00000001, cnonce="c"`,
		fakeatlas.DefaultAPIKey.PublicKey, parts[1], parts[2], uri, response)
}

// A digest client works at any time, also after the clock went back; an old nonce goes stale by it.
func TestDigestByTheClock(t *testing.T) {
	s := newServer(t)
	plain := &http.Client{Transport: s.Transport()}
	challenge := func() string {
		return do(t, plain, newRequest(t, "GET", base+v2(""), "", "Accept: "+dated)).header.Get("WWW-Authenticate")
	}
	send := func(challenge string) Request {
		return do(t, plain, newRequest(t, "GET", base+v2(""), "", "Accept: "+dated, "Authorization: "+digestCredentials(t, challenge, "GET", v2(""))))
	}
	moves := []func(){
		func() {}, func() { s.Advance(time.Hour) }, func() { s.Advance(time.Hour) }, func() { s.Advance(-3 * time.Hour) },
		func() { s.SetClock(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)) }, func() { _ = s.Reset() },
	}
	for i, move := range moves {
		old := challenge()
		move()
		wantStatus(t, send(challenge()), 200, "")
		if i == 0 {
			continue
		}
		if stale := send(old); stale.status != 401 || !strings.Contains(stale.header.Get("WWW-Authenticate"), "stale=true") {
			t.Errorf("move %d: an old nonce gets %d %v", i, stale.status, stale.header)
		}
	}
}

func TestReset(t *testing.T) {
	s := newServer(t, fakeatlas.WithRateLimit(2))
	bearer := "Authorization: Bearer " + token(t, s)
	s.SetClock(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC))
	if err := errors.Join(s.Seed(project, datadog), s.FailNext(fakeatlas.Fault{Status: 500})); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{500, 200, 429} {
		if got := call(t, s, "GET", v2(""), "", bearer); got.status != want {
			t.Fatalf("got %d, want %d", got.status, want)
		}
	}
	if _, err := s.InjectFault(fakeatlas.Fault{Status: 500}); err != nil {
		t.Fatal(err)
	}
	if err := s.Reset(); err != nil {
		t.Fatal(err)
	}
	if n := len(s.Requests()) + len(s.Faults()) + len(s.Integrations(project)); n != 0 {
		t.Errorf("%d things are left: %v %v %v", n, s.Requests(), s.Faults(), s.Integrations(project))
	}
	wantStatus(t, call(t, s, "GET", v2(""), "", bearer), 401, "UNEXPECTED_ERROR")
	got := call(t, s, "GET", v2(""), "")
	wantStatus(t, got, 200, "")
	if remaining := "RateLimit-Remaining"; got.header[remaining][0] != "1" {
		t.Errorf("requests from before the reset are counted: %v", got.header)
	}
	if at := s.Requests()[0].Time; time.Since(at) > time.Hour {
		t.Errorf("the clock shows %v", at)
	}
}

func TestResetCountsAnew(t *testing.T) {
	s := newServer(t, fakeatlas.WithRateLimit(1))
	for range 2 {
		wantStatus(t, call(t, s, "GET", v2(""), ""), 200, "")
		wantStatus(t, call(t, s, "GET", v2(""), ""), 429, "RATE_LIMITED_TOKEN_BUCKET")
		if err := s.Reset(); err != nil {
			t.Fatal(err)
		}
	}
}

// Projects of one server don't share integrations, faults or requests.
func TestProjectsShareNothing(t *testing.T) {
	s := newServer(t)
	var group sync.WaitGroup
	for i := range 8 {
		own := fmt.Sprintf("%024x", i)
		group.Go(func() {
			if err := errors.Join(s.Seed(own, datadog), s.FailNext(fakeatlas.Fault{Project: own, Status: 503, Times: 2})); err != nil {
				t.Error(err)
				return
			}
			for range 2 {
				if got := call(t, s, "GET", integrations("v2", own, "/DATADOG"), ""); got.status != 503 {
					t.Errorf("got %d, want the fault", got.status)
				}
			}
			for range 20 {
				if got := call(t, s, "GET", integrations("v2", own, "/DATADOG"), ""); got.status != 200 {
					t.Errorf("got %d by the fault of another project", got.status)
				}
			}
			if got := s.Requests(own); len(got) != 22 || got[0].Project != own {
				t.Errorf("%d requests, want 22", len(got))
			}
		})
	}
	group.Wait()
}
