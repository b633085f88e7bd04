package validate_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/validate"
)

const (
	goodLine = `{"type":"OPS_GENIE","apiKey":"k"}`
	badLine  = `{"type":"X"}` // one error
)

// wholeResult compares results with their unexported fields.
var wholeResult = cmp.AllowUnexported(validate.Result{})

// places lists findings as payload:line:column rule. Tests of layouts need only these parts.
func places(findings []validate.Finding) []string {
	list := []string{}
	for _, f := range findings {
		list = append(list, fmt.Sprintf("%d:%d:%d %s", f.Record, f.Line, f.Column, f.Rule))
	}
	return list
}

func TestLines(t *testing.T) {
	free := strings.Repeat(" ", 64-len(badLine)) // fills a line up to the limit below
	for _, tc := range []struct {
		name, input string
		payloads    int
		want        []string
	}{
		{"nothing", "", 0, []string{}},
		{"blank lines only", "\n \t\n\r\n\n", 0, []string{}},
		{"no end of the last line", goodLine + "\n" + badLine, 2, []string{"2:2:9 type-unknown"}},
		{"an end of the last line", goodLine + "\n" + badLine + "\n", 2, []string{"2:2:9 type-unknown"}},
		{"blank lines count as lines, not as payloads", "\n" + badLine + "\n\n  \n" + badLine + "\n\n", 2,
			[]string{"1:2:9 type-unknown", "2:5:9 type-unknown"}},
		{"CRLF", goodLine + "\r\n\r\n" + badLine + "\r\n", 2, []string{"2:3:9 type-unknown"}},
		{"CR ends no line", goodLine + "\r" + badLine, 1, []string{"1:1:35 syntax"}},
		{"white space around", " \t" + badLine + " \t\n" + badLine, 2, []string{"1:1:11 type-unknown", "2:2:9 type-unknown"}},
		{"as long as the limit", free + badLine + "\n" + badLine, 2, []string{"1:1:61 type-unknown", "2:2:9 type-unknown"}},
		{"as long as the limit, CRLF", free + badLine + "\r\n" + badLine, 2, []string{"1:1:61 type-unknown", "2:2:9 type-unknown"}},
		{"as long as the limit, the last", badLine + "\n" + free + badLine, 2, []string{"1:1:9 type-unknown", "2:2:61 type-unknown"}},
		{"one over the limit", " " + free + badLine + "\n" + badLine, 2, []string{"1:1:1 too-large", "2:2:9 type-unknown"}},
		{"one over the limit, CRLF", " " + free + badLine + "\r\n" + badLine, 2, []string{"1:1:1 too-large", "2:2:9 type-unknown"}},
		{"one over the limit, the last", badLine + "\n " + free + badLine, 2, []string{"1:1:9 type-unknown", "2:2:1 too-large"}},
		{"over the limit in what looks like the end", free + badLine + "\rx\n" + badLine, 2, []string{"1:1:1 too-large", "2:2:9 type-unknown"}},
		{"over the limit behind blanks", strings.Repeat(" ", 65) + badLine + "\n" + badLine, 2, []string{"1:1:1 too-large", "2:2:9 type-unknown"}},
		{"10 MB between two", badLine + "\n" + strings.Repeat("x", 10<<20) + "\n" + badLine, 3,
			[]string{"1:1:9 type-unknown", "2:2:1 too-large", "3:3:9 type-unknown"}},
		{"BOM on the first line", "\xef\xbb\xbf" + goodLine + "\n" + badLine, 2, []string{"1:1:1 syntax", "2:2:9 type-unknown"}},
		{"NUL bytes", "\x00\n\x00" + goodLine + "\n" + badLine, 3, []string{"1:1:1 syntax", "2:2:1 syntax", "3:3:9 type-unknown"}},
		{"a payload on two lines", "{\n}\n" + badLine, 3, []string{"1:1:2 syntax", "2:2:1 syntax", "3:3:9 type-unknown"}},
		{"two payloads on a line", badLine + badLine + "\n" + badLine, 2, []string{"1:1:13 syntax", "2:2:9 type-unknown"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			v := newValidator(t, validate.Options{MaxSize: 64, Jobs: 2})
			r, err := v.CheckReader("in", strings.NewReader(tc.input), validate.Lines)
			if err != nil {
				t.Fatal(err)
			}
			want := numbers{Payloads: tc.payloads, Errors: len(tc.want), Kept: len(tc.want)}
			if diff := cmp.Diff(want, numbersOf(r)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(tc.want, places(r.Findings)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if len(tc.input) > 1<<20 {
				return
			}
			again, err := v.CheckReader("in", iotest.OneByteReader(strings.NewReader(tc.input)), validate.Lines)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(r, again, wholeResult); diff != "" {
				t.Errorf("(-at once +byte by byte)\n%s", diff)
			}
		})
	}
}

// mixture is a stream of lines of all sorts, and each line alone.
func mixture(random *rand.Rand, n int) (input string, lines []string) {
	var b strings.Builder
	for range n {
		var line string
		switch random.Intn(9) {
		case 0:
			line = badLine
		case 1: // blank
		case 2:
			line = "\t "
		case 3:
			line = `{"type":"WEBHOOK","url":"http://a.example","x":1,"x":2}` // errors and a warning
		case 4:
			line = `{"type":"DATADOG","region":"` + strings.Repeat("é", random.Intn(4000)) + `"}`
		case 5:
			line = `{"type":"OPS_GENIE",`
		default:
			line = goodLine
		}
		lines = append(lines, line)
		b.WriteString(line + []string{"\n", "\r\n"}[random.Intn(2)])
	}
	return b.String(), lines
}

// checkedAlone returns the expected result of CheckReader for lines: the findings of Check for each line, at the place
// of the line.
func checkedAlone(v *validate.Validator, lines []string) validate.Result {
	var r validate.Result
	for i, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		r.Payloads++
		for _, f := range v.Check("in", []byte(line)) {
			f.Record, f.Line, f.EndLine = r.Payloads, f.Line+i, f.EndLine+i
			if strings.Contains(f.Hint, "the first is at 1:") {
				f.Hint = strings.Replace(f.Hint, "at 1:", fmt.Sprintf("at %d:", i+1), 1)
			}
			f.Message = strings.Replace(f.Message, "opens on line 1,", fmt.Sprintf("opens on line %d,", i+1), 1)
			if strings.HasPrefix(f.Message, "the input ends before") {
				f.Hint = "write each payload on one line, for example with jq -c"
			}
			if f.Severity == validate.Error {
				r.Errors++
			} else {
				r.Warnings++
			}
			r.Findings = append(r.Findings, f)
		}
	}
	return r
}

// For every number of jobs and every limit of findings, the result is that of validating line by line.
func TestLinesEqualSinglePayloads(t *testing.T) {
	for seed := range int64(3) {
		random := rand.New(rand.NewSource(seed))
		input, lines := mixture(random, 400+random.Intn(2000)) // several batches
		all := checkedAlone(newValidator(t, validate.Options{}), lines)
		if all.Errors < 100 || all.Warnings < 20 {
			t.Fatalf("seed %d: too few findings to tell: %d errors, %d warnings", seed, all.Errors, all.Warnings)
		}
		for _, limit := range []int{1, 100, 1 << 20} {
			want := all
			want.Findings = all.Findings[:min(limit, len(all.Findings))]
			for _, jobs := range []int{1, 2, 8} {
				v := newValidator(t, validate.Options{Jobs: jobs, MaxFindings: limit})
				got, err := v.CheckReader("in", iotest.HalfReader(strings.NewReader(input)), validate.Lines)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got, wholeResult); diff != "" {
					t.Fatalf("seed %d, %d jobs, limit %d (-want +got)\n%.2000s", seed, jobs, limit, diff)
				}
				if got.Omitted() != got.Errors+got.Warnings-min(limit, got.Errors+got.Warnings) {
					t.Errorf("seed %d, %d jobs, limit %d: %d omitted", seed, jobs, limit, got.Omitted())
				}
			}
		}
	}
}

