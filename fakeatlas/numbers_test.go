package fakeatlas

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

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

// A clock that runs again is in step with the machine's, however it was moved before it was stopped.
func TestClockRunsAgain(t *testing.T) {
	c := newClock()
	c.advance(24 * time.Hour)
	c.set(testTime)
	c.set(time.Time{})
	if ahead := time.Until(c.Now()); ahead > time.Hour {
		t.Errorf("it is %v ahead", ahead)
	}
}
