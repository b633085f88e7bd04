package cli_test

import (
	"strings"
	"testing"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

// What new writes is accepted, for every type and generation, also where literal secrets are forbidden.
func TestNewPayloadsValidate(t *testing.T) {
	for _, typ := range schemas.Types {
		code, payload, errOut := run("new", typ.Name, "--api", typ.Generation)
		if code != 0 {
			t.Errorf("new %s --api %s: exit code %d, %s", typ.Name, typ.Generation, code, errOut)
			continue
		}
		v, err := validate.New(validate.WithGeneration(typ.Generation), validate.WithType(typ.Name),
			validate.WithSeverity("plaintext-secret", validate.Error))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range v.Check("new", []byte(payload)) {
			if f.Severity == validate.Error {
				t.Errorf("%s %s: %s", typ.Generation, typ.Name, f)
			}
		}
		if !strings.Contains(payload, "${env:"+strings.ReplaceAll(typ.Name, "-", "_")) {
			t.Errorf("%s %s holds no reference to a secret: %s", typ.Generation, typ.Name, payload)
		}
	}
}
