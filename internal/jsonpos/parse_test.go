package jsonpos_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

func parse(t *testing.T, data string) *jsonpos.Document {
	t.Helper()
	doc, err := jsonpos.Parse([]byte(data))
	if err != nil {
		t.Fatalf("%.60q: %v", data, err)
	}
	return doc
}

func TestParse(t *testing.T) {
	got := parse(t, " {\"a\\u0062\" : [1.50e1, true,false , null],\n\"\":\"\\ud83d\\ude00é\", \"o\":{}, \"l\":[]} \r\n\t")
	want := &jsonpos.Document{Root: jsonpos.Value{
		Kind: jsonpos.Object, Start: 1, End: 79,
		Members: []jsonpos.Member{
			{Name: "ab", NameStart: 2, NameEnd: 11, Value: jsonpos.Value{
				Kind: jsonpos.Array, Start: 14, End: 41,
				Elements: []jsonpos.Value{
					{Kind: jsonpos.Number, Start: 15, End: 21, Text: "1.50e1"},
					{Kind: jsonpos.Bool, Start: 23, End: 27, Text: "true"},
					{Kind: jsonpos.Bool, Start: 28, End: 33, Text: "false"},
					{Kind: jsonpos.Null, Start: 36, End: 40},
				},
			}},
			{Name: "", NameStart: 43, NameEnd: 45, Value: jsonpos.Value{
				Kind: jsonpos.String, Start: 46, End: 62, Text: "😀é",
			}},
			{Name: "o", NameStart: 64, NameEnd: 67, Value: jsonpos.Value{Kind: jsonpos.Object, Start: 68, End: 70}},
			{Name: "l", NameStart: 72, NameEnd: 75, Value: jsonpos.Value{Kind: jsonpos.Array, Start: 76, End: 78}},
		},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseAccepts(t *testing.T) {
	deep := strings.Repeat("[", jsonpos.MaxDepth) + strings.Repeat("]", jsonpos.MaxDepth)
	for _, data := range []string{
		"0", "-0", "1e308", "1e-323", "0e99999", "1e00000000001", `""`, "null", " \r\n\ttrue\n",
		"0." + strings.Repeat("3", 90_000),
		"1." + strings.Repeat("0", 5_000) + "1",
		`"` + "\u007f\u2028\ufeff\ufffd" + `"`,
		`"\"\\\/\b\f\n\r\t\u0000\uD83D\uDE00"`,
		deep, "[" + strings.Repeat(deep[1:len(deep)-1]+",", 50) + "1]",
	} {
		parse(t, data)
	}
}

func TestDuplicates(t *testing.T) {
	const data = `{"type":1,"a~/b":[{},{"x":1,"\u0078":{"y":1,"y":2}}],"\u0074ype":2,"type":{"type":3}}`
	want := []jsonpos.Duplicate{
		{Name: "x", Pointer: "/a~0~1b/1/x", First: 22, NameStart: 28, NameEnd: 36},
		{Name: "y", Pointer: "/a~0~1b/1/x/y", First: 38, NameStart: 44, NameEnd: 47},
		{Name: "type", Pointer: "/type", First: 1, NameStart: 53, NameEnd: 64},
		{Name: "type", Pointer: "/type", First: 1, NameStart: 67, NameEnd: 73},
	}
	if diff := cmp.Diff(want, parse(t, data).Duplicates); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestManyDuplicates(t *testing.T) {
	const n = 200_000
	got := parse(t, string(manyMembers(n))).Duplicates
	if len(got) != n {
		t.Fatalf("got %d duplicates, want %d", len(got), n)
	}
	if first := got[0]; first.Pointer != "/name0" || first.First != 1 {
		t.Errorf("the first duplicate is %+v", first)
	}
	if got, want := got[n-1].Pointer, fmt.Sprintf("/name%d", n-1); got != want {
		t.Errorf("the pointer of the last duplicate is %s, want %s", got, want)
	}
}

// TestSmallAndLargeObjects covers sizes below and above the one from which a map is used.
func TestSmallAndLargeObjects(t *testing.T) {
	for n := 1; n <= 40; n++ {
		even := string(manyMembers(n))
		for _, data := range []string{even, `{"one more":0,` + even[1:]} {
			doc := parse(t, data)
			if len(doc.Duplicates) != n {
				t.Errorf("%d names twice: got %d duplicates", n, len(doc.Duplicates))
			}
			for i, d := range doc.Duplicates {
				first := strings.Index(data, fmt.Sprintf(`"name%d"`, i))
				if d.First != first || d.NameStart != strings.LastIndex(data, fmt.Sprintf(`"name%d"`, i)) {
					t.Errorf("%d names twice: got %+v, want first at %d", n, d, first)
				}
			}
		}
	}
}

// TestLongPointers keeps the pointers of a hostile input in proportion to it.
func TestLongPointers(t *testing.T) {
	data := `{"` + strings.Repeat("n", 300_000) + `":` + string(manyMembers(10_000)) + `}`
	doc := parse(t, data)
	total := 0
	for _, d := range doc.Duplicates {
		total += len(d.Pointer)
	}
	if limit := 1<<20 + 64*len(data); total > limit {
		t.Errorf("got %d bytes of pointers for %d bytes of data", total, len(data))
	}
	if len(doc.Duplicates) == 0 {
		t.Error("got no duplicates at all")
	}
}

// manyMembers is an object with n names, each of them twice.
func manyMembers(n int) []byte {
	var b bytes.Buffer
	b.WriteByte('{')
	for i := range 2 * n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"name%d":%d`, i%n, i)
	}
	b.WriteByte('}')
	return b.Bytes()
}

func TestDataBelongsToCaller(t *testing.T) {
	data := bytes.Clone(payload)
	doc, err := jsonpos.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, payload) {
		t.Error("Parse changed the data")
	}
	clear(data)
	if diff := cmp.Diff(parse(t, string(payload)), doc); diff != "" {
		t.Errorf("the document shares memory with the data (-want +got):\n%s", diff)
	}
}

// TestDataIsReleased fails if a parser in the pool still refers to
// the data. One collection leaves waiting parsers alone.
func TestDataIsReleased(t *testing.T) {
	for _, text := range []string{string(payload), `["unclosed`, `[1,2`} {
		released := make(chan struct{})
		parseAndForget(text, released)
		runtime.GC()
		select {
		case <-released:
		case <-time.After(time.Minute):
			t.Errorf("%.20q: the data is still referred to", text)
		}
	}
}

func parseAndForget(text string, released chan struct{}) {
	data := make([]byte, 1<<16)
	runtime.AddCleanup(&data[0], func(c chan struct{}) { close(c) }, released)
	n := copy(data, text)
	_, _ = jsonpos.Parse(data[:n])
}

func TestParsersDoNotMix(t *testing.T) {
	want := parse(t, string(payload))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				_, _ = jsonpos.Parse([]byte(`{"left":[1,{"over":"`))
				got, err := jsonpos.Parse(payload)
				if err != nil || !cmp.Equal(want, got) {
					t.Errorf("got another result after an error: %v", err)
					return
				}
			}
		})
	}
	all.Wait()
}
