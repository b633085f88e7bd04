package fakeatlas

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"pgregory.net/rapid"

	"github.com/atlasint/atlasint/fakeatlas/internal/control"
	"github.com/atlasint/atlasint/fakeatlas/internal/ratelimit"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/filestore"
	"github.com/atlasint/atlasint/fakeatlas/store/redisstore"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
)

func newFile(t *testing.T) (s store.Store, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "atlas.db")
	file, err := filestore.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file, path
}

func newRedis(t *testing.T, mini *miniredis.Miniredis) store.Store {
	t.Helper()
	s, err := redisstore.Open("redis://" + mini.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// The responses are the same for all stores, also for those that store masks instead of secrets.
func TestEveryStoreRespondsAlike(t *testing.T) {
	for _, apiVersion := range apiVersions {
		file, _ := newFile(t)
		want := everyResponse(t, apiVersion, new(store.Memory))
		for name, s := range map[string]store.Store{"file": file, "redis": newRedis(t, miniredis.RunT(t))} {
			got := everyResponse(t, apiVersion, s)
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("%s %s:\n%s\nwant\n%s", apiVersion, name, got[i], want[i])
				}
			}
		}
	}
}

// everyResponse requests all responses that may depend on stored data.
func everyResponse(t *testing.T, apiVersion string, s store.Store) (responses []string) {
	t.Helper()
	a := newAPIClient(t, apiVersion, WithStore(s))
	ask := func(a *apiClient, method, target string, payload map[string]any) reply {
		body := ""
		if payload != nil {
			body = string(wire.Encode(payload))
		}
		got := a.do(method, target, body)
		responses = append(responses, fmt.Sprintln(a.apiVersion, method, target, body, got.status, got.body))
		return got
	}
	both := []*apiClient{a, a.withVersion(map[string]string{schemas.V1: schemas.V2, schemas.V2: schemas.V1}[apiVersion])}
	for _, typ := range typeNames(apiVersion) {
		payload, target := secretPayload(t, apiVersion, typ), "/"+typ
		a.want(ask(a, "POST", target, payload), 200, "")
		for _, owner := range both {
			for _, change := range changesOf(owner, payload, ask(owner, "GET", target, nil)) {
				ask(owner, "PUT", target, change)
				ask(owner, "GET", target, nil)
			}
			ask(owner, "GET", "", nil)
		}
		ask(a, "POST", target, payload)
	}
	for _, typ := range typeNames(apiVersion) {
		ask(a, "DELETE", "/"+typ, nil)
		ask(a, "DELETE", "/"+typ, nil)
		ask(a, "GET", "", nil)
	}
	return responses
}

// changesOf are updates with the sent and the returned values, each field in turn.
func changesOf(a *apiClient, sent map[string]any, got reply) (changes []map[string]any) {
	var returned map[string]any
	if got.status != 200 || json.Unmarshal([]byte(got.body), &returned) != nil {
		return nil
	}
	changes = append(changes, returned, sent, map[string]any{"type": sent["type"]})
	for name := range sent {
		without, masked, short := maps.Clone(sent), maps.Clone(sent), maps.Clone(sent)
		delete(without, name)
		masked[name] = returned[name]
		short[name] = "abc"
		changes = append(changes, without, masked, short, returned)
	}
	slices.SortStableFunc(changes, func(a, b map[string]any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return changes
}

// A mask of a mask is the mask itself, or a store of masks would respond otherwise.
func TestMasksOfMasks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.OneOf(rapid.String(), rapid.StringMatching(`https?://[a-zA-Z0-9.:@\[\]]{0,12}(/[a-z%0-9?#&=:/*]{0,12})?`)).Draw(t, "secret")
		for _, how := range []string{schemas.MaskLast4, schemas.MaskOrigin} {
			if once := atlas.Mask(how, secret); atlas.Mask(how, once) != once {
				t.Fatalf("%q is %q, and that is %q", secret, once, atlas.Mask(how, once))
			}
		}
	})
}

// dump returns all keys and values of a Redis.
func dump(t *testing.T, mini *miniredis.Miniredis) string {
	t.Helper()
	var out strings.Builder
	for _, key := range mini.Keys() {
		fmt.Fprintln(&out, key)
		if mini.Type(key) != "hash" {
			text, err := mini.Get(key)
			fmt.Fprintln(&out, text, err)
			continue
		}
		fields, err := mini.HKeys(key)
		for _, field := range fields {
			fmt.Fprintln(&out, field, mini.HGet(key, field), err)
		}
	}
	return out.String()
}

