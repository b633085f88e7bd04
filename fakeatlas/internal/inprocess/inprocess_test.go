package inprocess_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas/internal/inprocess"
	"github.com/atlasint/atlasint/gen/schemas"
)

func client(handler http.HandlerFunc) *http.Client {
	return &http.Client{Transport: inprocess.RoundTripper{Handler: handler}}
}

// The handler gets the request as from a connection, and the client's request doesn't change.
func TestRequest(t *testing.T) {
	r, err := http.NewRequest("", "https://atlas.example/a%2Fb?c=d", io.NopCloser(strings.NewReader("body")))
	if err != nil {
		t.Fatal(err)
	}
	var got http.Request
	response, err := client(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = *r
		w.Header().Set("X-Body", string(body))
		w.WriteHeader(http.StatusTeapot)
		w.WriteHeader(http.StatusOK) // ignored
		_, _ = io.WriteString(w, "response")
	}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Error(err)
	}
	want := []any{http.StatusTeapot, "response", "body"}
	if diff := cmp.Diff(want, []any{response.StatusCode, string(text), response.Header.Get("X-Body")}); diff != "" {
		t.Errorf("status, body, body that the handler got (-want +got):\n%s", diff)
	}
	want = []any{"GET", "atlas.example", "/a%2Fb?c=d", "", int64(-1), true}
	received := []any{got.Method, got.Host, got.RequestURI, got.URL.Host, got.ContentLength, got.TLS != nil}
	if diff := cmp.Diff(want, received); diff != "" {
		t.Errorf("method, Host, RequestURI, host of the URL, length, TLS (-want +got):\n%s", diff)
	}
	if r.Header.Get("User-Agent") != "" || r.URL.Host == "" {
		t.Errorf("the client's request changed: %v %v", r.URL, r.Header)
	}
}

func TestResponses(t *testing.T) {
	for name, c := range map[string]struct {
		method  string
		handler http.HandlerFunc
		status  int
		body    string
		err     error  // of the request, or of its body
		never   string // not in the error
	}{
		"nothing written": {handler: func(http.ResponseWriter, *http.Request) {}, status: 200},
		"head":            {method: "HEAD", handler: func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "x") }, status: 200},
		"no content":      {handler: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, status: 204},
		"less than the length": {
			handler: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "10")
				_, _ = io.WriteString(w, "half")
			}, status: 200, body: "half", err: io.ErrUnexpectedEOF,
		},
		"dropped": {handler: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, err: io.ErrUnexpectedEOF},
		"dropped in the middle": {handler: func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "a")
			panic(http.ErrAbortHandler)
		}, status: 200, body: "a", err: io.ErrUnexpectedEOF},
		"panic": {handler: func(http.ResponseWriter, *http.Request) { panic("s3cr3t") }, err: errors.New("fakeatlas: the server failed"), never: "s3cr3t"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := http.NewRequest(c.method, "http://atlas.example/", nil)
			if err != nil {
				t.Fatal(err)
			}
			status, text := 0, []byte(nil)
			response, err := inprocess.RoundTripper{Handler: c.handler}.RoundTrip(r)
			if err == nil {
				defer response.Body.Close()
				status = response.StatusCode
				text, err = io.ReadAll(response.Body)
			}
			if status != c.status || string(text) != c.body {
				t.Errorf("%d %q, want %d %q", status, text, c.status, c.body)
			}
			if matches := errors.Is(err, c.err) || err != nil && c.err != nil && err.Error() == c.err.Error(); !matches {
				t.Errorf("error %v, want %v", err, c.err)
			}
			if c.never != "" && strings.Contains(err.Error(), c.never) {
				t.Errorf("the error has the value of the panic: %v", err)
			}
		})
	}
}

// The end of the request ends the handler, and that of the client's body too.
func TestCancel(t *testing.T) {
	for name, end := range map[string]func(cancel func(), body io.Closer){
		"request": func(cancel func(), _ io.Closer) { cancel() },
		"body":    func(_ func(), body io.Closer) { body.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			ended := make(chan struct{})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			r, err := http.NewRequestWithContext(ctx, "GET", "http://atlas.example/", nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := client(func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(http.StatusOK)
				<-r.Context().Done()
				close(ended)
			}).Do(r)
			if err != nil {
				t.Fatal(err)
			}
			end(cancel, response.Body)
			<-ended
			response.Body.Close()
		})
	}
}

func TestRequestWithoutHost(t *testing.T) {
	if _, err := (inprocess.RoundTripper{}).RoundTrip(&http.Request{}); err == nil {
		t.Error("a request without a URL has no error")
	}
}

func TestAuthorized(t *testing.T) {
	v2, v1, other := "http://h/api/atlas/v2/groups", "http://h/api/atlas/v1.0/groups", "http://h/other"
	for name, c := range map[string]struct {
		url, authorization, accept string    // as sent
		want                       [2]string // the credentials and Accept as received
	}{
		"v2":              {v2, "", "", [2]string{"Bearer token1", schemas.MediaTypeV2}},
		"v1.0":            {v1, "", "", [2]string{"Bearer token1", ""}},
		"own credentials": {v2, "Basic x", "", [2]string{"Basic x", schemas.MediaTypeV2}},
		"own Accept":      {v2, "", "text/html", [2]string{"Bearer token1", "text/html"}},
		"another path":    {other, "", "", [2]string{"", ""}},
		"another API":     {"http://h/api/public/v1.0/x", "", "", [2]string{"Bearer token1", ""}},
		"another version": {"http://h/api/atlas/v1.5/x", "", "", [2]string{"Bearer token1", ""}},
		"a token":         {"http://h/api/oauth/token", "", "", [2]string{"", ""}},
	} {
		var got [2]string
		a := &inprocess.Authorized{
			Next: inprocess.RoundTripper{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				got = [2]string{r.Header.Get("Authorization"), r.Header.Get("Accept")}
			})},
			Token: func(_ context.Context, old string) string { return "token" + string(rune('1'+len(old))) },
		}
		r, err := http.NewRequest("GET", c.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{"Authorization": c.authorization, "Accept": c.accept} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		response, err := a.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
		if r.Header.Get("Authorization") != c.authorization {
			t.Errorf("%s: the client's request changed", name)
		}
	}
}
