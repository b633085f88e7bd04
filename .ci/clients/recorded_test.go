package clients

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/internal/corpus"
)

// recorded returns responses of Atlas that a public test suite recorded, by ID as compact JSON, with the members in their original order.
func recorded(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile(corpus.Path(t, "corpus/payloads.jsonl"))
	wantNoError(t, err)
	all := map[string]string{}
	for line := range strings.Lines(string(data)) {
		r := decoded[struct {
			ID      string
			Payload json.RawMessage
		}](t, line)
		var compact bytes.Buffer
		wantNoError(t, json.Compact(&compact, r.Payload))
		all[r.ID] = compact.String()
	}
	return all
}

var (
	recordedHost  = regexp.MustCompile(`https?://[^/"]+/api/`)
	recordedGroup = regexp.MustCompile(`/groups/[0-9a-f]{24}`)
)

// expected turns a recording into the body of a step. The recordings are older than sendShardingMetrics, which has the
// default false.
func expected(t *testing.T, recording string, edits [][2]string) string {
	t.Helper()
	text := strings.ReplaceAll(recording, `"sendQueryStatsMetrics":false,`, `"sendQueryStatsMetrics":false,"sendShardingMetrics":false,`)
	for _, edit := range edits {
		pattern := regexp.MustCompile(edit[0])
		same(t, "occurrences of "+edit[0], 1, len(pattern.FindAllString(text, -1)))
		text = pattern.ReplaceAllString(text, edit[1])
	}
	text = recordedHost.ReplaceAllString(text, "{base}/api/")
	text = recordedGroup.ReplaceAllString(text, "/groups/{group}")
	return objectID.ReplaceAllString(text, "{ID$0}")
}

func TestRecordedAnswers(t *testing.T) {
	all := recorded(t)
	for _, c := range table[[]struct {
		Name   string
		Before []string
		Steps  []struct {
			Recording, Send string
			Edits           [][2]string
		}
	}](t, "recorded.yaml") {
		t.Run(c.Name, func(t *testing.T) {
			f := start(t)
			f.must(c.Before...)
			for _, s := range c.Steps {
				if all[s.Recording] == "" {
					t.Fatalf("there is no recording %s", s.Recording)
				}
				body := expected(t, all[s.Recording], s.Edits)
				newReplay(f).steps(step{Send: s.Send, Status: 200, Body: &body})
			}
		})
	}
}
