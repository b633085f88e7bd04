package openapi_test

import (
	"context"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// A second reader of the documents, which is also the one that the code generator is built on.
func TestKinOpenAPIAccepts(t *testing.T) {
	options := []openapi3.ValidationOption{
		openapi3.EnableExamplesValidation(),
		openapi3.EnableSchemaDefaultsValidation(),
		openapi3.EnableSchemaFormatValidation(),
		openapi3.EnableSchemaPatternValidation(),
		openapi3.EnableMultiError(),
		openapi3.ProhibitExtensionsWithRef(),
	}
	for _, doc := range documents(t) {
		t.Run(doc.apiVersion, func(t *testing.T) {
			read, err := openapi3.NewLoader().LoadFromData(doc.yaml)
			if err != nil {
				t.Fatal(err)
			}
			for _, schema := range read.Components.Schemas {
				kinDropWriteOnly(schema.Value)
			}
			if err := read.Validate(context.Background(), options...); err != nil {
				t.Error(err)
			}
		})
	}
}

// kinDropWriteOnly does what dropWriteOnly does: under 3.1 kin-openapi validates examples by JSON Schema,
// which requires a required write-only field in responses too.
func kinDropWriteOnly(schema *openapi3.Schema) {
	schema.Required = slices.DeleteFunc(schema.Required, func(name string) bool {
		property := schema.Properties[name]
		return property != nil && property.Value.WriteOnly
	})
}