// Stores that keep data after the process ends contain no secret that a client has sent, and no credential.
func TestStoredSecrets(t *testing.T) {
	file, path := newFile(t)
	mini := miniredis.RunT(t)
	for where, tc := range map[string]struct {
		s    store.Store
		read func() string // returns everything that the store has written; nil for one that keeps secrets
	}{
		"file":   {file, func() string { data, _ := os.ReadFile(path); return string(data) }},
		"redis":  {newRedis(t, mini), func() string { return dump(t, mini) }},
		"memory": {new(store.Memory), nil},
	} {
		t.Run(where, func(t *testing.T) {
			w := newRecordingClient(t, schemas.V2, WithStore(tc.s),
				WithCredentials(Credential{PublicKey: "public", PrivateKey: canary + "-key"}, Credential{ClientID: "client", ClientSecret: canaryHex + "-key"}))
			w.writeSecrets(t)
			if tc.read == nil { // the sample secrets must be in memory, or the search would find nothing elsewhere
				state, err := w.s.Snapshot()
				snapshot, jsonErr := json.Marshal(state)
				if err := errors.Join(err, jsonErr); err != nil {
					t.Error(err)
				}
				wantParts(t, "memory", string(snapshot), canary, canaryHex)
				return
			}
			stored := tc.read()
			if strings.Count(stored, "beef") < 10 || !strings.Contains(stored, "token") {
				t.Errorf("nothing is stored: %s", stored)
			}
			_, claims, _ := strings.Cut(w.token, ".")
			wantNoSecrets(t, map[string]string{where: stored}, canary, canaryHex, claims)
		})
	}
}

// ownStore is a store of another module.
type ownStore struct {
	*store.Memory
	keepsSecrets bool
}

func (s ownStore) Kind() string { return "own" }

func (s ownStore) KeepsSecrets() bool { return s.keepsSecrets }

func (s ownStore) Check(context.Context) error { return errors.New("unhealthy") }

// The server uses the methods by which a store describes itself.
func TestOwnStore(t *testing.T) {
	for _, keepsSecrets := range []bool{true, false} {
		c := newAPIClient(t, schemas.V2, WithStore(ownStore{new(store.Memory), keepsSecrets}))
		if err := c.s.Seed(testProject, `{"type":"OPS_GENIE","apiKey":"`+canary+`"}`); err != nil {
			t.Fatal(err)
		}
		in, _ := c.s.Integration(testProject, "OPS_GENIE")
		if got := in.Fields["apiKey"] == canary; got != keepsSecrets {
			t.Errorf("keeps secrets: %t, and the secret is stored: %t", keepsSecrets, got)
		}
		r := httptest.NewRequestWithContext(t.Context(), "GET", "http://localhost/", nil)
		overview, err := controlBackend{c.s}.Overview(r)
		if err != nil || overview.Store != "own" {
			t.Errorf("the kind is %q, %v", overview.Store, err)
		}
		if err := (controlBackend{c.s}).CheckStore(t.Context()); err == nil {
			t.Error("an unhealthy store passes the health check")
		}
	}
}

// writeSecrets sends sample secrets by all ways that store something.
func (c *recordingClient) writeSecrets(t *testing.T) {
	t.Helper()
	for _, apiVersion := range apiVersions {
		owner := c.withVersion(apiVersion)
		for _, typ := range typeNames(apiVersion) {
			payload := secretPayload(t, apiVersion, typ)
			body := string(wire.Encode(payload))
			for _, method := range []string{"POST", "DELETE", "PUT", "PUT"} {
				owner.do(method, "/"+typ, body)
			}
			if apiVersion != apiVersionFor(typ) {
				continue
			}
			if err := c.s.Seed("111111111111111111111111", body); err != nil {
				t.Fatal(err)
			}
			state, err := c.s.Snapshot()
			if err != nil {
				t.Fatal(err)
			}
			const restored = "222222222222222222222222"
			contents := state[restored]
			contents.Integrations = append(contents.Integrations,
				store.Integration{Type: typ, Fields: c.s.payloadRules(apiVersion, "").Parse([]byte(body)).Own()})
			state[restored] = contents
			if err := c.s.Restore(state); err != nil {
				t.Fatal(err)
			}
		}
	}
	challenge := c.do("GET", "", "", "Authorization:").header.Get("WWW-Authenticate")
	c.do("GET", "", "", "Authorization: "+digestOf(challenge, "MD5", "GET", c.path(""), "public", canary+"-key"))
	c.oauth("token", tokenForm, basic("client", canaryHex+"-key"))
}

