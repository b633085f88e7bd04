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

// recordings is a collection of payloads that is not part of this repository. It holds answers of Atlas
// that a public test suite has recorded.
const recordings = "../../../shared/corpus/payloads.jsonl"

// recorded are the recordings by their ids, compact, the members in the order in which they came.
func recorded(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.FromSlash(recordings))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the recordings are not here, so nothing was compared with them")
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

// created are the requests that led to recorded answers, in the order in which they were sent. Keys stand
// for those that are masked in the answers: as long, with the same end.
var created = []struct{ typ, body string }{
	{"DATADOG", `{"type":"DATADOG","apiKey":"00000000000000000000000000000000","region":"US"}`},
	{"OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"00000000-aaaa-2222-bbbb-000000003311","region":"US"}`},
	{"PAGER_DUTY", `{"type":"PAGER_DUTY","serviceKey":"00000000000000000000000000000022"}`},
	{"VICTOR_OPS", `{"type":"VICTOR_OPS","apiKey":"00000000-aaaa-2222-bbbb-000000001c11","routingKey":"test"}`},
	{"WEBHOOK", `{"type":"WEBHOOK","url":"https://example.com/2101","secret":"000000000000000000000000002101"}`},
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

func TestRecordedAnswers(t *testing.T) {
	all := recorded(t)
	f := start(t)
	client := keyClient()
	query := "?includeCount=true&itemsPerPage=100&pageNum=1" // as the SDK writes it
	compare := func(id string, r request) {
		t.Helper()
		if all[id] == "" {
			t.Errorf("there is no recording %s", id)
			return
		}
		same(t, id, plainRecording(all[id]), plain(must(t, client, f.URL, r).body, f.URL))
	}
	ids := map[string]string{
		"DATADOG": "create_datadog", "OPS_GENIE": "create_opsgenie", "PAGER_DUTY": "create_pager_duty",
		"VICTOR_OPS": "create_victor_ops", "WEBHOOK": "create_webhook",
	}
	for _, c := range created {
		compare("cli-e2e-resp-"+ids[c.typ], request{method: "POST", path: "v2/" + c.typ + query, body: c.body})
	}
	compare("cli-e2e-resp-list", request{method: "GET", path: "v2" + query})
	compare("cli-e2e-resp-describe", request{method: "GET", path: "v2/WEBHOOK"})
}

// outdated says how answers of their day differ from those of today: what fields were missing, what names
// they had. Each part has to be there.
var outdated = map[string][][2]string{
	"cli-rec-list-v1.41.2": {
		{`"sendDatabaseMetrics":false,`, `"sendDatabaseMetrics":false,"sendQueryStatsMetrics":false,"sendShardingMetrics":false,"sendUserProvidedResourceTags":false,`},
		{`{"id":"ID5","secret"`, `{"bodyTemplate":null,"headersTemplate":null,"id":"ID5","secret"`},
		{`/****"`, `/****2129"`},
	},
	"cli-rec-list-v1.46.4": {
		{`{"id":"ID5","secret"`, `{"bodyTemplate":null,"headersTemplate":null,"id":"ID5","secret"`},
		{`/****"`, `/****2122"`},
	},
	"cli-rec-list-v1.56.0": {
		{`{"id":"ID5","secret"`, `{"bodyTemplate":null,"headersTemplate":null,"id":"ID5","secret"`},
		{`"webhookBodyTemplate":null,"webhookHeadersTemplate":null,`, ``},
	},
}

func TestRecordedListsOfOlderDays(t *testing.T) {
	all := recorded(t)
	for id, edits := range outdated {
		t.Run(id, func(t *testing.T) {
			f := start(t)
			client := keyClient()
			want := plainRecording(all[id])
			for _, edit := range edits {
				if strings.Count(want, edit[0]) != 1 {
					t.Errorf("%s is not in the recording once: %s", edit[0], want)
				}
				want = strings.Replace(want, edit[0], edit[1], 1)
			}
			for _, one := range results(t, want) {
				must(t, client, f.URL, request{method: "POST", path: "v2/" + one["type"].(string), body: unmasked(t, one)})
			}
			got := must(t, client, f.URL, request{method: "GET", path: "v2?includeCount=true&itemsPerPage=100&pageNum=1"})
			same(t, id, want, plain(got.body, f.URL))
		})
	}
}

func results(t *testing.T, page string) []map[string]any {
	t.Helper()
	return decoded[struct {
		Results []map[string]any `json:"results"`
	}](t, page).Results
}

// unmasked makes a payload that is read as the given answer: secrets with other characters for the stars.
func unmasked(t *testing.T, read map[string]any) string {
	t.Helper()
	sent := map[string]any{}
	for name, value := range read {
		if text, ok := value.(string); ok && name != "id" {
			sent[name] = strings.ReplaceAll(strings.ReplaceAll(text, "/****", "/path/"), "*", "0")
		}
	}
	body, err := json.Marshal(sent)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
