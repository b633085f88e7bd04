package jsonpos_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// stricter are the faults of data that encoding/json accepts.
var stricter = []string{
	badUTF8, half, tooLarge, tooSmall, tooDeep,
	"number with an exponent out of range", "number of more than 100000 characters",
}

func FuzzParse(f *testing.F) {
	f.Add(payload)
	f.Add(manyMembers(20))
	for _, test := range syntaxErrors {
		if len(test.data) < 1000 {
			f.Add([]byte(test.data))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		doc := checkFault(t, data)
		if !bytes.Equal(before, data) {
			t.Fatal("Parse changed the data")
		}
		if doc != nil {
			checkDocument(t, data, doc)
		}
	})
}

// checkFault parses data and checks the error, if any, against the documentation.
func checkFault(t *testing.T, data []byte) *jsonpos.Document {
	t.Helper()
	doc, err := jsonpos.Parse(data)
	valid := json.Valid(data)
	if err == nil {
		if !valid {
			t.Fatalf("%q: accepted", data)
		}
		return doc
	}
	var fault *jsonpos.SyntaxError
	if !errors.As(err, &fault) {
		t.Fatalf("%q: got a %T", data, err)
	}
	if valid && !slices.Contains(stricter, fault.Message) {
		t.Fatalf("%q: refused: %v", data, fault)
	}
	if !slices.IsSorted([]int{0, fault.Start, fault.End, len(data)}) {
		t.Fatalf("%q: fault at %d to %d", data, fault.Start, fault.End)
	}
	checkStyle(t, fault)
	return nil
}

func checkDocument(t *testing.T, data []byte, doc *jsonpos.Document) {
	t.Helper()
	checkPlace(t, data, &doc.Root, 0, len(data))
	if root := data[doc.Root.Start:doc.Root.End]; !bytes.Equal(root, bytes.Trim(data, " \r\n\t")) {
		t.Fatalf("%q: the root is %q", data, root)
	}
	for _, d := range doc.Duplicates {
		if d.First >= d.NameStart || d.NameStart >= d.NameEnd {
			t.Fatalf("%q: the offsets of a duplicate: %+v", data, d)
		}
		if !strings.HasPrefix(d.Pointer, "/") {
			t.Fatalf("%q: the pointer of a duplicate: %+v", data, d)
		}
	}
	if want := countDuplicates(&doc.Root); want != len(doc.Duplicates) {
		t.Fatalf("%q: got %d duplicates, want %d", data, len(doc.Duplicates), want)
	}
	if diff := cmp.Diff(decode(t, data), decoded(&doc.Root)); diff != "" {
		t.Fatalf("%q: (-encoding/json +ours):\n%s", data, diff)
	}
}

// checkPlace checks that v is between from and to, and so are the values in it.
func checkPlace(t *testing.T, data []byte, v *jsonpos.Value, from, to int) {
	t.Helper()
	if v.Start == v.End || !slices.IsSorted([]int{from, v.Start, v.End, to}) {
		t.Fatalf("%q: %v at %d to %d, want inside %d to %d", data, v.Kind, v.Start, v.End, from, to)
	}
	if text := data[v.Start:v.End]; !json.Valid(text) {
		t.Fatalf("%q: %v at %d to %d is no JSON: %q", data, v.Kind, v.Start, v.End, text)
	}
	pos := v.Start + 1
	for i := range v.Elements {
		checkPlace(t, data, &v.Elements[i], pos, v.End-1)
		pos = v.Elements[i].End + 1
	}
	for i := range v.Members {
		m := &v.Members[i]
		if m.NameStart < pos || m.NameEnd > m.Value.Start {
			t.Fatalf("%q: name at %d to %d, want inside %d to %d", data, m.NameStart, m.NameEnd, pos, m.Value.Start)
		}
		if name := decode(t, data[m.NameStart:m.NameEnd]); name != m.Name {
			t.Fatalf("%q: name %q at %d to %d, want %q", data, m.Name, m.NameStart, m.NameEnd, name)
		}
		checkPlace(t, data, &m.Value, m.NameEnd+1, v.End-1)
		pos = m.Value.End + 1
	}
}

func countDuplicates(v *jsonpos.Value) int {
	count, names := 0, map[string]bool{}
	for i := range v.Members {
		if names[v.Members[i].Name] {
			count++
		}
		names[v.Members[i].Name] = true
		count += countDuplicates(&v.Members[i].Value)
	}
	for i := range v.Elements {
		count += countDuplicates(&v.Elements[i])
	}
	return count
}

// decode reads data as encoding/json does.
func decode(t *testing.T, data []byte) (v any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%q: %v", data, err)
	}
	return v
}

// decoded is the value as decode reads it: the last of several members of one name wins.
func decoded(v *jsonpos.Value) any {
	switch v.Kind {
	case jsonpos.Bool:
		return v.Text == "true"
	case jsonpos.Number:
		return json.Number(v.Text)
	case jsonpos.String:
		return v.Text
	case jsonpos.Array:
		list := make([]any, len(v.Elements))
		for i := range v.Elements {
			list[i] = decoded(&v.Elements[i])
		}
		return list
	case jsonpos.Object:
		table := make(map[string]any, len(v.Members))
		for i := range v.Members {
			table[v.Members[i].Name] = decoded(&v.Members[i].Value)
		}
		return table
	}
	return nil
}
