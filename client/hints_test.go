package client_test

import (
	"context"
	"errors"
	"go/ast"
	"go/token"
	"net/http"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/client"
)

// SuggestedOption is the field of the options that the hint names, and a program can replace the text of the hint, also
// in the cause of an UnreadError.
func TestSuggestedOptions(t *testing.T) {
	at := func(url string) error {
		_, err := client.New(client.Options{Credentials: keys, BaseURL: url})
		return err
	}
	never := roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPut {
			return response200(`{"results":[]}`, r)
		}
		return nil, context.DeadlineExceeded
	})
	c := connect(t, "https://atlas.example", client.Options{Transport: never})
	_, stored := c.Update(context.Background(), project, payload(t, datadog))
	for _, tc := range []struct {
		err    error
		option string
	}{
		{at("https://u:p@cloud.mongodb.com"), "Credentials"},
		{at("http://cloud.mongodb.com"), "PlainHTTP"},
		{at("cloud.mongodb.com"), ""},
		{list(c), "Timeout"},
		{stored, "Timeout"},
	} {
		cause := tc.err
		var unread *client.UnreadError
		if errors.As(cause, &unread) {
			cause = unread.Cause
		}
		var wrong *client.UsageError
		var transportErr *client.TransportError
		option, hint := "", (*string)(nil)
		switch {
		case errors.As(cause, &wrong):
			option, hint = wrong.SuggestedOption, &wrong.Hint
		case errors.As(cause, &transportErr):
			option, hint = transportErr.SuggestedOption, &transportErr.Hint
		default:
			t.Fatalf("the error is %v", tc.err)
		}
		named := regexp.MustCompile(`the option (\w+)|$`).FindStringSubmatch(tc.err.Error())[1]
		_, isField := reflect.TypeFor[client.Options]().FieldByName(option)
		if option != tc.option {
			t.Errorf("the option is %q, want %q: %v", option, tc.option, tc.err)
		}
		if named != option {
			t.Errorf("the hint names the option %q, want %q: %v", named, option, tc.err)
		}
		if option != "" && !isField {
			t.Errorf("Options has no field %s", option)
		}
		*hint = "other words"
		if got := tc.err.Error(); !strings.HasSuffix(got, "; other words") || strings.Contains(got, "option") {
			t.Errorf("the error has become %s", got)
		}
	}
}

func response200(body string, r *http.Request) (*http.Response, error) {
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
