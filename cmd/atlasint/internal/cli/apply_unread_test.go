package cli_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas"
)

// serveUnread serves atlas. Responses to changes have no integrations, and the read after each change gets the status.
func serveUnread(t *testing.T, atlas *fakeatlas.Server, status int) {
	t.Helper()
	changed := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && path.Base(r.URL.Path) == changed {
			changed = ""
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			fmt.Fprintf(w, `{"error":%d,"errorCode":"INTEGRATION_NOT_CONFIGURED"}`, status)
			return
		}
		response := httptest.NewRecorder()
		atlas.ServeHTTP(response, r)
		if (r.Method == http.MethodPost || r.Method == http.MethodPut) && response.Code == http.StatusOK {
			changed = path.Base(r.URL.Path)
			fmt.Fprint(w, `{"results":[]}`)
			return
		}
		for name, values := range response.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(response.Code)
		_, _ = w.Write(response.Body.Bytes())
	}))
	t.Cleanup(server.Close)
	callAt(t, server.URL)
}

// A change is done if Atlas stored the payload, even if its integration can't be read afterwards: the run continues,
// deletions included.
func TestApplyCountsUnreadIntegrationsAsDone(t *testing.T) {
	want := wantedState(t)
	for _, status := range []int{401, 403, 404, 500} {
		for _, planned := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d planned=%t", status, planned), func(t *testing.T) {
				atlas := startAtlas(t)
				partlyApplied(t, atlas)
				serveUnread(t, atlas, status)
				args := applyArgs
				if planned {
					must(t, 1, "diff", "--out", "plan.json", "--prune-all", "payloads.ndjson")
					args = []string{"apply", "plan.json"}
				}
				out, errOut := must(t, 0, args...)
				if _, outcome, _ := strings.Cut(out, "unchanged\n"); outcome != "updated DATADOG\ncreated OPS_GENIE\ndeleted VICTOR_OPS\n3 done\n" {
					t.Errorf("the outcome is\n%s", outcome)
				}
				wantUnreadWarnings(t, errOut, "DATADOG", "OPS_GENIE")
				same(t, want, stored(atlas))
			})
		}
	}
}

// wantUnreadWarnings fails the test if the diagnostics are not one warning for each type.
func wantUnreadWarnings(t *testing.T, errOut string, types ...string) {
	t.Helper()
	var got, want []string
	for line := range strings.Lines(errOut) {
		warning, _, _ := strings.Cut(line, " GET ")
		got = append(got, warning)
	}
	for _, typ := range types {
		want = append(want, "atlasint: warning: "+typ+": the payload was stored, but the integration can't be read:")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the warnings (-want +got):\n%s", diff)
	}
}
