package client_test

import (
	"context"
	"errors"
	"go/ast"
	"go/token"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/internal/hintkind"
)

// A hint that names an option has a kind, and a program can replace its text, also in an error that
// wraps the one with the hint.
func TestHintKinds(t *testing.T) {
	at := func(url string) error {
		_, err := client.New(client.Options{Credentials: keys, BaseURL: url})
		return err
	}
	never := roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPut {
			return answer200(`{"results":[]}`, r)
		}
		return nil, context.DeadlineExceeded
	})
	c := connect(t, "https://atlas.example", client.Options{Transport: never})
	_, stored := c.Update(context.Background(), project, payload(t, datadog))
	for _, tc := range []struct {
		err  error
		kind string
	}{
		{at("https://u:p@cloud.mongodb.com"), hintkind.Credentials},
		{at("http://cloud.mongodb.com"), hintkind.PlainHTTP},
		{at("cloud.mongodb.com"), ""},
		{list(c), hintkind.Timeout},
		{stored, hintkind.Timeout},
	} {
		var wrong *client.UsageError
		var transportErr *client.TransportError
		kind, hint := "", (*string)(nil)
		switch {
		case errors.As(tc.err, &wrong):
			kind, hint = wrong.HintKind, &wrong.Hint
		case errors.As(tc.err, &transportErr):
			kind, hint = transportErr.HintKind, &transportErr.Hint
		default:
			t.Fatalf("the error is %v", tc.err)
		}
		named := regexp.MustCompile(`the option [A-Z]`).MatchString(tc.err.Error())
		if kind != tc.kind || named != (kind != "") {
			t.Errorf("the kind is %q, want %q: %v", kind, tc.kind, tc.err)
		}
		*hint = "other words"
		if got := tc.err.Error(); !strings.HasSuffix(got, "; other words") || strings.Contains(got, "option") {
			t.Errorf("the error has become %s", got)
		}
	}
}

func answer200(body string, r *http.Request) (*http.Response, error) {
	return at{respondWith(200, "application/json", body)}.RoundTrip(r)
}

// The texts of a library name no flag and no command, which its users don't have.
func TestTextsNameNoFlag(t *testing.T) {
	foreign := regexp.MustCompile(`(^|\s)--?[a-z]|\batlasint [a-z]|\.atlasint`)
	if !foreign.MatchString("allow it with --plain-http") || !foreign.MatchString("atlasint validate tells the place") {
		t.Fatal("the pattern finds nothing")
	}
	for _, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, _ := strconv.Unquote(lit.Value); foreign.MatchString(text) {
					t.Errorf("a text of the client is %q", text)
				}
			}
			return true
		})
	}
}
