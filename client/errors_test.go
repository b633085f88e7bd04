package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/gen/atlasv2"
	"github.com/atlasint/atlasint/gen/schemas"
)

// respondWith responds to every request with the same response.
func respondWith(status int, media, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", media)
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	})
}

// challengeWith responds to each request with a challenge and an error of Atlas.
func challengeWith(challenge string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("WWW-Authenticate", challenge)
		respondWith(401, "application/json", `{"error":401,"errorCode":"A_CODE","detail":"No."}`).ServeHTTP(w, r)
	})
}

func limitedUntil(retryAfter string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", retryAfter)
		respondWith(429, "application/json", `{"error":429,"errorCode":"RATE_LIMITED"}`).ServeHTTP(w, r)
	})
}

const there = "https://atlas.example/api/atlas/v2/groups/" + project + "/integrations"

// at responds to requests to https://atlas.example.
type at struct{ http.Handler }

func (a at) RoundTrip(r *http.Request) (*http.Response, error) {
	recorder, r := httptest.NewRecorder(), r.Clone(r.Context())
	if r.Body == nil {
		r.Body = http.NoBody
	}
	a.ServeHTTP(recorder, r)
	return recorder.Result(), nil
}

func reach(t *testing.T, h http.Handler, options client.Options) *client.Client {
	t.Helper()
	options.Transport = at{h}
	return connect(t, "https://atlas.example", options)
}

func list(c *client.Client) error { _, err := c.List(context.Background(), project); return err }

func create(c *client.Client) error {
	p, _ := client.NewPayload(datadog)
	_, err := c.Create(context.Background(), project, p)
	return err
}

const (
	html = "text/html; charset=utf-8"
	// checkBaseURL is the hint for a response that is not from Atlas.
	checkBaseURL = "; check the base URL: the response may be from a proxy, a sign-in page or another server"
)

func TestNetworkErrors(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	untrusted := httptest.NewUnstartedServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = log.New(io.Discard, "", 0)
	untrusted.StartTLS()
	defer untrusted.Close()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for _, tc := range []struct{ name, base, want string }{
		{
			"no listener", closed.URL,
			"no connection to " + strings.TrimPrefix(closed.URL, "http://") + ": connection refused; check the base URL and the network",
		},
		{"no TLS", strings.Replace(plain.URL, "http", "https", 1), "the server does not support TLS; check the base URL: the server may expect http"},
		{
			"unknown authority", untrusted.URL,
			"the certificate of 127.0.0.1 is not trusted; check the base URL, or trust your own certificate authority with the option Transport",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for name, login := range map[string]client.Credentials{"digest": keys, "service account": account()} {
				_, err := bare(t, tc.base, client.Options{Credentials: login}).Create(context.Background(), project, payload(t, datadog))
				transportErr := as[*client.TransportError](t, err)
				if got := transportErr.Reason + "; " + transportErr.Hint; got != tc.want {
					t.Errorf("%s: got  %s\nwant %s", name, got, tc.want)
				}
				if transportErr.MaybeDone {
					t.Errorf("%s: MaybeDone is true in %v", name, err)
				}
			}
		})
	}
}

// No error of a broken connection has the text of a library.
func TestBrokenConnections(t *testing.T) {
	const lost = "the connection was lost: the server closed it; try again"
	for name, tc := range map[string]struct {
		response string // of the server, before it closes the connection
		resets   bool
		want     string
	}{
		"closed":             {"", false, lost + "; if the server requires TLS, write https:// in the base URL"},
		"reset":              {"", true, lost + "; if the server requires TLS, write https:// in the base URL"},
		"an alert of TLS":    {"\x15\x03\x01\x00\x02\x02\x0a", false, "the server expects https; write https:// in the base URL"},
		"cut in the headers": {"HTTP/1.1 200 OK\r\nA: b\r\n", false, lost},
		"cut in the body": {
			"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", false,
			"the response is incomplete: the server closed the connection; try again",
		},
		"another protocol": {"SSH-2.0-OpenSSH\r\n", false, "the response is not HTTP; check the base URL"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				defer conn.Close()
				_, _ = io.WriteString(conn, tc.response)
				if tcp, ok := conn.(*net.TCPConn); ok && tc.resets {
					_ = tcp.SetLinger(0)
				}
			}))
			defer server.Close()
			_, err := bare(t, server.URL, client.Options{Credentials: keys}).List(context.Background(), project)
			expectEnd(t, err, "/integrations: "+tc.want)
		})
	}
}

