package fakeatlas

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	prom "github.com/VictoriaMetrics/metrics"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

// leaking is a store whose errors hold its address and password.
type leaking struct{ store.Store }

func (leaking) Snapshot(context.Context) (store.State, error) {
	return nil, errors.New("redis://:" + canary + "@redis.example: no route")
}

func TestMetricsOfAFailingStore(t *testing.T) {
	s, err := New(WithStore(leaking{store.NewMemory()}))
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "http://localhost"+controlPrefix+"metrics", http.NoBody)
	r.RemoteAddr = "127.0.0.1:1"
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), errStore.Message) {
		t.Errorf("got %d %s, want 500 and %q", w.Code, w.Body, errStore.Message)
	}
	if strings.Contains(w.Body.String(), canary) {
		t.Error("the response contains the store's password")
	}
}

func TestMetricsOfADroppedConnection(t *testing.T) {
	m := newMetrics(store.NewMemory())
	m.observe(answered{operation: "list", generation: "v2"}, 0)
	text, err := m.text(t.Context())
	if want := `{error_code="",generation="v2",operation="list",status="none"} 1`; err != nil || !strings.Contains(string(text), want) {
		t.Errorf("no sample %s: %v\n%s", want, err, text)
	}
}

// An importer's process may print the library's own descriptions, which have no help text.
func TestMetricsAreDescribedOnce(t *testing.T) {
	prom.ExposeMetadata(true)
	defer prom.ExposeMetadata(false)
	m := newMetrics(store.NewMemory())
	m.observe(answered{operation: "list", generation: "v2"}, 0)
	text, err := m.text(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []family{requestsFamily, durationFamily} {
		if n := strings.Count(string(text), " "+f.name+" "); n != 2 || strings.Contains(string(text), " "+f.name+"\n") {
			t.Errorf("%s has %d lines that describe it, want a help and a type:\n%s", f.name, n, text)
		}
	}
}
