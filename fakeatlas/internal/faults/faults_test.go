package faults_test

import (
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas/internal/auth"
	"github.com/atlasint/atlasint/fakeatlas/internal/faults"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/schemas"
)

type fault struct {
	ID, Path       string
	Times, Applied int
	Probability    float64
	Seed           uint64
}

func newList(capacity int, changes *int) *faults.List[fault] {
	return &faults.List[fault]{
		Max:     capacity,
		Changed: func() { *changes++ },
		Use: func(f *fault) faults.Use {
			return faults.Use{ID: &f.ID, Times: &f.Times, Applied: &f.Applied, Probability: f.Probability, Seed: f.Seed}
		},
	}
}

func all(*fault) bool { return true }

// A fault for some requests is tried before one for all, and disappears with its last use.
func TestConsume(t *testing.T) {
	changes := 0
	l := newList(2, &changes)
	permanent, _ := l.Add(fault{Path: "all", Applied: 7})
	twice, _ := l.Add(fault{Path: "some", Times: 2})
	if _, ok := l.Add(fault{}); ok {
		t.Error("a third fault was added to a list for two")
	}
	var got []string
	for range 4 {
		f, ok := l.Consume(all)
		if !ok {
			t.Fatal("no fault applies")
		}
		got = append(got, f.ID)
	}
	if want := []string{twice, twice, permanent, permanent}; !slices.Equal(got, want) {
		t.Errorf("faults %q, want %q", got, want)
	}
	if diff := cmp.Diff([]fault{{ID: permanent, Path: "all", Applied: 2}}, l.All()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if _, ok := l.Consume(func(f *fault) bool { return f.Path == "some" }); ok {
		t.Error("a used fault applies again")
	}
	if again, _ := l.Add(fault{}); again == twice || again == permanent {
		t.Errorf("the ID %s was used before", again)
	}
	if changes != 3 {
		t.Errorf("%d changes were reported, want 3 for three additions", changes)
	}
}

func TestRemove(t *testing.T) {
	changes := 0
	l := newList(3, &changes)
	id, _ := l.Add(fault{})
	other, _ := l.Add(fault{})
	if !l.Remove(id) || l.Remove(id) {
		t.Error("Remove must report whether the fault was active")
	}
	if list := l.All(); len(list) != 1 || list[0].ID != other {
		t.Errorf("left %v, want %s", list, other)
	}
	l.Clear()
	if _, ok := l.Consume(all); ok || len(l.All()) != 0 {
		t.Error("a fault is active after Clear")
	}
}

// The same seed selects the same requests.
func TestProbability(t *testing.T) {
	changes := 0
	pattern := func(seed uint64) (selected []bool) {
		l := newList(1, &changes)
		l.Add(fault{Probability: 0.5, Seed: seed})
		for range 64 {
			_, ok := l.Consume(all)
			selected = append(selected, ok)
		}
		return selected
	}
	one := pattern(1)
	if !slices.Equal(one, pattern(1)) || slices.Equal(one, pattern(2)) {
		t.Error("the selected requests must depend on the seed only")
	}
	if !slices.Contains(one, true) || !slices.Contains(one, false) {
		t.Errorf("selected %v", one)
	}
}

func TestResponse(t *testing.T) {
	const project = "5f1d3b7a9c2e48066b1d7f3a"
	path := "/api/atlas/v2/groups/" + project + "/integrations/DATADOG"
	v1 := "/api/atlas/v1.0/groups/" + project + "/integrations/DATADOG"
	for name, c := range map[string]struct {
		response faults.Response
		path     string
		status   int
		code     string
	}{
		"status":             {faults.Response{Status: 404}, path, 404, "RESOURCE_NOT_FOUND"},
		"status, no code":    {faults.Response{Status: 503}, path, 503, "UNEXPECTED_ERROR"},
		"code":               {faults.Response{Code: "INTEGRATION_ALREADY_CONFIGURED"}, path, 409, "INTEGRATION_ALREADY_CONFIGURED"},
		"both":               {faults.Response{Status: 418, Code: "RATE_LIMITED"}, path, 418, "RATE_LIMITED"},
		"rate limit of v2":   {faults.Response{Status: 429, RetryAfter: time.Second}, path, 429, "RATE_LIMITED_TOKEN_BUCKET"},
		"rate limit of v1.0": {faults.Response{Status: 429}, v1, 429, "RATE_LIMITED"},
		"unknown code":       {faults.Response{Status: 500, Code: "NO_SUCH_CODE"}, path, 500, "NO_SUCH_CODE"},
	} {
		e := c.response.Error(wire.TargetOf("GET", c.path), httptest.NewRequest("GET", c.path, nil))
		if e.Status != c.status || e.Code != c.code || e.Detail == "" {
			t.Errorf("%s: %d %s %q, want %d %s", name, e.Status, e.Code, e.Detail, c.status, c.code)
		}
	}
}

// Errors of the rate limit name the limit that Atlas has for the target.
func TestResponseNamesTheLimit(t *testing.T) {
	const integrations = "/groups/5f1d3b7a9c2e48066b1d7f3a/integrations"
	for _, tc := range []struct {
		path, code string
		want       []any
	}{
		{"/api/atlas/v2" + integrations, "", []any{"api/atlas/v2" + integrations, 2, 1200, 500, 60}},
		{"/api/atlas/v2/orgs", "", []any{"api/atlas/v2/orgs", 2, 300, 300, 60}},
		{"/api/atlas/v2/orgs", "RATE_LIMITED", []any{"/api/atlas/v2/orgs", 300, 1}},
		{"/api/atlas/v1.0" + integrations, "", []any{"/api/atlas/v1.0" + integrations, 1200, 1}},
		{"/api/oauth/token", "", []any{"/api/oauth/token", 50, 1}},
	} {
		response := faults.Response{Status: 429, Code: tc.code, RetryAfter: 2 * time.Second}
		e := response.Error(wire.TargetOf("GET", tc.path), httptest.NewRequest("GET", tc.path, nil))
		if diff := cmp.Diff(tc.want, e.Parameters); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", tc.path, tc.code, diff)
		}
	}
}

// Every code has a value for each parameter of its text.
func TestResponseOfEachCode(t *testing.T) {
	r := httptest.NewRequest("GET", "/api/atlas/v2/groups", nil)
	for code, known := range wire.ErrorCodes() {
		e := faults.Response{Code: code}.Error(wire.Target{APIVersion: schemas.V2, Type: "DATADOG"}, r)
		if slices.Contains([]byte(e.Detail), '%') || len(e.Parameters) < len(known.Parameters) {
			t.Errorf("%s: detail %q with %d parameters", code, e.Detail, len(e.Parameters))
		}
	}
}

func TestOAuthError(t *testing.T) {
	for name, c := range map[string]struct {
		response faults.Response
		want     auth.OAuthError
	}{
		"status": {faults.Response{Status: 401}, auth.OAuthError{Status: 401, Code: "invalid_client"}},
		"both":   {faults.Response{Status: 400, Code: "INVALID_SCOPE"}, auth.OAuthError{Status: 400, Code: "invalid_scope"}},
		"code":   {faults.Response{Code: "RATE_LIMITED"}, auth.OAuthError{Status: 429, Code: "rate_limited"}},
	} {
		c.want.Description = "An injected fault."
		if got := c.response.OAuthError(); got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}