// The text of an error of a custom transport is kept.
func TestOtherTransportErrors(t *testing.T) {
	c := bare(t, "https://atlas.example", client.Options{Credentials: keys, Transport: always{errors.New("circuit open")}})
	if _, err := c.List(context.Background(), project); err == nil || !strings.HasSuffix(err.Error(), ": the connection was lost: circuit open; try again") {
		t.Errorf("the error is %v", err)
	}
}

// always is a transport that fails.
type always struct{ err error }

func (a always) RoundTrip(*http.Request) (*http.Response, error) { return nil, a.err }

// Each fault of a certificate has its own hint.
func TestCertificateErrors(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	later := server.Client().Transport.(*http.Transport).Clone()
	later.TLSClientConfig.Time = func() time.Time { return server.Certificate().NotAfter.Add(time.Hour) }
	for _, tc := range []struct {
		base, want string
		transport  http.RoundTripper
	}{
		{
			strings.Replace(server.URL, "127.0.0.1", "localhost", 1),
			"the certificate of localhost is for another host; check the base URL: use the host name in the certificate",
			server.Client().Transport,
		},
		{server.URL, "the certificate of 127.0.0.1 has expired or is not valid yet; replace the certificate, or correct the clock of this machine", later},
	} {
		_, err := bare(t, tc.base, client.Options{Credentials: keys, Transport: tc.transport}).List(context.Background(), project)
		expectEnd(t, err, tc.want)
		if option := as[*client.TransportError](t, err).SuggestedOption; option != "" {
			t.Errorf("the hint suggests the option %s: %v", option, err)
		}
	}
}

func TestUnknownHost(t *testing.T) {
	unknown := &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "atlas.example", IsNotFound: true}}
	c := connect(t, "https://atlas.example", client.Options{Transport: failing{unknown}})
	_, err := c.Create(context.Background(), project, payload(t, datadog))
	want := "POST " + there + "/DATADOG: the host atlas.example can't be found; check the base URL and the network"
	expectText(t, err, want)
	expectIs(t, err, unknown)
}

