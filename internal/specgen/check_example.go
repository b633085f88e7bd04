package specgen

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/santhosh-tekuri/jsonschema/v5"

	tree "github.com/atlasint/atlasint/internal/schema"
)

// checkExample compiles a request schema with jsonschema/v5 and validates the example in it. A schema that does not
// compile, or whose own example is invalid, is a fault of the document and is not written.
func checkExample(schema []byte) error {
	const name = "https://schemas.invalid/request.json" // a whole URL: jsonschema/v5 looks for a bare name in the working directory
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
	var source struct{ Examples []any }
	if err := json.Unmarshal(schema, &source); err != nil {
		return err
	}
	for _, example := range source.Examples {
		var validationErr *jsonschema.ValidationError
		if err := compiled.Validate(example); errors.As(err, &validationErr) {
			for len(validationErr.Causes) > 0 {
				validationErr = validationErr.Causes[0]
			}
			return fmt.Errorf("its example breaks %s at %q", validationErr.KeywordLocation, validationErr.InstanceLocation)
		}
	}
	return nil
}
