package fakeatlas

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas/internal/control"
	"github.com/atlasint/atlasint/fakeatlas/internal/journal"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
)

func TestFaultsAreBounded(t *testing.T) {
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for range maxFaults {
		if _, err := s.InjectFault(Fault{Drop: true}); err != nil {
			t.Fatal(err)
		}
	}
	var fault *FaultError
	if _, err := s.InjectFault(Fault{Drop: true}); !errors.As(err, &fault) || !strings.Contains(err.Error(), "remove some") {
		t.Errorf("one more: %v", err)
	}
	s.RemoveFault("1")
	if _, err := s.InjectFault(Fault{Drop: true}); err != nil {
		t.Error(err)
	}
}

// The bodies of the journal stay within their bytes, the newest of them.
func TestJournalBytesAreBounded(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	body := `{"type":"OPS_GENIE","apiKey":"` + strings.Repeat("k", journal.MaxBody-1000) + `"}`
	for range 2 * journal.MaxBytes / journal.MaxBody {
		a.want(a.do("PUT", "/OPS_GENIE", body), 200, "")
	}
	a.want(a.do("PUT", "/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k"}`), 200, "")
	total := 0
	for _, e := range a.s.journal.List() {
		total += len(e.Body) + cap(e.Answer)
	}
	if total != a.s.journal.Bytes || total > journal.MaxBytes || total < journal.MaxBytes-3*journal.MaxBody {
		t.Errorf("%d bytes, counted as %d", total, a.s.journal.Bytes)
	}
	requests := a.s.Requests()
	if first, last := requests[0], requests[len(requests)-1]; first.Body != nil || first.Answer != nil || first.BodySize == 0 || last.Body == nil || last.Answer == nil {
		t.Errorf("the oldest has %v, the newest %v", first.Body, last.Body)
	}
	small, err := New(WithJournal(2))
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		small.journal.Add(&journal.Entry{Body: make([]byte, 10)})
	}
	if small.journal.Bytes != 20 {
		t.Errorf("%d bytes are counted for 20", small.journal.Bytes)
	}
}

// A long address is cut where a part of it ends, so that no part of a secret passes for something else.
func TestLongAddressesAreCut(t *testing.T) {
	w := newRecordingClient(t, schemas.V2)
	long := strings.Repeat("long/", journal.MaxAddress/5) + canary
	edge := strings.Repeat("x/", (journal.MaxAddress-12)/2) // the next part is cut in its middle
	for _, target := range []string{"/" + edge + canary, "/x?" + strings.ReplaceAll(edge, "/", "&") + canary, "/" + long, "/x?" + strings.ReplaceAll(long, "/", "&"), "/x?" + strings.Repeat("x", journal.MaxAddress-10) + canary} {
		w.send(w.request("GET", target, http.NoBody))
	}
	w.send(w.request(strings.Repeat("X", 3*journal.MaxAddress)+canary, "", http.NoBody))
	for _, e := range w.s.journal.List() {
		if n := len(e.Path) + len(e.Query) + len(e.Method) + len(e.Project) + len(e.Type); n > 5*journal.MaxAddress/2 {
			t.Errorf("%d bytes are kept", n)
		}
	}
	wantNoSecrets(t, w.outputs(), canary)
}

// fullStore has reached its limit.
type fullStore struct{ store.Store }

func (fullStore) Create(context.Context, string, store.Integration) error { return store.ErrFull }

func (fullStore) Update(context.Context, string, string, func(*store.Integration) (store.Integration, error)) error {
	return store.ErrFull
}

func (fullStore) Restore(context.Context, store.State) error { return store.ErrFull }

// The answer of a server with a full store names the cause and the next step.
func TestFullStore(t *testing.T) {
	a := newAPIClient(t, schemas.V2, WithStore(fullStore{store.NewMemory()}))
	const body = `{"type":"OPS_GENIE","apiKey":"k"}`
	for _, method := range []string{"POST", "PUT"} {
		got := a.do(method, "/OPS_GENIE", body)
		a.want(got, 507, "UNEXPECTED_ERROR")
		if !strings.Contains(got.body, "Delete integrations, or reset it.") {
			t.Errorf("answered %s", got.body)
		}
	}
	r := a.request("PUT", "", strings.NewReader(`{"format":3,"projects":{}}`))
	r.URL.Path, r.Host, r.RemoteAddr = "/_atlasint/state", "localhost", "127.0.0.1:1"
	if got := a.send(r); got.status != 507 {
		t.Errorf("the control API answers %d %s", got.status, got.body)
	}
}

// Bodies of the control API end at their limit.
func TestControlBodiesAreBounded(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	for target, limit := range map[string]int64{"POST faults": control.MaxBody, "PUT clock": control.MaxBody, "PUT state": control.MaxSnapshot} {
		method, path, _ := strings.Cut(target, " ")
		body := &bottomless{}
		r := a.request(method, "", body)
		r.URL.Path, r.Host, r.RemoteAddr = "/_atlasint/"+path, "localhost", "127.0.0.1:1"
		if got := a.send(r); got.status != 413 || body.read > limit+64<<10 {
			t.Errorf("%s: %d after %d bytes: %s", target, got.status, body.read, got.body)
		}
	}
}

// The clock stays within the years that JSON can represent: a journal with a time of the year 10000 would be no JSON.
func TestClockIsBounded(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	for _, c := range []struct {
		body   string
		status int
	}{
		{`{"now":"9999-01-01T00:00:00Z"}`, 400}, {`{"now":"0000-01-01T00:00:00Z"}`, 400}, {`{"now":"9998-12-31T23:59:59Z"}`, 200}, {`{"advance":"2s"}`, 400},
		{`{"advance":"-2562047h"}`, 200}, {`{"now":"0001-01-01T00:00:01Z"}`, 200}, {`{"advance":"-2s"}`, 400}, {`{"advance":"9999999999h"}`, 400},
	} {
		r := a.request("PUT", "", strings.NewReader(c.body))
		r.URL.Path, r.Host, r.RemoteAddr = "/_atlasint/clock", "localhost", "127.0.0.1:1"
		if got := a.send(r); got.status != c.status || !json.Valid([]byte(got.body)) {
			t.Errorf("%s: %d %s", c.body, got.status, got.body)
		}
	}
}

// Paths and statuses that clients make up make no metrics of their own.
func TestMetricsAreBounded(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	series := func() int {
		text, err := a.s.metrics.Text(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(string(text), "\natlasint_requests_total{")
	}
	request := func(i int) {
		a.do(fmt.Sprintf("M%d", i), "", "")
		a.do("GET", fmt.Sprintf("/T%d", i), "")
		a.do("GET", fmt.Sprintf("?pageNum=%d", math.MaxInt32-i), "")
		a.send(a.request("GET", fmt.Sprintf("/api/atlas/w%d/x", i), http.NoBody))
	}
	request(0)
	before := series()
	for i := range 100 {
		request(i)
	}
	if after := series(); after != before {
		t.Errorf("%d series, and %d before", after, before)
	}
}
