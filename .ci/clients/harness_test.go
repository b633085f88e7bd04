package clients

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/icholy/digest"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

const project = "5f1d3b7a9c2e4806b1d7f3a9"

// fake is a running server and what it keeps.
type fake struct {
	*fakeatlas.Server
	kept *store.Memory
}

func start(t *testing.T, opts ...fakeatlas.Option) fake {
	t.Helper()
	kept := store.NewMemory()
	return fake{fakeatlas.Start(t, append(opts, fakeatlas.WithStore(kept))...), kept}
}

// stored is a field as it is kept, in the clear.
func (f fake) stored(t *testing.T, typ, field string) any {
	t.Helper()
	in, err := f.kept.Get(t.Context(), project, typ)
	if err != nil {
		t.Fatalf("%s is not stored: %v", typ, err)
	}
	return in.Fields[field]
}

// request is one request as it goes over the wire. The path is below the generation: v2/DATADOG is the
// Datadog integration of the project. One that begins with a slash is taken as it is.
type request struct {
	method, path, body string
	header             http.Header
}

// answer is one answer as it came.
type answer struct {
	status int
	header http.Header
	body   string
}

func (r request) url(base string) string {
	if strings.HasPrefix(r.path, "/") {
		return base + r.path
	}
	path, query, _ := strings.Cut(r.path, "?")
	generation, typ, _ := strings.Cut(path, "/")
	full := base + "/api/atlas/" + generation + "/groups/" + project + "/integrations"
	if typ != "" {
		full += "/" + typ
	}
	if query != "" {
		full += "?" + query
	}
	return full
}

// build fills in the headers that a sound client sends, unless the request has its own.
func (r request) build(ctx context.Context, base string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, r.url(base), strings.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	media := "application/vnd.atlas.2023-01-01+json"
	if strings.HasPrefix(r.path, "v1.0") {
		media = "application/json"
	}
	req.Header.Set("Accept", media)
	if r.body != "" {
		req.Header.Set("Content-Type", media)
	}
	for name, values := range r.header {
		req.Header.Del(name)
		for _, value := range values {
			req.Header.Add(name, value)
		}
	}
	return req, nil
}

func send(t *testing.T, client *http.Client, base string, r request) answer {
	t.Helper()
	req, err := r.build(t.Context(), base)
	if err != nil {
		t.Fatal(err)
	}
	res, err := client.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", r.method, r.path, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", r.method, r.path, err)
	}
	return answer{res.StatusCode, res.Header, string(body)}
}

// must sends a request that has to succeed.
func must(t *testing.T, client *http.Client, base string, r request) answer {
	t.Helper()
	got := send(t, client, base, r)
	if got.status/100 != 2 {
		t.Fatalf("%s %s: %d %s", r.method, r.path, got.status, got.body)
	}
	return got
}

// keyClient asks with the API key, by digest.
func keyClient() *http.Client { return keyClientOver(http.DefaultTransport) }

func keyClientOver(transport http.RoundTripper) *http.Client {
	return &http.Client{Transport: &digest.Transport{
		Username: fakeatlas.DefaultPublicKey, Password: fakeatlas.DefaultPrivateKey, Transport: transport,
	}}
}

var objectID = regexp.MustCompile(`[0-9a-f]{24}\b`)

// plain gives what differs from run to run the same name: the host, the project, the ids in the order in
// which they first come.
func plain(body, base string) string {
	body = strings.ReplaceAll(body, base, "https://host")
	body = strings.ReplaceAll(body, "/groups/"+project, "/groups/PROJECT")
	seen := map[string]string{}
	return objectID.ReplaceAllStringFunc(body, func(id string) string {
		if seen[id] == "" {
			seen[id] = "ID" + string(rune('1'+len(seen)))
		}
		return seen[id]
	})
}

// decoded turns JSON text into a client's own type.
func decoded[T any](t *testing.T, text string) *T {
	t.Helper()
	value := new(T)
	if err := json.Unmarshal([]byte(text), value); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return value
}

func same(t *testing.T, what string, want, got any, opts ...cmp.Option) {
	t.Helper()
	if diff := cmp.Diff(want, got, opts...); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// decodedOver lays JSON text over a value, as a client does that changes what it has read.
func decodedOver[T any](t *testing.T, value T, text string) *T {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return &value
}

// all is everything that the project has.
func (f fake) all(t *testing.T) []store.Integration {
	t.Helper()
	list, err := f.kept.List(t.Context(), project)
	if err != nil {
		t.Fatal(err)
	}
	return list
}
