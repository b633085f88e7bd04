package validate

import (
	"errors"
	"fmt"
	"slices"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/schema"
	"github.com/atlasint/atlasint/validate/internal/types"
)

// maxSchemas is how many schemas [Validator.WithSchema] may add to one validator.
const maxSchemas = 100

// Schema is a JSON Schema of your own for [Validator.WithSchema]. Make one with [CompileSchema]. It is safe for
// concurrent use, and validators may share it.
type Schema struct {
	name     string
	compiled *schema.Schema
}

// CompileSchema compiles a JSON Schema of draft 2020-12, or of draft-07 if its $schema names it. The name is what
// findings call it, such as the path of its file. Formats are asserted in both drafts.
//
// The source may be untrusted. Nothing is loaded: each $ref must lead into the schema itself, and $id has no
// effect. A schema has at most 256 KiB and 2,000 subschemas, counted with each $ref replaced with what it refers to.
// Regular expressions have the syntax of package regexp. The error is a [*SchemaError] with the place of the fault.
func CompileSchema(name string, source []byte) (*Schema, error) {
	compiled, err := schema.CompileBounded(source)
	var fault *schema.Error
	switch {
	case errors.As(err, &fault):
		e := &SchemaError{Name: name, Reason: fault.Reason}
		e.Line, e.Column = jsonpos.NewLines(source).Position(fault.Start)
		return nil, e
	case err != nil:
		return nil, err
	}
	return &Schema{name: name, compiled: compiled}, nil
}

// SchemaError is the error of [CompileSchema] for an invalid schema. Its text contains no text of the schema
// except names of keywords.
type SchemaError struct {
	Name         string // of the schema
	Line, Column int    // from 1
	Reason       string
}

// Error returns the place and the reason on one line.
func (e *SchemaError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", redact.Path(e.Name), e.Line, e.Column, e.Reason)
}

// WithSchema returns a validator like v that also validates payloads of the types against a schema of your own. The
// findings have the rule policy. Types are names or titles in any case; no types and "*" mean all types of the API
// version. The severity is [Error] or [Warning]; "" means Error. A severity of the rule policy in the [Options]
// replaces it. A validator has at most 100 schemas, and a payload must meet all schemas of its type.
//
// A schema validates every parsed payload, also one with other findings. Without Expand in the Options, the contents of
// a string with ${env:NAME} or ${file:PATH} are unknown, and the validator reports nothing that depends on them. A
// schema with "x-atlasint-expand": false in its root validates the original text, with and without Expand.
//
// For an [Update], a missing field is no finding, because the update keeps the stored value. Subschemas of not and if
// validate the payload without that value.
//
// The error is an [*OptionError].
func (v *Validator) WithSchema(s *Schema, severity Severity, typeNames ...string) (*Validator, error) {
	switch severity {
	case "":
		severity = Error
	case Error, Warning:
	default:
		return nil, wrongOption("WithSchema", fmt.Sprintf("use %s or %s", Error, Warning),
			"unknown severity %s of a schema", redact.Value(string(severity)))
	}
	if s == nil || s.compiled == nil {
		return nil, wrongOption("WithSchema", "create one with CompileSchema", "no schema")
	}
	names, unknown := types.Canonical(typeNames)
	if unknown != nil {
		return nil, wrongOption("WithSchema", unknown.Hint, "%s", unknown.Message)
	}
	return v.orDefault().withPolicy(schemaUse{s, severity, names})
}

func (v *Validator) withPolicy(u schemaUse) (*Validator, error) {
	if len(v.policies) == maxSchemas {
		return nil, wrongOption("WithSchema", "combine several in one with allOf", "more than %d schemas", maxSchemas)
	}
	with := *v
	with.policies = append(slices.Clone(v.policies), u)
	with.policiesOf = policiesByType(with.policies, v.types.Names)
	return &with, nil
}

// schemaUse is a schema that payloads of some types must meet; no types mean all.
type schemaUse struct {
	*Schema
	severity Severity
	types    []string
}

// policiesByType returns the policies of each type.
func policiesByType(policies []schemaUse, types []string) map[string][]schemaUse {
	byType := map[string][]schemaUse{}
	for _, p := range policies {
		for _, name := range types {
			if len(p.types) == 0 || slices.Contains(p.types, name) {
				byType[name] = append(byType[name], p)
			}
		}
	}
	return byType
}

// Policy is the part of your own schema that a finding of the rule policy is about.
type Policy struct {
	Schema  string `json:"schema"`  // the name of the schema
	Pointer string `json:"pointer"` // JSON Pointer of the subschema that the value fails

	// Title and Description are those of the whole schema, on one line and without secrets; "" if it has none.
	Title       string `json:"-"`
	Description string `json:"-"`
}

// String gives the schema and the place in it, such as eu-only.schema.json#/properties/region.
func (p Policy) String() string { return redact.Path(p.Schema + "#" + p.Pointer) }
