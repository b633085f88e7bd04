package fakectl

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
)

const standard = "http://127.0.0.1:8080"

// kindAndText returns the kind and the text of an error.
func kindAndText(t *testing.T, err error) (problem.Kind, string) {
	t.Helper()
	var known *problem.Error
	switch {
	case err == nil:
		return problem.None, ""
	case !errors.As(err, &known):
		t.Fatalf("no kind: %v", err)
	}
	return known.Kind, err.Error()
}

func TestErrorsOfTheServer(t *testing.T) {
	for name, tc := range map[string]struct {
		status     int
		body       string
		token      string
		kind       problem.Kind
		text, hint string
	}{
		"success":      {status: 200, body: `{"requests":[]}`, kind: problem.None},
		"other object": {status: 200, body: `{"items":[]}`, kind: problem.Failure, text: "without the JSON of a fake Atlas", hint: "check the URL"},
		"null":         {status: 200, body: `{"requests":null}`, kind: problem.Failure, text: "without the JSON of a fake Atlas", hint: "check the URL"},
		"HTML":         {status: 502, body: "<html>", kind: problem.Failure, text: "returned HTTP 502", hint: "check the URL"},
		"redirect":     {status: 302, kind: problem.Failure, text: "returned HTTP 302", hint: "check the URL"},
		"no control API": {
			status: 404,
			body:   `{"error":404,"errorCode":"RESOURCE_NOT_FOUND"}`,
			kind:   problem.Failure,
			text:   "has no control API: the server was started with --no-control, or without " + TokenVariable,
			hint:   "; restart it without the flag",
		},
		"no token":    {status: 401, body: `{"error":"denied"}`, kind: problem.Failure, text: "requires the token", hint: TokenVariable},
		"wrong token": {status: 401, body: `{"error":"denied"}`, token: "t0k", kind: problem.Failure, text: "rejects the token", hint: TokenVariable},
		"rejected": {
			status: 400,
			body:   `{"error":"no such member","hint":"leave it out"}`,
			kind:   problem.Input,
			text:   "no such member",
			hint:   "; leave it out",
		},
		"too few":       {status: 408, body: `{"error":"1 of 2"}`, kind: problem.Finding, text: "1 of 2", hint: "fake requests lists"},
		"missing":       {status: 404, body: `{"error":"none","hint":"of the server"}`, kind: problem.Input, text: "none", hint: "; of the call"},
		"control bytes": {status: 400, body: `{"error":"a\u001b[2Jb"}`, kind: problem.Input, text: "a\uFFFD[2Jb"},
		"failed":        {status: 500, body: `{"error":"broken"}`, kind: problem.Failure, text: "broken"},
	} {
		t.Run(name, func(t *testing.T) {
			var token string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				token = r.Header.Get("Authorization")
				w.WriteHeader(tc.status)
				fmt.Fprint(w, tc.body)
			}))
			defer server.Close()
			base, _ := url.Parse(server.URL)
			c := &client{base: base, token: tc.token, timeout: time.Minute}
			_, err := c.send(t.Context(), call{method: http.MethodGet, path: "requests", member: "requests", missingHint: "of the call"}, nil)
			kind, text := kindAndText(t, err)
			if kind != tc.kind {
				t.Errorf("kind %d, want %d: %q", kind, tc.kind, text)
			}
			for _, part := range []string{tc.text, tc.hint} {
				if !strings.Contains(text, part) {
					t.Errorf("%q is missing in %q", part, text)
				}
			}
			if want := strings.TrimSuffix("Bearer "+tc.token, "Bearer "); token != want {
				t.Errorf("the server got the token %q", token)
			}
		})
	}
}

func TestTargetOfFlagOrVariable(t *testing.T) {
	for _, tc := range []struct{ text, variable, want string }{
		{"", "", standard},
		{"", "http://h:1", "http://h:1"},
		{"https://g:2", "http://h:1", "https://g:2"},
		{"h:1", "", ""},
		{"ftp://h:1", "", ""},
		{"http://u:pa55word@h:1", "", ""},
	} {
		t.Setenv(URLVariable, tc.variable)
		got := ""
		u, err := target("URL", tc.text, standard)
		if err == nil {
			got = u.String()
		} else if strings.Contains(err.Error(), "pa55word") {
			t.Errorf("the error shows the password: %v", err)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%q, $%s %q: (-want +got)\n%s", tc.text, URLVariable, tc.variable, diff)
		}
	}
}

