package cli_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
)

// A payload without required fields can update an existing integration, which "validate --for update" and the fake
// allow too. It can't create one.
func TestApplyPartialPayloads(t *testing.T) {
	const partial = `{"type":"PAGER_DUTY","region":"EU"}`
	const stored = `{"type":"PAGER_DUTY","serviceKey":"5f1d3b7a9c2e4806b1d7f3a95c0e2846"}`
	const slack, channel = `{"type":"SLACK","apiToken":"xoxb-1234","channelName":"a","teamName":"T"}`, `{"type":"SLACK","channelName":"b"}`
	const missing = `missing required field "serviceKey"`
	for name, tc := range map[string]struct {
		stored, files []string
		flags         []string
		code          int
		sent, finding string // the finding on standard error, or on standard output where nothing is sent
	}{
		"exists": {stored: []string{stored}, files: []string{partial}, sent: "PUT PAGER_DUTY 200", finding: "warning: PAGER_DUTY: " + missing},
		"exists on v1.0": {
			stored:  []string{stored},
			files:   []string{partial},
			flags:   []string{"--api", "v1.0"},
			sent:    "PUT PAGER_DUTY 200",
			finding: "warning: PAGER_DUTY: " + missing,
		},
		"does not exist":    {files: []string{partial}, code: 1, finding: "PAGER_DUTY: " + missing},
		"one of two exists": {stored: []string{slack}, files: []string{partial, channel}, code: 1, finding: "PAGER_DUTY: " + missing},
		"a channel":         {stored: []string{slack}, files: []string{channel}, sent: "PUT SLACK 200"},
		"a token":           {stored: []string{slack}, files: []string{slack}, finding: "p/a.json:1:28: warning: SLACK.apiToken: Atlas rejects an update"},
		"a token on v1.0": {
			stored:  []string{slack},
			files:   []string{slack},
			flags:   []string{"--api", "v1.0"},
			finding: "warning: SLACK.teamName: Atlas rejects an update",
		},
		"a secret in clear": {
			stored:  []string{stored},
			files:   []string{stored},
			flags:   []string{"--rule", "plaintext-secret=error"},
			code:    1,
			finding: "PAGER_DUTY.serviceKey contains a secret in plain text",
		},
		"both exist": {
			stored:  []string{slack, stored},
			files:   []string{partial, channel},
			sent:    "PUT PAGER_DUTY 200 PUT SLACK 200",
			finding: "warning: PAGER_DUTY: " + missing,
		},
		"severity configured": {
			stored:  []string{stored},
			files:   []string{partial},
			flags:   []string{"--rule", "required=error"},
			code:    1,
			finding: "PAGER_DUTY: " + missing,
		},
		"another error": {stored: []string{stored}, files: []string{`{"type":"PAGER_DUTY","region":"XX"}`}, code: 1, finding: missing},
		"prune":         {stored: []string{stored}, files: []string{partial}, flags: []string{"--prune"}, code: 1, finding: missing},
	} {
		t.Run(name, func(t *testing.T) {
			atlas := startAtlas(t, fakeatlas.WithChoices(fakeatlas.Choices{SlackOAuth: true}))
			for _, payload := range tc.stored {
				if err := atlas.Seed(projectID, payload); err != nil {
					t.Fatal(err)
				}
			}
			files := map[string]string{}
			for i, payload := range tc.files {
				files["p/"+string(rune('a'+i))+".json"] = payload
			}
			writeTree(t, files)
			code := 1
			if tc.code == 0 && tc.sent == "" { // no differences
				code = 0
			}
			_, _ = must(t, code, slices.Concat([]string{"diff"}, tc.flags, []string{"p"})...)
			out, errOut := must(t, tc.code, slices.Concat([]string{"apply", "--yes"}, tc.flags, []string{"p"})...)
			sent := writes(atlas)
			slices.Sort(sent)
			if got := strings.Join(sent, " "); got != tc.sent {
				t.Errorf("sent %q, want %q\n%s%s", got, tc.sent, out, errOut)
			}
			wantParts(t, "the findings", out, tc.finding)
			wantNoParts(t, "standard error", errOut, "PAGER_DUTY:", "SLACK.")
			if tc.finding == "" {
				wantNoParts(t, "the findings", out, "missing required")
			}
		})
	}
}
