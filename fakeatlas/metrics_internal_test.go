package fakeatlas

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas/internal/control"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

// leaking is a store whose errors contain its address and password.
type leaking struct{ store.Store }

func (leaking) Snapshot(context.Context) (store.State, error) {
	return nil, errors.New("redis://:" + canary + "@redis.example: no route")
}

func TestMetricsOfAFailingStore(t *testing.T) {
	s, err := New(WithStore(leaking{new(store.Memory)}))
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "http://localhost"+control.Prefix+"metrics", http.NoBody)
	r.RemoteAddr = "127.0.0.1:1"
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "the store failed") {
		t.Errorf("got %d %s, want 500 and %q", w.Code, w.Body, "the store failed")
	}
	if strings.Contains(w.Body.String(), canary) {
		t.Error("the response contains the store's password")
	}
}
