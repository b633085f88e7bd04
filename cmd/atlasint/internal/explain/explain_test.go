package explain_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/explain"
	"github.com/atlasint/atlasint/gen/schemas"
)

func TestFindByName(t *testing.T) {
	for name, want := range map[string]struct{ kind, text string }{
		"DATADOG":                        {"[]schemas.Type", "apiKey"},
		"PagerDuty":                      {"[]schemas.Type", "serviceKey"},
		"Masked-Value":                   {"validate.Rule", "masked-value"},
		"integration_already_configured": {"schemas.ErrorCode", "INTEGRATION_ALREADY_CONFIGURED"},
		"DATADOG.apiKey":                 {"[]schemas.Type", "DATADOG.apiKey: "},
		"datadog.apikey":                 {"[]schemas.Type", "DATADOG.apiKey: "},
		"PROMETHEUS.scheme":              {"[]schemas.Type", "Removed from v2 on 2024-01-10"},
		"SLACK.nothing":                  {"<nil>", ""},
		"SLACK.":                         {"<nil>", ""},
		".apiKey":                        {"<nil>", ""},
		"nothing":                        {"<nil>", ""},
	} {
		subject, text := explain.Find(name)
		if kind := fmt.Sprintf("%T", subject); kind != want.kind {
			t.Errorf("%s is a %s, want %s", name, kind, want.kind)
		}
		if want.text == "" && text != "" {
			t.Errorf("%s has the text %s", name, text)
		}
		if !strings.Contains(text, want.text) {
			t.Errorf("%s: %q is missing in %s", name, want.text, text)
		}
	}
}

// A type is listed once for each API version that has it, the default first.
func TestFindTypeInAPIVersions(t *testing.T) {
	for name, want := range map[string]string{"DATADOG": "v2 v1.0", "FLOWDOCK": "v1.0"} {
		subject, _ := explain.Find(name)
		var got []string
		for _, one := range subject.([]schemas.Type) {
			got = append(got, one.APIVersion)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", name, got, want)
		}
	}
}

// Every name that completion suggests has a meaning, and is suggested once.
func TestSuggestedNamesAreExplained(t *testing.T) {
	names := explain.Names()
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("not sorted or not unique: %q", names)
	}
	for _, name := range names {
		if subject, text := explain.Find(name); subject == nil || text == "" {
			t.Errorf("%s has no meaning", name)
		}
	}
}

// A suggestion is the only name that begins with the text or contains it, else the nearest spelling of a whole name, of
// its beginning, or of a few names.
func TestUnknownName(t *testing.T) {
	for name, want := range map[string]string{
		"DATADGO": "did you mean DATADOG?", "masked-valu": "did you mean masked-value?", "zzzzzzzz": "atlasint types lists",
		"masked": "did you mean masked-value?", "plaintxt": "did you mean plaintext-secret?", "MSKED": "did you mean masked-value?",
		"plaintext_secrets": "did you mean plaintext-secret?", "already_configured": "did you mean INTEGRATION_ALREADY_CONFIGURED?",
		"duplicate": "did you mean duplicate-key or duplicate-type?", "_key": "atlasint types lists",
		"WEBHOOK.zzzzz": "atlasint explain WEBHOOK describes the fields of the type", "datadog.": "atlasint explain DATADOG describes",
		"datadog.apikeys": "did you mean apiKey?", "DATADOG.apiKey.x": "DATADOG",
		"": "atlasint types lists", "a": "atlasint types lists", "INTEGRATION": "atlasint types lists", strings.Repeat("masked", 20): "atlasint types lists",
	} {
		if err := explain.UnknownName(name); !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

// Every field of a finding has a meaning, in the API versions that have the field.
func TestFieldsAreExplained(t *testing.T) {
	for _, typ := range schemas.Types {
		for _, f := range typ.Fields {
			name := typ.Name + "." + f.Name
			subject, text := explain.Find(name)
			types, _ := subject.([]schemas.Type)
			if !slices.ContainsFunc(types, func(one schemas.Type) bool {
				return one.APIVersion == typ.APIVersion && len(one.Fields) == 1 && one.Fields[0].Name == f.Name
			}) {
				t.Errorf("%s: %v in %s", name, types, typ.APIVersion)
			}
			if !strings.Contains(text, name+": ") {
				t.Errorf("%s has the text %s", name, text)
			}
		}
	}
	if len(schemas.Types[0].Fields) == 1 {
		t.Error("a type lost its fields")
	}
}

// A type without differences between its API versions says so.
func TestNoDifferences(t *testing.T) {
	if _, text := explain.Find("VICTOR_OPS"); !strings.HasSuffix(text, "Differences in v1.0:\n  none\n") {
		t.Errorf("VICTOR_OPS has the text %s", text)
	}
}
