package fakeatlas

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const wirePath = "/api/atlas/v2/groups/" + testProject + "/integrations"

// sendRaw sends bytes over a connection of their own and reads the statuses of all responses, until the server
// closes the connection.
func (l *loopback) sendRaw(text string) (statuses []int) {
	l.t.Helper()
	c := dial(l.t, l)
	defer c.Close()
	text = strings.NewReplacer("AUTH", "Authorization: Bearer "+l.token+"\r\nAccept: "+datedMedia, "PATH", wirePath).Replace(text)
	_, _ = io.WriteString(c, text) // the server may close the connection before the end
	_ = c.(*net.TCPConn).CloseWrite()
	responses := bufio.NewReader(c)
	for {
		response, err := http.ReadResponse(responses, nil)
		if err != nil {
			return statuses
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return statuses
		}
		statuses = append(statuses, response.StatusCode)
	}
}

// If a proxy might read a request in another way than the server, the server sends one response, usually 400 or 501,
// and closes the connection. It never handles the text after the request as a second request. A length together with a
// coding is the exception: see TestUnusualValidRequests.
func TestSmuggledRequests(t *testing.T) {
	const hidden = "DELETE PATH/OPS_GENIE HTTP/1.1\r\nHost: x\r\nAUTH\r\n\r\n"
	const get = "GET PATH HTTP/1.1\r\nHost: x\r\nAUTH\r\n"
	for name, c := range map[string]struct {
		text string
		want []int
	}{
		"the same length twice, then another": {get + "Content-Length: 0\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n" + hidden, []int{400}},
		"two lengths":                         {get + "Content-Length: 0\r\nContent-Length: 5\r\n\r\n" + hidden, []int{400}},
		"two lengths in one":                  {get + "Content-Length: 0, 5\r\n\r\n" + hidden, []int{400}},
		"a signed length":                     {get + "Content-Length: +0\r\n\r\n" + hidden, []int{400}},
		"a negative length":                   {get + "Content-Length: -1\r\n\r\n" + hidden, []int{400}},
		"a huge length":                       {get + "Content-Length: 99999999999999999999\r\n\r\n" + hidden, []int{400}},
		"a length in hexadecimal":             {get + "Content-Length: 0x10\r\n\r\n" + hidden, []int{400}},
		"an unknown coding":                   {get + "Transfer-Encoding: xchunked\r\n\r\n" + hidden, []int{501}},
		"two codings":                         {get + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + hidden, []int{501}},
		"a coding with a tab":                 {get + "Transfer-Encoding:\tchunked\r\nTransfer-Encoding: x\r\n\r\n" + hidden, []int{501}},
		"a coding by HTTP/1.0": {
			strings.Replace(get, "1.1", "1.0", 1) + "Transfer-Encoding: chunked\r\n\r\n" + hidden, []int{200},
		}, // HTTP/1.0 has none, and its connection ends
		"a space before the colon":   {get + "Content-Length : 5\r\n\r\n" + hidden, []int{400}},
		"a header without a name":    {get + ": 5\r\n\r\n" + hidden, []int{400}},
		"a header without a colon":   {get + "Content-Length 5\r\n\r\n" + hidden, []int{400}},
		"NUL in a value":             {get + "X-A: a\x00b\r\n\r\n" + hidden, []int{400}},
		"a bare CR in a value":       {get + "X-A: a\rX-B: b\r\n\r\n" + hidden, []int{400}},
		"a folded first header":      {"GET PATH HTTP/1.1\r\n Host: x\r\nAUTH\r\n\r\n" + hidden, []int{400}},
		"no host":                    {"GET PATH HTTP/1.1\r\nAUTH\r\n\r\n" + hidden, []int{400}},
		"two hosts":                  {get + "Host: y\r\n\r\n" + hidden, []int{400}},
		"a host with a path":         {"GET PATH HTTP/1.1\r\nHost: x/y\r\nAUTH\r\n\r\n" + hidden, []int{400}},
		"a host with spaces":         {"GET PATH HTTP/1.1\r\nHost: x y\r\nAUTH\r\n\r\n" + hidden, []int{400}},
		"a path with a space":        {"GET PATH/ x HTTP/1.1\r\nHost: x\r\nAUTH\r\n\r\n" + hidden, []int{400}},
		"a path with NUL":            {"GET PATH/\x00 HTTP/1.1\r\nHost: x\r\nAUTH\r\n\r\n" + hidden, []int{400}},
		"a path with a bad escape":   {"GET PATH/%zz HTTP/1.1\r\nHost: x\r\nAUTH\r\n\r\n" + hidden, []int{400}},
		"another version":            {"GET PATH HTTP/3.7\r\nHost: x\r\nAUTH\r\n\r\n" + hidden, []int{505}},
		"no version":                 {"GET PATH\r\n\r\n" + hidden, []int{400}},
		"the preface of HTTP/2":      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + hidden, []int{404}},
		"a method with a line break": {"GET\r\nX PATH HTTP/1.1\r\nHost: x\r\n\r\n" + hidden, []int{400}},
		"a bad chunk": {"PUT PATH/OPS_GENIE HTTP/1.1\r\nHost: x\r\nAUTH\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n" +
			hidden, []int{400}},
		"a chunk of more than there is": {"PUT PATH/OPS_GENIE HTTP/1.1\r\nHost: x\r\nAUTH\r\nContent-Type: " +
			"application/json\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n" +
			hidden, []int{400}},
		"a huge header": {get + "X-A: " + strings.Repeat("a", 2<<20) + "\r\n\r\n" + hidden, []int{431}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newLoopback(t)
			w.want(200, "PUT", "v2", testProject, "/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"k-1"}`)
			got := w.sendRaw(c.text)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("statuses (-want +got): %s", diff)
			}
			if _, there := w.s.Integration(testProject, "OPS_GENIE"); !there {
				t.Error("the server has handled the hidden request")
			}
		})
	}
}

