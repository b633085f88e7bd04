package clientgen_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/gen/atlasv1"
	"github.com/atlasint/atlasint/gen/atlasv2"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/clientgen"
)

const (
	imports    = "package p\n\nimport (\n\t\"strings\"\n)\n\n"
	errorType  = "type APIError struct {\n\tStatus int32\n\tErrorCode string\n}\n\n"
	newClient  = "func NewClient(server string, opts ...ClientOption) (*Client, error) {\n\tfor _, o := range opts {\n\t\to()\n\t}\n\treturn nil, nil\n}\n"
	completion = "client.RequestEditors = append([]RequestEditorFn{setAccept}"
)

func TestComplete(t *testing.T) {
	out, err := clientgen.Complete([]byte(imports+errorType), "x/y")
	if err != nil || !strings.Contains(string(out), "func (e APIError) Error()") || strings.Contains(string(out), "setAccept") {
		t.Errorf("types only: %v\n%s", err, out)
	}
	out, err = clientgen.Complete([]byte(imports+errorType+newClient), "x/y")
	if err != nil || !strings.Contains(string(out), completion) || !strings.Contains(string(out), `("Accept", "x/y")`) || !strings.Contains(string(out), `"net/url"`) {
		t.Errorf("with a client: %v\n%s", err, out)
	}
}

// A new version of oapi-codegen may write other code. Then Complete must fail, not write a client without the additions.
func TestCompleteUnexpectedCode(t *testing.T) {
	for name, test := range map[string]struct{ source, want string }{
		"not Go":           {"x", "can't be parsed"},
		"no error type":    {imports + newClient, "no type APIError"},
		"an alias":         {imports + "type APIError = string\n", "no type APIError"},
		"no field Status":  {imports + strings.Replace(errorType, "Status", "Error", 1), "no type APIError"},
		"no loop":          {imports + errorType + strings.Replace(newClient, "range opts", "range options", 1), "no loop over opts"},
		"no import list":   {"package p\n\n" + errorType, "no list of imports"},
		"one-line imports": {"package p\n\nimport \"strings\"\n\n" + errorType, "no list of imports"},
	} {
		if out, err := clientgen.Complete([]byte(test.source), "x/y"); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q\n%s", name, err, test.want, out)
		}
	}
}

// recorder answers every request with 404 and keeps the Accept header of the last one.
func recorder(t *testing.T) (url string, accept *string) {
	t.Helper()
	accept = new(string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*accept = r.Header.Get("Accept")
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"error":404,"errorCode":"GROUP_NOT_FOUND","detail":"value-of-a-secret"}`))
	}))
	t.Cleanup(server.Close)
	return server.URL, accept
}

func TestGeneratedClientsRequestTheirVersion(t *testing.T) {
	url, accept := recorder(t)
	older, err := atlasv1.NewClient(url)
	if err != nil {
		t.Fatal(err)
	}
	newer, err := atlasv2.NewClient(url + "/proxy/")
	if err != nil {
		t.Fatal(err)
	}
	other := func(_ context.Context, req *http.Request) error {
		req.Header.Set("Accept", "application/vnd.atlas.2025-03-12+json")
		return nil
	}
	for _, test := range []struct {
		name string
		call func() (*http.Response, error)
		want string
	}{
		{"v1.0", func() (*http.Response, error) { return older.ListIntegrations(t.Context(), "p", nil) }, schemas.MediaTypeV1},
		{"v2", func() (*http.Response, error) { return newer.ListIntegrations(t.Context(), "p", nil) }, schemas.MediaTypeV2},
		{"v2, delete", func() (*http.Response, error) { return newer.DeleteIntegration(t.Context(), "p", "SLACK", nil) }, schemas.MediaTypeV2},
		{"a token", func() (*http.Response, error) {
			return newer.RevokeTokenWithFormdataBody(t.Context(), atlasv2.RevokeRequest{})
		}, ""},
		{"an editor", func() (*http.Response, error) { return newer.ListIntegrations(t.Context(), "p", nil, other) }, "application/vnd.atlas.2025-03-12+json"},
	} {
		res, err := test.call()
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		_ = res.Body.Close()
		if *accept != test.want {
			t.Errorf("%s: Accept is %q, want %q", test.name, *accept, test.want)
		}
	}
}

func TestGeneratedClientsRejectServerURLs(t *testing.T) {
	for _, server := range []string{"", "/", "cloud.mongodb.com", "localhost:8080", "127.0.0.1:8080", "https://", "http://user:hunter2@%zz"} {
		_, err1 := atlasv1.NewClient(server)
		_, err2 := atlasv2.NewClientWithResponses(server)
		for _, err := range []error{err1, err2} {
			if err == nil || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%q: %v", server, err)
			}
		}
	}
	if _, err := atlasv2.NewClient("", atlasv2.WithBaseURL("https://cloud.mongodb.com")); err != nil {
		t.Errorf("an option sets the URL: %v", err)
	}
}

func TestGeneratedErrors(t *testing.T) {
	url, _ := recorder(t)
	client, err := atlasv2.NewClientWithResponses(url)
	if err != nil {
		t.Fatal(err)
	}
	res, err := client.ListIntegrationsWithResponse(t.Context(), "p", nil)
	if err != nil || res.JSON404 == nil {
		t.Fatalf("%v, %v", res, err)
	}
	var apiErr *atlasv2.APIError
	if err := error(res.JSON404); !errors.As(err, &apiErr) || err.Error() != "atlas: HTTP status 404 GROUP_NOT_FOUND" {
		t.Errorf("the error is %v", err)
	}
	if text := (atlasv1.APIError{Status: 400, ErrorCode: "6e1f3a52-8d47"}).Error(); text != "atlas: HTTP status 400" {
		t.Errorf("the error is %s", text)
	}
}