// The limit of findings cuts the list and no count, in every layout.
func TestMaxFindings(t *testing.T) {
	fields := `{"type":"OPS_GENIE","apiKey":"k","a":1,"b":1,"c":1,"d":1,"e":1}`
	for _, tc := range []struct {
		layout validate.Layout
		input  string
	}{
		{validate.One, fields},
		{validate.Array, "[" + fields + "]"},
		{validate.Array, "[" + strings.Repeat(badLine+",", 4) + badLine + "]"},
		{validate.Lines, strings.Repeat(badLine+"\n", 5)},
	} {
		all, err := newValidator(t, validate.Options{}).CheckReader("in", strings.NewReader(tc.input), tc.layout)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(numbers{Payloads: all.Payloads, Errors: 5, Kept: 5}, numbersOf(all)); diff != "" {
			t.Fatalf("%.20s: (-want +got)\n%s", tc.input, diff)
		}
		for limit := 1; limit <= 6; limit++ {
			r, err := newValidator(t, validate.Options{MaxFindings: limit}).CheckReader("in", strings.NewReader(tc.input), tc.layout)
			if err != nil {
				t.Fatal(err)
			}
			kept := min(limit, 5)
			want := numbers{Payloads: all.Payloads, Errors: 5, Kept: kept, Omitted: 5 - kept}
			if diff := cmp.Diff(want, numbersOf(r)); diff != "" {
				t.Errorf("limit %d of %.20s: (-want +got)\n%s", limit, tc.input, diff)
			}
			if diff := cmp.Diff(all.Findings[:kept], r.Findings); diff != "" {
				t.Errorf("limit %d of %.20s: (-want +got)\n%s", limit, tc.input, diff)
			}
		}
	}
}

