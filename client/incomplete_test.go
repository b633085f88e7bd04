package client_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/client"
)

// cutOnce returns a handler that closes the connection in the middle of its first response with a status, and passes
// later requests on.
func cutOnce(t *testing.T, status int, headers string, chunked bool, next http.Handler) (h http.Handler, requests *int) {
	t.Helper()
	requests = new(int)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if *requests++; *requests > 1 {
			next.ServeHTTP(w, r)
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		const body = `{"error":409,"errorCode":"INTEGRATION_ALREADY_CONFIGURED"}`
		framed := fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body)+9, body)
		if chunked {
			framed = fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", len(body), body)
		}
		_, _ = fmt.Fprintf(conn, "HTTP/1.1 %d Text\r\n%sContent-Type: application/json\r\n%s", status, headers, framed)
	}), requests
}

// An incomplete response is reported as such with every status, also if the part that arrived is a whole error of
// Atlas. Only requests that are safe to repeat are repeated.
func TestIncompleteResponses(t *testing.T) {
	page := respondWith(200, "application/json", `{"results":[`+datadog+`]}`)
	for _, status := range []int{200, 400, 401, 403, 404, 409, 500, 502, 503, 504, 524} {
		for _, chunked := range []bool{false, true} {
			for _, login := range []client.Credentials{keys, client.AccessToken("not-a-real-token")} {
				t.Run(fmt.Sprintf("%d %t %T", status, chunked, login), func(t *testing.T) {
					h, requests := cutOnce(t, status, "", chunked, page)
					if err := list(bare(t, serve(t, h), client.Options{Credentials: login})); err != nil || *requests != 2 {
						t.Errorf("GET: %d requests, %v", *requests, err)
					}
					h, requests = cutOnce(t, status, "", chunked, page)
					err := create(bare(t, serve(t, h), client.Options{Credentials: login}))
					lost := as[*client.TransportError](t, err)
					if *requests != 1 || !strings.HasPrefix(lost.Reason, "the response is incomplete: the server closed the connection") {
						t.Errorf("POST: %d requests, %v", *requests, err)
					}
					if rejected := status >= 400 && status < 500; lost.MaybeDone == rejected {
						t.Errorf("POST: MaybeDone is %t", lost.MaybeDone)
					}
				})
			}
		}
	}
}

// The headers of an incomplete response decide about the wait, and about repeating a POST.
func TestIncompletePostponements(t *testing.T) {
	for _, status := range []int{429, 503} {
		h, requests := cutOnce(t, status, "Retry-After: 7\r\n", false, respondWith(200, "application/json", `{"results":[`+datadog+`]}`))
		var w waits
		_, err := connect(t, serve(t, h), client.Options{Wait: w.wait}).Create(context.Background(), project, payload(t, datadog))
		if diff := cmp.Diff([]time.Duration{7 * time.Second}, w.durations); err != nil || *requests != 2 || diff != "" {
			t.Errorf("%d: %d requests, %v; waits (-want +got):\n%s", status, *requests, err, diff)
		}
	}
}
