package fakeatlas

import (
	"context"
	"errors"
	"strconv"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

// metrics are the numbers of one server, in a registry of its own: servers of one process do not meet.
// No label holds what a client made up.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	series   sync.Map // of answered, its counters: to look them up by their labels takes longer
}

// answered is what the metrics tell requests apart by.
type answered struct {
	operation, generation, code string
	status                      int
}

type series struct {
	requests prometheus.Counter
	duration prometheus.Observer
}

func newMetrics(s store.Store) (*metrics, error) {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "atlasint_requests_total",
			Help: "Requests to the API by operation, generation, status (none: the connection was dropped) and error code.",
		}, []string{"operation", "generation", "status", "error_code"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "atlasint_request_duration_seconds",
			Help:    "Time from a request until its answer begins.",
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"operation", "generation"}),
	}
	for _, c := range []prometheus.Collector{
		m.requests, m.duration, &storedGauge{s, prometheus.NewDesc(
			"atlasint_integrations", "Integrations in the store by type.", []string{"type"}, nil)},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	} {
		if err := m.registry.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *metrics) observe(e *entry) {
	like := answered{e.operation, e.generation, e.code, e.status}
	if _, known := errorCodes()[e.code]; !known && e.code != "" {
		like.code = "other"
	}
	found, ok := m.series.Load(like)
	if !ok {
		found, _ = m.series.LoadOrStore(like, m.seriesOf(like))
	}
	s := found.(*series)
	s.requests.Inc()
	s.duration.Observe(e.took.Seconds())
}

func (m *metrics) seriesOf(like answered) *series {
	status := "none"
	if like.status > 0 {
		status = strconv.Itoa(like.status)
	}
	return &series{
		requests: m.requests.WithLabelValues(like.operation, like.generation, status, like.code),
		duration: m.duration.WithLabelValues(like.operation, like.generation),
	}
}

// storedGauge counts what is stored when somebody asks.
type storedGauge struct {
	store store.Store
	desc  *prometheus.Desc
}

// Describe implements [prometheus.Collector].
func (g *storedGauge) Describe(to chan<- *prometheus.Desc) { to <- g.desc }

// Collect implements [prometheus.Collector].
func (g *storedGauge) Collect(to chan<- prometheus.Metric) {
	state, err := g.store.Snapshot(context.Background())
	if err != nil {
		to <- prometheus.NewInvalidMetric(g.desc, errors.New("the store failed")) // what it said may hold an address with a password
		return
	}
	counts := map[string]int{}
	for _, list := range state {
		for _, in := range list {
			counts[in.Type]++
		}
	}
	for typ, n := range counts {
		if metric, err := prometheus.NewConstMetric(g.desc, prometheus.GaugeValue, float64(n), typ); err == nil {
			to <- metric
		}
	}
}
