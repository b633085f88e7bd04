package fakeatlas_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/store/filestore"
)

// journalResponse is the response of GET requests, and its errors.
type journalResponse struct {
	Requests []struct {
		Seq          int
		Method, Path string
		Status       int
	}
	Count, Last, Capacity int
	Error                 string
}

func getRequests(t *testing.T, s *fakeatlas.Server, query string) (response journalResponse, status int) {
	t.Helper()
	got := controlCall(t, s, "GET", "/requests?"+query, "")
	if err := json.Unmarshal([]byte(got.body), &response); err != nil {
		t.Fatalf("%v: %s", err, got.body)
	}
	return response, got.status
}

// Responses have the number of requests that the journal keeps, also those of calls that wait.
func TestJournalCapacity(t *testing.T) {
	for _, tc := range []struct {
		options             []fakeatlas.Option
		wantCount, capacity int
	}{
		{nil, 5, 1000},
		{[]fakeatlas.Option{fakeatlas.WithJournal(3)}, 3, 3},
		{[]fakeatlas.Option{fakeatlas.WithJournal(0)}, 0, 0},
	} {
		s := newServer(t, tc.options...)
		for range 5 {
			call(t, s, "GET", v2(""), "")
		}
		got, _ := getRequests(t, s, "limit=0")
		if diff := cmp.Diff(journalResponse{Requests: got.Requests, Count: tc.wantCount, Last: 5, Capacity: tc.capacity}, got); diff != "" {
			t.Errorf("capacity %d (-want +got):\n%s", tc.capacity, diff)
		}
		if tc.capacity == 0 {
			continue
		}
		if waited, status := getRequests(t, s, "wait=1m"); status != 200 || waited.Capacity != tc.capacity {
			t.Errorf("with wait: status %d, capacity %d; want capacity %d", status, waited.Capacity, tc.capacity)
		}
	}
}

func TestRequestFilters(t *testing.T) {
	const other = "5d791c84ff7a2522cc4f9aa1"
	s := newServer(t)
	call(t, s, "POST", v2("/DATADOG"), datadog)                           // 1
	call(t, s, "GET", v2("/SLACK"), "")                                   // 2
	call(t, s, "PUT", v2("/SLACK"), `{"type":"SLACK"}`)                   // 3
	call(t, s, "GET", integrations("v2", other, "/DATADOG"), "")          // 4
	call(t, s, "GET", "/api/atlas/v2/groups/"+project+"/x%2Fy/z", "")     // 5
	call(t, s, "GET", v2(""), "")                                         // 6
	s.ServeHTTP(httptest.NewRecorder(), newRequest(t, "GET", v2(""), "")) // 7
	for query, want := range map[string][]int{
		"":                                   {1, 2, 3, 4, 5, 6, 7},
		"limit=2":                            {6, 7},
		"limit=0":                            nil,
		"method=post":                        {1},
		"method=PATCH":                       nil,
		"status=404":                         {2, 4, 5},
		"status=2xx&status=400":              {1, 3, 6},
		"status=0":                           nil,
		"project=" + other:                   {4},
		"project=" + other + "&type=SLACK":   nil,
		"type=DATADOG":                       {1, 4},
		"type=DATADOG&type=SLACK&status=404": {2, 4},
		"path=*/DATADOG":                     {1, 4},
		"path=*/x/y/z":                       {5}, // the journal hides these segments
		"since=4":                            {5, 6, 7},
		"since=4&status=200":                 {6},
		"since=6":                            {7},
		"since=7":                            nil,
		"challenge=false":                    {1, 2, 3, 4, 5, 6},
		"challenge=true":                     {7},
	} {
		response, status := getRequests(t, s, query)
		var got []int
		for _, r := range response.Requests {
			got = append(got, r.Seq)
		}
		if diff := cmp.Diff(want, got); diff != "" || status != 200 || response.Last != 7 {
			t.Errorf("%s: %d, last %d (-want +got):\n%s", query, status, response.Last, diff)
		}
	}
	if response, _ := getRequests(t, s, "status=404&limit=0"); response.Count != 3 || len(response.Requests) != 0 {
		t.Errorf("limit=0: %v", response)
	}
	controlCall(t, s, "DELETE", "/requests", "")
	call(t, s, "GET", v2(""), "")
	if response, _ := getRequests(t, s, "since=7"); response.Count != 1 || response.Requests[0].Seq != 8 {
		t.Errorf("the numbers begin again: %v", response)
	}
}

// awaitWaiters returns when n calls wait.
func awaitWaiters(t *testing.T, s *fakeatlas.Server, n int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); fakeatlas.Waiters(s) != n; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d calls wait, want %d", fakeatlas.Waiters(s), n)
		}
	}
}

