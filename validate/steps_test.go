package validate_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/internal/payloadtest"
	"github.com/atlasint/atlasint/validate"
)

// allocated returns how many bytes f allocates. Nothing else runs meanwhile.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Findings past the limit are only counted: a long input with a fault on each line costs a fraction of what its
// findings would.
func TestFindingsPastTheLimitAreOnlyCounted(t *testing.T) {
	if payloadtest.Count < 100_000 {
		t.Skip("the race detector allocates, too")
	}
	const lines = 20_000
	input := strings.Repeat(badLine+"\n", lines)
	cost := func(limit int) uint64 {
		v := newValidator(t, validate.Options{MaxFindings: limit, Snippets: true})
		return allocated(func() {
			r, err := v.CheckReader("in", strings.NewReader(input), validate.Lines)
			if err != nil {
				t.Fatal(err)
			}
			kept := min(limit, lines)
			want := numbers{Payloads: lines, Errors: lines, Kept: kept, Omitted: lines - kept}
			if diff := cmp.Diff(want, numbersOf(r)); diff != "" {
				t.Errorf("limit %d: (-want +got)\n%s", limit, diff)
			}
		})
	}
	cost(1) // the tables of the rules
	if few, all := cost(1), cost(lines); few > lines*2000 || 2*few > all {
		t.Errorf("%d bytes a line with one finding kept, %d with all", few/lines, all/lines)
	}
}

// FuzzSteps counts the bytes that a check allocates, as the measure of its steps: an input that repeats a part four
// times as often costs about four times as much, for any repeated part.
func FuzzSteps(f *testing.F) {
	for _, seed := range [][3]string{
		{"", "[", ""}, {"", `{"a":`, ""}, {"[", "[],", "1]"}, {`{"type":"X",`, `"a":1,`, `"b":2}`}, {`{"type":"OPS_GENIE",`, `"apikey":1,`, `"a":2}`},
		{`{"type":"`, "DATADO", `"}`}, {`{"type":"WEBHOOK","url":"https://`, "a.", `example.com"}`}, {`{"type":"WEBHOOK","url":"`, "%", `"}`},
		{`{"type":"OPS_GENIE","apiKey":"`, "${env:A}", `"}`}, {`{"type":"OPS_GENIE","apiKey":"`, `\u00e9`, `"}`}, {"", "\n", ""}, {"", "1\n", ""},
		{`{"type":"WEBHOOK","url":"https://a.example","webhookBodyTemplate":"`, "<#if a>${", `"}`}, {`{"`, "apiKe", `":1}`}, {`{"a":"`, "\xff", `"}`},
		{`{"type":"OPS_GENIE","x":`, `[{"a":1,"a":`, ""}, {`{"type":"OPS_GENIE",`, `"apiKey":"k",`, `"apiKey":"k"}`}, {`{"x":[`, `{"a":1,"a":1},`, `1]}`},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	v, err := validate.New(validate.Options{Snippets: true, MaxSize: 1 << 30})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, head, part, tail string) {
		if len(part) == 0 || len(head)+len(tail) > 1000 || len(part) > 1000 {
			return
		}
		for _, layout := range []validate.Layout{validate.One, validate.Lines, validate.Array} {
			cost := func(size int) uint64 {
				input := head + strings.Repeat(part, size/len(part)) + tail
				return allocated(func() { _, _ = v.CheckReader("in", strings.NewReader(input), layout) })
			}
			small, large := cost(40_000), cost(160_000)
			if large > 6*small+1<<20 {
				t.Errorf("layout %d: %q + %q... + %q allocates %d bytes, four times of it %d", layout, head, part, tail, small, large)
			}
		}
	})
}
