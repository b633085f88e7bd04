package validation

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/validate"
)

// The command replaces or completes every hint for which it has a flag.
func TestFlagHints(t *testing.T) {
	const opsGenie = `{"type": "OPS_GENIE", "apiKey": "k-1"}`
	for _, tc := range []struct {
		payload string
		layout  validate.Layout
		want    string
	}{
		{`[` + opsGenie + `]`, validate.One, "use --array to validate each element as a payload"},
		{opsGenie, validate.Array, "leave out --array to validate a single payload"},
		{`{"type": "FLOWDOCK"}`, validate.One, "it exists in v1.0 only; use --api v1.0"},
		{
			`{"results": [], "totalCount": 0}`,
			validate.One,
			"this is a response of Atlas, not a payload; atlasint get --as-payload writes payload files of a project's integrations",
		},
		{
			strings.Repeat(" ", 100),
			validate.One,
			"payloads of Atlas are smaller than 32 KiB; for NDJSON, the limit applies to each line; --max-size raises the limit",
		},
		{
			`{"format": "p", "digests": []}`,
			validate.One,
			"this is a plan of atlasint diff; keep it outside of the folder with the payloads; atlasint apply FILE applies it",
		},
		{
			`{"version": 1, "findings": []}`,
			validate.One,
			"this is a baseline of atlasint validate; keep it outside of the folder with the payloads, or list it under exclude in .atlasint.yaml; " +
				"--baseline FILE reads it",
		},
		{
			`{"scripts": {}}`,
			validate.One,
			"this is a package.json of npm; keep it outside of the folder with the payloads, or list it under exclude in .atlasint.yaml",
		},
		{
			`{"apiVersion": "v1", "kind": "Secret"}`,
			validate.One,
			`this is a Kubernetes resource; a payload is a request body of the Atlas API, with "type" at the top level; atlasint new TYPE writes one`,
		},
	} {
		v, err := validate.New(validate.Options{MaxSize: 99})
		if err != nil {
			t.Fatal(err)
		}
		result, err := v.CheckReader("f", strings.NewReader(tc.payload), tc.layout)
		if err != nil || len(result.Findings) == 0 {
			t.Fatalf("%s: %v, %v", tc.payload, result, err)
		}
		if diff := cmp.Diff(tc.want, WithFlags(result).Findings[0].Hint); diff != "" {
			t.Errorf("%s: (-want +got):\n%s", tc.payload, diff)
		}
	}
}

// Only a command that does not send payloads has the flag for updates.
func TestFlagHintOfUpdate(t *testing.T) {
	const hint = "add it; only an update of a workspace linked by OAuth2 may leave it out"
	for _, version := range []string{"v1.0", "v2"} {
		v, err := validate.New(validate.Options{APIVersion: version})
		if err != nil {
			t.Fatal(err)
		}
		for want, s := range map[string]*Settings{hint + "; validate such an update with --for update": {}, hint: {Sending: true}} {
			result := validate.Result{Findings: v.Check("f", []byte(`{"type": "SLACK", "channelName": "alerts"}`))}
			if got := s.withFlags(result).Findings[0].Hint; got != want {
				t.Errorf("%s: %q, want %q", version, got, want)
			}
		}
	}
}

// Commands in hints are for the API version of the flag.
func TestFlagHintOfVersion(t *testing.T) {
	v, err := validate.New(validate.Options{APIVersion: "v1.0"})
	if err != nil {
		t.Fatal(err)
	}
	for payload, want := range map[string]string{
		`{"results": [], "totalCount": 0}`:  "; atlasint get --api v1.0 --as-payload writes",
		`{"apiVersion": "v1", "kind": "x"}`: "; atlasint new --api v1.0 TYPE writes",
	} {
		s := &Settings{API: "v1.0", apiIsFixed: true}
		result := validate.Result{Findings: v.Check("f", []byte(payload))}
		if got := s.withFlags(result).Findings[0].Hint; !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", payload, got, want)
		}
	}
}

// A library has no flags, so that the command adds them to the hint for a file that can't be read safely.
func TestFlagHintOfDevice(t *testing.T) {
	result, err := new(validate.Validator).CheckFile(os.DevNull, validate.ByName)
	if err != nil || len(result.Findings) != 1 {
		t.Fatalf("%v, %v", result, err)
	}
	for want, hint := range map[string]string{
		"name a regular file": result.Findings[0].Hint,
		"name a regular file, or pipe the payload in and name it -": WithFlags(result).Findings[0].Hint,
	} {
		if hint != want {
			t.Errorf("%q, want %q", hint, want)
		}
	}
}

// Texts of the library name no flag, no key of the configuration and no argument of the command.
func TestRuleTextsNameNoFlags(t *testing.T) {
	rules := validate.Rules()
	for _, r := range rules {
		for _, text := range []string{r.Summary, r.Evidence, r.Fails, r.Passes} {
			for _, part := range []string{"--", "atlasint", " - "} {
				if strings.Contains(text, part) {
					t.Errorf("%s: %q is in %s", r.ID, part, text)
				}
			}
		}
	}
	for id := range ruleFlags {
		if !slices.ContainsFunc(rules, func(r validate.Rule) bool { return r.ID == id }) {
			t.Errorf("no rule %s", id)
		}
	}
}
