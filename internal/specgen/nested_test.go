package specgen_test

import (
	_ "embed"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/internal/specgen"
)

//go:embed testdata/nested.yaml
var nested string

// Each case breaks one place of the nested document. Generate fails, and the error names the place.
func TestGenerateRejectsNested(t *testing.T) {
	for _, tc := range []struct{ name, from, to, want string }{
		{"array without items", "items: {title: Event, description: One kind of event., type: string, enum: [CREATED, UPDATED, CLOSED, DELETED]}", "examples: []", "RELAY: events: line 48: an array without items"},
		{"two kinds", "type: [number, 'null']", "type: [number, string]", "RELAY: retry: delay: line 38: type: number and string: want one type, or one and null"},
		{"three kinds", "type: [number, 'null']", "type: [number, string, 'null']", "RELAY: retry: delay: line 38: type: number and string"},
		{"null alone", "type: [number, 'null']", "type: 'null'", "line 38: minimum is for type integer, and the type is \"null\""},
		{"empty type list", "type: [number, 'null']", "type: []", "line 38: minimum is for type integer, and the type is \"\""},
		{"unknown type", "vary the delay., type: boolean", "vary the delay., type: bool", "RELAY: retry: jitter: line 39: the type \"bool\" is none that requests have"},
		{"no type", "vary the delay., type: boolean", "vary the delay.", "RELAY: retry: jitter: line 39: the type \"\" is none"},
		{"length of an integer", "type: integer, minimum: 1, maximum: 10", "type: integer, minLength: 1, maximum: 10", "RELAY: retry: attempts: line 37: minLength is for type string"},
		{"pattern of a boolean", "vary the delay., type: boolean", "vary the delay., type: boolean, pattern: x", "RELAY: retry: jitter: line 39: pattern is for type string"},
		{"format of an integer", "type: integer, minimum: 1, maximum: 10", "type: integer, format: int32", "attempts: line 37: format is for type string"},
		{"enum of an integer", "type: integer, minimum: 1, maximum: 10", "type: integer, enum: [1, 2]", "attempts: line 37: enum is for type string"},
		{"const of an integer", "type: integer, minimum: 1, maximum: 10", "type: integer, const: 3", "attempts: line 37: const is for type string"},
		{"enum of a boolean", "vary the delay., type: boolean", "vary the delay., type: boolean, enum: [true]", "jitter: line 39: enum is for type string"},
		{"minimum with a fraction", "type: integer, minimum: 1, maximum: 10", "type: integer, minimum: 1.5", "attempts: line 37: minimum: want a whole number in decimal, within 64 bits"},
		{"minimum in quotes", "type: integer, minimum: 1, maximum: 10", "type: integer, minimum: '1'", "attempts: line 37: minimum: want a whole number"},
		{"minimum in hexadecimal", "type: integer, minimum: 1, maximum: 10", "type: integer, minimum: 0x1", "attempts: line 37: minimum: want a whole number"},
		{"minimum over 64 bits", "type: integer, minimum: 1, maximum: 10", "type: integer, maximum: 9223372036854775808", "attempts: line 37: maximum: want a whole number"},
		{"minimum over maximum", "type: integer, minimum: 1, maximum: 10", "type: integer, minimum: 11, maximum: 10", "its example breaks /properties/retry/properties/attempts/minimum"},
		{"exclusiveMinimum", "type: integer, minimum: 1, maximum: 10", "type: integer, exclusiveMinimum: 1", "attempts: line 37: the keyword exclusiveMinimum"},
		{"multipleOf", "type: integer, minimum: 1, maximum: 10", "type: integer, multipleOf: 2", "attempts: line 37: the keyword multipleOf"},
		{"open object", "required: [attempts]", "required: [attempts]\n          additionalProperties: true", "RELAY: retry: line 32: an object of a request lists its properties and has no others"},
		{"object with a schema for others", "required: [attempts]", "required: [attempts]\n          additionalProperties: {type: string}", "RELAY: retry: line 32: an object of a request"},
		{"patternProperties", "required: [attempts]", "required: [attempts]\n          patternProperties: {x: {type: string}}", "RELAY: retry: line 36: the keyword patternProperties"},
		{"minProperties", "required: [attempts]", "required: [attempts]\n          minProperties: 1", "RELAY: retry: line 36: the keyword minProperties"},
		{"dependentRequired", "required: [attempts]", "required: [attempts]\n          dependentRequired: {delay: [jitter]}", "RELAY: retry: line 36: the keyword dependentRequired"},
		{"required without property", "required: [attempts]", "required: [attempt]", "RELAY: retry: line 35: attempt is required but is no property"},
		{"required responses only", "required: [attempts]", "required: [attempts, status]", "its example breaks /properties/retry/required"},
		{"minItems that is no number", "minItems: 1", "minItems: one", "RELAY: events: line 51: minItems: want a whole number"},
		{"minItems below zero", "minItems: 1", "minItems: -1", "RELAY: events: line 51: minItems: want a number from 0"},
		{"maxItems of an object", "required: [attempts]", "required: [attempts]\n          maxItems: 1", "RELAY: retry: line 36: maxItems is for type array"},
		{"uniqueItems that is no boolean", "uniqueItems: true", "uniqueItems: 1", "/properties/events/uniqueItems"},
		{"contains", "uniqueItems: true", "contains: {const: CREATED}", "RELAY: events: line 53: the keyword contains"},
		{"prefixItems", "uniqueItems: true", "prefixItems: [{type: string}]", "RELAY: events: line 53: the keyword prefixItems"},
		{"items as a list", "items: {title: Event, description: One kind of event., type: string, enum: [CREATED, UPDATED, CLOSED, DELETED]}", "items: [{type: string}]", "RELAY: events: line 54: items"},
		{"items of a boolean", "items: {title: Event, description: One kind of event., type: string, enum: [CREATED, UPDATED, CLOSED, DELETED]}", "items: true", "RELAY: events: line 54: items"},
		{"union without discriminator", "      discriminator: {propertyName: kind}\n", "", "target: line 70: each variant of oneOf"},
		{"union by another property", "discriminator: {propertyName: kind}", "discriminator: {propertyName: queue}", "target: line 70: each variant of oneOf"},
		{"union of a variant without const", "type: string, const: HOOK", "type: string", "target: line 70: each variant of oneOf"},
		{"union of a variant with an enum", "type: string, const: HOOK", "type: string, enum: [HOOK, WEBHOOK]", "target: line 70: each variant of oneOf"},
		{"union of the same const", "type: string, const: HOOK", "type: string, const: QUEUE", "can't decide the keyword oneOf at /properties/rules/items/properties/target/oneOf"},
		{"union of a variant that does not require its tag", "required: [kind, token]", "required: [token]", "target: line 70: each variant of oneOf"},
		{"union of a string", "- $ref: '#/components/schemas/HookTarget'", "- {type: string}", "target: line 70: each variant of oneOf"},
		{"empty union", "        - $ref: '#/components/schemas/QueueTarget'\n        - $ref: '#/components/schemas/HookTarget'\n", "        []\n", "/properties/rules/items/properties/target/oneOf"},
		{"union that is a mapping", "        - $ref: '#/components/schemas/QueueTarget'\n        - $ref: '#/components/schemas/HookTarget'\n", "        {a: b}\n", "target: line 73: oneOf: line 73"},
		{"union with a type", "      description: Where events go.\n", "      description: Where events go.\n      type: object\n", "target: line 72: a union has no type of its own"},
		{"union with null", "      description: Where events go.\n", "      description: Where events go.\n      type: [object, 'null']\n", "target: line 72: a union has no type of its own"},
		{"reference to nothing", "target: {$ref: '#/components/schemas/Target'}", "target: {$ref: '#/components/schemas/Targets'}", "target: line 68: #/components/schemas/Targets has no target"},
		{"reference with a title", "target: {$ref: '#/components/schemas/Target'}", "target: {$ref: '#/components/schemas/Target', title: T, minLength: 3}", "target: line 68: a $ref has no other keywords next to it"},
		{"reference to a file", "target: {$ref: '#/components/schemas/Target'}", "target: {$ref: 'target.yaml'}", "target: line 68: target.yaml has no target"},
		{"reference in a circle", "- $ref: '#/components/schemas/HookTarget'", "- $ref: '#/components/schemas/Target'", "target: line 73: oneOf: line 74: #/components/schemas/Target forms a loop"},
		{"reference to itself", "target: {$ref: '#/components/schemas/Target'}", "target: {$ref: '#/components/schemas/Relay'}", "target: line 68: #/components/schemas/Relay forms a loop"},
		{"anyOf", "      oneOf:\n        - $ref: '#/components/schemas/QueueTarget'", "      anyOf:\n        - $ref: '#/components/schemas/QueueTarget'", "target: line 73: the keyword anyOf"},
		{"allOf", "vary the delay., type: boolean", "vary the delay., allOf: [{type: boolean}]", "jitter: line 39: the keyword allOf"},
		{"not", "vary the delay., type: boolean", "vary the delay., type: boolean, not: {const: true}", "jitter: line 39: the keyword not"},
		{"pattern that Go does not have", "pattern: '^[a-z]+$'", "pattern: '^(?=a)$'", "/oneOf/0/properties/queue/pattern"},
		{"nullable", "vary the delay., type: boolean", "vary the delay., type: boolean, nullable: true", "jitter: line 39: the keyword nullable"},
		{"enum without values", "enum: [FIXED, LINEAR, EXPONENTIAL]", "enum: []", "strategy: line 44: enum: there are no values"},
		{"secret number", "type: integer, minimum: 1, maximum: 10", "type: integer, x-secret: last4", "attempts: line 37: x-secret is for type string"},
		{"secret object", "required: [attempts]", "required: [attempts]\n          x-secret: last4", "RELAY: retry: line 36: x-secret is for type string"},
		{"field twice", "required: [attempts]", "required: [attempts, attempts]", "/properties/retry/required"},
		{"template of a number", "type: integer, minimum: 1, maximum: 10", "type: integer, x-template: {shape: object, maxBytes: 9}", "attempts: line 37: x-template is for type string"},
		{"default of null", "type: [number, 'null'], minimum: 0", "type: [number, 'null'], default: null", "delay: line 38: the default is not of type number"},
		{"pattern of an integer, for requests", "type: integer, minimum: 1, maximum: 10", "type: integer, x-request: {pattern: x}", "attempts: line 37: pattern is for type string"},
		{"default of another type", "vary the delay., type: boolean", "vary the delay., type: boolean, default: maybe", "jitter: line 39: the default is not of type boolean"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if strings.Count(nested, tc.from) != 1 {
				t.Fatalf("%q is %d times in the document", tc.from, strings.Count(nested, tc.from))
			}
			_, err := specgen.Generate(v2(strings.Replace(nested, tc.from, tc.to, 1)))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}
