package client_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/client"
)

func TestNewRejects(t *testing.T) {
	at := func(url string) client.Options { return client.Options{Credentials: keys, BaseURL: url} }
	for _, tc := range []struct {
		name    string
		options client.Options
		want    string
	}{
		{"nothing", client.Options{}, "there are no credentials; use APIKey, ServiceAccount or AccessToken"},
		{"no private key", client.Options{Credentials: client.APIKey("public", "")}, "the private key is empty; pass both parts of the API key"},
		{"no public key", client.Options{Credentials: client.APIKey("", "private")}, "the public key is empty; pass both parts of the API key"},
		{"no client secret", client.Options{Credentials: client.ServiceAccount("id", "")}, "the client secret is empty; pass both parts of the service account"},
		{"no client id", client.Options{Credentials: client.ServiceAccount("", "secret")}, "the client id is empty; pass both parts of the service account"},
		{"no token", client.Options{Credentials: client.AccessToken("")}, "the access token is empty; pass the token"},
		{
			"a line end", client.Options{Credentials: client.AccessToken("token\n")},
			"the access token begins or ends with white space; remove it, such as the line end of a file",
		},
		{
			"two lines", client.Options{Credentials: client.AccessToken("to\nken")},
			"the access token contains characters that are not allowed, such as white space; copy it again",
		},
		{"a public key with its private key", client.Options{Credentials: client.APIKey("public:private", "private")}, "the public key has a colon, which can't be sent in it; copy it again"},
		{"a client id with its secret", client.Options{Credentials: client.ServiceAccount("id:secret", "secret")}, "the client id has a colon, which can't be sent in it; copy it again"},
		{"a header", client.Options{Credentials: client.AccessToken("bearer token")}, "the access token begins with the word Bearer; leave the word out"},
		{"a host alone", at("cloud.mongodb.com"), "the base URL is not an absolute http(s) URL; use a URL such as https://cloud.mongodb.com"},
		{"host and port alone", at("localhost:8080"), "the base URL is not an absolute http(s) URL; use a URL such as https://cloud.mongodb.com"},
		{"another scheme", at("ftp://cloud.mongodb.com"), "the base URL is not an absolute http(s) URL; use a URL such as https://cloud.mongodb.com"},
		{"no host", at("https:///api"), "the base URL is not an absolute http(s) URL; use a URL such as https://cloud.mongodb.com"},
		{"a port alone", at("https://:443"), "the base URL is not an absolute http(s) URL; use a URL such as https://cloud.mongodb.com"},
		{"a port with too many digits", at("https://cloud.mongodb.com:435231"), "the base URL has a port out of range; use a port from 1 to 65535"},
		{"port 0", at("http://127.0.0.1:0"), "the base URL has a port out of range; use a port from 1 to 65535"},
		{"no URL", at("https://cloud.mongodb.com/%zz"), "the base URL can't be parsed; use a URL such as https://cloud.mongodb.com"},
		{"a query", at("https://cloud.mongodb.com?x=1"), "the base URL has a query or a fragment; end it with the host or a path"},
		{"an empty query", at("https://cloud.mongodb.com?"), "the base URL has a query or a fragment; end it with the host or a path"},
		{"a fragment", at("https://cloud.mongodb.com/#x"), "the base URL has a query or a fragment; end it with the host or a path"},
		{"an empty fragment", at("https://cloud.mongodb.com/#"), "the base URL has a query or a fragment; end it with the host or a path"},
		{
			"a password with a slash", at("https://us/er:p@cloud.mongodb.com"),
			"the base URL contains a user name or password; pass them in the option Credentials",
		},
		{"a user", at("https://u@cloud.mongodb.com"), "the base URL contains a user name or password; pass them in the option Credentials"},
		{"the path of the API", at("https://cloud.mongodb.com/api/atlas/v2"), "the base URL contains the path of the API; end it before /api/atlas: https://cloud.mongodb.com"},
		{"the path of the API on a gateway", at("https://gateway.example/token/api/atlas/v2"), "the base URL contains the path of the API; end it before /api/atlas"},
		{"half of it", at("https://cloud.mongodb.com/api/atlas"), "the base URL contains the path of the API; end it before /api/atlas: https://cloud.mongodb.com"},
		{
			"http elsewhere", at("http://cloud.mongodb.com"),
			"the base URL is http, so that others can read payloads and tokens; use https, or allow http with the option PlainHTTP",
		},
		{
			"http to a name like localhost", at("http://localhost.example"),
			"the base URL is http, so that others can read payloads and tokens; use https, or allow http with the option PlainHTTP",
		},
		{"API version", client.Options{Credentials: keys, APIVersion: "v3"}, `unknown API version "v3"; use v2 or v1.0`},
		{
			"user agent", client.Options{Credentials: keys, UserAgent: "a\r\nX: y"},
			`the user agent must be of printable ASCII characters; use one such as "deploy/1.2"`,
		},
		{"timeout", client.Options{Credentials: keys, Timeout: -1}, "the timeout must be positive, not -1ns"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := client.New(tc.options)
			var wrong *client.UsageError
			if !errors.As(err, &wrong) || err.Error() != tc.want {
				t.Fatalf("the error is %v, want %s", err, tc.want)
			}
			if wrong.Option == "" || strings.HasPrefix(err.Error(), "the base URL") != (wrong.Option == "BaseURL") {
				t.Errorf("the option is %q", wrong.Option)
			}
		})
	}
}

