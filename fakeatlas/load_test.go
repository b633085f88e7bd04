package fakeatlas

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
)

const loadClients = 64

// loopback sends requests over the loopback interface.
type loopback struct {
	t      *testing.T
	s      *Server
	client *http.Client
	token  string
}

func newLoopback(t *testing.T, opts ...Option) *loopback {
	t.Helper()
	s := Start(t, opts...)
	transport := &http.Transport{MaxIdleConnsPerHost: loadClients}
	t.Cleanup(transport.CloseIdleConnections)
	return &loopback{t, s, &http.Client{Transport: transport}, issue(t, s)}
}

func (l *loopback) request(method, apiVersion, project, rest string, body io.Reader) *http.Request {
	r, err := http.NewRequestWithContext(l.t.Context(), method, l.s.URL+"/api/atlas/"+apiVersion+"/groups/"+project+"/integrations"+rest, body)
	if err != nil {
		panic(err) // goroutines must not end the test, and no test makes such a request
	}
	r.Header.Set("Authorization", "Bearer "+l.token)
	r.Header.Set("Accept", datedMedia)
	r.Header.Set("Content-Type", "application/json")
	return r
}

// do returns the status of the response, 0 if there is none.
func (l *loopback) do(method, apiVersion, project, rest, body string) int {
	response, err := l.client.Do(l.request(method, apiVersion, project, rest, strings.NewReader(body)))
	if err != nil {
		l.t.Errorf("%s %s: %v", method, rest, err)
		return 0
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		l.t.Errorf("%s %s: %v", method, rest, err)
	}
	return response.StatusCode
}

func (l *loopback) want(status int, method, apiVersion, project, rest, body string) {
	if got := l.do(method, apiVersion, project, rest, body); got != status {
		l.t.Errorf("%s %s %s: %d, want %d", apiVersion, method, rest, got, status)
	}
}

// All clients work at the same time, each on its own project, and all on a shared one. The final state does not depend
// on their order.
func TestConcurrentClients(t *testing.T) {
	w := newLoopback(t)
	const shared = "ffffffffffffffffffffffff"
	toggles := []string{"sendCollectionLatencyMetrics", "sendDatabaseMetrics", "sendQueryStatsMetrics", "sendUserProvidedResourceTags"}
	w.want(200, "POST", "v2", shared, "/DATADOG", `{"type":"DATADOG","apiKey":"`+testKey+`"}`)
	var wg sync.WaitGroup
	var mu sync.Mutex
	created := map[int]int{} // how often each status was returned for the POST of the shared type
	for n := range loadClients {
		wg.Go(func() {
			w.own(fmt.Sprintf("%024x", n), n)
			status := w.do("POST", apiVersions[n%2], shared, "/VICTOR_OPS", fmt.Sprintf(`{"type":"VICTOR_OPS","apiKey":"client-%d"}`, n))
			mu.Lock()
			created[status]++
			mu.Unlock()
			// An update that is merged into an old state would lose the toggle of another client.
			w.want(200, "PUT", apiVersions[n%2], shared, "/DATADOG", `{"type":"DATADOG","`+toggles[n%len(toggles)]+`":true}`)
		})
	}
	wg.Wait()
	if diff := cmp.Diff(map[int]int{200: 1, 409: loadClients - 1}, created); diff != "" {
		t.Errorf("creations of one integration (-want +got):\n%s", diff)
	}
	w.wantState(shared)
}

