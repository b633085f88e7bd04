package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/gen/atlasv2"
	"github.com/atlasint/atlasint/validate"
)

// exampleAtlas returns a fake Atlas and the transport that sends all requests to it.
func exampleAtlas() (*fakeatlas.Server, http.RoundTripper) {
	atlas, err := fakeatlas.New()
	if err != nil {
		fmt.Println(err)
	}
	return atlas, atlas.Transport()
}

const project = "32b6e34b3d91647abb20e7b8"

var publicKey, privateKey = fakeatlas.DefaultAPIKey.PublicKey, fakeatlas.DefaultAPIKey.PrivateKey

// Apply creates or updates an integration.
func Example() {
	_, toFake := exampleAtlas()
	c, err := client.New(client.Options{Credentials: client.APIKey(publicKey, privateKey), Transport: toFake})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	payload, err := client.NewPayload(`{"type":"DATADOG","apiKey":"5f1d3b7a9c2e4806b1d7f3a95c0e2846","region":"EU"}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		in, created, err := c.Apply(context.Background(), project, payload)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(in.Type, "created:", created)
	}
	// Output:
	// DATADOG created: true
	// DATADOG created: false
}

// Payloads and integrations have typed views in the generated packages.
func ExampleIntegration_As() {
	_, toFake := exampleAtlas()
	account := fakeatlas.DefaultServiceAccount
	c, err := client.New(client.Options{Credentials: client.ServiceAccount(account.ClientID, account.ClientSecret), Transport: toFake})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() {
		if err := c.Close(); err != nil { // the token is revoked
			fmt.Println(err)
		}
	}()

	payload, err := client.NewPayload(atlasv2.OpsGenie{APIKey: "not-a-real-key-1234"})
	if err != nil {
		fmt.Println(err)
		return
	}
	in, err := c.Create(context.Background(), project, payload)
	if err != nil {
		fmt.Println(err)
		return
	}
	var view atlasv2.OpsGenie
	if err := in.As(&view); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(view.APIKey, *view.Region)
	// Output:
	// ***************1234 US
}

// The type of an error shows its cause.
func ExampleAPIError() {
	_, toFake := exampleAtlas()
	c, err := client.New(client.Options{Credentials: client.APIKey(publicKey, privateKey), Transport: toFake})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = c.Get(context.Background(), project, "SLACK")

	var apiErr *client.APIError
	var transportErr *client.TransportError
	switch {
	case errors.Is(err, client.ErrNotConfigured):
		fmt.Println("there is none")
	case errors.As(err, &apiErr):
		fmt.Println("Atlas rejected it:", apiErr.Status, apiErr.Code, apiErr.Detail)
	case errors.As(err, &transportErr):
		fmt.Println("Atlas was not reached; was it done?", transportErr.MaybeDone)
	}
	fmt.Println(err)
	// Output:
	// there is none
	// GET https://cloud.mongodb.com/api/atlas/v2/groups/32b6e34b3d91647abb20e7b8/integrations/SLACK: Atlas returned 404 INTEGRATION_NOT_CONFIGURED: The integration of type 'SLACK' is not configured for this group; list the project's integrations; create the missing one with POST or PUT
}

// A deletion that may be repeated accepts that there is nothing to delete.
func ExampleClient_Delete() {
	_, toFake := exampleAtlas()
	c, err := client.New(client.Options{Credentials: client.APIKey(publicKey, privateKey), Transport: toFake})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = c.Delete(context.Background(), project, "SLACK")
	if err != nil && !errors.Is(err, client.ErrNotConfigured) { // there may be nothing to delete
		fmt.Println(err)
	}
	fmt.Println(err)
	// Output:
	// DELETE https://cloud.mongodb.com/api/atlas/v2/groups/32b6e34b3d91647abb20e7b8/integrations/SLACK: Atlas returned 404 INTEGRATION_NOT_CONFIGURED: The integration of type 'SLACK' is not configured for this group; there is nothing to delete
}

// check rejects the payloads that Atlas would reject.
func check(operation string, p client.Payload) error {
	// Literals: references such as ${env:NAME} are replaced before, so any that remain are text.
	v, err := validate.New(validate.Options{Operation: validate.Operation(operation), Literals: true})
	if err != nil {
		return err
	}
	for _, finding := range v.Check(p.Type(), p.JSON()) {
		if finding.Severity == validate.Error {
			return errors.New(finding.Text())
		}
	}
	return nil
}

// With Check, a payload that Atlas would reject is not sent.
func ExampleOptions_check() {
	atlas, toFake := exampleAtlas()
	c, err := client.New(client.Options{Credentials: client.APIKey(publicKey, privateKey), Check: check, Transport: toFake})
	if err != nil {
		fmt.Println(err)
		return
	}
	payload, err := client.NewPayload(`{"type":"PAGER_DUTY","serviceKey":"****************************2846"}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = c.Update(context.Background(), project, payload)
	fmt.Println(err)
	fmt.Println(len(atlas.Requests()), "requests")
	// Output:
	// the payload of PAGER_DUTY: PAGER_DUTY.serviceKey: this is a mask that Atlas returned instead of the secret; replace it with the real value
	// 0 requests
}

// Your own wait function can report the reason for the wait.
func ExampleOptions_wait() {
	atlas, toFake := exampleAtlas()
	if err := atlas.FailNext(fakeatlas.Fault{Status: http.StatusTooManyRequests, RetryAfter: 3 * time.Second}); err != nil {
		fmt.Println(err)
		return
	}
	report := func(ctx context.Context, d time.Duration) error {
		fmt.Println("Atlas is busy: waiting", d)
		return ctx.Err() // a test need not wait
	}
	c, err := client.New(client.Options{Credentials: client.APIKey(publicKey, privateKey), Wait: report, Transport: toFake})
	if err != nil {
		fmt.Println(err)
		return
	}
	list, err := c.List(context.Background(), project)
	fmt.Println(len(list), err)
	// Output:
	// Atlas is busy: waiting 3s
	// 0 <nil>
}

// A test of a program that calls Atlas starts a fake server.
func TestApplyToFake(t *testing.T) {
	atlas := fakeatlas.Start(t) // until the test ends
	key := fakeatlas.DefaultAPIKey
	c, err := client.New(client.Options{Credentials: client.APIKey(key.PublicKey, key.PrivateKey), BaseURL: atlas.URL})
	if err != nil {
		t.Fatal(err)
	}
	payload, err := client.NewPayload(atlasv2.OpsGenie{APIKey: "not-a-real-key-1234"})
	if err != nil {
		t.Fatal(err)
	}
	if _, created, err := c.Apply(t.Context(), project, payload); err != nil || !created {
		t.Errorf("created: %t, %v", created, err)
	}
	if stored, ok := atlas.Integration(project, "OPS_GENIE"); !ok || stored.Fields["apiKey"] != "not-a-real-key-1234" {
		t.Error("Opsgenie is not stored")
	}
}

// The Go code of docs/client.md is that of this file.
func TestGoBlocksOfTheDocument(t *testing.T) {
	document := string(must[[]byte](t)(os.ReadFile("../docs/client.md")))
	source := string(must[[]byte](t)(os.ReadFile("example_test.go")))
	blocks := strings.Split(document, "```go\n")[1:]
	if len(blocks) < 4 {
		t.Errorf("%d blocks of Go code in docs/client.md", len(blocks))
	}
	for _, block := range blocks {
		if strings.HasPrefix(block, "package main\n") || strings.HasPrefix(block, "// Main ") {
			continue // in examples/client, as a test of the command checks
		}
		code, _, _ := strings.Cut(block, "```")
		indented := strings.ReplaceAll("\t"+strings.TrimSuffix(strings.ReplaceAll(code, "\n", "\n\t"), "\t"), "\t\n", "\n")
		if !strings.Contains(source, "\n"+code) && !strings.Contains(source, indented) {
			t.Errorf("no example is\n%s", code)
		}
	}
}
