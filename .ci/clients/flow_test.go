package clients

import (
	"net/http"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// flow sends the requests of testdata/flow.yaml with the headers of the official samples: Content-Type without a date, and
// a later date in Accept.
func flow(f fake, send func(line string, header ...string) response) {
	f.t.Helper()
	for _, s := range table[[]struct {
		Send     string
		Status   int
		Contains string
	}](f.t, "flow.yaml") {
		got := send(s.Send, "Accept", "application/vnd.atlas.2025-03-12+json", "Content-Type", "application/json")
		if got.status != s.Status || !strings.Contains(got.body, s.Contains) {
			f.t.Fatalf("%s: got %d %s, want %d %s", s.Send, got.status, got.body, s.Status, s.Contains)
		}
	}
}

// curl runs curl as the official samples do.
func curl(f fake, login ...string) func(line string, header ...string) response {
	if _, err := exec.LookPath("curl"); err != nil {
		f.t.Skip("curl is not installed")
	}
	return func(line string, header ...string) response {
		f.t.Helper()
		// -q comes first: a user's own configuration must not matter.
		args := []string{"-q", "--silent", "--show-error", "--noproxy", "*", "--max-time", "20", "--write-out", "%{http_code}"}
		method, path, body := words(line)
		if method != http.MethodGet {
			args = append(args, "--request", method)
		}
		if body != "" {
			args = append(args, "--data", body)
		}
		for i := 0; i < len(header); i += 2 {
			args = append(args, "--header", header[i]+": "+header[i+1])
		}
		out, err := exec.CommandContext(f.t.Context(), "curl", slices.Concat(args, login, []string{f.integrations(path)})...).CombinedOutput()
		if err != nil || len(out) < 3 {
			f.t.Fatalf("curl: %v\n%s", err, out)
		}
		end := len(out) - 3
		status, err := strconv.Atoi(string(out[end:]))
		if err != nil {
			f.t.Fatalf("curl wrote %q", out)
		}
		return response{status, string(out[:end])}
	}
}

// With --digest, curl sends its first POST or PUT empty.
func TestCurlDigest(t *testing.T) {
	f := start(t)
	flow(f, curl(f, "--digest", "--user", key.PublicKey+":"+key.PrivateKey))
	same(t, "a wrong key", 401, curl(f, "--digest", "--user", key.PublicKey+":wrong")("GET v2").status)
}

func TestCurlBearer(t *testing.T) {
	f := start(t)
	oauth := curl(f, "--user", account.ClientID+":"+account.ClientSecret)
	token := decoded[struct {
		Text string `json:"access_token"`
	}](t, oauth("POST /api/oauth/token grant_type=client_credentials").body).Text
	bearer := []string{"--header", "Authorization: Bearer " + token}
	// curl prints names of headers as they were sent.
	text := curl(f, append(bearer, "--include", "--header", "Accept: "+vnd)...)("GET v2").body
	for _, line := range []string{"\r\nRateLimit-Limit: 1200\r\n", "\r\nRateLimit-Remaining: 1199\r\n"} {
		same(t, "has "+line, true, strings.Contains(text, line))
	}
	flow(f, curl(f, bearer...))
	same(t, "revoke", response{status: 200}, oauth("POST /api/oauth/revoke token="+token+"&token_type_hint=access_token"), cmp.AllowUnexported(response{}))
	same(t, "a revoked token", 401, curl(f, bearer...)("GET v2").status)
}

func TestPerl(t *testing.T) {
	if exec.CommandContext(t.Context(), "perl", "-MLWP::UserAgent", "-e", "1").Run() != nil {
		t.Skip("perl with libwww-perl is not installed")
	}
	f := start(t)
	const body = `{"type":"OPS_GENIE","apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64"}`
	path := "/api/atlas/v2/groups/" + project + "/integrations/OPS_GENIE"
	args := []string{"testdata/lwp.pl", f.URL, path, key.PublicKey, key.PrivateKey, "POST", body, "PUT", body}
	args = append(args, slices.Repeat([]string{"GET", ""}, 20)...) // past the nonce counts 0000000A to 0000000F
	out, err := exec.CommandContext(t.Context(), "perl", append(args, "DELETE", "", "GET", "")...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	statuses := regexp.MustCompile(`(?m)^\d+`).FindAllString(string(out), -1)
	same(t, "statuses", append(slices.Repeat([]string{"200"}, 22), "204", "404"), statuses)
	same(t, "nc in capitals", true, regexp.MustCompile(`(?m)^\d+ .*[A-F]`).Match(out))
}