// A snapshot of masks goes back where it came from; where secrets are kept, masks are none.
func TestSnapshotsOfMasks(t *testing.T) {
	file, _ := newFile(t)
	a := newAPIClient(t, schemas.V2, WithStore(file))
	for _, typ := range typeNames(schemas.V2) {
		a.want(a.do("POST", "/"+typ, string(wire.Encode(secretPayload(t, schemas.V2, typ)))), 200, "")
	}
	before := a.do("GET", "", "").body
	state, err := a.s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(a.s.Restore(store.State{}), a.s.Restore(state)); err != nil {
		t.Fatal(err)
	}
	if after := a.do("GET", "", "").body; after != before {
		t.Errorf("restored:\n%s\nwant\n%s", after, before)
	}
	var rejected *PayloadError
	if err := newAPIClient(t, schemas.V2).s.Restore(state); !errors.As(err, &rejected) {
		t.Errorf("a store of secrets takes masks: %v", err)
	}
	state[testProject].Integrations[0].Fields["apiKey"] = "**" + canary
	if err := a.s.Restore(state); !errors.As(err, &rejected) {
		t.Errorf("it takes what is no mask of its own: %v", err)
	}
}

// replicas are two servers on one Redis.
func replicas(t *testing.T, opts ...Option) (mini *miniredis.Miniredis, a, b *apiClient) {
	t.Helper()
	mini = miniredis.RunT(t)
	a = newAPIClient(t, schemas.V2, append(opts, WithStore(newRedis(t, mini)))...)
	b = newAPIClient(t, schemas.V2, append(opts, WithStore(newRedis(t, mini)))...)
	return mini, a, b
}

func TestReplicasShareTokens(t *testing.T) {
	_, a, b := replicas(t)
	bearer := "Authorization: Bearer " + a.token
	b.want(b.do("GET", "", "", bearer), 200, "")
	b.want(b.oauth("revoke", "token="+a.token, basic(DefaultServiceAccount.ClientID, DefaultServiceAccount.ClientSecret)), 200, "")
	a.want(a.do("GET", "", "", bearer), 401, "UNEXPECTED_ERROR")
	a.s.Advance(time.Hour)
	bearer = "Authorization: Bearer " + b.token
	a.want(a.do("GET", "", "", bearer), 401, "UNEXPECTED_ERROR")
	b.want(b.do("GET", "", "", bearer), 200, "")
	if err := a.s.Reset(); err != nil {
		t.Fatal(err)
	}
	b.want(b.do("GET", "", "", bearer), 401, "UNEXPECTED_ERROR")
}

func TestReplicasShareTheLimit(t *testing.T) {
	_, a, b := replicas(t, WithRateLimit(3))
	for _, replica := range []*apiClient{a, b, a} {
		replica.want(replica.do("GET", "", ""), 200, "")
	}
	got := b.do("GET", "", "")
	b.want(got, 429, "RATE_LIMITED_TOKEN_BUCKET")
	if got.header.Get("Retry-After") != "60" || got.exact(wire.RateRemainingHeader) != "0" {
		t.Errorf("responded with %v", got.header)
	}
	a.s.Advance(ratelimit.Window)
	a.want(a.do("GET", "", ""), 200, "")
	if err := a.s.Reset(); err != nil {
		t.Fatal(err)
	}
	b.want(b.do("GET", "", "", "Authorization: Bearer "+issue(t, b.s)), 200, "")
}

// A new server with the same file keeps the data and the tokens of the one before.
func TestTheNextServerOfAFile(t *testing.T) {
	file, _ := newFile(t)
	a := newAPIClient(t, schemas.V2, WithStore(file))
	challenge := a.challenged()
	a.want(a.do("POST", "/SLACK", examplePayload(t, schemas.V2, "SLACK")), 200, "")
	b := newAPIClient(t, schemas.V2, WithStore(file))
	b.want(b.do("GET", "/SLACK", "", "Authorization: Bearer "+a.token), 200, "")
	// The new server does not have the used nonces: it returns stale=true, so that the client tries again by itself.
	b.s.Advance(time.Second)
	got := b.digested(challenge)
	b.want(got, 401, "UNEXPECTED_ERROR")
	if !strings.Contains(got.header.Get("WWW-Authenticate"), "stale=true") {
		t.Errorf("an old nonce gets %v", got.header)
	}
}