// An APIError has all parts of the response.
func TestAPIErrorHasAllPartsOfTheResponse(t *testing.T) {
	body := `{"badRequestDetail":{"fields":[{"description":"unknown value","field":"region"}]},"detail":"Invalid.","error":400,` +
		`"errorCode":"INVALID_ENUM_VALUE","parameters":["US1",3,true,null,{"a":1}],"reason":"Bad Request"}`
	_, err := reach(t, respondWith(400, "application/json;charset=utf-8", body), client.Options{}).List(context.Background(), project)
	var got *client.APIError
	if !errors.As(err, &got) {
		t.Fatalf("the error is %v", err)
	}
	want := &client.APIError{
		Method: "GET", URL: there, Status: 400, Code: "INVALID_ENUM_VALUE", Detail: "Invalid.", Reason: "Bad Request",
		Parameters: []any{"US1", 3.0, true, nil, "(hidden)"},
		Fields:     []client.FieldViolation{{Field: "region", Description: "unknown value"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	expectIs(t, err, client.Code("INVALID_ENUM_VALUE"))
	if errors.Is(err, client.ErrNotConfigured) {
		t.Error("the error matches another code")
	}
}

// Wrong credentials, roles and projects, with the texts of the fake.
func TestAPIErrorTexts(t *testing.T) {
	atlas, base := fake(t, fakeatlas.WithProjects(project))
	other := strings.Repeat("0", 24)
	for _, tc := range []struct {
		name    string
		login   client.Credentials
		project string
		fault   fakeatlas.Fault
		status  int
		code    client.Code
		end     string
	}{
		{
			"wrong key", client.APIKey(fakeatlas.DefaultAPIKey.PublicKey, "another"), project, fakeatlas.Fault{}, 401,
			"UNEXPECTED_ERROR", "; check the credentials",
		},
		{"wrong secret", client.ServiceAccount("someone", "else"), project, fakeatlas.Fault{}, 401, "invalid_client", "; check the credentials"},
		{"wrong token", client.AccessToken("none.of.them"), project, fakeatlas.Fault{}, 401, "UNEXPECTED_ERROR", "; check the credentials"},
		{"wrong project", keys, other, fakeatlas.Fault{}, 404, client.ErrProjectNotFound, "; check the project ID"},
		{"wrong role", keys, project, fakeatlas.Fault{Status: 403, ErrorCode: "USER_UNAUTHORIZED"}, 403, "USER_UNAUTHORIZED", "project Read Only to read"},
		{"wrong address", keys, project, fakeatlas.Fault{Status: 403}, 403, "IP_ADDRESS_NOT_ON_ACCESS_LIST", "access list of the API key"},
		{"version gone", keys, project, fakeatlas.Fault{ErrorCode: "VERSION_GONE"}, 410, "VERSION_GONE", "; request a later version"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if tc.fault.Status != 0 || tc.fault.ErrorCode != "" {
				if err := atlas.FailNext(tc.fault); err != nil {
					t.Fatal(err)
				}
			}
			_, err := bare(t, base, client.Options{Credentials: tc.login}).List(context.Background(), tc.project)
			apiErr := as[*client.APIError](t, err)
			if apiErr.Status != tc.status {
				t.Errorf("the status is %d, want %d", apiErr.Status, tc.status)
			}
			if apiErr.Code != tc.code {
				t.Errorf("the code is %s, want %s", apiErr.Code, tc.code)
			}
			expectIs(t, err, tc.code)
			if !strings.HasSuffix(strings.ToLower(err.Error()), strings.ToLower(tc.end)) {
				t.Errorf("the error is %v, want it to end with %s", err, tc.end)
			}
		})
	}
}

// Credentials and payloads are sent to the host of the base URL only.
func TestRedirectsAreNotFollowed(t *testing.T) {
	visited := false
	probe := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visited = true }))
	defer probe.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		for name, login := range logins {
			base := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, probe.URL, status) }))
			if name == "bearer" {
				login = func(*testing.T, string) client.Credentials { return client.AccessToken("a-token") }
			}
			_, err := bare(t, base, client.Options{Credentials: login(t, base)}).Create(context.Background(), project, payload(t, datadog))
			if got := as[*client.TransportError](t, err).Status; got != status {
				t.Errorf("%s: the status is %d, want %d", name, got, status)
			}
			if visited {
				t.Fatalf("%d, %s: the client has followed the redirect", status, name)
			}
		}
	}
}

