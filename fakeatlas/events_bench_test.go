package fakeatlas_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkOpenJournals measures requests to the API while pages of the console show the journal. Compare the times of
// 0 and 20 journals.
func BenchmarkOpenJournals(b *testing.B) {
	for _, journals := range []int{0, 20} {
		b.Run(fmt.Sprint(journals), func(b *testing.B) {
			s := newServer(b)
			server := httptest.NewServer(s)
			defer server.Close()
			ctx, cancel := context.WithCancel(b.Context())
			defer cancel()
			for range journals {
				stream, err := http.DefaultClient.Do(newRequest(b, "GET", server.URL+API+"/events", "").WithContext(ctx))
				if err != nil {
					b.Fatal(err)
				}
				go func() { _, _ = io.Copy(io.Discard, stream.Body) }() // until the context ends
			}
			authorization := "Authorization: Bearer " + token(b, s)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					r := newRequest(b, "PUT", server.URL+v2("/DATADOG"), datadog, authorization,
						"Accept: application/vnd.atlas.2023-01-01+json", "Content-Type: application/json")
					response, err := http.DefaultClient.Do(r)
					if err != nil {
						b.Error(err)
						return
					}
					_, _ = io.Copy(io.Discard, response.Body)
					if response.Body.Close() != nil || response.StatusCode != 200 {
						b.Error(response.Status)
						return
					}
				}
			})
		})
	}
}
