package clients

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
)

func TestPerl(t *testing.T) {
	if exec.CommandContext(t.Context(), "perl", "-MLWP::UserAgent", "-e", "1").Run() != nil {
		t.Skip("perl with libwww-perl is not installed")
	}
	f := start(t)
	put := []string{"PUT", `{"type":"OPS_GENIE","apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64"}`}
	requests := append([]string{"POST", put[1]}, put...)
	want := []string{"200", "200"}
	for range 20 { // past the nonce counts 0000000A to 0000000F
		requests, want = append(requests, "GET", ""), append(want, "200")
	}
	requests, want = append(requests, "DELETE", "", "GET", ""), append(want, "204", "404")
	args := append([]string{"testdata/lwp.pl", f.URL, "/api/atlas/v2/groups/" + project + "/integrations/OPS_GENIE", fakeatlas.DefaultAPIKey.PublicKey, fakeatlas.DefaultAPIKey.PrivateKey}, requests...)
	out, err := exec.CommandContext(t.Context(), "perl", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var statuses []string
	capitals := false
	for line := range strings.Lines(string(out)) {
		status, nc, _ := strings.Cut(strings.TrimSpace(line), " ")
		statuses = append(statuses, status)
		capitals = capitals || strings.ContainsAny(nc, "ABCDEF")
	}
	same(t, "statuses", want, statuses)
	same(t, "nc in capitals", true, capitals)
}
