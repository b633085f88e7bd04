package cli_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/validate"
)

// The payload that new prints is valid for every type and API version, even if literal secrets are errors.
func TestNewPayloadsValidate(t *testing.T) {
	for _, typ := range schemas.Types {
		code, payload, errOut := run("new", typ.Name, "--api", typ.APIVersion)
		if code != 0 {
			t.Errorf("new %s --api %s: exit code %d, %s", typ.Name, typ.APIVersion, code, errOut)
			continue
		}
		v, err := validate.New(validate.Options{
			APIVersion: typ.APIVersion,
			Type:       typ.Name,
			Severities: map[string]validate.Severity{"plaintext-secret": validate.Error},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range v.Check("new", []byte(payload)) {
			if f.Severity == validate.Error {
				t.Errorf("%s %s: %s", typ.APIVersion, typ.Name, f)
			}
		}
		for name, value := range atlas.Object([]byte(payload)) {
			text, isText := value.(string)
			f := atlas.Find(typ.APIVersion, typ.Name).Payload.Lookup(name)
			if !isText || f.Const != "" {
				continue
			}
			if reference := "${env:" + typ.Name + "_"; !slices.Contains(f.Enum, text) && !strings.HasPrefix(text, reference) {
				t.Errorf("%s %s: %s could pass as a real value: %s", typ.APIVersion, typ.Name, name, text)
			}
		}
		if !strings.Contains(payload, "${env:"+strings.ReplaceAll(typ.Name, "-", "_")) {
			t.Errorf("%s %s holds no reference to a secret: %s", typ.APIVersion, typ.Name, payload)
		}
	}
}
