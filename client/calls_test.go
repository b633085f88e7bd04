package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/gen/atlasv2"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/openapi"
)

// logins are the kinds of credentials, for the fake at a base URL.
var logins = map[string]func(t *testing.T, base string) client.Credentials{
	"digest": func(*testing.T, string) client.Credentials { return keys },
	"service account": func(*testing.T, string) client.Credentials {
		return client.ServiceAccount(fakeatlas.DefaultServiceAccount.ClientID, fakeatlas.DefaultServiceAccount.ClientSecret)
	},
	"bearer": func(t *testing.T, base string) client.Credentials { return client.AccessToken(tokenFrom(t, base)) },
}

func tokenFrom(t *testing.T, base string) string {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, base+"/api/oauth/token", strings.NewReader("grant_type=client_credentials"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(fakeatlas.DefaultServiceAccount.ClientID, fakeatlas.DefaultServiceAccount.ClientSecret)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var response atlasv2.Token
	if err := json.NewDecoder(resp.Body).Decode(&response); err != nil {
		t.Fatal(err)
	}
	return response.AccessToken
}

// Every type of both API versions goes through every call, with each kind of credentials.
func TestEveryTypeByEveryCall(t *testing.T) {
	for _, apiVersion := range []string{schemas.V1, schemas.V2} {
		for name, login := range logins {
			t.Run(apiVersion+"/"+name, func(t *testing.T) {
				atlas, base := fake(t)
				c := bare(t, base, client.Options{Credentials: login(t, base), APIVersion: apiVersion})
				for typ, p := range examples(t, apiVersion) {
					t.Run(typ, func(t *testing.T) { lifeOf(t, c, p) })
				}
				for _, r := range atlas.Requests(project) {
					if r.APIVersion != apiVersion {
						t.Errorf("a request went to %s", r.APIVersion)
					}
				}
			})
		}
	}
}

// lifeOf creates, reads, updates and deletes an integration of a type.
func lifeOf(t *testing.T, c *client.Client, p client.Payload) {
	ctx := context.Background()
	if _, err := c.Get(ctx, project, p.Type()); !errors.Is(err, client.ErrNotConfigured) {
		t.Fatalf("get before: %v", err)
	}
	in, err := c.Create(ctx, project, p)
	if err != nil {
		t.Fatal(err)
	}
	if in.Type != p.Type() {
		t.Errorf("created the type %q, want %s", in.Type, p.Type())
	}
	if hasID := fields(t, in.JSON)["id"] != nil; hasID && len(in.ID) != 24 {
		t.Errorf("the ID is %q, want 24 characters", in.ID)
	}
	if _, err := c.Create(ctx, project, p); !errors.Is(err, client.ErrAlreadyConfigured) {
		t.Errorf("second create: %v", err)
	}
	got := must[client.Integration](t)(c.Get(ctx, project, p.Type()))
	updated := must[client.Integration](t)(c.Update(ctx, project, p))
	list := must[[]client.Integration](t)(c.List(ctx, project))
	if diff := cmp.Diff([]client.Integration{in, in, in}, append([]client.Integration{got, updated}, list...)); diff != "" {
		t.Errorf("the integrations that Get, Update and List return (-want +got):\n%s", diff)
	}
	if err := c.Delete(ctx, project, p.Type()); err != nil {
		t.Error(err)
	}
	if err := c.Delete(ctx, project, p.Type()); !errors.Is(err, client.ErrNotConfigured) {
		t.Errorf("second delete: %v", err)
	}
}

// POST and PUT respond with all integrations of the project: the first is seldom the right one.
func TestChangesReturnTheIntegrationOfTheType(t *testing.T) {
	_, base := fake(t)
	c := connect(t, base, client.Options{})
	all := examples(t, schemas.V2)
	for _, typ := range slices.Sorted(maps.Keys(all)) {
		if in := must[client.Integration](t)(c.Create(context.Background(), project, all[typ])); in.Type != typ {
			t.Errorf("creating %s gave %s", typ, in.Type)
		}
	}
	for typ, p := range all {
		if in := must[client.Integration](t)(c.Update(context.Background(), project, p)); in.Type != typ {
			t.Errorf("updating %s gave %s", typ, in.Type)
		}
	}
	list := must[[]client.Integration](t)(c.List(context.Background(), project))
	if len(list) != len(all) {
		t.Errorf("%d of %d are listed", len(list), len(all))
	}
}

// The journal of the fake has the headers that Atlas requires.
func TestRequestHeaders(t *testing.T) {
	atlas, base := fake(t)
	for apiVersion, media := range map[string]string{schemas.V1: "application/json", schemas.V2: "application/vnd.atlas.2023-01-01+json"} {
		c := connect(t, base, client.Options{APIVersion: apiVersion, UserAgent: "terraform-provider-mongodbatlas/1.2"})
		must[client.Integration](t)(c.Update(context.Background(), project, payload(t, datadog)))
		requests := atlas.Requests(project)
		want := map[string]string{"Accept": media, "Content-Type": media, "User-Agent": "terraform-provider-mongodbatlas/1.2"}
		if diff := cmp.Diff(want, requests[len(requests)-1].Header); diff != "" {
			t.Errorf("%s (-want +got):\n%s", apiVersion, diff)
		}
	}
}

// The media types are facts of the API description.
func TestMediaTypesAreThoseOfTheAPIDescription(t *testing.T) {
	for apiVersion, document := range map[string][]byte{schemas.V1: openapi.V1().Document, schemas.V2: openapi.V2().Document} {
		if !strings.Contains(string(document), client.Media(apiVersion)+":") {
			t.Errorf("%s: no body has the type %s", apiVersion, client.Media(apiVersion))
		}
		if !strings.Contains(string(document), "- url: "+atlas.BaseURL+"\n") {
			t.Errorf("%s: no server is %s", apiVersion, atlas.BaseURL)
		}
	}
}

func TestUpdateKeepsOmittedFields(t *testing.T) {
	atlas, base := fake(t)
	c := connect(t, base, client.Options{})
	must[client.Integration](t)(c.Create(context.Background(), project, payload(t, datadog)))
	off := false
	in := must[client.Integration](t)(c.Update(context.Background(), project,
		payload(t, atlasv2.Datadog{APIKey: hexKey, SendDatabaseMetrics: &off})))
	var view atlasv2.Datadog
	if err := in.As(&view); err != nil {
		t.Fatal(err)
	}
	if view.Region == nil || *view.Region != atlasv2.DatadogRegionEU {
		t.Errorf("region: %v", view.Region)
	}
	stored, _ := atlas.Integration(project, "DATADOG")
	if stored.Fields["sendDatabaseMetrics"] != false {
		t.Errorf("an explicit false was stored as %v", stored.Fields["sendDatabaseMetrics"])
	}
}

func TestDigestReusesTheChallenge(t *testing.T) {
	atlas, base := fake(t)
	c := connect(t, base, client.Options{})
	for range 5 {
		must[[]client.Integration](t)(c.List(context.Background(), project))
	}
	if n := len(atlas.Requests(project)); n != 6 {
		t.Errorf("%d requests for 5 calls, want 6", n)
	}
}

func account() client.Credentials {
	return client.ServiceAccount(fakeatlas.DefaultServiceAccount.ClientID, fakeatlas.DefaultServiceAccount.ClientSecret)
}

func operations(atlas *fakeatlas.Server) string {
	var list []string
	for _, r := range atlas.Requests() {
		list = append(list, r.Operation)
	}
	return strings.Join(list, " ")
}

func TestServiceAccountGetsOneTokenAndRevokesIt(t *testing.T) {
	atlas, base := fake(t)
	c := bare(t, base, client.Options{Credentials: account()})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := c.List(context.Background(), project); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for range 2 {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	if got, want := operations(atlas), "token"+strings.Repeat(" list", 8)+" revoke"; got != want {
		t.Errorf("requests: %s, want %s", got, want)
	}
	var wrong *client.UsageError
	if _, err := c.List(context.Background(), project); !errors.As(err, &wrong) {
		t.Errorf("after Close: %v", err)
	}
}

// Atlas may revoke a token before it expires: the client sends the request again with another.
func TestServiceAccountRenewsARejectedToken(t *testing.T) {
	atlas, base := fake(t)
	c := bare(t, base, client.Options{Credentials: account()})
	must[client.Integration](t)(c.Create(context.Background(), project, payload(t, datadog)))
	atlas.Advance(2 * time.Hour)
	must[client.Integration](t)(c.Update(context.Background(), project, payload(t, datadog)))
	if got, want := operations(atlas), "token create update token update"; got != want {
		t.Errorf("requests: %s, want %s", got, want)
	}
}

func TestCloseSendsNothingForKeys(t *testing.T) {
	atlas, base := fake(t)
	if err := connect(t, base, client.Options{}).Close(); err != nil {
		t.Error(err)
	}
	if err := bare(t, base, client.Options{Credentials: account()}).Close(); err != nil { // it has no token yet
		t.Error(err)
	}
	if got := operations(atlas); got != "" {
		t.Errorf("requests: %s", got)
	}
}

// A call in progress when the client is closed leaves no token behind, whether it has one or gets one.
func TestCloseDuringACallRevokesTheToken(t *testing.T) {
	for _, place := range []string{"/integrations", "/token"} {
		atlas, err := fakeatlas.New()
		if err != nil {
			t.Fatal(err)
		}
		var c *client.Client
		done := make(chan error, 1)
		closing := sync.OnceFunc(func() { done <- c.Close() })
		base := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case place == "/token" && strings.HasSuffix(r.URL.Path, place):
				go closing() // it waits for the token
			case strings.HasSuffix(r.URL.Path, place):
				closing()
			}
			atlas.ServeHTTP(w, r)
		}))
		c = bare(t, base, client.Options{Credentials: account(), Retries: -1})
		_, err = c.List(context.Background(), project)
		if place == "/integrations" {
			transportErr := as[*client.TransportError](t, err)
			if want := "the client was closed during the request"; transportErr.Reason != want {
				t.Errorf("the reason is %q, want %q", transportErr.Reason, want)
			}
			if transportErr.MaybeDone {
				t.Errorf("MaybeDone is true in %v", err)
			}
		}
		if err := <-done; err != nil {
			t.Errorf("%s: Close: %v", place, err)
		}
		sent := strings.Fields(operations(atlas))
		for _, operation := range []string{"token", "revoke"} {
			if n := count(sent, operation); n != 1 {
				t.Errorf("%s: %d requests %s, want one: %s", place, n, operation, sent)
			}
		}
	}
}

