package clients

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// exchange is a line of testdata/runs: a request that a client sent to the fake, and the answer with which the client
// succeeded. In all of its texts, {base} is the URL of the server, {time} any time, and another name in braces is the
// ID that the server chose where the name occurs first.
type exchange struct {
	Send      string            // method, path and query
	UserAgent string            // of this line and the next ones
	Header    map[string]string // other values than those that fake.do sends
	Body      json.RawMessage
	Status    int
	Answer    json.RawMessage
}

// Each file is the run of one client that docs/clients.md describes.
func TestRuns(t *testing.T) {
	files, err := filepath.Glob(filepath.FromSlash("testdata/runs/*.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("runs: %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".jsonl"), func(t *testing.T) {
			f := start(t)
			r := replay{fake: f, values: map[string]string{"base": f.URL}}
			for n, e := range exchanges(t, file) {
				if err := r.send(e); err != nil {
					t.Fatalf("%s:%d: %s: %v", file, n+1, e.Send, err)
				}
			}
		})
	}
}

func exchanges(t *testing.T, file string) (all []exchange) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(data) {
		all = append(all, *decoded[exchange](t, string(line)))
	}
	return all
}

// replay sends the requests of a run in their order.
type replay struct {
	fake
	values    map[string]string // of the names in braces
	userAgent string
}

func (r *replay) send(e exchange) error {
	if e.UserAgent != "" {
		r.userAgent = e.UserAgent
	}
	header := []string{"User-Agent", r.userAgent}
	for name, value := range e.Header {
		header = append(header, name, value)
	}
	got := r.fake.send(r.filled(strings.TrimSpace(e.Send+" "+string(e.Body))), header...)
	switch kind := got.header.Get("Content-Type"); {
	case got.status != e.Status:
		return fmt.Errorf("status %d, want %d: %s", got.status, e.Status, got.body)
	case len(e.Answer) > 0 && !strings.Contains(kind, "json"):
		return fmt.Errorf("Content-Type %q", kind)
	}
	return r.match(string(e.Answer), strings.TrimSpace(got.body))
}

var (
	braces = regexp.MustCompile(`\{(\w+)\}`)
	quoted = regexp.MustCompile(`\\\{\w+\\\}`) // braces, after QuoteMeta
)

func (r *replay) filled(text string) string {
	return braces.ReplaceAllStringFunc(text, func(s string) string {
		if value, ok := r.values[strings.Trim(s, "{}")]; ok {
			return value
		}
		return s
	})
}

var unknown = regexp.MustCompile(`\{\w+\}|[0-9a-f]{24}\b|\d{4}-\d\d-\d\dT[0-9:]{8}Z`)

// masked hides times, and IDs without a name, so that a diff doesn't show them.
func (r *replay) masked(text string) string {
	named := slices.Collect(maps.Values(r.values))
	return unknown.ReplaceAllStringFunc(text, func(s string) string {
		if slices.Contains(named, s) {
			return s
		}
		return "…"
	})
}

// match compares an answer with the expected one, and learns the values of names that are new.
func (r *replay) match(want, got string) error {
	var learned []string
	pattern := quoted.ReplaceAllStringFunc(regexp.QuoteMeta(r.filled(want)), func(s string) string {
		name := strings.Trim(s, `\{}`)
		if name == "time" {
			return `[0-9TZ:-]{20}`
		}
		learned = append(learned, name)
		return `([0-9a-f]{24})`
	})
	found := regexp.MustCompile("^" + pattern + "$").FindStringSubmatch(got)
	if found == nil {
		return fmt.Errorf("answer (-want +got):\n%s", cmp.Diff(r.masked(r.filled(want)), r.masked(got)))
	}
	for i, name := range learned {
		if value, ok := r.values[name]; ok && value != found[i+1] {
			return fmt.Errorf("{%s} is %s and %s in the answer %s", name, value, found[i+1], got)
		}
		r.values[name] = found[i+1]
	}
	return nil
}
