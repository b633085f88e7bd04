package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

func newNew() *cobra.Command {
	var api, file string
	var force bool
	cmd := &cobra.Command{
		Use:   "new TYPE",
		Short: "Write a payload to start from",
		Long: `Writes a payload of the type with its usual fields. Secrets are references, such as
${env:DATADOG_API_KEY}: set the variables, or put ${file:PATH} in their place, and the payload can be
committed.`,
		Example:           "  atlasint new DATADOG -o datadog.json\n  atlasint new FLOWDOCK --api v1.0",
		Args:              oneType,
		ValidArgsFunction: completeType(&api),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkAPI(api); err != nil {
				return err
			}
			payload, err := starter(api, args[0])
			if err != nil {
				return err
			}
			if _, err := os.Stat(file); file != "" && err == nil && !force {
				return usage("%s exists; --force overwrites it", redact.Path(file))
			}
			return write(cmd, file, payload)
		},
	}
	apiFlag(cmd, &api)
	cmd.Flags().StringVarP(&file, "output", "o", "", "write to this file instead of standard output")
	cmd.Flags().BoolVar(&force, "force", false, "overwrite the file")
	return cmd
}

// starter is the example of a type's schema with references in place of its secrets, and without the
// templates, which replace a default that most are content with.
func starter(api, name string) ([]byte, error) {
	var typ *schemas.Type
	for i := range schemas.Types {
		if schemas.Types[i].Generation == api && schemas.Types[i].Name == name {
			typ = &schemas.Types[i]
		}
	}
	if typ == nil {
		return nil, unknownType(api, name)
	}
	example, err := exampleOf(typ)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for _, f := range typ.Fields {
		value, ok := example[f.Name]
		if !ok || f.TemplateBytes > 0 {
			continue
		}
		if f.Secret != "" {
			value = json.RawMessage(fmt.Sprintf(`"${env:%s}"`, variableName(name, f.Name)))
		}
		separator := ",\n"
		if out.Len() == 0 {
			separator = "{\n"
		}
		fmt.Fprintf(&out, "%s  %q: %s", separator, f.Name, value)
	}
	out.WriteString("\n}\n")
	return out.Bytes(), nil
}

func exampleOf(typ *schemas.Type) (map[string]json.RawMessage, error) {
	data, _ := schemas.Schema(typ.Generation, typ.Name)
	var schema struct{ Examples []map[string]json.RawMessage }
	if err := json.Unmarshal(data, &schema); err != nil || len(schema.Examples) == 0 {
		return nil, failure("the schema of %s holds no example: %v", typ.Name, err)
	}
	return schema.Examples[0], nil
}

// variableName joins a type and a field as environment variables are written, DATADOG_API_KEY; a field
// that begins with its type says it once.
func variableName(typeName, field string) string {
	var words strings.Builder
	for i, r := range field {
		if unicode.IsUpper(r) && i > 0 {
			words.WriteByte('_')
		}
		words.WriteRune(unicode.ToUpper(r))
	}
	if strings.HasPrefix(words.String(), typeName+"_") {
		return words.String()
	}
	return typeName + "_" + words.String()
}

// unknownType is the usage error for a type that a generation does not have: the validator knows what
// people mean by names that are none.
func unknownType(api, name string) error {
	_, err := validate.New(validate.WithGeneration(api), validate.WithType(name))
	return usage("%v", err)
}
