package gate_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/icholy/digest"

	"example.com/gate/atlas"
	"example.com/gate/gate"
)

const project = "32b6e34b3d91647abb20e7b8"

// start puts a gate before a fake Atlas that has one integration, and returns a client of the gate.
func start(t *testing.T) (*fakeatlas.Server, *atlas.ClientWithResponses) {
	t.Helper()
	fake := fakeatlas.Start(t)
	err := fake.Seed(project, map[string]any{
		"type": "DATADOG", "apiKey": "0123456789abcdef0123456789abcdef", "region": "EU",
	})
	if err != nil {
		t.Fatal(err)
	}
	key := &digest.Transport{Username: fakeatlas.DefaultAPIKey.PublicKey, Password: fakeatlas.DefaultAPIKey.PrivateKey}
	handler, err := gate.New(fake.URL, project, &http.Client{Transport: key})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	client, err := atlas.NewClientWithResponses(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return fake, client
}

func TestReads(t *testing.T) {
	_, client := start(t)
	list, err := client.ListIntegrationsWithResponse(t.Context(), project, nil)
	if err != nil {
		t.Fatal(err)
	}
	if list.JSON200 == nil || len(list.JSON200.Results) != 1 {
		t.Fatalf("list: %s %s", list.Status(), list.Body)
	}
	one, err := client.GetIntegrationWithResponse(t.Context(), project, atlas.IntegrationTypeDatadog, nil)
	if err != nil {
		t.Fatal(err)
	}
	if one.JSON200 == nil {
		t.Fatalf("get: %s %s", one.Status(), one.Body)
	}
	datadog, err := one.JSON200.AsDatadog()
	if err != nil {
		t.Fatal(err)
	}
	if datadog.APIKey != "****************************cdef" || *datadog.Region != atlas.DatadogRegionEU {
		t.Errorf("get: %s", one.Body)
	}
}

func TestRejections(t *testing.T) {
	_, client := start(t)
	other, err := client.ListIntegrationsWithResponse(t.Context(), "0123456789abcdef01234567", nil)
	if err != nil {
		t.Fatal(err)
	}
	if other.JSON404 == nil || other.JSON404.ErrorCode != "GROUP_NOT_FOUND" {
		t.Errorf("another project: %s %s", other.Status(), other.Body)
	}
	none, err := client.GetIntegrationWithResponse(t.Context(), project, atlas.IntegrationTypeWebhook, nil)
	if err != nil {
		t.Fatal(err)
	}
	if none.JSON404 == nil || none.JSON404.ErrorCode != "INTEGRATION_NOT_CONFIGURED" {
		t.Errorf("an integration that is not there: %s %s", none.Status(), none.Body)
	}
}

// The gate passes an error of Atlas on to its client.
func TestAtlasFails(t *testing.T) {
	fake, client := start(t)
	if err := fake.FailNext(fakeatlas.Fault{Status: http.StatusTooManyRequests}); err != nil {
		t.Fatal(err)
	}
	list, err := client.ListIntegrationsWithResponse(t.Context(), project, nil)
	if err != nil {
		t.Fatal(err)
	}
	if list.JSON429 == nil || list.JSON429.ErrorCode != "RATE_LIMITED_TOKEN_BUCKET" {
		t.Errorf("list: %s %s", list.Status(), list.Body)
	}
}

func TestWritesAreRejected(t *testing.T) {
	fake, client := start(t)
	res, err := client.DeleteIntegrationWithResponse(t.Context(), project, atlas.IntegrationTypeDatadog, nil)
	if err != nil {
		t.Fatal(err)
	}
	if res.JSON403 == nil || res.JSON403.ErrorCode != "USER_UNAUTHORIZED" {
		t.Errorf("delete: %s %s", res.Status(), res.Body)
	}
	if _, left := fake.Integration(project, "DATADOG"); !left {
		t.Error("delete: the integration is gone")
	}
}