// While Redis fails, every response is an error and the log has the cause. The server recovers without a restart.
func TestTheStoreFails(t *testing.T) {
	var log bytes.Buffer
	mini := miniredis.RunT(t)
	a := newAPIClient(t, schemas.V2, WithStore(newRedis(t, mini)),
		WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelError}))))
	challenge := a.challenged()
	account := basic(DefaultServiceAccount.ClientID, DefaultServiceAccount.ClientSecret)
	body := examplePayload(t, schemas.V2, "SLACK")
	mini.SetError("OOM " + canary)
	health := func(want string) {
		t.Helper()
		if got := a.do("GET", "/api", ""); got.status != 404 {
			t.Error(got)
		}
		r := a.request("GET", "/api", nil)
		r.URL.Path, r.RemoteAddr, r.Host = control.Prefix+"health", "127.0.0.1:1", "localhost"
		if got := a.send(r); fmt.Sprint(got.status, " ", got.body) != want {
			t.Errorf("health is %d %s", got.status, got.body)
		}
	}
	requests := 0
	for _, got := range []reply{
		a.do("GET", "", ""), a.do("POST", "/SLACK", body), a.do("PUT", "/SLACK", body), a.do("DELETE", "/SLACK", ""), a.digested(challenge),
		a.do("GET", "", "", "Authorization:"),
	} {
		requests++
		want := `{"detail":"Unexpected error.","error":500,"errorCode":"UNEXPECTED_ERROR","parameters":[],"reason":"Internal Server Error"}`
		if got.status != 500 || got.body != want || got.header.Get("X-Error-Code") != "UNEXPECTED_ERROR" {
			t.Errorf("got %v", got)
		}
	}
	for _, got := range []reply{a.oauth("token", tokenForm, account), a.oauth("revoke", "token=x", account)} {
		requests++
		if got.status != 500 || got.body != `{"error_description":"Unexpected error.","error":"server_error"}` {
			t.Errorf("got %v", got)
		}
	}
	health(`503 {"error":"the store rejects writes","hint":"Redis at ` + mini.Addr() + `: it rejects writes: OOM","code":"store-failed"}`)
	requests++
	if lines := strings.Count(log.String(), "\n"); lines != requests-1 {
		t.Errorf("%d lines for %d requests: %s", lines, requests, log.String())
	}
	if want := `level=ERROR msg="the store failed" reason="Redis at ` + mini.Addr() + `: it rejects writes: OOM"`; !strings.Contains(log.String(), want) {
		t.Errorf("it logs %s", log.String())
	}
	wantNoSecrets(t, map[string]string{"log": log.String()}, canary)
	mini.SetError("")
	a.want(a.do("POST", "/SLACK", body), 200, "")
	health(`200 {"status":"ok"}`)
}

// No log or response repeats an error of a store that is not a store.Failure.
func TestForeignFailures(t *testing.T) {
	var log bytes.Buffer
	a := newAPIClient(t, schemas.V2, WithStore(secretErrors{new(store.Memory)}), WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	a.want(a.do("GET", "", ""), 500, "UNEXPECTED_ERROR")
	if !strings.Contains(log.String(), `reason=unknown`) {
		t.Errorf("it logs %s", log.String())
	}
	wantNoSecrets(t, map[string]string{"log": log.String()}, canary)
}

// Reads in Go return no error. A test sees a failure of the store in the log, and by Snapshot; a missing integration is
// none.
func TestFailedReadsAreLogged(t *testing.T) {
	for name, tc := range map[string]struct {
		store store.Store
		want  int
	}{"empty": {new(store.Memory), 0}, "broken": {broken{new(store.Memory)}, 2}} {
		var log bytes.Buffer
		s := newTestServer(t, WithStore(tc.store), WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
		if in, ok := s.Integration(testProject, "DATADOG"); ok || len(s.Integrations(testProject)) > 0 {
			t.Errorf("%s: got %v", name, in)
		}
		if got := strings.Count(log.String(), "the store failed"); got != tc.want {
			t.Errorf("%s: %d failures are logged, want %d: %s", name, got, tc.want, log.String())
		}
	}
}

// secretErrors is a store whose errors contain secrets.
type secretErrors struct{ *store.Memory }

func (secretErrors) List(context.Context, string) ([]store.Integration, error) {
	return nil, errors.New(canary)
}
