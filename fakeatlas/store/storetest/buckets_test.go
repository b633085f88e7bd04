package storetest_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/tokenbucket"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/storetest"
)

// faultyBuckets are token buckets with one fault, or none.
type faultyBuckets struct {
	store.SharedStore
	fault  string
	mu     sync.Mutex
	levels map[string]*tokenbucket.Level
}

func (f *faultyBuckets) DeleteTexts(_ context.Context, kind string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for key := range f.levels {
		if f.fault != "never deletedBuckets" && (strings.HasPrefix(key, kind+" ") || f.fault == "all deletedBuckets") {
			delete(f.levels, key)
		}
	}
	return nil
}

func (f *faultyBuckets) Take(_ context.Context, kind, name string, b store.Bucket, now time.Time) (store.TakeResult, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := kind + " " + name
	switch f.fault {
	case "one kind":
		key = name
	case "one name":
		key = kind
	case "double refill":
		b.Refill *= 2
	case "no refill":
		now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	}
	if f.levels[key] == nil {
		f.levels[key] = new(tokenbucket.Level)
	}
	taken := f.levels[key].Take(b, now)
	if f.fault == "one token for two" && taken.Left == 5 {
		f.levels[key] = new(tokenbucket.Level)
	}
	return taken, nil
}

func TestBucketContractFindsFaults(t *testing.T) {
	faults := []string{"", "one kind", "one name", "double refill", "no refill", "never deletedBuckets", "all deletedBuckets", "one token for two"}
	found := slices.DeleteFunc(slices.Clone(faults), func(fault string) bool {
		var r recorder
		storetest.TestBuckets(&r, func() store.SharedStore { return &faultyBuckets{fault: fault, levels: map[string]*tokenbucket.Level{}} })
		return len(r.faults) == 0
	})
	if !slices.Equal(found, faults[1:]) {
		t.Errorf("found %q, want %q", found, faults[1:])
	}
}
