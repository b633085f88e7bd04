package types

import (
	"testing"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/jsonpos"
)

// The validator has no error for a published schema that jsonschema/v5 does not compile.
func TestSchemasCompile(t *testing.T) {
	doc, err := jsonpos.Parse([]byte(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, apiVersion := range []string{schemas.V1, schemas.V2} {
		all := Of(apiVersion)
		if len(all.Names) < 8 {
			t.Errorf("%s has only the types %v", apiVersion, all.Names)
		}
		for _, name := range all.Names {
			if failures, err := all.ByName[name].Schema().Validate(&doc.Root); err != nil || len(failures) == 0 {
				t.Errorf("%s %s: %v, %v", apiVersion, name, failures, err)
			}
		}
	}
}
