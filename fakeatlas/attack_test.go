package fakeatlas

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
)

var anyNonce = regexp.MustCompile(`nonce="[^"]*"`)

// textOf returns the whole response, without the parts that differ each time.
func textOf(got reply) string {
	return anyNonce.ReplaceAllString(fmt.Sprint(got.status, got.header, got.body), "")
}

// Unknown, malformed, expired and revoked tokens are rejected with the same response.
func TestRejectedTokensLookAlike(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	expired, revoked := issue(t, a.s), issue(t, a.s)
	a.s.clock.Advance(time.Hour)
	good := issue(t, a.s)
	if err := a.s.auth.Tokens.Revoke(t.Context(), revoked); err != nil {
		t.Fatal(err)
	}
	want := textOf(a.do("GET", "", "", "Authorization:"))
	for name, token := range map[string]string{
		"unknown": "x", "expired": expired, "revoked": revoked, "one letter off": good[:len(good)-1] + "!", "longer": good + "x",
		"cut": good[:len(good)-1], "without signature": good[:strings.LastIndex(good, ".")+1], "other case": strings.ToUpper(good), "two": good + " " + good,
	} {
		if got := textOf(a.do("GET", "", "", "Authorization: Bearer "+token)); got != want {
			t.Errorf("%s: %s\nwant %s", name, got, want)
		}
	}
	a.want(a.do("GET", "", "", "Authorization: Bearer "+good), 200, "")
}

// Of two credentials a proxy may have checked the other one.
func TestTwoAuthorizations(t *testing.T) {
	a := newAPIClient(t, schemas.V2, WithControl("control"))
	for _, c := range []struct {
		method, target string
		good           string
	}{
		{"GET", a.path(""), "Bearer " + a.token},
		{"POST", "/api/oauth/token", basic(DefaultServiceAccount.ClientID, DefaultServiceAccount.ClientSecret)},
		{"POST", "/api/oauth/revoke", basic(DefaultServiceAccount.ClientID, DefaultServiceAccount.ClientSecret)},
		{"POST", "/_atlasint/reset", "Bearer control"},
	} {
		for _, both := range [][]string{{c.good, "Bearer x"}, {"Bearer x", c.good}, {c.good, c.good}} {
			r := a.request(c.method, a.path(""), strings.NewReader(tokenForm), "Content-Type: application/x-www-form-urlencoded")
			r.URL.Path, r.URL.RawQuery = c.target, ""
			r.Header["Authorization"] = both
			if got := a.send(r); got.status != 401 {
				t.Errorf("%s with %q: %d", c.target, both, got.status)
			}
		}
	}
}

// ambiguousPaths are paths that a proxy may read as another path.
func ambiguousPaths() []string {
	const good = "/api/atlas/v2/groups/" + testProject + "/integrations"
	return []string{
		good + "/../integrations", good + "/%2e%2e/integrations", good + "/%2E%2E", "/api/oauth/../atlas/v2/groups/" + testProject + "/integrations",
		"/api/oauth/%2e%2e/atlas/v2/groups/" + testProject + "/integrations", "/api/oauth/..%2fatlas/v2/groups/" + testProject + "/integrations",
		"/api/oauth%2f..%2fatlas/v2/groups/" + testProject + "/integrations", "/_atlasint/%2e%2e/api/atlas/v2/groups/" + testProject + "/integrations",
		"/api/atlas/v2/../../../_atlasint/state", "/api/atlas/v2/%2e%2e/%2e%2e/%2e%2e/_atlasint/state", "//_atlasint/state",
		"/_Atlasint/state", "/_atlasint%2fstate",
		"/./_atlasint/state", "/x/..%2f_atlasint/state", "/_atlasint/../_atlasint/state", "/_atlasint/./state",
		"/_atlasint//state", "/_atlasint/state/", "/_atlasint/State",
		good + "%2fOPS_GENIE", good + "//OPS_GENIE", "/" + good, good + "/", good + "/OPS_GENIE/", good + "/ops_genie", good + "/OPS_GENIE%00", good + "/%00",
		good + "/OPS_GENIE%2f", good + "/OPS_GENIE;x=1", good + "/OPS_GENIE%3fpretty=true", good + "/OPS_GENIE%23",
		good + "/%4fPS_GENIE%20", good + "\\OPS_GENIE", good + "/OPS%5fGENIE%0d%0aX: y",
		strings.ToUpper(good), strings.Replace(good, testProject, strings.ToUpper(testProject), 1), strings.Replace(good, testProject, testProject+"%00", 1),
		strings.Replace(good, testProject, "..", 1), strings.Replace(good, testProject, "%2e%2e", 1), strings.Replace(good, testProject, "", 1),
		strings.Replace(good, "/v2/", "/v2%2f", 1), strings.Replace(good, "/v2/", "/V2/", 1), strings.Replace(good, "/api/", "/api/./", 1),
		good + "/" + strings.Repeat("x", 60_000), good + strings.Repeat("/x", 30_000), strings.Repeat("/..", 20_000), "/%ff%fe", "/%c0%ae%c0%ae/api",
	}
}

