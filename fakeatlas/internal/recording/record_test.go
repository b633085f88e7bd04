package recording

import (
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
)

// At most maxFiles exchanges are recorded. The end is logged once.
func TestRecordsAreBounded(t *testing.T) {
	dir := t.TempDir()
	var log strings.Builder
	r, err := Open(dir, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	r.begun.Store(maxFiles - 2)
	for seq := range uint64(5) {
		r.Write(&Exchange{Seq: seq, Operation: "other"})
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("%d files, %v", len(entries), err)
	}
	const want = "level=ERROR msg=\"recording stopped\" reason=\"10000 exchanges are recorded, which is the limit\"\n"
	if got := log.String(); !strings.HasSuffix(got, want) || strings.Count(got, "\n") != 1 {
		t.Errorf("the log: %s", got)
	}
}

// No file is overwritten, such as one that another server wrote.
func TestFilesAreKept(t *testing.T) {
	dir := t.TempDir()
	r, err := Open(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "000007-get.json")
	if err := os.WriteFile(name, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.Write(&Exchange{Seq: 7, Operation: "get"})
	if data, err := os.ReadFile(name); err != nil || string(data) != "kept" || !r.stopped.Load() {
		t.Errorf("%s, %v", data, err)
	}
}

func TestHeaders(t *testing.T) {
	response := http.Header{
		"Content-Type": {"application/json"}, "RateLimit-Limit": {"1200"}, "Ratelimit-Remaining": {"hunter2"}, "X-Error-Code": {"GROUP_NOT_FOUND"},
		"Www-Authenticate": {`Digest realm="MMS Public API", nonce="hunter2"`}, "Retry-After": {"123456789"}, "Allow": {"GET, HUNTER2"},
		"Set-Cookie": {"hunter2"}, "Location": {"https://hunter2.example"}, "X-Hunter2": {"hunter2"},
	}
	want := map[string]string{
		"Content-Type": "application/json", "RateLimit-Limit": "1200", "RateLimit-Remaining": "(hidden)", "X-Error-Code": "GROUP_NOT_FOUND",
		"WWW-Authenticate": "Digest (hidden)", "Retry-After": "(hidden)", "Allow": "GET, (hidden)",
	}
	if diff := cmp.Diff(want, headersOf(response)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := headersOf(http.Header{"X-Error-Code": {"HUNTER2"}})["X-Error-Code"]; got != "(hidden)" {
		t.Errorf("a code of a stub is %s", got)
	}
	for value, want := range map[string]string{"bearer x": "Bearer (hidden)", "Basic": "Basic (hidden)", "hunter2": "(hidden)", "hunter2 x": "(hidden)"} {
		if got := schemeOf(value); got != want {
			t.Errorf("%s: %s", value, got)
		}
	}
}

func TestSecretsAreHiddenAtAnyDepth(t *testing.T) {
	got := withoutSecrets(map[string]any{
		"apiKey": "****1234", "region": "US", "secret": nil, "password": "", "url": []any{"x"},
		"results": []any{map[string]any{"serviceKey": "*2345", "type": "PAGER_DUTY", "licenseKey": map[string]any{"x": 1}}},
	})
	want := map[string]any{
		"apiKey": "(hidden)", "region": "US", "secret": nil, "password": "", "url": "(hidden)",
		"results": []any{map[string]any{"serviceKey": "(hidden)", "type": "PAGER_DUTY", "licenseKey": "(hidden)"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Fields whose names are those of secrets are marked as secrets in the documents. The others are no secrets.
func TestSecretNames(t *testing.T) {
	plain := []string{"routingKey", "victorOpsRoutingKey", "key"}
	suspect := regexp.MustCompile(`(?i)key|token|secret|password|url|template|credential`)
	eachField(func(f *schemas.Field) {
		isText := f.Kind == "string" || f.Kind == ""
		if isText && suspect.MatchString(f.Name) && !slices.Contains(secretNames(), f.Name) && !slices.Contains(plain, f.Name) {
			t.Errorf("%s is shown in recordings: mark it as a secret in the document, or add it to the list of this test", f.Name)
		}
	})
	for _, name := range []string{
		"apiKey", "apiToken", "serviceKey", "licenseKey", "readToken", "writeToken", "url", "secret", "bodyTemplate",
		"headersTemplate", "password", "microsoftTeamsWebhookUrl",
	} {
		if !slices.Contains(secretNames(), name) {
			t.Errorf("%s is shown in recordings", name)
		}
	}
}
