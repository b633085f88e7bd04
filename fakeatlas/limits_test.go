package fakeatlas

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
	var full *FaultError
	err = s.FailNext(Fault{Drop: true})
	errors.As(err, &full)
	if diff := cmp.Diff(&FaultError{Reason: "the limit of 1000 active faults is reached", Hint: "remove some"}, full); diff != "" {
		t.Errorf("one more (-want +got):\n%s", diff)
	}
	if want := "the limit of 1000 active faults is reached; remove some"; err == nil || err.Error() != want {
		t.Errorf("one more: %v, want %s", err, want)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest("POST", "http://localhost/_atlasint/faults", strings.NewReader(`{"drop":true}`))
	r.Header.Set("Content-Type", "application/json")
	r.RemoteAddr = "127.0.0.1:1"
	s.ServeHTTP(w, r)
	if w.Code != 400 {
		t.Errorf("one more: %d %s", w.Code, w.Body)
	}
	wantParts(t, "one more", w.Body.String(), "the limit of 1000 active faults is reached", "remove some")
	wantNoParts(t, "one more", w.Body.String(), "invalid")
	s.RemoveFault("1")
	if _, err := s.InjectFault(Fault{Drop: true}); err != nil {
		t.Error(err)
	}
}

// The bodies of the journal stay within their bytes, the newest of them.
func TestJournalBytesAreBounded(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	body := `{"type":"OPS_GENIE","apiKey":"` + strings.Repeat("k", journal.MaxBody-1000) + `"}`
	const limit = 16 << 20
	for range 2 * limit / journal.MaxBody {
		a.want(a.do("PUT", "/OPS_GENIE", body), 200, "")
	}
	a.want(a.do("PUT", "/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k"}`), 200, "")
	total := 0
	for _, e := range a.s.journal.List() {
		total += len(e.Body) + cap(e.Response)
	}
	if total > limit || total < limit-3*journal.MaxBody {
		t.Errorf("%d bytes", total)
	}
	requests := a.s.Requests()
	oldest, newest := requests[0], requests[len(requests)-1]
	if oldest.Body != nil || oldest.Response != nil {
		t.Errorf("the oldest has the body %v and the response %v", oldest.Body, oldest.Response)
	}
	if oldest.BodySize == 0 {
		t.Error("the oldest has no size of its body")
	}
	if newest.Body == nil || newest.Response == nil {
		t.Errorf("the newest has the body %v and the response %v", newest.Body, newest.Response)
	}
}

// A long address is cut where a part of it ends, so that no part of a secret passes for something else.
func TestLongAddressesAreCut(t *testing.T) {
	const limit = 2 << 10
	w := newRecordingClient(t, schemas.V2)
	long := strings.Repeat("long/", limit/5) + canary
	edge := strings.Repeat("x/", (limit-12)/2) // the next part is cut in its middle
	for _, target := range []string{
		"/" + edge + canary, "/x?" + strings.ReplaceAll(edge, "/", "&") + canary, "/" + long,
		"/x?" + strings.ReplaceAll(long, "/", "&"), "/x?" + strings.Repeat("x", limit-10) + canary,
	} {
		w.send(w.request("GET", target, http.NoBody))
	}
	w.send(w.request(strings.Repeat("X", 3*limit)+canary, "", http.NoBody))
	for _, e := range w.s.journal.List() {
		if n := len(e.Path) + len(e.Query) + len(e.Method) + len(e.Project) + len(e.Type); n > 5*limit/2 {
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

// The response of a server with a full store names the cause and the next step.
func TestFullStore(t *testing.T) {
	a := newAPIClient(t, schemas.V2, WithStore(fullStore{new(store.Memory)}))
	const body = `{"type":"OPS_GENIE","apiKey":"k"}`
	for _, method := range []string{"POST", "PUT"} {
		got := a.do(method, "/OPS_GENIE", body)
		a.want(got, 507, "UNEXPECTED_ERROR")
		if !strings.Contains(got.body, "Delete integrations, or reset it.") {
			t.Errorf("got %s", got.body)
		}
	}
	r := a.request("PUT", "", strings.NewReader(`{"format":3,"projects":{}}`))
	r.URL.Path, r.Host, r.RemoteAddr = "/_atlasint/state", "localhost", "127.0.0.1:1"
	if got := a.send(r); got.status != 507 {
		t.Errorf("the control API returns %d %s", got.status, got.body)
	}
}

// Bodies of the control API end at their limit. A test of package control has that of snapshots.
func TestControlBodiesAreBounded(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	for target, limit := range map[string]int64{
		"POST faults": 16 << 10, "PUT clock": 16 << 10, "POST validate": 2 << 20, "POST send": 2 << 20, "POST stubs": 2 << 20, "PUT stubs": 32 << 20,
	} {
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
