package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// placeholderPayloads are payloads of all types without a form of the secret, with KEY in its place.
var placeholderPayloads = map[string]string{
	"ops.json":     `{"type":"OPS_GENIE","apiKey":"KEY","region":"US"}`,
	"victor.json":  `{"type":"VICTOR_OPS","apiKey":"KEY"}`,
	"slack.json":   `{"type":"SLACK","apiToken":"KEY","teamName":"team","channelName":"alerts"}`,
	"webhook.json": `{"type":"WEBHOOK","url":"https://hooks.example.com/x","secret":"KEY"}`,
	"prom.json":    `{"type":"PROMETHEUS","enabled":true,"username":"u","password":"KEY","serviceDiscovery":"http"}`,
	"teams.json":   `{"type":"MICROSOFT_TEAMS","microsoftTeamsWebhookUrl":"https://KEY.webhook.office.com/x"}`,
	"ops.yaml":     "type: OPS_GENIE\napiKey: 'KEY'\n",
	"lines.ndjson": `{"type":"OPS_GENIE","apiKey":"KEY"}` + "\n",
}

// Neither apply nor diff sends a request for a payload with a placeholder: Atlas would store it in place of a key that
// works.
func TestApplyRejectsPlaceholders(t *testing.T) {
	for file, payload := range placeholderPayloads {
		for _, key := range []string{"${OPSGENIE_KEY}", "${ENV:OPSGENIE_KEY}", "{{ key }}", "<API-KEY>", "changeme", "${env:CHANGE_ME}"} {
			if strings.HasPrefix(file, "teams") {
				key = "<your-tenant>"
			}
			t.Run(file+" "+key, func(t *testing.T) {
				atlas := startAtlas(t)
				t.Setenv("CHANGE_ME", "changeme")
				writeFile(t, file, strings.ReplaceAll(payload, "KEY", key))
				for _, command := range []string{"apply --yes", "apply --yes --json", "apply --yes --prune-all", "apply --dry-run", "diff"} {
					code, out, errOut := run(append(strings.Fields(command), file)...)
					if code != 1 || !strings.Contains(out, "placeholder") || len(atlas.Requests()) > 0 {
						t.Errorf("%s: exit code %d, %d requests\n%s%s", command, code, len(atlas.Requests()), out, errOut)
					}
				}
			})
		}
	}
}

// A placeholder is an error only in commands that send payloads. Their hint names the flag that allows it.
func TestHintsOfPlaceholders(t *testing.T) {
	startAtlas(t)
	t.Setenv("CHANGE_ME", "changeme")
	t.Setenv("VARIABLE", "#{KEY}")
	const wayOut = ", or allow it with --rule placeholder=warning"
	for key, want := range map[string]string{
		"changeme": "put the real value in its place", "#{KEY}": "write one of them, or the real value",
		"${env:CHANGE_ME}": "set the variable to the real value", "${env:VARIABLE}": "set the variable to the real value",
	} {
		for _, file := range []string{"ops.json", "ops.yaml", "lines.ndjson"} {
			writeFile(t, file, strings.ReplaceAll(placeholderPayloads[file], "KEY", key))
			for _, command := range []string{"apply --yes", "apply --yes --json", "apply --dry-run", "diff", "diff --json"} {
				code, out, errOut := run(append(strings.Fields(command), file)...)
				if code != 1 || !strings.Contains(out, want+wayOut) || strings.Count(out, wayOut) != strings.Count(out, want) {
					t.Errorf("%s, %s: exit code %d\n%s%s", command, key, code, out, errOut)
				}
			}
			for _, command := range []string{"validate --expand", "validate --expand --rule placeholder=error", "diff --rule placeholder=warning"} {
				_, out, errOut := run(append(strings.Fields(command), file)...)
				if text := out + errOut; !strings.Contains(text, want) || strings.Contains(text, wayOut) {
					t.Errorf("%s, %s:\n%s", command, key, text)
				}
			}
		}
	}
}

// A setting of the rule applies, in the order of all settings.
func TestApplyWithSeverityOfPlaceholders(t *testing.T) {
	for name, tc := range map[string]struct {
		config, flag string
		code         int
	}{
		"off by flag":         {flag: "placeholder=off"},
		"warning by flag":     {flag: "placeholder=warning"},
		"error by flag":       {config: "rules: {placeholder: off}", flag: "placeholder=error", code: 1},
		"off in the file":     {config: "rules: {placeholder: off}"},
		"warning in the file": {config: "rules: {placeholder: warning}"},
		"in an override":      {config: "overrides: [{paths: [ops.json], rules: {placeholder: warning}}]"},
		"in another override": {config: "overrides: [{paths: [other.json], rules: {placeholder: warning}}]", code: 1},
		"other rule":          {config: "rules: {url: error}", flag: "plaintext-secret=off", code: 1},
	} {
		t.Run(name, func(t *testing.T) {
			startAtlas(t)
			if err := os.WriteFile(filepath.Join(".", ".atlasint.yaml"), []byte(tc.config), 0o600); err != nil {
				t.Fatal(err)
			}
			writeFile(t, "ops.json", strings.ReplaceAll(placeholderPayloads["ops.json"], "KEY", "changeme"))
			args := []string{"apply", "--yes", "ops.json"}
			if tc.flag != "" {
				args = append(args, "--rule", tc.flag)
			}
			must(t, tc.code, args...)
		})
	}
}