// No spelling of a path avoids the credentials, or reaches another endpoint.
func TestPathTricks(t *testing.T) {
	a := newAPIClient(t, schemas.V2, WithControl("control")).has("OPS_GENIE")
	before := a.stored()
	for _, path := range ambiguousPaths() {
		u, err := url.ParseRequestURI(path)
		if err != nil {
			continue // net/http itself returns 400
		}
		for _, method := range []string{"GET", "PUT", "DELETE", "CONNECT"} {
			for _, header := range []string{"Authorization:", "Authorization: Bearer " + a.token} {
				r := a.request(method, "", strings.NewReader(`{"type":"OPS_GENIE","apiKey":"changed"}`), header)
				r.URL, r.RequestURI = u, path
				got := a.send(r)
				if got.status < 400 || got.status >= 500 {
					t.Errorf("%s %.200s with %.20s: %d %.300s", method, path, header, got.status, got.body)
				}
				if needsCredentials := wire.APIVersionOf(u.Path) != ""; needsCredentials && strings.HasSuffix(header, ":") && got.status != 401 {
					t.Errorf("%s %.200s without credentials: %d %.300s", method, path, got.status, got.body)
				}
			}
		}
	}
	if diff := cmp.Diff(before, a.stored()); diff != "" {
		t.Errorf("changed: %s", diff)
	}
}

// A path with unnecessary escapes is the same path, and requires the same credentials.
func TestEscapedPathIsTheSame(t *testing.T) {
	a := newAPIClient(t, schemas.V2).has("OPS_GENIE")
	target := strings.Replace(a.path("/OPS%5FGENIE"), "atlas", "%61tlas", 1)
	a.want(a.do("GET", "/api"+strings.TrimPrefix(target, "/api"), "", "Authorization:"), 401, "UNEXPECTED_ERROR")
	a.want(a.do("GET", target, ""), 200, "")
}

func utf16Of(s string, mark bool) string {
	var out bytes.Buffer
	if mark {
		out.WriteString("\xff\xfe")
	}
	for _, unit := range utf16.Encode([]rune(s)) {
		out.Write([]byte{byte(unit), byte(unit >> 8)})
	}
	return out.String()
}