// Responses as recorded from Atlas: a charset, a null where no description has a field, and
// fields and types of a later Atlas.
func TestRecordedResponses(t *testing.T) {
	const (
		masked = `{"apiKey":"****************************2846","customEndpoint":null,"id":"65f1a2b3c4d5e6f708192a3b","region":"US",` +
			`"sendCollectionLatencyMetrics":false,"sendDatabaseMetrics":false,"sendQueryStatsMetrics":false,` +
			`"sendUserProvidedResourceTags":false,"_newToggle":{"deep":[1.0]},"type":"DATADOG"}`
		newer    = `{"id":"65f1a2b3c4d5e6f708192a3c","url":"https://x/****","type":"CARRIER_PIGEON"}`
		recorded = `{"links":[{"href":"https://cloud.mongodb.com/x?pageNum=1&itemsPerPage=100","rel":"self"}],` +
			`"results":[` + newer + `,` + masked + `],"totalCount":2}`
	)
	c := reach(t, respondWith(200, "application/vnd.atlas.2023-01-01+json;charset=utf-8", recorded), client.Options{})
	want := []client.Integration{
		{Type: "CARRIER_PIGEON", ID: "65f1a2b3c4d5e6f708192a3c", JSON: []byte(newer)},
		{Type: "DATADOG", ID: "65f1a2b3c4d5e6f708192a3b", JSON: []byte(masked)},
	}
	list := must[[]client.Integration](t)(c.List(context.Background(), project))
	if diff := cmp.Diff(want, list); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
	in := must[client.Integration](t)(c.Create(context.Background(), project, payload(t, datadog)))
	if diff := cmp.Diff(want[1], in); diff != "" {
		t.Errorf("created (-want +got):\n%s", diff)
	}
	var view atlasv2.Datadog
	if err := in.As(&view); err != nil {
		t.Fatal(err)
	}
	if view.CustomEndpoint != nil {
		t.Errorf("the endpoint is %q, want none", *view.CustomEndpoint)
	}
	if *view.Region != "US" {
		t.Errorf("the region is %q, want US", *view.Region)
	}
	var ownView struct{ URL string }
	if err := list[0].As(&ownView); err != nil || ownView.URL != "https://x/****" {
		t.Errorf("%v, %+v", err, ownView)
	}
	again := payload(t, []byte(in.JSON))
	if diff := cmp.Diff(masked, string(again.JSON())); diff != "" {
		t.Errorf("as a payload (-want +got):\n%s", diff)
	}
}

// The examples of the API description are read too.
func TestOneResponseFromTheDescriptionPerType(t *testing.T) {
	for _, apiVersion := range []string{schemas.V1, schemas.V2} {
		for typ, p := range examples(t, apiVersion) {
			in := must[client.Integration](t)(reach(t, respondWith(200, "application/json;charset=utf-8", string(p.JSON())),
				client.Options{APIVersion: apiVersion}).Get(context.Background(), project, typ))
			if in.Type != typ || string(in.JSON) != string(p.JSON()) {
				t.Errorf("%s %s: %s", apiVersion, typ, in.JSON)
			}
		}
	}
}

// The integration that was sent can be on another page than the one that responds.
func TestListReadsAllPages(t *testing.T) {
	const page = `{"links":[{"href":"x","rel":"next"}],"results":[{"type":"SLACK"}]}`
	var requests []string
	c := reach(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests = append(requests, r.Method+" "+r.URL.RawQuery)
		switch {
		case r.Method == http.MethodGet && r.URL.RawQuery == "":
			fmt.Fprint(w, datadog)
		case r.URL.Query().Get("pageNum") == "2":
			fmt.Fprint(w, `{"results":[{"type":"WEBHOOK"}]}`)
		default:
			fmt.Fprint(w, page)
		}
	}), client.Options{})
	in := must[client.Integration](t)(c.Update(context.Background(), project, payload(t, datadog)))
	list := must[[]client.Integration](t)(c.List(context.Background(), project))
	types := []string{in.Type}
	for _, listed := range list {
		types = append(types, listed.Type)
	}
	if diff := cmp.Diff([]string{"DATADOG", "SLACK", "WEBHOOK"}, types); diff != "" {
		t.Errorf("the types of the updated integration and of the list (-want +got):\n%s", diff)
	}
	want := []string{"PUT ", "GET ", "GET itemsPerPage=500&pageNum=1", "GET itemsPerPage=500&pageNum=2"}
	if diff := cmp.Diff(want, requests); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// A server whose every page links to a next page does not keep the client busy forever.