func TestWaitForRequests(t *testing.T) {
	s := newServer(t)
	call(t, s, "GET", v2("/SLACK"), "")
	if response, status := getRequests(t, s, "wait=1m&method=GET"); status != 200 || response.Count != 1 || response.Last != 1 {
		t.Errorf("an earlier request: %d %v", status, response)
	}
	responses := make(chan journalResponse)
	go func() {
		response, status := getRequests(t, s, "wait=10m&min=2&type=SLACK&status=404")
		if status != 200 {
			t.Errorf("got %d", status)
		}
		responses <- response
	}()
	awaitWaiters(t, s, 1)
	for _, typ := range []string{"/DATADOG", "/SLACK", "/SLACK"} {
		call(t, s, "GET", v2(typ), "")
	}
	got := <-responses
	var seqs []int
	for _, request := range got.Requests {
		seqs = append(seqs, request.Seq)
	}
	if diff := cmp.Diff([]any{2, []int{1, 3}, 3}, []any{got.Count, seqs, got.Last}); diff != "" {
		t.Errorf("count, requests, last (-want +got):\n%s", diff)
	}
	response, status := getRequests(t, s, "wait=1ms&min=4&type=SLACK")
	if status != 408 || response.Error != "3 of 4 matching requests were made within 1ms" {
		t.Errorf("too few: %d %v", status, response)
	}
	awaitWaiters(t, s, 0)
}

func TestWaitingEndsWithItsClient(t *testing.T) {
	s := fakeatlas.Start(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		r, err := http.NewRequestWithContext(ctx, "GET", s.URL+API+"/requests?wait=10m", nil)
		if err == nil {
			_, err = http.DefaultClient.Do(r)
		}
		done <- err
	}()
	awaitWaiters(t, s, 1)
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	awaitWaiters(t, s, 0)
}

