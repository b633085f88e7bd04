package fakectl

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
)

// A pinger that waits repeats failed attempts, and reads the file each time.
func TestPingerWaits(t *testing.T) {
	file := filepath.Join(t.TempDir(), "url.txt")
	name := func(url string) {
		if err := os.WriteFile(file, []byte(url+"\n"), 0o600); err != nil {
			t.Error(err)
		}
	}
	attempts := 0
	ready := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if attempts++; attempts < 3 {
			w.WriteHeader(http.StatusBadGateway)
		}
		fmt.Fprint(w, `{"status":"ok"}`)
	}))
	defer ready.Close()
	old := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		name(ready.URL)
		w.WriteHeader(http.StatusBadGateway)
	}))
	defer old.Close()
	name(old.URL)
	p := Pinger{AddrFile: file, Standard: standard, Timeout: time.Minute, Wait: time.Hour}
	if err := p.Run(t.Context()); err != nil || attempts != 3 {
		t.Errorf("%v after %d attempts", err, attempts)
	}
	p.Wait, attempts = 0, 0
	if err := p.Run(t.Context()); err == nil || attempts != 1 {
		t.Errorf("without --wait: %v after %d attempts", err, attempts)
	}
}

// A pinger waits for the file as long as it may, by the clock of the test.
func TestPingerWaitsForFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "none")
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		p := Pinger{AddrFile: file, Standard: standard, Timeout: time.Second, Wait: 10 * time.Second}
		kind, text := kindAndText(t, p.Run(t.Context()))
		if kind != problem.Failure || !strings.Contains(text, "does not exist") {
			t.Errorf("kind %d, want %d: %s", kind, problem.Failure, text)
		}
		if waited := time.Since(start); waited != p.Wait {
			t.Errorf("it waits for %v, want %v", waited, p.Wait)
		}
	})
}

// The hint of a server that does not respond names the flag that ended the attempt.
func TestPingerTimesOut(t *testing.T) {
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer silent.Close()
	for want, p := range map[string]Pinger{
		"raise --timeout": {Timeout: time.Millisecond},
		"raise --wait":    {Timeout: time.Hour, Wait: time.Millisecond},
	} {
		p.URL, p.Standard = silent.URL, standard
		if _, text := kindAndText(t, p.Run(t.Context())); !strings.HasSuffix(text, "did not respond in time; try again, or "+want) {
			t.Errorf("%s, want %s", text, want)
		}
	}
}

func TestPingerRejects(t *testing.T) {
	for want, p := range map[string]Pinger{
		"--timeout must be above 0":     {},
		"--wait must not be negative":   {Timeout: 1, Wait: -1},
		"URL and --addr-file can't be ": {Timeout: 1, URL: standard, AddrFile: "x"},
		"URL is not a base URL":         {Timeout: 1, URL: "h:1", Wait: time.Hour},
	} {
		if kind, text := kindAndText(t, p.Run(t.Context())); kind != problem.Input || !strings.HasPrefix(text, want) {
			t.Errorf("kind %d, %s; want %s", kind, text, want)
		}
	}
}

// The hint for a refused connection to the default URL names the command that starts a server there. The hint for a URL
// that you name does not.
func TestRefusedHint(t *testing.T) {
	const nowhere, usual = "http://127.0.0.1:1", "check that the server is running"
	for _, tc := range []struct{ flag, variable, ping, fake string }{
		{
			ping: "start atlasint serve, or name its URL as an argument or with ATLASINT_URL",
			fake: "start atlasint serve, or name its URL with --url or ATLASINT_URL",
		},
		{flag: nowhere, ping: usual, fake: usual},
		{variable: nowhere, ping: usual, fake: usual},
	} {
		t.Setenv(URLVariable, tc.variable)
		p := Pinger{URL: tc.flag, Standard: nowhere, Timeout: time.Minute}
		f := &flags{url: tc.flag, standard: nowhere, timeout: time.Minute}
		c, err := f.client()
		if err != nil {
			t.Fatal(err)
		}
		_, fakeErr := c.send(t.Context(), call{method: http.MethodGet, path: "clock"}, nil)
		for want, err := range map[string]error{tc.ping: p.Run(t.Context()), tc.fake: fakeErr} {
			if kind, text := kindAndText(t, err); kind != problem.Failure || text != "127.0.0.1:1 can't be reached: connection refused; "+want {
				t.Errorf("%d %s, want %s", kind, text, want)
			}
		}
	}
}
