package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/gen/schemas"
)

const (
	hexKey  = "5f1d3b7a9c2e4806b1d7f3a95c0e2846"
	datadog = `{"type":"DATADOG","apiKey":"` + hexKey + `","region":"EU"}`
	// The servers of these tests are below this path, so that a wrong URL fails.
	awkward = "/a%20gate/way.v2"
)

// serve responds below the awkward path; it returns the base URL.
func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(http.StripPrefix("/a gate/way.v2", h))
	t.Cleanup(server.Close)
	return server.URL + awkward
}

// fake is a fake Atlas below the awkward path.
func fake(t *testing.T, opts ...fakeatlas.Option) (*fakeatlas.Server, string) {
	t.Helper()
	atlas, err := fakeatlas.New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	return atlas, serve(t, atlas)
}

// waits records the waits of a client.
type waits struct{ durations []time.Duration }

func (w *waits) wait(ctx context.Context, d time.Duration) error {
	w.durations = append(w.durations, d)
	return ctx.Err()
}

var keys = client.APIKey(fakeatlas.DefaultAPIKey.PublicKey, fakeatlas.DefaultAPIKey.PrivateKey)

// connect returns a client with the fake's keys that never waits.
func connect(t *testing.T, base string, options client.Options) *client.Client {
	t.Helper()
	options.Credentials = keys
	return bare(t, base, options)
}

// bare returns a client whose options include the credentials. It never waits.
func bare(t *testing.T, base string, options client.Options) *client.Client {
	t.Helper()
	options.BaseURL = base
	if options.Wait == nil {
		options.Wait = new(waits).wait
	}
	c, err := client.New(options)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func payload(t *testing.T, v any) client.Payload {
	t.Helper()
	p, err := client.NewPayload(v)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// as returns the first error of type E in the chain of err. It ends the test if there is none.
func as[E error](t *testing.T, err error) E {
	t.Helper()
	var found E
	if !errors.As(err, &found) {
		t.Fatalf("the error is %v, want a %T", err, found)
	}
	return found
}

// expectIs reports each target that err does not match by errors.Is.
func expectIs(t *testing.T, err error, targets ...error) {
	t.Helper()
	for _, target := range targets {
		if !errors.Is(err, target) {
			t.Errorf("the error is %v, want one that matches %v", err, target)
		}
	}
}

// expectText reports the difference if the text of err is not want.
func expectText(t *testing.T, err error, want string) {
	t.Helper()
	if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
		t.Errorf("the error (-want +got):\n%s", diff)
	}
}

// expectEnd reports that the text of err does not end with want.
func expectEnd(t *testing.T, err error, want string) {
	t.Helper()
	if !strings.HasSuffix(fmt.Sprint(err), want) {
		t.Errorf("the error is %v\nwant it to end with %s", err, want)
	}
}

// examples are the payloads of examples/payloads, one of each type of an API version.
func examples(t *testing.T, apiVersion string) map[string]client.Payload {
	t.Helper()
	found := map[string]client.Payload{}
	files, err := filepath.Glob("../examples/payloads/" + apiVersion + "/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		p := payload(t, must[[]byte](t)(os.ReadFile(file)))
		found[p.Type()] = p
	}
	for _, typ := range schemas.Types {
		if _, ok := found[typ.Name]; typ.APIVersion == apiVersion && !ok {
			t.Errorf("no payload of %s in examples/payloads/%s; write one", typ.Name, apiVersion)
		}
	}
	return found
}

// methods lists the requests for integrations that the fake authenticated, as METHOD status.
func methods(atlas *fakeatlas.Server) string {
	var list []string
	for _, r := range atlas.Requests(project) {
		if r.User != "" || r.Status != http.StatusUnauthorized {
			list = append(list, r.Method+" "+http.StatusText(r.Status))
		}
	}
	return strings.Join(list, ", ")
}

// fields are the members of a document.
func fields(t *testing.T, doc json.RawMessage) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(doc, &m); err != nil {
		t.Fatal(err)
	}
	return m
}