// A server that shuts down waits for running requests, so these end first. The time for reading a request does not
// end a wait.
func TestWaitingEndsWithTheServer(t *testing.T) {
	s := newServer(t)
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	// Without the time for the header, a busy machine would not read the request in time.
	server := &http.Server{Handler: s, ReadTimeout: 10 * time.Millisecond, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	get := func(wait string) (int, string) {
		t.Helper()
		resp, err := http.Get("http://" + listener.Addr().String() + API + "/requests?wait=" + wait)
		if err != nil {
			t.Error(err)
			return 0, ""
		}
		defer resp.Body.Close()
		var response journalResponse
		err = json.NewDecoder(resp.Body).Decode(&response)
		if err != nil {
			t.Error(err)
		}
		return resp.StatusCode, response.Error
	}
	if status, text := get("100ms"); status != 408 {
		t.Errorf("%d %s", status, text)
	}
	type result struct {
		status int
		text   string
	}
	done := make(chan result)
	go func() {
		status, text := get("10m")
		done <- result{status, text}
	}()
	awaitWaiters(t, s, 1)
	for range 2 { // a second Shutdown is harmless
		if err := server.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if got := <-done; got.status != 503 || !strings.Contains(got.text, "shutting down") {
		t.Error(got)
	}
}

func TestWaitersAreBounded(t *testing.T) {
	s := newServer(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	for range 100 {
		go func() {
			_, err := s.WaitForRequest(ctx, func(fakeatlas.Request) bool { return false })
			done <- err
		}()
	}
	awaitWaiters(t, s, 100)
	if response, status := getRequests(t, s, "wait=10m"); status != 503 || response.Error != "can't wait: 100 calls wait already" {
		t.Errorf("one more: %d %v", status, response)
	}
	cancel()
	for range 100 {
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
	none := newServer(t, fakeatlas.WithJournal(0))
	if response, status := getRequests(t, none, "wait=10m"); status != 400 || response.Error != "can't wait: the server keeps no journal" {
		t.Errorf("without a journal: %d %v", status, response)
	}
}

func TestWaitForRequest(t *testing.T) {
	s := newServer(t)
	found := make(chan fakeatlas.Request)
	go func() {
		r, err := s.WaitForRequest(t.Context(), func(r fakeatlas.Request) bool {
			return r.Operation == "create" && len(s.Requests(project)) > 0 // may use the server
		})
		if err != nil {
			t.Error(err)
		}
		found <- r
	}()
	awaitWaiters(t, s, 1)
	call(t, s, "GET", v2("/DATADOG"), "")
	call(t, s, "POST", v2("/DATADOG"), datadog)
	if got := <-found; got.Seq != 2 || got.Body["type"] != "DATADOG" {
		t.Errorf("got %v", got)
	}
}

func TestResetOneProject(t *testing.T) {
	const other = "5d791c84ff7a2522cc4f9aa1"
	s := newServer(t)
	for _, id := range []string{project, other} {
		call(t, s, "POST", integrations("v2", id, "/DATADOG"), datadog)
		call(t, s, "POST", integrations("v2", id, "/WEBHOOK"), `{"type":"WEBHOOK","url":"https://h.example/1"}`)
		wantStatus(t, call(t, s, "POST", "/api/atlas/v2/groups/"+id+"/alertConfigs", // which uses the webhook
			`{"enabled":true,"eventTypeName":"NO_PRIMARY","notifications":[{"typeName":"WEBHOOK","intervalMin":5}]}`), 201, "")
		inject(t, s, fakeatlas.Fault{Project: id, Status: 500})
	}
	s.SetClock(testNoon)
	wantControl := func(path string, status int, text string) {
		t.Helper()
		if got := controlCall(t, s, "POST", path, ""); got.status != status || !strings.Contains(got.body, text) {
			t.Errorf("%s: %v", path, got)
		}
	}
	wantControl("/reset?"+url.Values{"project": {project}}.Encode(), 204, "")
	if got := s.Integrations(project); len(got) != 0 {
		t.Errorf("%v is left", got)
	}
	counts := []int{len(s.Integrations(other)), len(s.Requests()), len(s.Faults())}
	if diff := cmp.Diff([]int{2, 3, 1}, counts); diff != "" {
		t.Fatalf("integrations, requests, faults of the other project (-want +got):\n%s", diff)
	}
	if request, fault := s.Requests()[0].Project, s.Faults()[0].Project; request != other || fault != other {
		t.Errorf("the request is to %s and the fault for %s, want %s", request, fault, other)
	}
	if got := controlCall(t, s, "GET", "/clock", ""); !strings.Contains(got.body, `"running":false`) {
		t.Errorf("the clock was reset: %s", got.body)
	}
	wantControl("/reset?project=1", 400, "project ID")
	s.ClearFaults()
	call(t, s, "DELETE", "/api/atlas/v2/groups/"+other, "")
	wantControl("/reset?project="+other, 400, "deleted")
	named := newServer(t, fakeatlas.WithProjects(project))
	if got := controlCall(t, named, "POST", "/reset?project="+other, ""); got.status != 400 {
		t.Errorf("an unknown project: %v", got)
	}
}

func TestMaskedState(t *testing.T) {
	s := newServer(t)
	call(t, s, "POST", v2("/DATADOG"), datadog)
	call(t, s, "POST", v2("/WEBHOOK"), `{"type":"WEBHOOK","url":"https://h.example/`+secret+`","secret":"`+secret+`"}`)
	call(t, s, "POST", v2("/PROMETHEUS"), `{"type":"PROMETHEUS","username":"u","password":"`+secret+`","serviceDiscovery":"http","enabled":true}`)
	wantStatus(t,
		call(t, s, "POST", "/api/atlas/v2/groups/"+project+"/alertConfigs",
			`{"enabled":true,"eventTypeName":"NO_PRIMARY","notifications":[{"typeName":"OPS_GENIE","opsGenieApiKey":"`+secret+`","intervalMin":5}]}`),
		201, "")
	call(t, s, "PATCH", "/api/atlas/v2/groups/"+project+"/settings", `{"isSchemaAdvisorEnabled":false}`)
	if got := controlCall(t, s, "GET", "/state", ""); !strings.Contains(got.body, secret) || got.header.Get("Atlasint-Secrets") != "plain" {
		t.Errorf("%s", got.body)
	}
	got := controlCall(t, s, "GET", "/state?masked=true", "")
	if strings.Contains(got.body, secret) || got.header.Get("Atlasint-Secrets") != "masked" {
		t.Errorf("%s", got.body)
	}
	for _, part := range []string{
		`"apiKey":"****************************c0de"`, `"url":"https://h.example/****c0de"`, `"password":"(hidden)"`,
		`"opsGenieApiKey":"****************************c0de"`, `"isSchemaAdvisorEnabled":false`, `"username":"u"`,
	} {
		if !strings.Contains(got.body, part) {
			t.Errorf("%s is missing: %s", part, got.body)
		}
	}
	other := controlCall(t, s, "GET", "/state?project=5d791c84ff7a2522cc4f9aa1", "")
	if strings.TrimSuffix(other.body, "\n") != `{"format":3,"projects":{}}` {
		t.Errorf("another project: %s", other.body)
	}
	if got := controlCall(t, s, "PUT", "/state", got.body); got.status != 400 {
		t.Errorf("masks are restored: %v", got)
	}
}

// A reset of a project ends, also while clients create integrations.
func TestResetOneProjectInUse(t *testing.T) {
	file, err := filestore.Open(filepath.Join(t.TempDir(), "f.db")) // slow enough for clients to act during a reset
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	s := newServer(t, fakeatlas.WithStore(file))
	stop := make(chan struct{})
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					call(t, s, "PUT", integrations("v2", project, "/WEBHOOK"), `{"type":"WEBHOOK","url":"https://h.example/1"}`)
					call(t, s, "POST", "/api/atlas/v2/groups/"+project+"/alertConfigs",
						`{"enabled":true,"eventTypeName":"NO_PRIMARY","notifications":[{"typeName":"WEBHOOK","intervalMin":5}]}`)
				}
			}
		})
	}
	for range 40 {
		if got := controlCall(t, s, "POST", "/reset?project="+project, ""); got.status != 204 {
			t.Errorf("%d %s", got.status, got.body)
			break
		}
	}
	close(stop)
	clients.Wait()
}