func TestListLimitsPages(t *testing.T) {
	page := func(results string) string { return `{"links":[{"rel":"next"}],"results":[` + results + `]}` }
	for name, tc := range map[string]struct {
		body, want string
		pages      int
	}{
		"pages":   {page(`{"type":"SLACK"}`), ": the list has too many pages; check the base URL", 20},
		"bytes":   {page(`{"type":"SLACK","teamName":"` + strings.Repeat("x", 5<<20) + `"}`), ": the list is too large; check the base URL", 2},
		"results": {page(strings.Repeat("{},", 10_000) + "{}"), "with too many integrations; check the base URL: ", 1},
	} {
		pages := 0
		respond := respondWith(200, "application/json", tc.body)
		_, err := reach(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			pages++
			respond.ServeHTTP(w, r)
		}), client.Options{}).List(context.Background(), project)
		if text := as[*client.TransportError](t, err).Error(); !strings.Contains(text, tc.want) || pages != tc.pages {
			t.Errorf("%s: %d pages, %s", name, pages, text)
		}
	}
}

// After a response that can't be read, the change may have been made.
func TestChangeWithAnUnreadableResponse(t *testing.T) {
	for i, response := range []http.Handler{respondWith(204, "application/json", ""), respondWith(200, html, "<h1>Done</h1>")} {
		for method, call := range calls {
			err := call(context.Background(), reach(t, response, client.Options{}))
			if method == http.MethodDelete && i == 0 {
				if err != nil {
					t.Errorf("DELETE: %v", err)
				}
				continue
			}
			if want := method != http.MethodGet; as[*client.TransportError](t, err).MaybeDone != want {
				t.Errorf("%s: MaybeDone is %t in %v", method, !want, err)
			}
		}
	}
}

// After an error of a proxy, the change may have been made; after one of Atlas it was not.
func TestServerErrorsReportPossibleChanges(t *testing.T) {
	for _, status := range []int{500, 502, 504, 520, 524} {
		for method, call := range calls {
			err := call(context.Background(), reach(t, respondWith(status, html, "<h1>Error</h1>"), client.Options{}))
			if want := method != http.MethodGet; as[*client.TransportError](t, err).MaybeDone != want {
				t.Errorf("%s, got %d: MaybeDone is %t in %v", method, status, !want, err)
			}
		}
	}
	ofAtlas := respondWith(500, "application/json", `{"error":500,"errorCode":"UNEXPECTED_ERROR"}`)
	as[*client.APIError](t, create(reach(t, ofAtlas, client.Options{})))
}

func TestGetOfAnotherType(t *testing.T) {
	_, err := reach(t, respondWith(200, "application/json", datadog), client.Options{}).Get(context.Background(), project, "SLACK")
	as[*client.TransportError](t, err)
}

// The codes for errors.Is are those of the API description.
func TestCodesAreDescribed(t *testing.T) {
	for _, code := range []client.Code{client.ErrNotConfigured, client.ErrAlreadyConfigured, client.ErrProjectNotFound, client.ErrRateLimited} {
		if !slices.ContainsFunc(schemas.ErrorCodes, func(c schemas.ErrorCode) bool { return c.Code == string(code) }) {
			t.Errorf("%s is no code of x-error-codes in openapi/", code)
		}
	}
}

// A token that no header can contain is not a lost connection.
func TestTokensThatAreInvalidInHeaders(t *testing.T) {
	for _, token := range []string{`"a\r\nX: y"`, `"a b"`, `" a"`, `"\u00e4"`, `"Bearer abc"`, `""`, `5`} {
		c := bare(t, "https://atlas.example", client.Options{
			Credentials: client.ServiceAccount("id", "secret"),
			Transport:   at{respondWith(200, "application/json", `{"access_token":`+token+`,"token_type":"Bearer","expires_in":3600}`)},
		})
		want := "POST https://atlas.example/api/oauth/token: the response contains no valid access token; check the base URL"
		if err := list(c); err == nil || err.Error() != want {
			t.Errorf("%s: the error is %v", token, err)
		}
	}
}
