// Package metrics counts requests and stored integrations in the Prometheus text format.
//
// It uses no library, because every start of the command would pay for its initialization: half a millisecond for the
// smallest one, a twentieth of the time of validating a file.
package metrics

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

// bucketBounds are the upper bounds of the duration histograms.
var bucketBounds = [...]time.Duration{
	100 * time.Microsecond, 250 * time.Microsecond, 500 * time.Microsecond,
	time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond,
	10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond,
	100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond,
	time.Second, 2500 * time.Millisecond, 5 * time.Second, 10 * time.Second,
}

// Metrics are the numbers of one server. Its methods may be called concurrently. No label value comes from a client.
type Metrics struct {
	store     store.Store
	counters  sync.Map // Request to *atomic.Uint64
	durations sync.Map // route to *histogram
	recent    recent
}

// Request has the labels that select the counter of a request.
type Request struct {
	Operation, APIVersion, ErrorCode string
	Status                           int
	Challenge                        bool // 401 to a request without credentials: only [Minute] has it
}

// route has the labels that select the histogram of a request.
type route struct{ operation, apiVersion string }

// histogram counts durations by the first bound that they don't exceed; the last bucket has no bound.
type histogram struct {
	buckets [len(bucketBounds) + 1]atomic.Uint64
	sum     atomic.Int64 // nanoseconds
}

func (h *histogram) observe(took time.Duration) {
	bucket, _ := slices.BinarySearch(bucketBounds[:], took)
	h.buckets[bucket].Add(1)
	h.sum.Add(int64(took))
}

// New returns metrics without observations. They count the integrations of the store when they are written.
func New(s store.Store) *Metrics { return &Metrics{store: s, recent: recent{start: time.Now()}} }

// Observe counts a request that got a response, or was dropped, after a time.
func (m *Metrics) Observe(like Request, took time.Duration) {
	if _, known := wire.ErrorCodes()[like.ErrorCode]; !known && like.ErrorCode != "" {
		like.ErrorCode = "other"
	}
	m.recent.add(like.Status, like.Challenge)
	like.Challenge = false
	valueOf[atomic.Uint64](&m.counters, like).Add(1)
	valueOf[histogram](&m.durations, route{like.Operation, like.APIVersion}).observe(took)
}

// Totals are numbers of requests to the API since the server started.
type Totals struct{ Requests, ClientErrors, ServerErrors, Dropped uint64 }

// Totals counts the requests by their statuses.
func (m *Metrics) Totals() (t Totals) {
	m.counters.Range(func(like, counter any) bool {
		n := counter.(*atomic.Uint64).Load()
		t.Requests += n
		switch status := like.(Request).Status; {
		case status == 0:
			t.Dropped += n
		case status >= 500:
			t.ServerErrors += n
		case status >= 400:
			t.ClientErrors += n
		}
		return true
	})
	return t
}

// valueOf returns the value of a key, which is the zero value at first.
func valueOf[V any](of *sync.Map, key any) *V {
	value, ok := of.Load(key)
	if !ok {
		value, _ = of.LoadOrStore(key, new(V))
	}
	return value.(*V)
}

// Text returns all metrics in the Prometheus text format: the server's, then those of the process. Only the store can
// fail.
func (m *Metrics) Text(ctx context.Context) ([]byte, error) {
	state, err := m.store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	var t text
	writeStored(&t, state)
	m.writeDurations(&t)
	m.writeRequests(&t)
	writeRuntime(&t)
	writeProcess(&t)
	return t, nil
}

// writeStored counts the stored integrations by type, and the projects.
func writeStored(t *text, state store.State) {
	counts, projects := map[string]int{}, 0
	for _, contents := range state {
		if !contents.Deleted {
			projects++
		}
		for _, in := range contents.Integrations {
			counts[in.Type]++
		}
	}
	stored := t.family("atlasint_integrations", "gauge", "Integrations in the store by type.")
	for _, typ := range sortedKeys(counts, cmp.Compare[string]) {
		stored.sample("", labels{{"type", typ}}, float64(counts[typ]))
	}
	t.family("atlasint_projects", "gauge", "Projects in the store: with a record, or with integrations.").
		sample("", nil, float64(projects))
}

func (m *Metrics) writeDurations(t *text) {
	family := t.family("atlasint_request_duration_seconds", "histogram", "Time from a request until its response begins.")
	all := entriesOf[route, histogram](&m.durations)
	for _, of := range sortedKeys(all, func(a, b route) int {
		return cmp.Or(cmp.Compare(a.apiVersion, b.apiVersion), cmp.Compare(a.operation, b.operation))
	}) {
		series, cumulative := labels{{"api_version", of.apiVersion}, {"operation", of.operation}}, uint64(0)
		for i := range all[of].buckets {
			cumulative += all[of].buckets[i].Load()
			bound := "+Inf"
			if i < len(bucketBounds) {
				bound = strconv.FormatFloat(bucketBounds[i].Seconds(), 'g', -1, 64)
			}
			family.sample("_bucket", append(series[:2:2], label{"le", bound}), float64(cumulative))
		}
		family.sample("_sum", series, time.Duration(all[of].sum.Load()).Seconds())
		family.sample("_count", series, float64(cumulative))
	}
}

func (m *Metrics) writeRequests(t *text) {
	family := t.family("atlasint_requests_total", "counter",
		"Requests to the API by operation, API version, status (none: the connection was dropped) and error code.")
	all := entriesOf[Request, atomic.Uint64](&m.counters)
	for _, like := range sortedKeys(all, func(a, b Request) int {
		return cmp.Or(cmp.Compare(a.APIVersion, b.APIVersion), cmp.Compare(a.Operation, b.Operation),
			cmp.Compare(a.Status, b.Status), cmp.Compare(a.ErrorCode, b.ErrorCode))
	}) {
		status := "none"
		if like.Status > 0 {
			status = strconv.Itoa(like.Status)
		}
		family.sample("", labels{{"api_version", like.APIVersion}, {"error_code", like.ErrorCode},
			{"operation", like.Operation}, {"status", status}}, float64(all[like].Load()))
	}
}

// entriesOf returns the entries of a map of valueOf.
func entriesOf[K comparable, V any](of *sync.Map) map[K]*V {
	all := map[K]*V{}
	of.Range(func(key, value any) bool {
		all[key.(K)] = value.(*V)
		return true
	})
	return all
}