var errRead = errors.New("the disk failed")

// If reading fails, the error names the line, and the lines before it are validated. The incomplete line is not.
func TestReadErrors(t *testing.T) {
	for _, tc := range []struct {
		input, line string
		payloads    int
		want        []string
	}{
		{"", "line 1: ", 0, []string{}},
		{badLine + "\n", "line 2: ", 1, []string{"1:1:9 type-unknown"}},
		{badLine + "\n\n" + goodLine + "\n" + badLine[:5], "line 4: ", 2, []string{"1:1:9 type-unknown"}},
		{strings.Repeat(goodLine+"\n", 20_000) + badLine + "\n" + goodLine[:9], "line 20002: ", 20_001, []string{"20001:20001:9 type-unknown"}},
	} {
		r, err := newValidator(t, validate.Options{Jobs: 2}).CheckReader("in",
			io.MultiReader(strings.NewReader(tc.input), iotest.ErrReader(errRead)), validate.Lines)
		if !errors.Is(err, errRead) {
			t.Fatalf("error %v, want %q", err, errRead)
		}
		if !strings.Contains(err.Error(), tc.line) {
			t.Errorf("error %v, want it to name %s", err, tc.line)
		}
		if r.Payloads != tc.payloads {
			t.Errorf("%s: %d payloads, want %d", tc.line, r.Payloads, tc.payloads)
		}
		if diff := cmp.Diff(tc.want, places(r.Findings)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tc.line, diff)
		}
	}
	for _, layout := range []validate.Layout{validate.One, validate.Array} {
		r, err := newValidator(t, validate.Options{}).CheckReader("in", io.MultiReader(strings.NewReader("["), iotest.ErrReader(errRead)), layout)
		if !errors.Is(err, errRead) {
			t.Errorf("error %v, want %q", err, errRead)
		}
		if len(r.Findings) > 0 {
			t.Errorf("findings %v, want none", r.Findings)
		}
	}
}

// stream returns some lines again and again, and calls watch regularly.
type stream struct {
	lines []byte
	left  int
	rest  []byte
	read  atomic.Int64
	every int
	watch func()
}

