package records_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/validate/internal/records"
)

func lines(t *testing.T, input string, limit int64) (all []string) {
	t.Helper()
	err := records.Read(strings.NewReader(input), limit, func(b *records.Batch) {
		for _, line := range b.Lines {
			all = append(all, fmt.Sprintf("%d+%d@%d %s", line.At.Number, line.At.LinesBefore, line.At.Offset, line.Data))
		}
		b.Release()
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestRead(t *testing.T) {
	for input, want := range map[string][]string{
		"":                  nil,
		"\n \t\r\n":         nil,
		"a":                 {"1+0@0 a"},
		"a\nb\n":            {"1+0@0 a", "2+1@2 b"},
		"a\r\n\n b\r\n":     {"1+0@0 a", "2+2@4  b"},
		"12345678\nb":       {"1+0@0 12345678", "2+1@9 b"},
		"12345678\r\nb":     {"1+0@0 12345678", "2+1@10 b"},
		"123456789ABCDE\nb": {"1+0@0 123456789", "2+1@15 b"}, // truncated, and still too long
	} {
		if diff := cmp.Diff(want, lines(t, input, 8)); diff != "" {
			t.Errorf("%q (-want +got)\n%s", input, diff)
		}
	}
}

func TestReadReportsTheLineOfAnError(t *testing.T) {
	failure := errors.New("disk")
	got := 0
	err := records.Read(io.MultiReader(strings.NewReader("a\nb\npart"), iotest.ErrReader(failure)), 100, func(b *records.Batch) { got += len(b.Lines) })
	if !errors.Is(err, failure) {
		t.Fatalf("error %v, want %v", err, failure)
	}
	if !strings.HasPrefix(err.Error(), "3: ") {
		t.Errorf("error %v, want one of line 3", err)
	}
	if got != 2 {
		t.Errorf("%d lines, want 2", got)
	}
}

// The results have the order of the lines, even if a later goroutine finishes first, and no batch is reused too early.
func TestWork(t *testing.T) {
	var input bytes.Buffer
	for i := range 100_000 {
		fmt.Fprintf(&input, "line %d\n", i)
	}
	next := 0
	err := records.Work(&input, 100, 4,
		func(b *records.Batch) (texts []string) {
			for _, line := range b.Lines {
				texts = append(texts, string(line.Data))
			}
			return texts
		},
		func(texts []string) {
			for _, text := range texts {
				if want := fmt.Sprintf("line %d", next); text != want {
					t.Fatalf("got %q, want %q", text, want)
				}
				next++
			}
		})
	if err != nil || next != 100_000 {
		t.Errorf("%d lines, %v", next, err)
	}
}

func TestReadAll(t *testing.T) {
	for name, c := range map[string]struct {
		input       string
		size, limit int64
		want        string
	}{
		"exact size":       {"abc", 3, 10, "abc"},
		"unknown size":     {"abc", 0, 10, "abc"},
		"too small a size": {"abcdef", 2, 10, "abcdef"},
		"too large a size": {"abc", 100, 10, "abc"},
		"at the limit":     {"abcdef", 6, 4, "abcd"},
		"several reads":    {strings.Repeat("x", 5000), 0, 6000, strings.Repeat("x", 5000)},
		"empty":            {"", 0, 10, ""},
	} {
		for kind, r := range map[string]io.Reader{"reader": strings.NewReader(c.input), "with EOF": iotest.DataErrReader(strings.NewReader(c.input))} {
			got, err := records.ReadAll(make([]byte, 0, 2), r, c.size, c.limit)
			if err != nil || string(got) != c.want {
				t.Errorf("%s, %s: got %q (%v), want %q", name, kind, got, err, c.want)
			}
		}
	}
	if _, err := records.ReadAll(nil, iotest.ErrReader(io.ErrClosedPipe), 0, 10); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v", err)
	}
}
