package client_test

import (
	"encoding/json"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/gen/atlasv2"
)

// A third-party generator writes the documentation of the generated packages.
func TestGeneratedUnions(t *testing.T) {
	var in atlasv2.Integration
	if doc := must[[]byte](t)(json.Marshal(in)); string(doc) != "null" {
		t.Errorf("the zero integration is %s", doc)
	}
	if err := in.FromDatadog(atlasv2.Datadog{APIKey: hexKey}); err != nil {
		t.Fatal(err)
	}
	if typ, err := in.Discriminator(); typ != "DATADOG" || err != nil {
		t.Errorf("the type is %s, %v", typ, err)
	}
	if _, err := in.AsSlack(); err != nil {
		t.Errorf("AsSlack looks at the type: %v", err)
	}
	const future = `{"type":"FUTURE","newField":1}`
	if err := json.Unmarshal([]byte(future), &in); err != nil {
		t.Fatal(err)
	}
	if v, err := in.ValueByDiscriminator(); err == nil {
		t.Errorf("a type of the future is a %T", v)
	}
	if doc := must[[]byte](t)(json.Marshal(in)); string(doc) != future {
		t.Errorf("it has become %s", doc)
	}
}

func TestGeneratedResponseInAnEnvelope(t *testing.T) {
	atlas, base := fake(t, fakeatlas.WithoutAuth(), fakeatlas.WithChoices(fakeatlas.Choices{LenientAccept: true}))
	if err := atlas.Seed(project, datadog); err != nil {
		t.Fatal(err)
	}
	c := must[*atlasv2.ClientWithResponses](t)(atlasv2.NewClientWithResponses(base))
	envelope := true
	params := &atlasv2.GetIntegrationParams{Envelope: &envelope}
	response := must[*atlasv2.GetIntegrationResponse](t)(c.GetIntegrationWithResponse(t.Context(), project, "DATADOG", params))
	if typ, err := response.JSON200.Discriminator(); typ != "" || err != nil {
		t.Errorf("the parsed response is of type %q, %v", typ, err)
	}
	var read atlasv2.IntegrationEnvelope
	if err := json.Unmarshal(response.Body, &read); err != nil {
		t.Fatal(err)
	}
	if typ, err := read.Content.Discriminator(); typ != "DATADOG" || err != nil {
		t.Errorf("the body is of type %q, %v", typ, err)
	}
}