// JSON that two parsers might read differently is rejected, or read as RFC 8259 requires.
func TestJSONTricks(t *testing.T) {
	const good = `{"type":"OPS_GENIE","apiKey":"k-0001"}`
	for name, c := range map[string]struct{ body, code string }{
		"a name twice":             {`{"type":"OPS_GENIE","type":"OPS_GENIE","apiKey":"k"}`, "MALFORMED_JSON"},
		"a name twice, escaped":    {`{"type":"OPS_GENIE","\u0074ype":"SLACK","apiKey":"k"}`, "MALFORMED_JSON"},
		"a secret twice":           {`{"type":"OPS_GENIE","apiKey":"k","api\u004bey":"other"}`, "MALFORMED_JSON"},
		"a name in capitals":       {`{"Type":"OPS_GENIE","apiKey":"k"}`, "MISSING_ATTRIBUTE"},
		"a name in two cases":      {`{"type":"OPS_GENIE","Type":"SLACK","apiKey":"k"}`, "INVALID_ATTRIBUTE"},
		"a name with a look-alike": {`{"type":"OPS_GENIE","apiKey":"k","reg` + "\u0131" + `on":"US"}`, "INVALID_ATTRIBUTE"},
		"a name with NUL":          {`{"type":"OPS_GENIE","apiKey\u0000":"k"}`, "MISSING_ATTRIBUTE"},
		"a prototype":              {`{"type":"OPS_GENIE","apiKey":"k","__proto__":{"x":1}}`, "INVALID_ATTRIBUTE"},
		"another type":             {`{"type":"VICTOR_OPS","apiKey":"k"}`, "INVALID_ATTRIBUTE"},
		"deep":                     {strings.Repeat("[", 100_000), "MALFORMED_JSON"},
		"deep and closed":          {strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), "MALFORMED_JSON"},
		"deep in a field": {
			`{"type":"OPS_GENIE","apiKey":` + strings.Repeat(`{"a":`, 50_000) + "1" + strings.Repeat("}", 50_000) + "}",
			"MALFORMED_JSON",
		},
		"a huge exponent":              {`{"type":"OPS_GENIE","apiKey":1e999999999}`, "MALFORMED_JSON"},
		"a huge number":                {`{"type":"OPS_GENIE","apiKey":` + strings.Repeat("9", 200_000) + `}`, "MALFORMED_JSON"},
		"not a number":                 {`{"type":"OPS_GENIE","apiKey":NaN}`, "MALFORMED_JSON"},
		"a byte order mark":            {"\ufeff" + good, "MALFORMED_JSON"},
		"UTF-16":                       {utf16Of(good, false), "MALFORMED_JSON"},
		"UTF-16 with a mark":           {utf16Of(good, true), "MALFORMED_JSON"},
		"another value behind it":      {good + good, "MALFORMED_JSON"},
		"a byte behind it":             {good + "\x00", "MALFORMED_JSON"},
		"a comment":                    {good + "// x", "MALFORMED_JSON"},
		"half a surrogate":             {`{"type":"OPS_GENIE","apiKey":"\ud800"}`, "MALFORMED_JSON"},
		"surrogates in the wrong turn": {`{"type":"OPS_GENIE","apiKey":"\udc00\ud800"}`, "MALFORMED_JSON"},
		"a surrogate in UTF-8":         {`{"type":"OPS_GENIE","apiKey":"` + "\xed\xa0\x80" + `"}`, "MALFORMED_JSON"},
		"overlong UTF-8":               {`{"type":"OPS_GENIE","apiKey":"` + "\xc0\xaf" + `"}`, "MALFORMED_JSON"},
		"a control character":          {`{"type":"OPS_GENIE","apiKey":"` + "\x1b[2J" + `"}`, "MALFORMED_JSON"},
		"a form":                       {`type=OPS_GENIE&apiKey=k`, "MALFORMED_JSON"},
		"a list":                       {"[" + good + "]", "INVALID_JSON"},
		"null":                         {"null", "INVALID_JSON"},
		"XML":                          {`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>`, "MALFORMED_JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAPIClient(t, schemas.V2)
			for _, method := range []string{"POST", "PUT"} {
				a.want(a.do(method, "/OPS_GENIE", c.body), 400, c.code)
			}
			if stored := a.stored(); len(stored) > 0 {
				t.Errorf("stored: %v", stored)
			}
		})
	}
	a := newAPIClient(t, schemas.V2)
	a.want(a.do("POST", "/OPS_GENIE", `{"\u0074ype":"OPS_GENI\u0045","apiKey":"k"}`), 200, "") // one name, spelled in another way
}

// References in a body are not expanded: the server reads no file and no variable.
func TestReferencesAreNotExpanded(t *testing.T) {
	file := t.TempDir() + "/secret"
	if err := os.WriteFile(file, []byte(canary), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ATTACKED", canary)
	w := newRecordingClient(t, schemas.V2)
	for _, text := range []string{
		"${file:" + file + "}", "${file:/etc/passwd}", "${file:../../etc/passwd}", "${env:ATTACKED}", "$ATTACKED",
		"{{env.ATTACKED}}", "$(cat " + file + ")",
	} {
		w.want(w.do("PUT", "/VICTOR_OPS",
			string(wire.Encode(wire.Object{wire.Field("type", "VICTOR_OPS"), wire.Field("apiKey", text), wire.Field("routingKey", text)}))),
			200, "")
		if got := w.fields("VICTOR_OPS"); got["apiKey"] != text || got["routingKey"] != text {
			t.Errorf("%s is stored as %v", text, got)
		}
		w.do("GET", "/VICTOR_OPS", "")
	}
	wantNoSecrets(t, w.outputsAndMetrics(), canary)
}

// The method is the one of the request line.
func TestMethodOverride(t *testing.T) {
	a := newAPIClient(t, schemas.V2).has("OPS_GENIE")
	before := a.stored()
	for _, name := range []string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"} {
		a.want(a.do("GET", "/OPS_GENIE?_method=DELETE", "", name+": DELETE"), 200, "")
		a.want(a.do("POST", "/OPS_GENIE?_method=DELETE", `{"type":"OPS_GENIE","apiKey":"k"}`, name+": DELETE"), 409, "INTEGRATION_ALREADY_CONFIGURED")
	}
	if diff := cmp.Diff(before, a.stored()); diff != "" {
		t.Errorf("changed: %s", diff)
	}
}

