package specgen

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/santhosh-tekuri/jsonschema/v5"

	tree "github.com/atlasint/atlasint/internal/schema"
)

// prove lets a schema library read a request schema and judge the example that the schema carries. What
// it does not compile, or whose own example it refuses, is a fault of the document and is not written.
func prove(schema []byte) error {
	const name = "https://schemas.invalid/request.json" // a whole URL: a bare name is sought in the working directory
	compiler := jsonschema.NewCompiler()
	compiler.Draft = jsonschema.Draft2020
	if err := compiler.AddResource(name, bytes.NewReader(schema)); err != nil {
		return err
	}
	compiled, err := compiler.Compile(name)
	if err != nil {
		return err
	}
	tree, err := tree.Compile(schema)
	if err != nil {
		return err
	}
	for _, gap := range tree.Gaps() {
		return fmt.Errorf("the validator can't decide the keyword %s at %s", gap.Keyword, gap.Pointer)
	}
	var carries struct{ Examples []any }
	if err := json.Unmarshal(schema, &carries); err != nil {
		return err
	}
	for _, example := range carries.Examples {
		var refused *jsonschema.ValidationError
		if err := compiled.Validate(example); errors.As(err, &refused) {
			for len(refused.Causes) > 0 {
				refused = refused.Causes[0]
			}
			return fmt.Errorf("its example breaks %s at %q", refused.KeywordLocation, refused.InstanceLocation)
		}
	}
	return nil
}
