package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An error about a configuration quotes a part of it that fits on one line, without control characters.
func TestConfigurationErrorsAreShort(t *testing.T) {
	t.Chdir(t.TempDir())
	writeNeighbors(t)
	for _, form := range []string{
		`@: x`, `api: @`, `rules: {@: error}`, `rules: {url: @}`, `rules: @`, `rules: [@]`, `rules: {@: {a: b}}`,
		`exclude: @`, `exclude: ["[@"]`, `exclude: {@: @}`, `exclude: [[@]]`,
		`overrides: @`, `overrides: [@]`, `overrides: [{@: @}]`, `overrides: [{api: @, paths: [a]}]`,
		`overrides: [{api: v2, paths: ["[@"]}]`, `overrides: [{api: v2, paths: @}]`,
		`groupId: @`, `groupId: [@]`, `extends: @`, `extends: ../@`, `extends: [@]`, `@`, `[@]`, `api: !@ x`,
		`api: !<@> [x]`, `exclude: !@ {a: b}`, `api: !!int @`, `api: !!binary @`, `api: *@`, `exclude: &@ [*@]`,
		`exclude: [*@]`, `{@`,
		"rules: {@: error, @: error}", "? [@]\n: x", "%TAG !a! @\n--- {a: b}", "%YAML @\n---\n", "@: 1\n@: 2", `'@`,
		`"\x@"`, "\t@", "api: v2\napi: @", "rules: {url: error, url: @}",
	} {
		for _, text := range []string{strings.Repeat("x", 20_000), strings.Repeat("é!", 6_000), `"\e[2J` + strings.Repeat("x", 20_000) + `"`} {
			writeFile(t, ".atlasint.yaml", strings.ReplaceAll(form, "@", text))
			code, _, errOut := run("validate", "first.json")
			if code != 2 && code != 1 {
				t.Errorf("%s: exit code %d, want 1 or 2: %.300s", form, code, errOut)
			}
			if len(errOut) > 500 {
				t.Errorf("%s: the error has %d bytes, want at most 500: %.300s", form, len(errOut), errOut)
			}
			if lines := strings.Count(errOut, "\n"); lines > 1 {
				t.Errorf("%s: the error has %d lines, want 1: %.300s", form, lines, errOut)
			}
			wantNoParts(t, form, errOut, "unmarshal", "!!", "cli.") // the words of the library
			fit(t, errOut)
		}
	}
}

// Errors and differences of drift also fit on one line.
func TestDriftTextsAreShort(t *testing.T) {
	root := rootDir(t)
	t.Chdir(t.TempDir())
	official, err := os.ReadFile(filepath.Join(root, "examples", "drift", "atlas-v2-ahead.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	long := `"` + strings.Repeat("x", 900) + `\e[2J"`
	for _, word := range []string{
		"region", "DATADOG", "application/vnd.atlas.2023-01-01+json", "'200'", "string", "2023-01-01",
		"integrationType", "name", "post",
	} {
		with := long
		if strings.Contains(word, "2023") {
			with = `"application/vnd.atlas.` + strings.Trim(long, `"`) + `+json"`
		}
		places := strings.Split(string(official), word)
		for i := range places { // 0: everywhere
			text := strings.Join(places, with)
			if i > 0 {
				text = strings.Join(places[:i], word) + with + strings.Join(places[i:], word)
			}
			writeFile(t, "d.yaml", text)
			_, out, errOut := run("drift", "--all", "d.yaml")
			shortLines(t, word, out+errOut)
		}
	}
}

func shortLines(t *testing.T, what, output string) {
	t.Helper()
	for line := range strings.Lines(output) {
		if len(line) > 1200 || strings.ContainsFunc(line, acts) {
			t.Errorf("%s: a line of %d bytes: %.300q", what, len(line), line)
			return
		}
	}
}
