package fakeatlas_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
)

// A request with any header of a proxy, with any value, does not count as one of this machine.
func TestControlRejectsForwardedRequests(t *testing.T) {
	s := newServer(t)
	ask := func(header http.Header) int {
		r := httptest.NewRequest("POST", "http://localhost/_atlasint/reset", http.NoBody)
		r.RemoteAddr, r.Header = "127.0.0.1:4000", header
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w.Code
	}
	if got := ask(http.Header{"X-Atlas": {"1"}, "Accept": {"*/*"}}); got != 204 {
		t.Fatalf("a request of this machine: %d", got)
	}
	for _, name := range []string{
		"Forwarded", "Via", "X-Real-Ip", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Server",
		"X-Forwarded-Prefix", "X-Forwarded-Scheme", "X-Forwarded-Ssl", "X-Forwarded-Anything", "X-Forwarded", "X-Original-Forwarded-For",
		"X-Original-Host", "X-Client-Ip", "X-Cluster-Client-Ip", "True-Client-Ip", "Cf-Connecting-Ip", "X-Envoy-External-Address",
		"x-forwarded-for", "X_Forwarded_For",
	} {
		for _, values := range [][]string{{"10.0.0.1"}, {""}, {"", "10.0.0.1"}, {"127.0.0.1"}, {"127.0.0.1", "10.0.0.1"}, {"for=10.0.0.1", ""}} {
			if got := ask(http.Header{name: values}); got != 403 {
				t.Errorf("%s %q: %d", name, values, got)
			}
		}
	}
}

// Behind a reverse proxy that adds a header, the control API is closed. Behind one that adds none, such as nginx with
// only proxy_pass, only a token or WithoutControl closes it.
func TestControlBehindReverseProxies(t *testing.T) {
	silent := func(r *httputil.ProxyRequest) { r.Out.Host = r.Out.URL.Host }
	for name, tc := range map[string]struct {
		opts    []fakeatlas.Option
		rewrite func(*httputil.ProxyRequest)
		want    int
	}{
		"X-Forwarded-For":                {nil, func(r *httputil.ProxyRequest) { silent(r); r.SetXForwarded() }, 403},
		"the Host of the network":        {nil, func(r *httputil.ProxyRequest) { r.Out.Host = "atlas.example" }, 403},
		"nothing":                        {nil, silent, 200},
		"nothing, with a token":          {[]fakeatlas.Option{fakeatlas.WithControl("the-token")}, silent, 401},
		"nothing, without a control API": {[]fakeatlas.Option{fakeatlas.WithoutControl()}, silent, 404},
	} {
		t.Run(name, func(t *testing.T) {
			to, err := url.Parse(fakeatlas.Start(t, tc.opts...).URL)
			if err != nil {
				t.Fatal(err)
			}
			proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to); tc.rewrite(r) }})
			defer proxy.Close()
			response, err := http.Get(proxy.URL + API + "/state")
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if response.StatusCode != tc.want {
				t.Errorf("got %s, want %d", response.Status, tc.want)
			}
		})
	}
}