func count(list []string, s string) (n int) {
	for _, other := range list {
		if other == s {
			n++
		}
	}
	return n
}

func TestCloseReportsAFailedRevocation(t *testing.T) {
	atlas, base := fake(t)
	c := bare(t, base, client.Options{Credentials: account()})
	must[[]client.Integration](t)(c.List(context.Background(), project))
	if err := atlas.FailNext(fakeatlas.Fault{Path: "/api/oauth/revoke", Drop: true}); err != nil {
		t.Fatal(err)
	}
	var transportErr *client.TransportError
	if err := c.Close(); !errors.As(err, &transportErr) {
		t.Errorf("Close: %v", err)
	}
}

// With digest, requests can overtake each other after they got their counters.
func TestConcurrentReads(t *testing.T) {
	for name, login := range logins {
		_, base := fake(t)
		c := bare(t, base, client.Options{Credentials: login(t, base)})
		var wg sync.WaitGroup
		for range 32 {
			wg.Go(func() {
				for range 8 {
					if _, err := c.List(context.Background(), project); err != nil {
						t.Errorf("%s: %v", name, err)
						return
					}
				}
			})
		}
		wg.Wait()
	}
}

func TestConcurrentChanges(t *testing.T) {
	_, base := fake(t)
	c := connect(t, base, client.Options{})
	var wg sync.WaitGroup
	for _, p := range examples(t, schemas.V2) {
		wg.Go(func() {
			in, _, err := c.Apply(context.Background(), project, p)
			if err != nil || in.Type != p.Type() {
				t.Errorf("%s: %s, %v", p.Type(), in.Type, err)
			}
		})
	}
	wg.Wait()
}