// The parameters envelope and pretty change only the format of a response, not its status or content.
func TestEnvelopeTricks(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	for _, query := range []string{
		"envelope=true&envelope=false", "pretty=TRUE&pretty=x", "envelope=1", "envelope=t&pretty=T",
		"envelope=true&pretty=true", "envelope=true;pretty=true", "%65nvelope=true",
	} {
		if got := a.do("GET", "/OPS_GENIE?"+query, ""); got.status != 404 && got.status != 400 || got.header.Get("X-Error-Code") == "" {
			t.Errorf("%s: %d %s", query, got.status, got.body)
		}
		wantUnauthorized(t, a.do("GET", "?"+query, "", "Authorization:"), "false")
	}
	for _, query := range []string{
		"envelope=2", "pretty=x", "pageNum=1e1", "pageNum=0x1", "itemsPerPage=-1", "pageNum=99999999999999999999",
		"includeCount=" + strings.Repeat("1", 9000),
	} {
		a.want(a.do("GET", "?"+query, ""), 400, "INVALID_QUERY_PARAMETER")
	}
}

// gzipBomb is a valid payload with a gigabyte of spaces, compressed.
func gzipBomb(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	zip, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	spaces := bytes.Repeat([]byte(" "), 1<<20)
	for range 128 {
		_, _ = zip.Write(spaces)
	}
	_, _ = zip.Write([]byte(`{"type":"OPS_GENIE","apiKey":"k"}`))
	_ = zip.Close()
	return out.Bytes()
}

// Bodies are not decompressed.
func TestCompressedBodies(t *testing.T) {
	packed := gzipBomb(t)
	a := newAPIClient(t, schemas.V2)
	for _, encoding := range []string{"gzip", "x-gzip", "deflate", "br", "gzip, gzip", "identity"} {
		for _, method := range []string{"POST", "PUT"} {
			status, code := 415, "UNSUPPORTED_MEDIA_TYPE"
			if encoding == "identity" {
				status, code = 400, "MALFORMED_JSON"
			}
			a.want(a.send(a.request(method, "/OPS_GENIE", bytes.NewReader(packed), "Content-Encoding:"+encoding)), status, code)
		}
		r := a.request("POST", "/api/oauth/token", bytes.NewReader(packed), "Content-Encoding:"+encoding,
			"Content-Type: application/x-www-form-urlencoded", "Authorization:"+basic(DefaultServiceAccount.ClientID, DefaultServiceAccount.ClientSecret))
		want := 415
		if encoding == "identity" {
			want = 400
		}
		if got := a.send(r); got.status != want {
			t.Errorf("token with %s: %d", encoding, got.status)
		}
	}
	if len(a.stored()) > 0 {
		t.Error("an integration is stored")
	}
}

