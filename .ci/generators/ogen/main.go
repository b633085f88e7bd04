// Ogen lists, creates, reads, updates and deletes an integration with the client that ogen generates. The script run
// writes transport.go and the package atlas into a copy of this folder.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/ogen-go/ogen/ogenerrors"

	"example.com/ogen/atlas"
)

const project = "32b6e34b3d91647abb20e7b8"

// token is a security source with the access token of a service account.
type token string

func (t token) Bearer(context.Context, atlas.OperationName) (atlas.Bearer, error) {
	return atlas.Bearer{Token: string(t)}, nil
}

func (token) ClientCredentials(context.Context, atlas.OperationName) (atlas.ClientCredentials, error) {
	return atlas.ClientCredentials{}, ogenerrors.ErrSkipClientSecurity
}

func (token) ServiceAccount(context.Context, atlas.OperationName) (atlas.ServiceAccount, error) {
	return atlas.ServiceAccount{}, ogenerrors.ErrSkipClientSecurity
}

func main() {
	if err := run(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "FAIL: ogen:", err)
		os.Exit(1)
	}
	fmt.Println("ok: ogen")
}

func run(ctx context.Context, base string) error {
	bearer, err := newToken(base)
	if err != nil {
		return err
	}
	client, err := atlas.NewClient(base, bearer, atlas.WithClient(&http.Client{Transport: versioned{http.DefaultTransport}}))
	if err != nil {
		return err
	}
	payload := atlas.OpsGenie{Type: atlas.OpsGenieTypeOPSGENIE, ApiKey: "6e1f3a52-8d47-4c1b-9b60-2f5d8c7a9e13"}
	body := atlas.NewOpsGenieIntegration(payload)
	const name = atlas.IntegrationNameOPSGENIE
	if _, err := expect[*atlas.IntegrationPage](client.CreateIntegration(ctx, body,
		atlas.CreateIntegrationParams{GroupId: project, IntegrationType: name})); err != nil {
		return fmt.Errorf("create: %w", err)
	}
	payload.Region.SetTo(atlas.OpsGenieRegionEU)
	body = atlas.NewOpsGenieIntegration(payload)
	if _, err := expect[*atlas.IntegrationPage](client.UpdateIntegration(ctx, body,
		atlas.UpdateIntegrationParams{GroupId: project, IntegrationType: name})); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	one, err := expect[*atlas.Integration](client.GetIntegration(ctx, atlas.GetIntegrationParams{GroupId: project, IntegrationType: name}))
	if err != nil || one.OpsGenie.Region.Value != atlas.OpsGenieRegionEU {
		return fmt.Errorf("get: %v, %w", one, err)
	}
	if _, err := client.DeleteIntegration(ctx, atlas.DeleteIntegrationParams{GroupId: project, IntegrationType: name}); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	page, err := expect[*atlas.IntegrationPage](client.ListIntegrations(ctx, atlas.ListIntegrationsParams{GroupId: project}))
	if err != nil || len(page.Results) != 0 {
		return fmt.Errorf("list after delete: %v, %w", page, err)
	}
	return nil
}

// expect returns an error for a response of another type.
func expect[T any](response any, err error) (T, error) {
	got, ok := response.(T)
	if err == nil && !ok {
		err = fmt.Errorf("the response is a %T", response)
	}
	return got, err
}

func newToken(base string) (token, error) {
	var overview struct {
		Credentials struct{ ClientID, ClientSecret string }
	}
	if err := read(http.DefaultClient.Get(base + "/_atlasint/overview"))(&overview); err != nil {
		return "", err
	}
	req, err := http.NewRequest(http.MethodPost, base+"/api/oauth/token",
		strings.NewReader(url.Values{"grant_type": {"client_credentials"}}.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(overview.Credentials.ClientID, overview.Credentials.ClientSecret)
	var response struct {
		Token token `json:"access_token"`
	}
	err = read(http.DefaultClient.Do(req))(&response)
	return response.Token, err
}

func read(res *http.Response, err error) func(any) error {
	return func(into any) error {
		if err != nil {
			return err
		}
		defer res.Body.Close()
		var body bytes.Buffer
		if _, err := body.ReadFrom(res.Body); err != nil {
			return err
		}
		return json.Unmarshal(body.Bytes(), into)
	}
}
