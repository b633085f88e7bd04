package drift_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/drift"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/corpus"
	"github.com/atlasint/atlasint/openapi"
)

// row has the attributes of one field in one source, in the table that the documents were written from.
type row struct {
	APIVersion                    string `json:"generation"`
	Version, Type, Field          string
	JSONType                      string `json:"jsonType"`
	RequiredCreate                bool
	Enum                          []string
	Pattern                       string
	MinLength, MaxLength          int
	Default                       any
	WriteOnly, ReadOnly, Nullable bool
	Secret                        bool
	Redaction, Format, ServerRule string
	InResponse                    bool
	AddedToSpec                   string
}

// alone begins the reason of a line where no source agrees with the document.
const alone = "no source: "

// entry is one line of the ledger without its reason.
type entry struct{ attribute, source, ours string }

func TestFieldsAgreeWithTheirSources(t *testing.T) {
	listed, reasons := readLedger(t)
	found := disagreements(readRows(t))
	for _, key := range slices.Sorted(maps.Keys(found)) {
		got := found[key]
		switch want, ok := listed[key]; {
		case !ok:
			t.Errorf("neither does the table of fields say so, nor the first part of openapi/ledger.txt: %s | %s | %s | and why", key, got.source, got.ours)
		case want != got.entry:
			t.Errorf("%s: the ledger has %v, found %v", key, want, got.entry)
		case got.alone != strings.HasPrefix(reasons[key], alone):
			t.Errorf("%s: its reason begins with %q if and only if no source agrees", key, alone)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(listed)) {
		if _, ok := found[key]; !ok {
			t.Errorf("in the ledger, yet there is no such disagreement: %s", key)
		}
	}
}

func readRows(t *testing.T) []row {
	t.Helper()
	data, err := os.ReadFile(corpus.Path(t, "facts/fields.json"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) < 128 {
		t.Errorf("%d rows, expected at least 128", len(rows))
	}
	return rows
}

// readLedger reads the entries of the ledger about fields that name sources other than the input document of atlasint
// drift.
func readLedger(t *testing.T) (entries map[string]entry, reasons map[string]string) {
	t.Helper()
	lines, err := drift.ReadLedger(openapi.V2().Ledger)
	if err != nil {
		t.Fatal(err)
	}
	entries, reasons = map[string]entry{}, map[string]string{}
	for _, e := range lines {
		if strings.HasPrefix(e.Sources, "official: ") {
			continue
		}
		if len(strings.Fields(e.Key)) != 4 || len(e.Why) < len(alone)+5 {
			t.Errorf("ledger, line %d: expected: API-version type field attribute | source | ours | why", e.Line)
		}
		if _, ok := entries[e.Key]; ok {
			t.Errorf("ledger, line %d: listed twice", e.Line)
		}
		entries[e.Key] = entry{e.Attribute(), e.Sources, e.Ours}
		reasons[e.Key] = e.Why
	}
	return entries, reasons
}

type disagreement struct {
	entry
	alone bool
}

// disagreements compares every attribute of every field with each source that has a row for it.
func disagreements(rows []row) map[string]disagreement {
	sources := map[string][]row{}
	covering := map[string]int{} // sources that know the type, by the rows for its field type
	for _, r := range rows {
		if r.Field == "type" {
			covering[r.APIVersion+" "+r.Type]++
		}
		key := r.APIVersion + " " + r.Type + " " + r.Field
		sources[key] = append(sources[key], r)
	}
	found := map[string]disagreement{}
	fields := indexFields()
	for key, f := range fields {
		if len(sources[key]) == 0 {
			found[key+" exists"] = disagreement{entry{"exists", "no row", "yes"}, true}
			continue
		}
		compareSources(found, key, f, sources[key])
	}
	for key, rows := range sources {
		if _, ok := fields[key]; !ok {
			found[key+" exists"] = disagreement{entry{"exists", versions(rows) + ": yes", "no"}, len(rows) == covering[rows[0].APIVersion+" "+rows[0].Type]}
		}
	}
	return found
}

func versions(rows []row) string {
	var names []string
	for _, r := range rows {
		names = append(names, r.Version)
	}
	return strings.Join(names, ", ")
}

func indexFields() map[string]schemas.Field {
	fields := map[string]schemas.Field{}
	for _, typ := range schemas.Types {
		for _, f := range typ.Fields {
			fields[typ.APIVersion+" "+typ.Name+" "+f.Name] = f
		}
	}
	return fields
}

// compareSources records the attributes for which at least one source differs from the index.
func compareSources(found map[string]disagreement, key string, f schemas.Field, rows []row) {
	for _, a := range attributes {
		ours := orNone(a.ours(f))
		var others []string
		stated := 0
		for _, r := range rows {
			says := orNone(a.row(r))
			if says == unsetValue {
				continue
			}
			stated++
			if says != ours {
				others = append(others, r.Version+": "+says)
			}
		}
		if len(others) > 0 {
			found[key+" "+a.name] = disagreement{entry{a.name, strings.Join(others, "; "), ours}, len(others) == stated}
		}
	}
}

// orNone keeps the cells of the ledger from being empty.
func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// unsetValue is the value of an attribute that a source does not cover. A source that covers an attribute can also omit
// it, which has a meaning.
const unsetValue = "(silent)"

// attribute is one thing that both the table and the index state, as text.
type attribute struct {
	name string
	row  func(row) string
	ours func(schemas.Field) string
}

var attributes = []attribute{
	{"type", func(r row) string { return r.JSONType }, func(f schemas.Field) string { return f.Kind }},
	{"required", func(r row) string { return fmt.Sprint(r.RequiredCreate) }, func(f schemas.Field) string { return fmt.Sprint(f.Required) }},
	{"enum", func(r row) string { return set(r.Enum) }, func(f schemas.Field) string { return set(allowed(f)) }},
	{"pattern", func(r row) string { return r.Pattern }, func(f schemas.Field) string { return f.DisputedPattern }},
	{"server-pattern", serverPattern, func(f schemas.Field) string { return f.Pattern }},
	{"min-length", func(r row) string { return fmt.Sprint(r.MinLength) }, func(f schemas.Field) string { return fmt.Sprint(f.MinLength) }},
	{"max-length", func(r row) string { return fmt.Sprint(r.MaxLength) }, func(f schemas.Field) string { return fmt.Sprint(f.MaxLength) }},
	{"default", defaultText, func(f schemas.Field) string { return f.Default }},
	{"nullable", func(r row) string { return fmt.Sprint(r.Nullable) }, func(f schemas.Field) string { return fmt.Sprint(f.Nullable) }},
	{"read-only", func(r row) string { return fmt.Sprint(r.ReadOnly) }, func(f schemas.Field) string { return fmt.Sprint(f.ReadOnly) }},
	{"write-only", func(r row) string { return fmt.Sprint(r.WriteOnly) }, func(f schemas.Field) string { return fmt.Sprint(f.WriteOnly) }},
	{"in-responses", func(r row) string { return fmt.Sprint(r.InResponse) }, func(f schemas.Field) string { return fmt.Sprint(!f.WriteOnly) }},
	{"secret", func(r row) string { return fmt.Sprint(r.Secret) }, func(f schemas.Field) string { return fmt.Sprint(f.Secret != "") }},
	{"mask", maskOf, func(f schemas.Field) string { return f.Secret }},
	{"format", func(r row) string { return r.Format }, func(f schemas.Field) string { return f.Format }},
	{"since", func(r row) string { return r.AddedToSpec }, func(f schemas.Field) string { return f.Since }},
}

func allowed(f schemas.Field) []string {
	if f.Const != "" {
		return []string{f.Const}
	}
	return f.Enum
}

func set(values []string) string {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return strings.Join(sorted, ",")
}

func defaultText(r row) string {
	if r.Default == nil {
		return ""
	}
	return fmt.Sprint(r.Default)
}

// serverPattern returns the pattern that is equal to a rule of the server. Rows of the manual never contain such a
// rule, because the manual does not document the checks of the server.
func serverPattern(r row) string {
	switch {
	case r.Version == "docs":
		return unsetValue
	case strings.HasPrefix(r.ServerRule, "exactly 32 hex digits"):
		return "^[0-9A-Fa-f]{32}$"
	}
	return ""
}

// maskOf reads the mask out of the words that describe it.
func maskOf(r row) string {
	if !r.Secret {
		return ""
	}
	for words, mask := range map[string]string{
		"captured: every char but the last 4": schemas.MaskLast4,
		"spec example only: same shape":       schemas.MaskLast4,
		`docs example "******7890"`:           schemas.MaskLast4,
		"captured: scheme://host":             schemas.MaskOrigin,
		`spec example "https://`:              schemas.MaskOrigin,
		"never returned":                      schemas.MaskOmitted,
		"docs: completely redacted":           "all",
		"seeds show it in plain text":         "plain",
	} {
		if strings.HasPrefix(r.Redaction, words) {
			return mask
		}
	}
	return unsetValue
}