// The error for the URL of an endpoint or a page names the base URL, without a path that may be secret.
func TestTargetWithPath(t *testing.T) {
	for text, want := range map[string]string{
		"http://h:1/api/atlas/v2/":      "--url has the path of an endpoint; end it before /api/atlas: http://h:1",
		"http://h:1/_atlasint/ui/":      "--url has the path of an endpoint; end it before /_atlasint: http://h:1",
		"http://h:1/secret/api/atlas":   "--url has the path of an endpoint; end it before /api/atlas",
		"http://h:1/gateway":            "",
		"http://h:1/_atlasint/?q=a#top": "--url has the path of an endpoint; end it before /_atlasint: http://h:1",
	} {
		got := ""
		if _, err := target("--url", text, standard); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestTargetOfFile(t *testing.T) {
	for text, want := range map[string]string{"http://h:1\n": "", " \n": "is empty", "{}": "has no base URL"} {
		file := filepath.Join(t.TempDir(), "url.txt")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := targetOfFile(file, standard)
		if _, got := kindAndText(t, err); (err == nil) != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if _, err := targetOfFile(filepath.Join(t.TempDir(), "none"), standard); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("a missing file: %v", err)
	}
}

// The token is sent over http only to this machine, or if the user allows it.
func TestTokenOverHTTP(t *testing.T) {
	t.Setenv(TokenVariable, "t0k")
	for _, tc := range []struct {
		url     string
		plain   bool
		allowed bool
	}{
		{"http://127.0.0.1:1", false, true},
		{"http://[::1]:1", false, true},
		{"http://LOCALHOST:1", false, true},
		{"https://fake.example.com", false, true},
		{"http://fake.example.com", false, false},
		{"http://fake.example.com", true, true},
	} {
		f := flags{url: tc.url, plainHTTP: tc.plain, timeout: time.Second}
		if _, err := f.client(); (err == nil) != tc.allowed {
			t.Errorf("%s, --plain-http=%t: %v", tc.url, tc.plain, err)
		}
	}
}

func TestFilterOfRequests(t *testing.T) {
	f := filter{method: "PUT", statuses: []string{"4xx", "0"}, types: []string{"datadog"}, since: 7}
	if err := f.check(); err != nil {
		t.Fatal(err)
	}
	want := url.Values{"method": {"PUT"}, "status": {"4xx", "0"}, "type": {"DATADOG"}, "since": {"7"}}
	if diff := cmp.Diff(want, f.query()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for want, f := range map[string]filter{
		"did you mean DATADOG?": {types: []string{"DATADGO"}},
		"--status: ":            {statuses: []string{"6xx"}},
		"--project: ":           {projects: []string{"one"}},
		`--method: "PSOT" is not a method of HTTP; did you mean POST?`: {method: "PSOT"},
		"--method: \"zzzzzzzz\" is not a method of HTTP; write one":    {method: "zzzzzzzz"},
	} {
		if err := f.check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestDurationText(t *testing.T) {
	for d, want := range map[time.Duration]string{
		10 * time.Minute: "10m", time.Hour: "1h", 90 * time.Second: "1m30s", time.Hour + time.Minute: "1h1m", 5 * time.Second: "5s",
	} {
		if got := durationText(d); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
}

// Texts of the server can't change the terminal.
func TestTableEscapes(t *testing.T) {
	want := "A         B\nlong\uFFFD[2J  x\n"
	if diff := cmp.Diff(want, table([]string{"A", "B"}, []string{"long\x1b[2J", "x"})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// The table of requests has each mark of the journal.
func TestTableShowsMarksOfRequests(t *testing.T) {
	for want, r := range map[string]request{
		"":                                    {Status: 200},
		"     GROUP_NOT_FOUND\n":              {ErrorCode: "GROUP_NOT_FOUND"},
		"     challenge\n":                    {Challenge: true, ErrorCode: "UNEXPECTED_ERROR"},
		"     UNEXPECTED_ERROR, fault 7\n":    {ErrorCode: "UNEXPECTED_ERROR", Fault: "7"},
		"     fault 7: delay 2s, truncate\n":  {Fault: "7", FaultEffect: "delay 2s, truncate", Status: 200},
		"     stub 1\n":                       {Stub: "1"},
		"     RESOURCE_NOT_FOUND, fallback\n": {ErrorCode: "RESOURCE_NOT_FOUND", Fallback: true},
	} {
		if diff := cmp.Diff(want, r.notes(false)); diff != "" {
			t.Errorf("%+v: (-want +got)\n%s", r, diff)
		}
	}
}

// The text of the server stays as it is, since another package made it. The flags of its members follow.
func TestFlagHintOfErrors(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":"invalid fault: status is missing","hint":"set status or errorCode"}`)
	}))
	defer server.Close()
	base, _ := url.Parse(server.URL)
	c := &client{base: base, timeout: time.Minute}
	_, err := c.send(t.Context(), call{method: http.MethodPost, path: "faults", member: "id", flagHint: "errorCode is --error-code"}, nil)
	want := base.Host + ": invalid fault: status is missing; set status or errorCode; errorCode is --error-code"
	if kind, text := kindAndText(t, err); kind != problem.Input || text != want {
		t.Errorf("kind %d, %q, want %q", kind, text, want)
	}
}

// No error shows the token, which a server repeats in all parts of its response, also in malformed ones.
func TestErrorsHideTheToken(t *testing.T) {
	const token = "c0ntrolCanary-5b1e7d"
	for name, response := range map[string]string{
		"length":         "HTTP/1.1 200 OK\r\nContent-Length: @\r\n\r\n",
		"coding":         "HTTP/1.1 200 OK\r\nTransfer-Encoding: @\r\n\r\n",
		"header":         "HTTP/1.1 200 OK\r\n@\r\n\r\n",
		"status":         "HTTP/1.1 @\r\n\r\n",
		"protocol":       "@ 200 OK\r\n\r\n",
		"redirect":       "HTTP/1.1 302 OK\r\nLocation: ht tp://%zz@\r\nContent-Length: 0\r\n\r\n",
		"chunk":          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n@\r\n",
		"trailer":        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n@\r\n\r\n",
		"error":          "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n{\"error\":\"bad @\",\"hint\":\"not @\"}",
		"no response":    "",
		"other response": "HTTP/1.1 200 @\r\nConnection: close\r\n\r\n@",
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				conn, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				defer conn.Close()
				fmt.Fprint(conn, strings.ReplaceAll(response, "@", strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")))
			}))
			defer server.Close()
			base, _ := url.Parse(server.URL)
			c := &client{base: base, token: token, timeout: time.Minute}
			_, err := c.send(t.Context(), call{method: http.MethodGet, path: "requests", member: "requests"}, nil)
			kind, text := kindAndText(t, err)
			if kind == problem.None {
				t.Error("no error")
			}
			if strings.Contains(text, "Canary") {
				t.Errorf("the error shows the token: %q", text)
			}
			if !strings.Contains(text, "; ") {
				t.Errorf("the error has no hint: %q", text)
			}
			if err := ping(t.Context(), base, "--timeout", ""); err == nil || !strings.Contains(err.Error(), "; ") {
				t.Errorf("ping: %v", err)
			}
		})
	}
}

// The token is hidden in any case and in any value, also as the name of a member that the response has anyway. A token
// that is too short for one does not hide parts of usual responses.
func TestHideToken(t *testing.T) {
	const response = `{"requests":[{"path":"/x/REQUESTS?q=requests1","requests":true,"n":12345678}],"count":1}`
	for token, want := range map[string]string{
		"":         response,
		"path":     response,
		"requests": `{"requests":[{"path":"/x/(hidden)?q=(hidden)1","(hidden)":true,"n":12345678}],"count":1}`,
		"12345678": `{"requests":[{"path":"/x/REQUESTS?q=requests1","requests":true,"n":"(hidden)"}],"count":1}`,
	} {
		var document, wanted any
		if err := errors.Join(decode([]byte(response), &document), decode([]byte(want), &wanted)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(wanted, hideToken(document, token, "requests")); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", token, diff)
		}
	}
}

// Each fault of a certificate has its own hint.
func TestCertificateErrors(t *testing.T) {
	for want, err := range map[string]error{
		"use the host name":   x509.HostnameError{Certificate: &x509.Certificate{}, Host: "h"},
		"replace":             x509.CertificateInvalidError{Reason: x509.Expired},
		"set SSL_CERT_FILE":   x509.UnknownAuthorityError{},
		"SSL_CERT_FILE to th": x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign},
	} {
		if got := reasonText(&tls.CertificateVerificationError{Err: err}, "--timeout", ""); !strings.Contains(got, want) {
			t.Errorf("%v: %s, want %s", err, got, want)
		}
	}
}

// A server with TLS rejects http; the error names the URL to write.
func TestHTTPToTLSServer(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	base, _ := url.Parse(strings.Replace(server.URL, "https", "http", 1))
	const want = "expects https; write https:// in the URL"
	c := &client{base: base, timeout: time.Minute}
	_, err := c.send(t.Context(), call{method: http.MethodGet, path: "requests", member: "requests"}, nil)
	if kind, text := kindAndText(t, err); kind != problem.Failure || text != base.Host+" "+want {
		t.Errorf("kind %d, %q", kind, text)
	}
	if err := ping(t.Context(), base, "--timeout", ""); err == nil || err.Error() != want {
		t.Errorf("ping: %v", err)
	}
}

// A server with TLS may close a connection of http without a response, or respond with an alert of TLS.
func TestHTTPToServersThatOnlyClose(t *testing.T) {
	for response, want := range map[string]string{
		"":                             "closed the connection without a response; check that the server is running, and write https:// in the URL if it requires TLS",
		"\x15\x03\x01\x00\x02\x02\x0a": expectsHTTPS,
		"HTTP/1.1 200 OK\r\nA: b\r\n":  "closed the connection without a response; check the URL, and that the server is running",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = io.WriteString(conn, response)
			_ = conn.Close()
		}))
		base, _ := url.Parse(server.URL)
		if err := ping(t.Context(), base, "--timeout", ""); err == nil || err.Error() != want {
			t.Errorf("%q: %v", response, err)
		}
		server.Close()
	}
}
