package validate_test

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/internal/corpus"
	"github.com/atlasint/atlasint/validate"
)

type corpusEntry struct {
	ID         string
	APIVersion string `json:"generation"`
	Direction  string
	Expect     string
	Label      string `json:"judgement"` // why its label is wrong
	Payload    json.RawMessage
}

// Payloads of other projects: those labeled valid are accepted, those labeled invalid get a finding. The exceptions
// are in testdata/corpus-ledger.txt with a reason each.
func TestCorpus(t *testing.T) {
	file, err := os.Open(corpus.Path(t, "corpus/payloads.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	ledger := readLedger(t)
	checked := 0
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e corpusEntry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		if e.Direction != "request" {
			continue
		}
		checked++
		verdict := ruleSeverities(t, e)
		asLabeled := e.Expect == "invalid" && verdict != "" || e.Expect == "valid" && !strings.Contains(verdict, "[error]")
		reason, listed := ledger[e.ID]
		switch {
		case !asLabeled && e.Label == "" && !listed:
			t.Errorf("%s is labeled %s, without a judgement, and is not in the ledger; found: %s", e.ID, e.Expect, verdict)
		case asLabeled && listed:
			t.Errorf("%s has the findings of its label; take it out of the ledger (%s)", e.ID, reason)
		}
		delete(ledger, e.ID)
	}
	for id := range ledger {
		t.Errorf("the ledger lists %s, which the corpus does not have", id)
	}
	if checked < 100 {
		t.Errorf("checked %d requests, want at least 100", checked)
	}
}

// ruleSeverities returns the rules with findings, each with its severity.
func ruleSeverities(t *testing.T, e corpusEntry) string {
	t.Helper()
	v, err := validate.New(validate.Options{APIVersion: e.APIVersion})
	if err != nil {
		t.Fatal(err)
	}
	var severities []string
	for _, f := range v.Check(e.ID, e.Payload) {
		severities = append(severities, f.Rule+" ["+string(f.Severity)+"]")
	}
	return strings.Join(severities, ", ")
}

func readLedger(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile("testdata/corpus-ledger.txt")
	if err != nil {
		t.Fatal(err)
	}
	ledger := map[string]string{}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, reason, ok := strings.Cut(line, ": ")
		if !ok || reason == "" {
			t.Fatalf("a line of the ledger gives no reason: %s", line)
		}
		ledger[id] = reason
	}
	return ledger
}
