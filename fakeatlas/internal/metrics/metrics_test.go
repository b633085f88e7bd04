package metrics

import (
	"strings"
	"testing"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

func TestMetricsOfADroppedConnection(t *testing.T) {
	m := New(new(store.Memory))
	m.Observe(Request{Operation: "list", APIVersion: "v2"}, 0)
	text, err := m.Text(t.Context())
	if want := `{api_version="v2",error_code="",operation="list",status="none"} 1`; err != nil || !strings.Contains(string(text), want) {
		t.Errorf("no sample %s: %v\n%s", want, err, text)
	}
}

func TestDescriptions(t *testing.T) {
	m := New(new(store.Memory))
	m.Observe(Request{Operation: "list", APIVersion: "v2"}, 0)
	text, err := m.Text(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	described := map[string]int{}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if words[0] == "#" {
			described[words[1]+" "+words[2]]++
			continue
		}
		name, _, _ := strings.Cut(words[0], "{")
		for _, suffix := range []string{"_bucket", "_sum", "_count"} {
			name = strings.TrimSuffix(name, suffix)
		}
		if described["HELP "+name] != 1 || described["TYPE "+name] != 1 {
			t.Errorf("%s has no description before its first sample, or more than one", name)
		}
	}
}

func TestBuckets(t *testing.T) {
	m := New(new(store.Memory))
	for _, took := range []time.Duration{0, 100 * time.Microsecond, 101 * time.Microsecond, 10 * time.Second, time.Minute} {
		m.Observe(Request{Operation: "list", APIVersion: "v2"}, took)
	}
	text, err := m.Text(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for suffix, want := range map[string]string{
		`_bucket{api_version="v2",operation="list",le="0.0001"}`:  "2",
		`_bucket{api_version="v2",operation="list",le="0.00025"}`: "3",
		`_bucket{api_version="v2",operation="list",le="5"}`:       "3",
		`_bucket{api_version="v2",operation="list",le="10"}`:      "4",
		`_bucket{api_version="v2",operation="list",le="+Inf"}`:    "5",
		`_count{api_version="v2",operation="list"}`:               "5",
		`_sum{api_version="v2",operation="list"}`:                 "70.000201",
	} {
		if line := "\natlasint_request_duration_seconds" + suffix + " " + want + "\n"; !strings.Contains(string(text), line) {
			t.Errorf("no line %s\n%s", line, text)
		}
	}
}
