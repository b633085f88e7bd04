package fakectl

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/internal/controlapi"
)

// failing is a store that rejects everything.
type failing struct{ store.Store }

func (failing) Check(context.Context) error { return errors.New("full") }

// Ping recognizes a fake by the form of its response. The texts may change: the test changes all of them.
func TestIsFakeResponse(t *testing.T) {
	newFake := func(opts ...fakeatlas.Option) *fakeatlas.Server {
		s, err := fakeatlas.New(opts...)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	forbid := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { newFake().WriteForbidden(w, r, "reason", "hint") })
	for name, tc := range map[string]struct {
		fake   http.Handler
		remote string
		status int
		well   bool
	}{
		"healthy":        {newFake(), "127.0.0.1:1", 200, true},
		"failing store":  {newFake(fakeatlas.WithStore(failing{new(store.Memory)})), "127.0.0.1:1", 503, false},
		"token":          {newFake(fakeatlas.WithControl("secret")), "127.0.0.1:1", 401, true},
		"other machine":  {newFake(), "192.0.2.1:1", 403, true},
		"other name":     {forbid, "127.0.0.1:1", 403, true},
		"no control API": {newFake(fakeatlas.WithoutControl()), "127.0.0.1:1", 404, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "http://localhost"+controlapi.Prefix+"health", http.NoBody)
			r.RemoteAddr = tc.remote
			w := httptest.NewRecorder()
			tc.fake.ServeHTTP(w, r)
			body := regexp.MustCompile(`"(error|hint|detail)":"[^"]*"`).ReplaceAllString(w.Body.String(), `"$1":"other words"`)
			if isFake, well := isFakeResponse(w.Code, []byte(body)); !isFake || well != tc.well || w.Code != tc.status {
				t.Errorf("%d %s: it is a fake: %v, it works: %v", w.Code, body, isFake, well)
			}
		})
	}
}
