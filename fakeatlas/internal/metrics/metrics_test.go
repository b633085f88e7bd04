package metrics

import (
	prom "github.com/VictoriaMetrics/metrics"

	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

func TestMetricsOfADroppedConnection(t *testing.T) {
	m := New(store.NewMemory())
	m.Observe(Request{Operation: "list", APIVersion: "v2"}, 0)
	text, err := m.Text(t.Context())
	if want := `{error_code="",generation="v2",operation="list",status="none"} 1`; err != nil || !strings.Contains(string(text), want) {
		t.Errorf("no sample %s: %v\n%s", want, err, text)
	}
}

// An importer's process may print the library's own descriptions, which have no help text.
func TestMetricsAreDescribedOnce(t *testing.T) {
	prom.ExposeMetadata(true)
	defer prom.ExposeMetadata(false)
	m := New(store.NewMemory())
	m.Observe(Request{Operation: "list", APIVersion: "v2"}, 0)
	text, err := m.Text(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []family{requestsFamily, durationFamily} {
		if n := strings.Count(string(text), " "+f.name+" "); n != 2 || strings.Contains(string(text), " "+f.name+"\n") {
			t.Errorf("%s has %d lines that describe it, want a help and a type:\n%s", f.name, n, text)
		}
	}
}