// A compression in any line of the header is found, for each endpoint with a body.
func TestContentEncodingInSeveralLines(t *testing.T) {
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	a := &apiClient{t, s, schemas.V2, testProject, ""}
	const form = "Content-Type: application/x-www-form-urlencoded"
	client := "Authorization:" + basic(DefaultServiceAccount.ClientID, DefaultServiceAccount.ClientSecret)
	for _, c := range []struct{ method, path, body, header, credentials string }{
		{"POST", "/api/oauth/token", tokenForm, form, client},
		{"POST", "/api/oauth/revoke", "token=x", form, client},
		{"POST", "/_atlasint/faults", `{"status":500}`, "Content-Type: application/json", ""},
		{"PUT", "/_atlasint/clock", `{"advance":"1s"}`, "Content-Type: application/json", ""},
		{"POST", "/_atlasint/stubs", `{"path":"/x"}`, "Content-Type: application/json", ""},
	} {
		for _, codings := range [][]string{nil, {"identity"}, {"", "IDENTITY, identity"}, {"gzip"}, {"identity", "gzip"}, {"", "br"}, {"identity, x"}} {
			r := a.request(c.method, "", strings.NewReader(c.body), c.header, "Authorization:", c.credentials)
			r.URL.Path, r.URL.RawQuery, r.Host, r.RemoteAddr = c.path, "", "127.0.0.1:8080", "127.0.0.1:4000"
			r.Header["Content-Encoding"] = codings
			last := strings.ToLower(strings.Join(codings, ""))
			rejected := last != "" && !strings.HasSuffix(last, "identity")
			got := a.send(r)
			if !rejected {
				if got.status >= 400 {
					t.Errorf("%s with %q: %d %s", c.path, codings, got.status, got.body)
				}
				continue
			}
			if got.status != 415 {
				t.Errorf("%s with %q: %d, want 415", c.path, codings, got.status)
			}
			wantParts(t, c.path, got.body, "without compression")
		}
	}
	a = newAPIClient(t, schemas.V2)
	r := a.request("POST", "/OPS_GENIE", strings.NewReader(`{"type":"OPS_GENIE","apiKey":"k"}`))
	r.Header["Content-Encoding"] = []string{"identity", "gzip"}
	a.want(a.send(r), 415, "UNSUPPORTED_MEDIA_TYPE")
	if len(a.stored()) > 0 {
		t.Error("an integration is stored")
	}
}

// Servers choose different ones of several media types, so no endpoint with a body accepts them, in any order, also if
// they are the same. The journal shows all of them.
func TestContentTypeInSeveralLines(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	client := "Authorization:" + basic(DefaultServiceAccount.ClientID, DefaultServiceAccount.ClientSecret)
	for _, c := range []struct {
		method, path, body, media, credentials string
		want                                   int
	}{
		{"POST", "/api/oauth/token", tokenForm, form, client, 400},
		{"POST", "/api/oauth/revoke", "token=x", form, client, 400},
		{"POST", "/_atlasint/faults", `{"status":500}`, "application/json", "", 415},
		{"PUT", "/_atlasint/clock", `{"advance":"1s"}`, "application/json", "", 415},
		{"POST", "/_atlasint/stubs", `{"path":"/x"}`, "application/json", "", 415},
		{"POST", "/api/atlas/v1.0/groups/" + testProject + "/integrations/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k"}`, "application/json", "", 415},
		{"POST", "/api/atlas/v2/groups/" + testProject + "/integrations/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k"}`, "application/json", "", 415},
		{"POST", "/api/atlas/v2/groups", `{"name":"a","orgId":"5f0000000000000000000001"}`, datedMedia, "", 415},
	} {
		for _, media := range [][]string{
			{c.media}, {c.media, c.media}, {c.media, "text/plain"}, {"text/plain", c.media}, {c.media, ""}, {"", c.media}, {c.media + `; a="`, `"`},
		} {
			s, err := New(WithoutAuth())
			if err != nil {
				t.Fatal(err)
			}
			a := &apiClient{t, s, schemas.V2, testProject, ""}
			r := a.request(c.method, "", strings.NewReader(c.body), "Authorization:", c.credentials)
			r.URL.Path, r.URL.RawQuery, r.Host, r.RemoteAddr = c.path, "", "127.0.0.1:8080", "127.0.0.1:4000"
			r.Header["Content-Type"] = media
			got := a.send(r)
			switch isAccepted := got.status < 400; {
			case isAccepted != (len(media) == 1), !isAccepted && got.status != c.want:
				t.Errorf("%s with %q: %d %s", c.path, media, got.status, got.body)
			}
			if requests := s.Requests(); len(requests) == 1 && len(media) == 2 && media[1] == "text/plain" {
				if got, want := requests[0].Header["Content-Type"], c.media+", text/plain"; got != want {
					t.Errorf("%s with %q: the journal has %s, want %s", c.path, media, got, want)
				}
			}
		}
	}
}

