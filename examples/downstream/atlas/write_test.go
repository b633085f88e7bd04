package atlas_test

import (
	"net/http"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/icholy/digest"

	"example.com/gate/atlas"
)

const project = "32b6e34b3d91647abb20e7b8"

// start returns a client of a fake Atlas without integrations.
func start(t *testing.T) *atlas.ClientWithResponses {
	t.Helper()
	fake := fakeatlas.Start(t)
	key := &digest.Transport{Username: fakeatlas.DefaultAPIKey.PublicKey, Password: fakeatlas.DefaultAPIKey.PrivateKey}
	client, err := atlas.NewClientWithResponses(fake.URL, atlas.WithHTTPClient(&http.Client{Transport: key}))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// The body of a request is the union of the types, filled in from the struct of one type.
func TestCreateAndUpdate(t *testing.T) {
	client, typ := start(t), atlas.IntegrationTypeDatadog
	datadog := atlas.Datadog{APIKey: "0123456789abcdef0123456789abcdef", Region: new(atlas.DatadogRegionEU)}
	var body atlas.Integration
	if err := body.FromDatadog(datadog); err != nil {
		t.Fatal(err)
	}
	created, err := client.CreateIntegrationWithResponse(t.Context(), project, typ, nil, body)
	if err != nil {
		t.Fatal(err)
	}
	if created.JSON200 == nil { // else it has all integrations of the project
		t.Fatalf("create: %s: %s", created.Status(), created.Body)
	}
	datadog.SendDatabaseMetrics = new(true)
	if err := body.FromDatadog(datadog); err != nil {
		t.Fatal(err)
	}
	updated, err := client.UpdateIntegrationWithResponse(t.Context(), project, typ, nil, body)
	if err != nil || updated.JSON200 == nil {
		t.Fatalf("update: %v, %+v", err, updated)
	}
	one, err := client.GetIntegrationWithResponse(t.Context(), project, typ, nil)
	if err != nil || one.JSON200 == nil {
		t.Fatalf("get: %v, %+v", err, one)
	}
	stored, err := one.JSON200.AsDatadog()
	if err != nil || stored.APIKey != "****************************cdef" || !*stored.SendDatabaseMetrics {
		t.Errorf("get: %s, %v", one.Body, err)
	}
}