// own is the work of one client on its own project. DATADOG stays, with the last region; OPS_GENIE is deleted.
func (l *loopback) own(project string, n int) {
	a, b := apiVersions[n%2], apiVersions[(n+1)%2]
	l.want(200, "POST", a, project, "/DATADOG", `{"type":"DATADOG","apiKey":"`+testKey+`"}`)
	for _, region := range []string{"EU", "US3", "US5"} {
		l.want(200, "PUT", a, project, "/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k-1"}`)
		l.want(200, "GET", b, project, "/OPS_GENIE", "")
		l.want(400, "PUT", b, project, "/DATADOG", `{"type":"DATADOG","region":"US1"}`)
		l.want(200, "PUT", b, project, "/DATADOG", `{"type":"DATADOG","region":"`+region+`"}`)
		l.want(409, "POST", b, project, "/DATADOG", `{"type":"DATADOG","apiKey":"`+testKey+`"}`)
		l.want(200, "GET", a, project, "?itemsPerPage=1", "")
		l.want(204, "DELETE", b, project, "/OPS_GENIE", "")
		l.want(404, "GET", a, project, "/OPS_GENIE", "")
	}
}

func (l *loopback) wantState(shared string) {
	l.t.Helper()
	state, err := l.s.store.Snapshot(context.Background())
	if err != nil {
		l.t.Fatal(err)
	}
	want := store.State{shared: {Integrations: []store.Integration{
		{Type: "DATADOG", Fields: map[string]any{"apiKey": testKey, "sendCollectionLatencyMetrics": true, "sendDatabaseMetrics": true,
			"sendQueryStatsMetrics": true, "sendUserProvidedResourceTags": true}},
		{Type: "VICTOR_OPS"},
	}}}
	for n := range loadClients {
		want[fmt.Sprintf("%024x", n)] = store.Contents{Integrations: []store.Integration{{
			Type: "DATADOG", Fields: map[string]any{"apiKey": testKey, "region": "US5"},
		}}}
	}
	ids := map[string]bool{}
	for _, contents := range state {
		list := contents.Integrations
		for i := range list {
			ids[list[i].ID] = true
			list[i].ID = ""
			maps.DeleteFunc(list[i].Fields, func(_ string, value any) bool { return value == false }) // defaults
			if list[i].Type == "VICTOR_OPS" {                                                         // the first client determines the key
				list[i].Fields = nil
			}
		}
	}
	if diff := cmp.Diff(want, state); diff != "" {
		l.t.Errorf("state (-want +got):\n%s", diff)
	}
	if len(ids) != loadClients+2 {
		l.t.Errorf("%d different ids for %d integrations", len(ids), loadClients+2)
	}
}

// A client that sends its body slowly does not block other clients.
func TestSlowClient(t *testing.T) {
	w := newLoopback(t)
	body, rest := `{"type":"OPS_GENIE",`, `"apiKey":"k-1"}`
	reader, writer := io.Pipe()
	returned := make(chan int)
	go func() {
		response, err := w.client.Do(w.request("PUT", "v2", testProject, "/OPS_GENIE", reader))
		if err != nil {
			t.Error(err)
			close(returned)
			return
		}
		response.Body.Close()
		returned <- response.StatusCode
	}()
	_, _ = io.WriteString(writer, body) // returns once the transport has read it
	for range 10 {
		w.want(404, "GET", "v2", testProject, "/OPS_GENIE", "")
		w.want(200, "PUT", "v1.0", testProject, "/VICTOR_OPS", `{"type":"VICTOR_OPS","apiKey":"k-1"}`)
	}
	_, _ = io.WriteString(writer, rest)
	writer.Close()
	if status := <-returned; status != 200 {
		t.Errorf("the slow client got %d", status)
	}
	w.want(200, "GET", "v2", testProject, "/OPS_GENIE", "")
}

// bottomless is a body without end.
type bottomless struct{ read int64 }

func (b *bottomless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	b.read += int64(len(p))
	return len(p), nil
}

// A body without end is read up to the limit, and uses no memory afterwards.
func TestEndlessBody(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	once := func() {
		body := &bottomless{}
		a.want(a.send(a.request("POST", "/OPS_GENIE", body)), 400, "VALIDATION_ERROR")
		if body.read > atlas.MaxPayload+64<<10 {
			t.Errorf("%d bytes were read", body.read)
		}
	}
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	once()
	before := heap()
	for range 50 {
		once()
	}
	if grown := heap() - before; grown > 8<<20 {
		t.Errorf("50 endless bodies have left %d bytes", grown)
	}
}

// On the wire the response comes while the client still sends; then the connection ends.
func TestEndlessBodyOverTheWire(t *testing.T) {
	w := newLoopback(t)
	c := dial(t, w)
	defer c.Close()
	fmt.Fprintf(c, "POST /api/atlas/v2/groups/%s/integrations/OPS_GENIE HTTP/1.1\r\nHost: x\r\nAccept: %s\r\nAuthorization: Bearer %s\r\n"+
		"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", testProject, datedMedia, w.token)
	go func() {
		chunk := fmt.Sprintf("%x\r\n%s\r\n", 64<<10, strings.Repeat(" ", 64<<10))
		for {
			if _, err := io.WriteString(c, chunk); err != nil {
				return // the server has closed the connection
			}
		}
	}()
	response, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != 400 || !response.Close || response.Header.Get("X-Error-Code") != "VALIDATION_ERROR" {
		t.Errorf("%s, close %t, %v", response.Status, response.Close, response.Header)
	}
	w.want(200, "GET", "v2", testProject, "", "")
}

func dial(t *testing.T, w *loopback) net.Conn {
	t.Helper()
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(w.s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}
