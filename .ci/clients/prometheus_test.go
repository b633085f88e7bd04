package clients

import (
	"net/http"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// scrape reads the metrics with the parser that Prometheus's own tools use.
func scrape(t *testing.T, f fake) map[string]*dto.MetricFamily {
	t.Helper()
	r, err := http.Get(f.URL + "/_atlasint/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK || expfmt.ResponseFormat(r.Header).FormatType() != expfmt.TypeTextPlain {
		t.Fatalf("the response is %s %s", r.Status, r.Header.Get("Content-Type"))
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return families
}

func TestPrometheusScrape(t *testing.T) {
	f := start(t)
	if err := f.Seed(project, []byte(`{"type":"OPS_GENIE","apiKey":"00000000-0000-0000-0000-000000000000"}`)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if r, err := http.Get(f.URL + "/api/atlas/v2/groups/" + project + "/integrations"); err != nil || r.StatusCode != http.StatusUnauthorized {
			t.Fatal(r, err)
		}
	}
	families := scrape(t, f)
	for name, kind := range map[string]dto.MetricType{
		"atlasint_requests_total":           dto.MetricType_COUNTER,
		"atlasint_request_duration_seconds": dto.MetricType_HISTOGRAM,
		"atlasint_integrations":             dto.MetricType_GAUGE,
	} {
		if family := families[name]; family.GetType() != kind || family.GetHelp() == "" || len(family.GetMetric()) != 1 {
			t.Errorf("%s is %v", name, family)
		}
	}
	if n := families["atlasint_requests_total"].GetMetric()[0].GetCounter().GetValue(); n != 2 {
		t.Errorf("%v requests, want 2", n)
	}
	h := families["atlasint_request_duration_seconds"].GetMetric()[0].GetHistogram()
	if h.GetSampleCount() != 2 || len(h.GetBucket()) != 17 || h.GetBucket()[16].GetCumulativeCount() != 2 {
		t.Errorf("the histogram is %v", h)
	}
	if families["go_goroutines"] == nil {
		t.Error("no metrics of the process")
	}
}