// The URL of requests, by the base URL.
func TestBaseURL(t *testing.T) {
	const path = "/api/atlas/v2/groups/" + project + "/integrations?itemsPerPage=500&pageNum=1"
	for base, want := range map[string]string{
		"https://cloud.mongodb.com":           "https://cloud.mongodb.com",
		"https://cloud.mongodb.com/":          "https://cloud.mongodb.com",
		"https://cloud.mongodb.com//":         "https://cloud.mongodb.com",
		"https://cloud.mongodb.com:8443/a/b/": "https://cloud.mongodb.com:8443/a/b",
		"https://cloud.mongodb.com/a%2Fb":     "https://cloud.mongodb.com/a%2Fb",
		"HTTPS://cloud.mongodb.com/api":       "https://cloud.mongodb.com/api",
		"http://localhost:1":                  "http://localhost:1",
		"http://127.8.9.1":                    "http://127.8.9.1",
		"http://[::1]:8080/x":                 "http://[::1]:8080/x",
		"http://proxy.example":                "http://proxy.example",
	} {
		var requests string
		way := roundTrip(func(r *http.Request) (*http.Response, error) {
			requests = r.URL.String()
			return at{respondWith(200, "application/json", `{"results":[]}`)}.RoundTrip(r)
		})
		options := client.Options{Transport: way, PlainHTTP: strings.Contains(base, "proxy")}
		must[[]client.Integration](t)(connect(t, base, options).List(context.Background(), project))
		if requests != want+path {
			t.Errorf("%s: asked for %s, want %s", base, requests, want+path)
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Wrong arguments are reported before a request is sent.
func TestCallsRejectInvalidArguments(t *testing.T) {
	c := connect(t, "https://atlas.example", client.Options{Transport: failing{errors.New("nothing may be sent")}})
	for _, id := range []string{"", "32B6E34B3D91647ABB20E7B8", project + "0", "../" + project, "my project"} {
		_, err := c.List(context.Background(), id)
		var wrong *client.UsageError
		if !errors.As(err, &wrong) {
			t.Errorf("project %q: %v", id, err)
		}
	}
	for _, typ := range []string{"", "datadog", "DATADOG/x", "..", "DATADOG?x", "A B"} {
		err := c.Delete(context.Background(), project, typ)
		var wrong *client.UsageError
		if !errors.As(err, &wrong) {
			t.Errorf("type %q: %v", typ, err)
		}
	}
	for name, send := range map[string]func(p client.Payload) error{
		"Create": func(p client.Payload) error { _, err := c.Create(context.Background(), project, p); return err },
		"Update": func(p client.Payload) error { _, err := c.Update(context.Background(), project, p); return err },
		"Apply":  func(p client.Payload) error { _, _, err := c.Apply(context.Background(), project, p); return err },
	} {
		var wrong *client.PayloadError
		if err := send(client.Payload{}); !errors.As(err, &wrong) || wrong.Error() != "the payload: it is empty; create it with NewPayload" {
			t.Errorf("%s of the zero Payload: %v", name, err)
		}
	}
}
