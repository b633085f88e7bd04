package validate_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

// hostileValues are values at which JSON readers and schema libraries fail, and the rule that rejects each in every
// place.
func hostileValues() map[string]string {
	values := map[string]string{
		strings.Repeat("[", 1e4):                            "syntax",
		strings.Repeat("[", 1e4) + strings.Repeat("]", 1e4): "syntax",
		strings.Repeat(`{"a":`, 1e4):                        "syntax",
		`{"a":1,"\u0061":2}`:                                "duplicate-key",
		`[{"":1,"":2}]`:                                     "duplicate-key",
	}
	for _, text := range []string{
		"1e400", "1e999999999", "1e9999999", "-1e9999999", "1e-9999999", "0e9999999", strings.Repeat("9", 1e4),
		"[1e9999999]", `{"a":{"b":1e9999999}}`, "NaN", "-Infinity", "01",
		`"\ud800"`, `"` + "\xff" + `"`, `"` + "\xc0\xaf" + `"`, `"` + "\x1b[2J" + `"`, `"` + "\x00" + `"`, "'a'", "",
	} {
		values[text] = "syntax"
	}
	return values
}

// Hostile values are rejected in every field of every type, known and unknown: none reaches the schema
// library, which panics on some of them.
func TestHostileValuesInEveryField(t *testing.T) {
	for _, typ := range schemas.Types {
		v := newValidator(t, validate.Options{APIVersion: typ.APIVersion, Snippets: true})
		names := []string{"type", "no such field"}
		for _, f := range typ.Fields {
			names = append(names, f.Name)
		}
		for _, name := range names {
			for value, rule := range hostileValues() {
				payload := fmt.Sprintf(`{"type":%q,%q:%s}`, typ.Name, name, value)
				findings := v.Check("in", []byte(payload))
				if !slices.ContainsFunc(findings, func(f validate.Finding) bool { return f.Rule == rule && f.Severity == validate.Error }) {
					t.Errorf("%s %s.%s: %.20q: findings %v, want %s", typ.APIVersion, typ.Name, name, value, findings, rule)
				}
				for _, f := range findings {
					checkInvariants(t, []byte(payload), f)
				}
			}
		}
	}
}

// A long number needs little time: exact arithmetic on it would need seconds and megabytes, and there is none.
func TestCostOfLongNumbers(t *testing.T) {
	v := newValidator(t, validate.Options{})
	long := "1." + strings.Repeat("0", 99_990) + "1"
	payload := []byte(fmt.Sprintf(`{"type":"PROMETHEUS","enabled":%s,"username":%[1]s,"x":[%[1]s]}`, long))
	if n := allocations(func() { v.Check("in", payload) }); n > 16<<20 {
		t.Errorf("allocated %d bytes for a payload of %d", n, len(payload))
	}
}

// A hostile record gets its own finding and does not change those of the records before and after it.
func TestHostileRecords(t *testing.T) {
	const bad = `{"type":"X"}`
	v := newValidator(t, validate.Options{})
	for value, rule := range hostileValues() {
		record := `{"type":"OPS_GENIE","apiKey":"k","x":` + value + `}`
		r, err := v.CheckReader("in", strings.NewReader(bad+"\n"+record+"\n"+bad), validate.Lines)
		if err != nil || r.Payloads != 3 {
			t.Errorf("%.20q: %d payloads, %v", value, r.Payloads, err)
		}
		rules := map[int][]string{}
		for _, f := range r.Findings {
			if f.Line != f.Record {
				t.Errorf("%.20q: the finding of payload %d is on line %d", value, f.Record, f.Line)
			}
			rules[f.Record] = append(rules[f.Record], f.Rule)
		}
		if !slices.Contains(rules[2], rule) {
			t.Errorf("%.20q: findings %v, want %s", value, rules[2], rule)
		}
		delete(rules, 2)
		if diff := cmp.Diff(map[int][]string{1: {"type-unknown"}, 3: {"type-unknown"}}, rules); diff != "" {
			t.Errorf("%.20q: (-want +got)\n%s", value, diff)
		}
	}
}

// An input over the limit of size costs no more than one of that size, for any content.
func TestCostOfTooLargeInputs(t *testing.T) {
	const limit = 64 << 10
	v := newValidator(t, validate.Options{MaxSize: limit})
	for _, layout := range []validate.Layout{validate.One, validate.Lines, validate.Array} {
		for _, fill := range []string{"\x00", " ", "[", `"`, "1", "\r"} {
			input := strings.NewReader(strings.Repeat(fill, 64*limit))
			var r validate.Result
			var err error
			if n := allocations(func() { r, err = v.CheckReader("in", input, layout) }); n > 16*limit {
				t.Errorf("layout %d of %q: allocated %d bytes", layout, fill, n)
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(numbers{Payloads: 1, Errors: 1, Kept: 1}, numbersOf(r)); diff != "" {
				t.Fatalf("layout %d of %q (-want +got):\n%s", layout, fill, diff)
			}
			if rule := r.Findings[0].Rule; rule != "too-large" {
				t.Errorf("layout %d of %q: the rule is %s", layout, fill, rule)
			}
		}
	}
}

func newValidator(t *testing.T, options validate.Options) *validate.Validator {
	t.Helper()
	v, err := validate.New(options)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// allocations returns the number of bytes that f allocates, including those it frees.
func allocations(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
