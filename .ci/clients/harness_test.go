package clients

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/icholy/digest"
	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/fakeatlas"
)

const (
	project = "5f1d3b7a9c2e4806b1d7f3a9"
	vnd     = "application/vnd.atlas.2023-01-01+json"
)

var (
	key     = fakeatlas.DefaultAPIKey
	account = fakeatlas.DefaultServiceAccount
)

// fake is a running server, and the test that started it.
type fake struct {
	*fakeatlas.Server
	t *testing.T
}

func start(t *testing.T, opts ...fakeatlas.Option) fake {
	t.Helper()
	return fake{fakeatlas.Start(t, opts...), t}
}

type response struct {
	status int
	body   string
}

var short = regexp.MustCompile(`^(v2|v1\.0)\b`)

// integrations returns the URL of a path, which may be below the API version, such as v2/DATADOG?pretty=true.
func (f fake) integrations(path string) string {
	return f.URL + short.ReplaceAllString(path, "/api/atlas/$1/groups/"+project+"/integrations")
}

// words splits a request in the form "METHOD PATH BODY".
func words(line string) (method, path, body string) {
	method, rest, _ := strings.Cut(line, " ")
	path, body, _ = strings.Cut(rest, " ")
	return method, path, body
}

// send sends a request in the form "METHOD PATH BODY" with the API key. Tests of fakeatlas/internal/digest check this
// client of digests.
func (f fake) send(line string) response {
	f.t.Helper()
	method, path, body := words(line)
	req, err := http.NewRequestWithContext(f.t.Context(), method, f.integrations(path), strings.NewReader(body))
	wantNoError(f.t, err)
	req.Header.Set("Accept", vnd)
	req.Header.Set("Content-Type", "application/json")
	client := http.Client{Transport: &digest.Transport{Username: key.PublicKey, Password: key.PrivateKey}}
	res, err := client.Do(req)
	wantNoError(f.t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	wantNoError(f.t, err)
	return response{res.StatusCode, string(text)}
}

// must sends requests that have to succeed.
func (f fake) must(lines ...string) {
	f.t.Helper()
	for _, line := range lines {
		if res := f.send(line); res.status/100 != 2 {
			f.t.Fatalf("%s: %d %s", line, res.status, res.body)
		}
	}
}

// decoded decodes a JSON text into a client's own type; "" is its zero value.
func decoded[T any](t *testing.T, text string) *T {
	t.Helper()
	value := new(T)
	if text != "" {
		if err := json.Unmarshal([]byte(text), value); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	return value
}

func encoded(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	wantNoError(t, err)
	return string(text)
}

// fields decodes JSON texts into one object: each replaces the fields that it has.
func fields(t *testing.T, texts ...string) map[string]any {
	t.Helper()
	all := map[string]any{}
	for _, text := range texts {
		wantNoError(t, json.Unmarshal([]byte(text), &all))
	}
	return all
}

// table reads a file of testdata.
func table[T any](t *testing.T, name string) (value T) {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", name))
	wantNoError(t, err)
	defer file.Close()
	decoder := yaml.NewDecoder(file)
	decoder.KnownFields(true)
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return value
}

func same(t *testing.T, what string, want, got any, opts ...cmp.Option) {
	t.Helper()
	if diff := cmp.Diff(want, got, opts...); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func wantNoError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
