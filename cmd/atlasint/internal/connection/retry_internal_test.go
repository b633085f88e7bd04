package connection

import (
	"cmp"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/fakeatlas"
)

// The note before a retry names the cause of the retry.
func TestNoteNamesCauseOfRetry(t *testing.T) {
	atlas := fakeatlas.Start(t)
	cut := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("{"))
	}))
	t.Cleanup(cut.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	hung := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(hung.Close)
	for _, tc := range []struct {
		name, url string
		fault     *fakeatlas.Fault
		timeout   time.Duration
		want      string
	}{
		{name: "refused", url: gone.URL, want: "no connection to " + gone.Listener.Addr().String() + ": connection refused"},
		{name: "incomplete", url: cut.URL, want: "the response is incomplete: the server closed the connection"},
		{name: "timeout", url: hung.URL, timeout: time.Millisecond, want: "no response within 1ms"},
		{name: "rate limit", url: atlas.URL, fault: &fakeatlas.Fault{Status: http.StatusTooManyRequests}, want: "Atlas limits the requests"},
		{name: "unavailable", url: atlas.URL, fault: &fakeatlas.Fault{Status: http.StatusServiceUnavailable}, want: "Atlas returned 503 UNEXPECTED_ERROR"},
		{name: "dropped", url: atlas.URL, fault: &fakeatlas.Fault{Drop: true}, want: "the connection was lost: the server closed it"},
	} {
		t.Setenv(AccessTokenVariable, "")
		t.Setenv(PublicKeyVariable, fakeatlas.DefaultAPIKey.PublicKey)
		t.Setenv(PrivateKeyVariable, fakeatlas.DefaultAPIKey.PrivateKey)
		var notes []string
		s := Settings{
			Project: "32b6e34b3d91647abb20e7b8", BaseURL: tc.url, Timeout: cmp.Or(tc.timeout, time.Minute), Pause: func(time.Duration) time.Duration { return 0 },
		}
		conn, err := s.Connect(&workspace.Config{}, func(text string) { notes = append(notes, text) })
		if err != nil {
			t.Fatal(err)
		}
		if tc.fault != nil {
			tc.fault.Times = 3
			if err := atlas.FailNext(*tc.fault); err != nil {
				t.Fatal(err)
			}
		}
		c, err := conn.Client("v2")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = c.List(t.Context(), s.Project)
		conn.Close()
		atlas.ClearFaults()
		for _, note := range notes {
			if !strings.HasPrefix(note, tc.want+"; trying again in ") {
				t.Errorf("%s: the note is %q, want %q", tc.name, note, tc.want)
			}
		}
		if len(notes) == 0 {
			t.Errorf("%s: there is no note", tc.name)
		}
	}
}
