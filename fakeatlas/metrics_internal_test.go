package fakeatlas

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

// talkative is a store whose failures tell where it is.
type talkative struct{ store.Store }

func (talkative) Snapshot(context.Context) (store.State, error) {
	return nil, errors.New("redis://:" + canary + "@redis.example: no route")
}

func TestMetricsOfWhatFails(t *testing.T) {
	m, err := newMetrics(talkative{store.NewMemory()})
	if err != nil {
		t.Fatal(err)
	}
	m.observe(&entry{target: target{operation: "list", generation: "v2"}}) // the connection was dropped
	families, err := m.registry.Gather()
	if err == nil || strings.Contains(err.Error(), canary) {
		t.Errorf("the error is %v", err)
	}
	dropped := false
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			for _, label := range metric.GetLabel() {
				dropped = dropped || label.GetName() == "status" && label.GetValue() == "none"
			}
		}
	}
	if !dropped {
		t.Errorf("there is no request with the status none: %v", families)
	}
}
