package schema

import "slices"

// The forms of the values of keywords, as the next step for a wrong one.
const (
	aText          = "write a text"
	aNumber        = "write a number"
	aCount         = "write a whole number of at least 0"
	aBool          = "write true or false"
	aNameList      = "write a list of different names"
	aSubschema     = "write a subschema: an object, true or false"
	aSubschemaList = "write a list of at least one subschema"
	aSchemaMap     = "write an object of subschemas by name"
	oneType        = `write "object", "array", "string", "number", "integer", "boolean" or "null", or a list of them`
)

// keywordForms are the forms of the values of keywords.
var keywordForms = map[string]string{
	"type": oneType, "enum": "write a list of at least one value", "required": aNameList,
	"title": aText, "description": aText, "$comment": aText, "format": aText, "pattern": aText,
	"$ref": aText, "$id": aText, "$anchor": aText, "contentEncoding": aText, "contentMediaType": aText,
	"minimum": aNumber, "maximum": aNumber, "exclusiveMinimum": aNumber, "exclusiveMaximum": aNumber,
	"multipleOf": "write a number above 0",
	"minLength":  aCount, "maxLength": aCount, "minItems": aCount, "maxItems": aCount, "minContains": aCount,
	"maxContains": aCount, "minProperties": aCount, "maxProperties": aCount,
	"uniqueItems": aBool, "deprecated": aBool, "readOnly": aBool, "writeOnly": aBool,
	"not": aSubschema, "if": aSubschema, "then": aSubschema, "else": aSubschema, "items": aSubschema, "contains": aSubschema,
	"additionalItems": aSubschema, "additionalProperties": aSubschema, "propertyNames": aSubschema,
	"unevaluatedItems": aSubschema, "unevaluatedProperties": aSubschema,
	"allOf": aSubschemaList, "anyOf": aSubschemaList, "oneOf": aSubschemaList, "prefixItems": aSubschemaList,
	"properties": aSchemaMap, "patternProperties": aSchemaMap, "dependentSchemas": aSchemaMap, "$defs": aSchemaMap, "definitions": aSchemaMap,
	"dependentRequired": "write an object of lists of names",
	"dependencies":      "write an object of subschemas or lists of names",
	"examples":          "write a list",
}

// wrongValue returns why a schema is not valid at a path, and the next step. It shows only names of keywords.
func wrongValue(path []string) string {
	last := len(path) - 1
	switch {
	case last > 0 && keywordForms[path[last-1]] == aSchemaMap: // the last name is that of a field
		return "not a valid JSON Schema: a value in " + path[last-1] + " is not allowed; " + aSubschema
	case last >= 0 && isKeyword[path[last]] && keywordForms[path[last]] != "":
		return "not a valid JSON Schema: the value of " + path[last] + " is not allowed; " + keywordForms[path[last]]
	}
	for _, name := range slices.Backward(path) {
		if form := keywordForms[name]; form != "" {
			return "not a valid JSON Schema: a value in " + name + " is not allowed; " + form
		}
	}
	return "not a valid JSON Schema; " + aSubschema
}