// A request that a browser sends for a page of another site is rejected, even if it is valid otherwise.
func TestPagesOfOtherSites(t *testing.T) {
	s, err := New(WithoutAuth())
	if err != nil {
		t.Fatal(err)
	}
	a := &apiClient{t, s, schemas.V1, testProject, ""}
	const body = `{"type":"OPS_GENIE","apiKey":"k"}`
	for _, header := range []string{"Origin: https://page.invalid", "Origin: null", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site"} {
		r := a.request("POST", "/OPS_GENIE", strings.NewReader(body), header, "Authorization:", "Content-Type:")
		a.want(a.send(r), 403, "UNEXPECTED_ERROR")
		a.want(a.do("GET", "", "", header, "Authorization:"), 403, "UNEXPECTED_ERROR")
	}
	if len(a.stored()) > 0 {
		t.Error("an integration is stored")
	}
	a.want(a.do("POST", "/OPS_GENIE", body, "Authorization:"), 200, "") // no browser
	link := []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Authorization:"}
	a.want(a.do("GET", "", "", link...), 200, "")
	a.want(a.do("DELETE", "/OPS_GENIE", "", link...), 403, "UNEXPECTED_ERROR")
	for _, c := range []struct {
		media string
		want  int
	}{
		{"", 204}, {"application/json", 204}, {"text/plain", 415}, {"text/plain;charset=UTF-8", 415},
		{"application/x-www-form-urlencoded", 415}, {"multipart/form-data; boundary=x", 415}, {"text/plain, application/json", 415}, {"/", 415},
		{"application/csp-report", 415}, {"application/reports+json", 415}, {"text/json", 415}, {"application/json; charset=utf-8", 204},
	} {
		r := a.request("POST", a.path(""), strings.NewReader(""), "Authorization:", "Content-Type:"+c.media)
		r.URL.Path, r.URL.RawQuery, r.Host, r.RemoteAddr = "/_atlasint/reset", "", "127.0.0.1:8080", "127.0.0.1:4000"
		if got := a.send(r); got.status != c.want {
			t.Errorf("control, %s: %d %s, want %d", c.media, got.status, got.body, c.want)
		}
	}
}

// Text in the journal, a snapshot and the log can't control a terminal, whatever its source. Its value stays the same.
func TestJournalIsFitForATerminal(t *testing.T) {
	w := newRecordingClient(t, schemas.V2)
	const escapes = "\u009b2J\u202e\u2028\x7f\U000e0001"
	for _, method := range []string{"GET", "PUT"} {
		r := w.request(method, "/OPS_GENIE", strings.NewReader(`{"type":"OPS_GENIE","`+escapes+`":1}`), "User-Agent: x"+escapes, "Content-Type: "+escapes)
		r.URL.RawQuery = escapes + "=" + escapes + "&pretty=" + escapes
		w.send(r)
		r = w.request(method, "", strings.NewReader(""))
		r.URL.Path = "/api/atlas/v2/groups/" + escapes + "/integrations/" + escapes
		w.send(r)
	}
	w.want(w.do("PUT", "/VICTOR_OPS",
		string(wire.Encode(wire.Object{wire.Field("type", "VICTOR_OPS"), wire.Field("apiKey", "k"), wire.Field("routingKey", escapes)}))),
		200, "")
	said := w.outputs()
	r := w.request("GET", "", http.NoBody)
	r.URL.Path, r.Host, r.RemoteAddr = "/_atlasint/state", "localhost", "127.0.0.1:1"
	said["snapshot"] = w.send(r).body
	var state store.State
	if err := json.Unmarshal([]byte(said["snapshot"]), &state); err != nil || state[testProject].Integrations[0].Fields["routingKey"] != escapes {
		t.Errorf("the snapshot reads %v %v", state, err)
	}
	for where, text := range said {
		if where != "responses" && strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }) {
			t.Errorf("%s: %q", where, text)
		}
	}
}

// The delay of a fault ends with its client, even if the client has sent a body.
func TestDelayEndsWithTheClient(t *testing.T) {
	w := newLoopback(t)
	if err := w.s.FailNext(Fault{Method: "PUT", Delay: 100 * time.Hour, Drop: true}); err != nil {
		t.Fatal(err)
	}
	c := dial(t, w)
	fmt.Fprintf(c,
		"PUT /api/atlas/v2/groups/%s/integrations/OPS_GENIE HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 2\r\n\r\n{}",
		testProject, w.token)
	for len(w.s.Faults()) > 0 {
		runtime.Gosched() // until the fault was applied
	}
	_ = c.Close()
	for len(w.s.Requests()) == 0 {
		runtime.Gosched() // the journal gets a request when it ends
	}
}