// The server accepts unusual requests that are valid. If a request has a length and a transfer coding, the coding
// determines where it ends (RFC 9112), and the next request starts there. Folded headers are obsolete, but valid.
func TestUnusualValidRequests(t *testing.T) {
	w := newLoopback(t)
	for name, c := range map[string]struct {
		text string
		want []int
	}{
		"a length and a coding": {"GET PATH HTTP/1.1\r\nHost: x\r\nAUTH\r\nContent-Length: 100\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", []int{200}},
		"a length and a coding, then a request": {
			"GET PATH HTTP/1.1\r\nHost: x\r\nAUTH\r\nContent-Length: 100\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
				"GET PATH HTTP/1.1\r\nHost: x\r\nAUTH\r\n\r\n", []int{200, 200},
		},
		"a length twice, then a request": {
			"GET PATH HTTP/1.1\r\nHost: x\r\nAUTH\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n" +
				"GET PATH HTTP/1.1\r\nHost: x\r\nAUTH\r\n\r\n", []int{200, 200},
		},
		"a folded header": {"GET PATH HTTP/1.1\r\nHost: x\r\nAUTH\r\nX-A: a\r\n Authorization: x\r\n\r\n", []int{200}},
		"a folded authorization": {"GET PATH HTTP/1.1\r\nHost: x\r\nAccept: " + datedMedia + "\r\nAuthorization: Bearer\r\n " + w.token + "\r\n\r\n",
			[]int{200}},
		"an absolute target":       {"GET http://elsewhere.invalidPATH HTTP/1.1\r\nHost: x\r\nAUTH\r\n\r\n", []int{200}},
		"a proxy's question":       {"CONNECT elsewhere.invalid:443 HTTP/1.1\r\nHost: x\r\nAUTH\r\n\r\n", []int{404}},
		"a question to the server": {"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", []int{200}},
		"TRACE":                    {"TRACE PATH HTTP/1.1\r\nHost: x\r\nAUTH\r\nX-Secret: s\r\n\r\n", []int{405}},
		"an unknown expectation":   {"PUT PATH/OPS_GENIE HTTP/1.1\r\nHost: x\r\nAUTH\r\nExpect: 200-ok\r\nContent-Length: 2\r\n\r\n{}", []int{417}},
		"HTTP/1.0":                 {"GET PATH HTTP/1.0\r\nAUTH\r\n\r\n", []int{200}},
		"one after the other":      {strings.Repeat("GET PATH HTTP/1.1\r\nHost: x\r\nAUTH\r\n\r\n", 3), []int{200, 200, 200}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, w.sendRaw(c.text)); diff != "" {
				t.Errorf("statuses (-want +got): %s", diff)
			}
		})
	}
}

// The server rejects a request without credentials before it requests the body with 100 Continue.
func TestExpectContinue(t *testing.T) {
	w := newLoopback(t)
	for _, c := range []struct {
		header string
		want   int
	}{{"X-A: b", 401}, {"AUTH", 100}} {
		conn := dial(t, w)
		defer conn.Close()
		text := strings.NewReplacer("AUTH", "Authorization: Bearer "+w.token+"\r\nAccept: "+datedMedia).Replace(c.header)
		_, _ = io.WriteString(conn, "PUT "+wirePath+"/OPS_GENIE HTTP/1.1\r\nHost: x\r\n"+text+"\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n\r\n")
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || response.StatusCode != c.want {
			t.Errorf("%s: %v %v, want %d", c.header, response, err, c.want)
		}
	}
}

// No request can add a header or a line to a response.
func TestResponsesAreOneLineEach(t *testing.T) {
	w := newLoopback(t)
	for _, text := range []string{
		"GET PATH/%0d%0aX-Injected:%20y HTTP/1.1\r\nHost: x\r\nAUTH\r\n\r\n",
		"GET /%0d%0aX-Injected:%20y HTTP/1.1\r\nHost: x\r\nAUTH\r\n\r\n",
		"GET PATH?pretty=%0d%0aX-Injected:%20y HTTP/1.1\r\nHost: x\r\nAUTH\r\n\r\n",
		"GET PATH?a=%0d%0aX-Injected:%20y HTTP/1.1\r\nHost: x\r\nAUTH\r\n\r\n",
		"X-Injected PATH HTTP/1.1\r\nHost: x\r\nAUTH\r\n\r\n",
	} {
		conn := dial(t, w)
		defer conn.Close()
		_, _ = io.WriteString(conn, strings.NewReplacer("AUTH", "Authorization: Bearer "+w.token+"\r\nAccept: "+datedMedia, "PATH", wirePath).Replace(text))
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if _, isInjected := response.Header["X-Injected"]; isInjected {
			t.Errorf("%q: %v", text, response.Header)
		}
		if err != nil || !strings.HasPrefix(string(body), "{") {
			t.Errorf("%q: the body %q is no object, error %v", text, body, err)
		}
		wantNoParts(t, text, string(body), "\r", "\n")
	}
}
