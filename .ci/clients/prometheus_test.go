package clients

import (
	"net/http"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// Reads the metrics with the parser that Prometheus's own tools use.
func TestPrometheusScrape(t *testing.T) {
	f := start(t)
	wantNoError(t, f.Seed(project, `{"type":"OPS_GENIE","apiKey":"00000000-0000-0000-0000-000000000000"}`))
	f.must("GET v2")
	r, err := http.Get(f.URL + "/_atlasint/metrics")
	wantNoError(t, err)
	defer r.Body.Close()
	same(t, "format", expfmt.TypeTextPlain, expfmt.ResponseFormat(r.Header).FormatType())
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(r.Body)
	wantNoError(t, err)
	for name, kind := range map[string]dto.MetricType{
		"atlasint_requests_total":           dto.MetricType_COUNTER,
		"atlasint_request_duration_seconds": dto.MetricType_HISTOGRAM,
		"atlasint_integrations":             dto.MetricType_GAUGE,
		"go_goroutines":                     dto.MetricType_GAUGE,
	} {
		if family := families[name]; family.GetType() != kind || family.GetHelp() == "" {
			t.Errorf("%s is %v", name, family)
		}
	}
	h := families["atlasint_request_duration_seconds"].GetMetric()[0].GetHistogram()
	buckets := h.GetBucket()
	same(t, "requests of a digest client", []uint64{2, 2}, []uint64{h.GetSampleCount(), buckets[len(buckets)-1].GetCumulativeCount()})
}
