package client_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/fakeatlas"
)

// A call that is canceled while its token is requested returns at once. Close waits for the token and revokes it.
func TestCloseRevokesTheTokenOfACanceledCall(t *testing.T) {
	atlas, err := fakeatlas.New()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	returned := make(chan struct{})
	base := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/token") {
			cancel()
			<-returned
		}
		atlas.ServeHTTP(w, r)
	}))
	c := bare(t, base, client.Options{Credentials: account()})
	_, err = c.List(ctx, project)
	close(returned)
	expectIs(t, err, context.Canceled)
	if err := c.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if got, want := operations(atlas), "token revoke"; got != want {
		t.Errorf("requests: %s, want %s", got, want)
	}
}

// Close reports a token that the server may have issued to a canceled call, and no other.
func TestCloseReportsALostToken(t *testing.T) {
	for _, canceled := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		base := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			if canceled {
				cancel()
			}
			panic(http.ErrAbortHandler)
		}))
		c := bare(t, base, client.Options{Credentials: account(), Retries: -1})
		if _, err := c.List(ctx, project); errors.Is(err, context.Canceled) != canceled {
			t.Errorf("canceled %t: List: %v", canceled, err)
		}
		cancel()
		switch err := c.Close(); {
		case canceled:
			expectText(t, err, "POST "+base+"/api/oauth/token: the call was stopped, and the response with the token did not arrive")
		case err != nil:
			t.Errorf("Close: %v", err)
		}
	}
}

// The request of a token ends 5 seconds after its call was canceled, but at the deadline of the call.
func TestOutlast(t *testing.T) {
	for _, tc := range []struct{ canceledAfter, endsAfter time.Duration }{
		{time.Second, 6 * time.Second}, {10 * time.Second, 2 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			ctx, cancelTimeout := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancelTimeout()
			ctx, cancel := context.WithCancel(ctx)
			defer cancel()
			lasting, end := client.Outlast(ctx, 5*time.Second)
			defer end()
			time.AfterFunc(tc.canceledAfter, cancel)
			<-lasting.Done()
			if got := time.Since(start); got != tc.endsAfter {
				t.Errorf("it ends after %s, want %s", got, tc.endsAfter)
			}
		})
	}
}
