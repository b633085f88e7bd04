package fakeatlas_test

import (
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
)

func TestMetrics(t *testing.T) {
	s, other := newServer(t), newServer(t)
	if err := s.Seed(project, datadog); err != nil {
		t.Fatal(err)
	}
	call(t, s, "GET", v2(""), "")
	call(t, s, "GET", v2(""), "")
	call(t, s, "POST", v2("/DATADOG"), datadog)
	call(t, s, "PATCH", integrations("v1.0", project, "/DATADOG"), "")
	call(t, s, "PATCH", "/"+secret, "")
	inject(t, s, fakeatlas.Fault{Status: 500, ErrorCode: "MADE_UP"})
	call(t, s, "DELETE", v2("/DATADOG"), "")
	got := controlCall(t, s, "GET", "/metrics", "")
	wantStatus(t, got, 200, "")
	for _, line := range []string{
		`atlasint_requests_total{api_version="v2",error_code="",operation="list",status="200"} 2`,
		`atlasint_requests_total{api_version="v2",error_code="INTEGRATION_ALREADY_CONFIGURED",operation="create",status="409"} 1`,
		`atlasint_requests_total{api_version="v1.0",error_code="UNEXPECTED_ERROR",operation="other",status="405"} 1`,
		`atlasint_requests_total{api_version="",error_code="RESOURCE_NOT_FOUND",operation="other",status="404"} 1`,
		`atlasint_requests_total{api_version="v2",error_code="other",operation="delete",status="500"} 1`,
		`atlasint_request_duration_seconds_count{api_version="v2",operation="list"} 2`,
		`atlasint_request_duration_seconds_bucket{api_version="v2",operation="list",le="+Inf"} 2`,
		"# HELP atlasint_requests_total Requests to the API by operation, API version, status (none: the connection was dropped) and error code.",
		"# TYPE atlasint_requests_total counter",
		"# TYPE atlasint_request_duration_seconds histogram",
		"# TYPE atlasint_integrations gauge",
		`atlasint_integrations{type="DATADOG"} 1`,
		"go_goroutines ",
		"process_cpu_seconds_total ",
	} {
		if !strings.Contains("\n"+got.body, "\n"+line) {
			t.Errorf("no line %s", line)
		}
	}
	if media := got.header.Get("Content-Type"); media != "text/plain; version=0.0.4; charset=utf-8" {
		t.Errorf("the media type is %s", media)
	}
	for _, fault := range expositionFaults(got.body) {
		t.Error(fault)
	}
	if strings.Contains(got.body, secret) || strings.Contains(got.body, project) {
		t.Errorf("the metrics have a text of the client: %s", got.body)
	}
	if got := controlCall(t, other, "GET", "/metrics", "").body; strings.Contains(got, "\natlasint_requests_total{") {
		t.Error("two servers share their metrics")
	}
}
