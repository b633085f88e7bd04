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
	f.must("GET v2")
	r, err := http.Get(f.URL + "/_atlasint/metrics")
	wantNoError(t, err)
	defer r.Body.Close()
	same(t, "format", expfmt.TypeTextPlain, expfmt.ResponseFormat(r.Header).FormatType())
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(r.Body)
	wantNoError(t, err)
	family := families["atlasint_request_duration_seconds"]
	same(t, "type and requests of a digest client", []any{dto.MetricType_HISTOGRAM, uint64(2)},
		[]any{family.GetType(), family.GetMetric()[0].GetHistogram().GetSampleCount()})
}
