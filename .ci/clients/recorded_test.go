package clients

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// recordings is a collection of payloads outside this repository: answers of Atlas that a public test suite recorded.
const recordings = "../../../shared/corpus/payloads.jsonl"

// recorded returns the recordings by ID as compact JSON, with the members in their original order.
func recorded(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.FromSlash(recordings))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the recordings are missing")
	}
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for line := range bytes.Lines(data) {
		var r struct {
			ID        string          `json:"id"`
			Direction string          `json:"direction"`
			Payload   json.RawMessage `json:"payload"`
		}
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		if r.Direction == "response" && (strings.HasPrefix(r.ID, "cli-e2e-resp-") || strings.HasPrefix(r.ID, "cli-rec-")) {
			var compact bytes.Buffer
			if err := json.Compact(&compact, r.Payload); err != nil {
				t.Fatal(err)
			}
			all[r.ID] = compact.String()
		}
	}
	return all
}

// recordedCases is testdata/recorded.yaml: each edit is a part that the recording has once, and its replacement.
type recordedCases struct {
	Created  []string
	Outdated map[string][][2]string
}

var (
	recordedHost  = regexp.MustCompile(`https?://[^/"]+/api/`)
	recordedGroup = regexp.MustCompile(`/groups/[0-9a-f]{24}`)
)

// plainRecording normalizes a recording as plain normalizes an answer. The recordings are older than
// sendShardingMetrics, which has the default false.
func plainRecording(text string) string {
	text = strings.ReplaceAll(text, `"sendQueryStatsMetrics":false,`, `"sendQueryStatsMetrics":false,"sendShardingMetrics":false,`)
	text = recordedHost.ReplaceAllString(text, "https://host/api/")
	return plain(recordedGroup.ReplaceAllString(text, "/groups/PROJECT"), "https://host")
}

const wholePage = "?includeCount=true&itemsPerPage=100&pageNum=1" // as the SDK writes it

func TestRecordedAnswers(t *testing.T) {
	all := recorded(t)
	f := start(t)
	compare := func(id, line string) {
		t.Helper()
		if all[id] == "" {
			t.Errorf("there is no recording %s", id)
			return
		}
		same(t, id, plainRecording(all[id]), plain(f.must(line).body, f.URL))
	}
	created := table[recordedCases](t, "recorded.yaml").Created
	for i, id := range []string{"datadog", "opsgenie", "pager_duty", "victor_ops", "webhook"} {
		compare("cli-e2e-resp-create_"+id, "POST v2/"+typeIn(t, created[i])+wholePage+" "+created[i])
	}
	compare("cli-e2e-resp-list", "GET v2"+wholePage)
	compare("cli-e2e-resp-describe", "GET v2/WEBHOOK")
}

func TestRecordedListsOfOlderDays(t *testing.T) {
	all := recorded(t)
	for id, edits := range table[recordedCases](t, "recorded.yaml").Outdated {
		t.Run(id, func(t *testing.T) {
			f := start(t)
			want := plainRecording(all[id])
			for _, edit := range edits {
				same(t, "occurrences of "+edit[0], 1, strings.Count(want, edit[0]))
				want = strings.Replace(want, edit[0], edit[1], 1)
			}
			page := decoded[struct {
				Results []map[string]any `json:"results"`
			}](t, want)
			for _, one := range page.Results {
				body := unmasked(t, one)
				f.must("POST v2/" + typeIn(t, body) + " " + body)
			}
			same(t, id, want, plain(f.must("GET v2"+wholePage).body, f.URL))
		})
	}
}

func typeIn(t *testing.T, body string) string {
	t.Helper()
	return decoded[struct {
		Type string `json:"type"`
	}](t, body).Type
}

// unmasked returns a payload that Atlas answers with read: other characters replace the stars of secrets.
func unmasked(t *testing.T, read map[string]any) string {
	t.Helper()
	sent := map[string]any{}
	for name, value := range read {
		if text, ok := value.(string); ok && name != "id" {
			sent[name] = strings.ReplaceAll(strings.ReplaceAll(text, "/****", "/path/"), "*", "0")
		}
	}
	return encoded(t, sent)
}
