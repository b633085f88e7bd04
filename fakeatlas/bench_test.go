package fakeatlas

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/gen/schemas"
)

const benchConnections = 16

// benchRequests are the measured requests: a read, an accepted update and a rejected one.
var benchRequests = []struct {
	name, method, body string
	status             int
}{
	{"GET", "GET", "", 200},
	{"PUT", "PUT", `{"type":"DATADOG","apiKey":"` + testKey + `","region":"US5","sendDatabaseMetrics":true}`, 200},
	{"rejected PUT", "PUT", `{"type":"DATADOG","apiKey":"` + testKey + `","region":"US1","bogus":true}`, 400},
}

func benchServer(b *testing.B) *apiClient {
	b.Helper()
	a := newAPIClient(b, schemas.V2)
	a.want(a.do("PUT", "/DATADOG", benchRequests[1].body), 200, "")
	return a
}

// BenchmarkWire measures over the loopback interface, by as many connections as there are clients. Its floor is
// net/http itself: a handler that reads the same bodies and writes the same responses.
func BenchmarkWire(b *testing.B) {
	for _, request := range benchRequests {
		a := benchServer(b)
		response := a.do(request.method, "/DATADOG", request.body)
		if response.status != request.status {
			b.Fatal(response)
		}
		floor := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			for name, values := range response.header {
				w.Header()[name] = values
			}
			w.WriteHeader(response.status)
			_, _ = io.WriteString(w, response.body)
		})
		b.Run(request.name+"/floor", func(b *testing.B) { benchWire(b, a, floor, request.method, request.body, request.status) })
		b.Run(request.name+"/fake", func(b *testing.B) { benchWire(b, a, a.s, request.method, request.body, request.status) })
	}
}

func benchWire(b *testing.B, a *apiClient, handler http.Handler, method, body string, status int) {
	b.Helper()
	server := httptest.NewServer(handler)
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: benchConnections, MaxIdleConnsPerHost: benchConnections}}
	defer client.CloseIdleConnections()
	once := func() error {
		r, err := http.NewRequest(method, server.URL+a.path("/DATADOG"), strings.NewReader(body))
		if err != nil {
			return err
		}
		r.Header = http.Header{"Accept": {datedMedia}, "Content-Type": {"application/json"}, "Authorization": {"Bearer " + a.token}}
		response, err := client.Do(r)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if response.StatusCode != status {
			return fmt.Errorf("got %s", response.Status)
		}
		_, err = io.Copy(io.Discard, response.Body)
		return err
	}
	b.SetParallelism(max(1, benchConnections/runtime.GOMAXPROCS(0)))
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := once(); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
}

// discard is a response writer that drops the body.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(status int)      { d.status = status }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }

// BenchmarkHandler measures without a network.
func BenchmarkHandler(b *testing.B) {
	for _, request := range benchRequests {
		b.Run(request.name, func(b *testing.B) {
			a := benchServer(b)
			r := a.request(request.method, "/DATADOG", nil)
			b.ReportAllocs()
			for b.Loop() {
				r.Body = io.NopCloser(strings.NewReader(request.body))
				w := &discard{header: http.Header{}}
				if a.s.ServeHTTP(w, r); w.status != request.status {
					b.Fatalf("got %d", w.status)
				}
			}
		})
	}
}
