package clients

import (
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
)

// curl runs curl as the official samples do, and returns the status and the body.
func curl(t *testing.T, args ...string) (int, string) {
	t.Helper()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	// -q comes first: a user's own configuration must not matter.
	fixed := []string{"-q", "--silent", "--show-error", "--noproxy", "*", "--max-time", "20", "--write-out", "\n%{http_code}"}
	out, err := exec.CommandContext(t.Context(), "curl", slices.Concat(fixed, args)...).CombinedOutput()
	if err != nil {
		t.Fatalf("curl: %v\n%s", err, out)
	}
	i := strings.LastIndex(string(out), "\n")
	status, err := strconv.Atoi(string(out[i+1:]))
	if err != nil {
		t.Fatalf("curl wrote %q", out)
	}
	return status, string(out[:i])
}

func TestCurlDigest(t *testing.T) {
	f := start(t)
	curlFlow(t, f, "--digest", "--user", fakeatlas.DefaultAPIKey.PublicKey+":"+fakeatlas.DefaultAPIKey.PrivateKey)
	status, _ := curl(t, "--digest", "--user", fakeatlas.DefaultAPIKey.PublicKey+":wrong", f.integrations("v2"))
	same(t, "a wrong key", 401, status)
}

func TestCurlBearer(t *testing.T) {
	f := start(t)
	status, body := curl(t, "--user", fakeatlas.DefaultServiceAccount.ClientID+":"+fakeatlas.DefaultServiceAccount.ClientSecret,
		"--data", "grant_type=client_credentials", f.URL+"/api/oauth/token")
	same(t, "token", 200, status)
	token := decoded[struct {
		Text string `json:"access_token"`
	}](t, body)
	login := []string{"--header", "Authorization: Bearer " + token.Text}
	curlFlow(t, f, login...)

	status, body = curl(t, "--user", fakeatlas.DefaultServiceAccount.ClientID+":"+fakeatlas.DefaultServiceAccount.ClientSecret,
		"--data", "token="+token.Text+"&token_type_hint=access_token", f.URL+"/api/oauth/revoke")
	same(t, "revoke", []any{200, ""}, []any{status, body})
	status, _ = curl(t, append(login, f.integrations("v2"))...)
	same(t, "a revoked token", 401, status)
}

// curlFlow creates, reads, updates and deletes. With --digest, curl sends its first POST or PUT empty.
func curlFlow(t *testing.T, f fake, login ...string) {
	t.Helper()
	datadogSent := typeOf(t, "DATADOG").Sent
	for _, step := range []struct {
		args   []string
		path   string
		status int
		part   string
	}{
		{[]string{"--request", "POST", "--data", datadogSent}, "v2/DATADOG?envelope=false&pretty=true", 200, `"totalCount": 1`},
		{[]string{"--request", "POST", "--data", datadogSent}, "v2/DATADOG", 409, `"errorCode":"INTEGRATION_ALREADY_CONFIGURED"`},
		{nil, "v2/DATADOG", 200, `"apiKey":"****************************3579"`},
		{[]string{"--request", "PUT", "--data", `{"type":"DATADOG","region":"EU"}`}, "v2/DATADOG", 200, `"region":"EU"`},
		{nil, "v2?pageNum=1&itemsPerPage=1", 200, `"totalCount":1`},
		{nil, "v1.0/DATADOG", 200, `"region":"EU"`},
		{[]string{"--request", "DELETE"}, "v2/DATADOG", 204, ""},
		{nil, "v2/DATADOG", 404, `"errorCode":"INTEGRATION_NOT_CONFIGURED"`},
	} {
		// Content-Type is application/json, as in the official samples, and Accept a later date.
		args := slices.Concat(login, step.args, []string{
			"--header", "Accept: application/vnd.atlas.2025-03-12+json",
			"--header", "Content-Type: application/json",
			f.integrations(step.path),
		})
		status, body := curl(t, args...)
		what := strings.Join(append(step.args, step.path), " ")
		same(t, what, step.status, status)
		if !strings.Contains(body, step.part) {
			t.Errorf("%s: %s is not in %s", what, step.part, body)
		}
	}
	same(t, "stored at the end", 0, len(f.all()))
}