func (s *stream) Read(p []byte) (int, error) {
	if len(s.rest) == 0 {
		if s.left == 0 {
			return 0, io.EOF
		}
		s.left--
		if s.rest = s.lines; s.left%s.every == 0 {
			s.watch()
		}
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	s.read.Add(int64(n))
	return n, nil
}

// A stream of any length is validated in the memory of a few batches.
func TestStreamsUseBoundedMemory(t *testing.T) {
	lines := []byte(strings.Repeat(goodLine+strings.Repeat(" ", 200)+"\n", 9) + badLine + "\n")
	const tens, jobs = 20_000, 4
	heap := func() uint64 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	before, most := heap(), uint64(0)
	input := &stream{lines: lines, left: tens, every: tens / 10, watch: func() { most = max(most, heap()) }}
	r, err := newValidator(t, validate.Options{Jobs: jobs}).CheckReader("in", input, validate.Lines)
	if err != nil {
		t.Fatal(err)
	}
	want := numbers{Payloads: 10 * tens, Errors: tens, Kept: 100, Omitted: tens - 100}
	if diff := cmp.Diff(want, numbersOf(r)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// Each job has a batch, and as many wait; the input has 43 MB.
	if most > before+16<<20 {
		t.Errorf("the heap grew from %d to %d bytes over an input of %d", before, most, input.read.Load())
	}
}

func TestArray(t *testing.T) {
	for _, tc := range []struct {
		name, input string
		payloads    int
		want        []string // with pointers
	}{
		{"empty", " [ ] ", 0, []string{}},
		{"none", "", 1, []string{"0:1:1 syntax "}},
		{"no array", goodLine, 1, []string{"0:1:1 not-an-object "}},
		{"null", "null", 1, []string{"0:1:1 not-an-object "}},
		{"not closed", "[" + badLine, 1, []string{"0:1:14 syntax "}},
		{"trailing comma", "[" + badLine + ",]", 1, []string{"0:1:14 syntax "}},
		{"elements of every kind", "[1,\n\"a\",\nnull,[],\ntrue," + goodLine + "]", 6, []string{
			"1:1:2 not-an-object ", "2:2:1 not-an-object ", "3:3:1 not-an-object ", "4:3:6 not-an-object ", "5:4:1 not-an-object ",
		}},
		{"places", "[\n" + goodLine + ",\n " + badLine + " , {}]", 3, []string{"2:3:10 type-unknown /type", "3:3:17 type-missing /type"}},
		{"an array in the array", "[[" + badLine + "]]", 1, []string{"1:1:2 not-an-object "}},
		{"duplicates", `[{"type":"OPS_GENIE","apiKey":"k","apiKey":"k"},` + goodLine + `,{"type":"OPS_GENIE","apiKey":"k","region":{"a/~b":1,"a/~b":2}}]`, 3,
			[]string{"1:1:35 duplicate-key /apiKey", "3:1:125 wrong-type /region", "3:1:135 duplicate-key /region/a~1~0b"}},
		{"duplicates in an element that is none", `[[{"a":1,"a":2}],` + badLine + `]`, 2,
			[]string{"1:1:2 not-an-object ", "1:1:10 duplicate-key /0/a", "2:1:26 type-unknown /type"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, err := newValidator(t, validate.Options{}).CheckReader("in", iotest.OneByteReader(strings.NewReader(tc.input)), validate.Array)
			if err != nil {
				t.Fatal(err)
			}
			want := numbers{Payloads: tc.payloads, Errors: len(tc.want), Kept: len(tc.want)}
			if diff := cmp.Diff(want, numbersOf(r)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			got := places(r.Findings)
			for i := range got {
				got[i] += " " + r.Findings[i].Pointer
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A duplicate belongs to its element also where the numbers of elements begin with the same digit, such as 1 and 12.
func TestArrayDuplicatesBelongToTheirElements(t *testing.T) {
	elements := slices.Repeat([]string{`{"type":"OPS_GENIE","apiKey":"k","apiKey":"k"}`}, 25)
	r, err := newValidator(t, validate.Options{}).CheckReader("in", strings.NewReader("["+strings.Join(elements, ",\n")+"]"), validate.Array)
	if err != nil || len(r.Findings) != len(elements) {
		t.Fatalf("%d findings, %v", len(r.Findings), err)
	}
	type found struct {
		Record, Line        int
		Pointer, Rule, Hint string
	}
	for i, f := range r.Findings {
		column := 21 // of the first apiKey
		if i == 0 {
			column++ // after the bracket
		}
		want := found{i + 1, i + 1, "/apiKey", "duplicate-key", fmt.Sprintf("keep one; the first is at %d:%d", i+1, column)}
		if diff := cmp.Diff(want, found{f.Record, f.Line, f.Pointer, f.Rule, f.Hint}); diff != "" {
			t.Errorf("element %d (-want +got)\n%s", i, diff)
		}
	}
}

// Alone or in an array, a payload gets the same findings.
func TestArrayEqualsItsElementsAlone(t *testing.T) {
	_, lines := mixture(rand.New(rand.NewSource(7)), 300)
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.TrimSpace(line) == "" || !strings.HasSuffix(line, "}") })
	v := newValidator(t, validate.Options{MaxFindings: 1 << 20})
	want := checkedAlone(v, lines)
	got, err := v.CheckReader("in", strings.NewReader(strings.Join(lines, "\n,")), validate.Array)
	if err != nil || got.Errors != 1 { // brackets are missing
		t.Fatalf("%+v, %v", got, err)
	}
	// The bracket is on its own line, and the commas do not move a column of a payload.
	got, err = v.CheckReader("in", strings.NewReader("[\n"+strings.Join(lines, ",\n")+"]"), validate.Array)
	if err != nil {
		t.Fatal(err)
	}
	for i := range got.Findings {
		f := &got.Findings[i]
		f.Hint = strings.Replace(f.Hint, fmt.Sprintf("first is at %d:", f.Line), fmt.Sprintf("first is at %d:", f.Line-1), 1)
		f.Line--
		f.EndLine--
	}
	if diff := cmp.Diff(want, got, wholeResult); diff != "" {
		t.Errorf("(-alone +in the array)\n%.2000s", diff)
	}
}

func TestCheckFile(t *testing.T) {
	dir := t.TempDir()
	file := func(name, data string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	v := newValidator(t, validate.Options{})
	if r, err := v.CheckFile(filepath.Join(dir, "missing.json"), validate.ByName); !errors.Is(err, fs.ErrNotExist) || r.Payloads != 0 {
		t.Errorf("a missing file: %+v, %v", r, err)
	}
	var pathError *fs.PathError
	r, err := v.CheckFile(dir, validate.ByName)
	if !errors.As(err, &pathError) {
		t.Fatalf("a folder: error %v, want a %T", err, pathError)
	}
	if pathError.Path != dir {
		t.Errorf("a folder: the error names %s, want %s", pathError.Path, dir)
	}
	if r.Payloads != 0 {
		t.Errorf("a folder: %d payloads, want none", r.Payloads)
	}
	two := badLine + "\n" + badLine
	for _, tc := range []struct {
		name   string
		layout validate.Layout
		want   []string
	}{
		{"a.json", validate.ByName, []string{"0:2:1 syntax"}},
		{"a", validate.ByName, []string{"0:2:1 syntax"}},
		{"a.ndjson", validate.ByName, []string{"1:1:9 type-unknown", "2:2:9 type-unknown"}},
		{"a.JSONL", validate.ByName, []string{"1:1:9 type-unknown", "2:2:9 type-unknown"}},
		{"b.json", validate.Lines, []string{"1:1:9 type-unknown", "2:2:9 type-unknown"}},
		{"b.ndjson", validate.One, []string{"0:2:1 syntax"}},
		{"c.ndjson", validate.Array, []string{"0:2:1 syntax"}},
	} {
		path := file(tc.name, two)
		r, err := v.CheckFile(path, tc.layout)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tc.want, places(r.Findings)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tc.name, diff)
		}
		fromReader, err := v.CheckReader(path, bytes.NewReader([]byte(two)), tc.layout)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(fromReader, r, wholeResult); diff != "" {
			t.Errorf("%s: (-reader +file)\n%s", tc.name, diff)
		}
	}
}
