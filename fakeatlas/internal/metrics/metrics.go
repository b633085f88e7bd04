// Package metrics counts requests and stored integrations in the Prometheus text format.
package metrics

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	prom "github.com/VictoriaMetrics/metrics"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

// family is a group of series that share a name, as the text format describes it before their first sample.
type family struct{ name, kind, help string }

var (
	requestsFamily = family{"atlasint_requests_total", "counter",
		"Requests to the API by operation, API version (label generation), status (none: the connection was dropped) and error code."}
	durationFamily = family{"atlasint_request_duration_seconds", "histogram", "Time from a request until its response begins."}
	storedFamily   = family{"atlasint_integrations", "gauge", "Integrations in the store by type."}
	projectsFamily = family{"atlasint_projects", "gauge", "Projects in the store: with a record, or with integrations."}
)

// durationBuckets are upper bounds in seconds.
var durationBuckets = []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

// Metrics are the numbers of one server. Its sets are not registered globally, so servers of one process
// have separate numbers. No label value comes from a client.
type Metrics struct {
	store    store.Store
	requests *prom.Set
	duration *prom.Set
	series   sync.Map // of answered: a lookup by formatted labels takes longer
}

// Request is the set of facts that select the series of a request.
type Request struct {
	Operation, APIVersion, ErrorCode string
	Status                           int
}

type series struct {
	requests *prom.Counter
	duration *prom.PrometheusHistogram
}

// New returns metrics without observations. They count the integrations of the store when they are written.
func New(s store.Store) *Metrics {
	return &Metrics{store: s, requests: prom.NewSet(), duration: prom.NewSet()}
}

// Observe counts a request that was answered, or dropped, after a time.
func (m *Metrics) Observe(like Request, took time.Duration) {
	if _, known := wire.ErrorCodes()[like.ErrorCode]; !known && like.ErrorCode != "" {
		like.ErrorCode = "other"
	}
	found, ok := m.series.Load(like)
	if !ok {
		found, _ = m.series.LoadOrStore(like, m.seriesOf(like))
	}
	s := found.(*series)
	s.requests.Inc()
	s.duration.Update(took.Seconds())
}

func (m *Metrics) seriesOf(like Request) *series {
	status := "none"
	if like.Status > 0 {
		status = strconv.Itoa(like.Status)
	}
	return &series{
		requests: m.requests.GetOrCreateCounter(fmt.Sprintf("%s{error_code=%q,generation=%q,operation=%q,status=%q}",
			requestsFamily.name, like.ErrorCode, like.APIVersion, like.Operation, status)),
		duration: m.duration.GetOrCreatePrometheusHistogramExt(fmt.Sprintf("%s{generation=%q,operation=%q}",
			durationFamily.name, like.APIVersion, like.Operation), durationBuckets),
	}
}

// Text returns all metrics in the Prometheus text format: the server's, then those of the process.
// Only the store can fail.
func (m *Metrics) Text(ctx context.Context) ([]byte, error) {
	stored, projects, err := m.stored(ctx)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	storedFamily.write(&text, func(w io.Writer) { _, _ = io.WriteString(w, stored) }) // a bytes.Buffer takes everything
	projectsFamily.write(&text, func(w io.Writer) { _, _ = fmt.Fprintf(w, "%s %d\n", projectsFamily.name, projects) })
	durationFamily.write(&text, m.duration.WritePrometheus)
	requestsFamily.write(&text, m.requests.WritePrometheus)
	prom.WriteGoMetrics(&text)
	prom.WriteProcMetrics(&text)
	prom.WriteFDMetrics(&text)
	return text.Bytes(), nil
}

// stored returns the samples that count the stored integrations, and the number of projects.
func (m *Metrics) stored(ctx context.Context) (integrations string, projects int, err error) {
	state, err := m.store.Snapshot(ctx)
	if err != nil {
		return "", 0, err
	}
	counts, projects := map[string]int{}, 0
	for _, contents := range state {
		if !contents.Deleted {
			projects++
		}
		for _, in := range contents.Integrations {
			counts[in.Type]++
		}
	}
	var samples strings.Builder
	for _, typ := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(&samples, "%s{type=%q} %d\n", storedFamily.name, typ, counts[typ])
	}
	return samples.String(), projects, nil
}

// write writes the samples below their description, or nothing if there is none. The library describes a
// family without a help text, and only if the process has switched that on: its own lines are left out.
func (f family) write(to *bytes.Buffer, samples func(io.Writer)) {
	var all bytes.Buffer
	samples(&all)
	described := false
	for line := range bytes.Lines(all.Bytes()) {
		if line[0] == '#' {
			continue
		}
		if !described {
			fmt.Fprintf(to, "# HELP %s %s\n# TYPE %s %s\n", f.name, f.help, f.name, f.kind)
			described = true
		}
		to.Write(line)
	}
}
