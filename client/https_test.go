package client_test

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/client"
)

// A server with TLS rejects http: the error names https, for each kind of credentials and each method.
func TestHTTPToAServerWithTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	for name, credentials := range map[string]client.Credentials{
		"key": keys, "token": client.AccessToken("t0ken"), "account": client.ServiceAccount("id", "s3cret"),
	} {
		c := bare(t, strings.Replace(server.URL, "https", "http", 1), client.Options{Credentials: credentials})
		_, listErr := c.List(context.Background(), project)
		_, createErr := c.Create(context.Background(), project, payload(t, json.RawMessage(datadog)))
		for _, err := range []error{listErr, createErr} {
			if err == nil || !strings.HasSuffix(err.Error(), ": the server expects https; write https:// in the base URL") {
				t.Errorf("%s: the error is %v", name, err)
			}
		}
	}
}
