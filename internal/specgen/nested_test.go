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
		{
			name: "array without items",
			from: "items: {title: Event, description: One kind of event., type: string, enum: [CREATED, UPDATED, CLOSED, DELETED]}",
			to:   "examples: []",
			want: "RELAY: events: line 48: an array without items",
		},
		{
			name: "two kinds",
			from: "type: [number, 'null']",
			to:   "type: [number, string]",
			want: "RELAY: retry: delay: line 38: type: number and string: want one type, or one and null",
		},
		{"three kinds", "type: [number, 'null']", "type: [number, string, 'null']", "RELAY: retry: delay: line 38: type: number and string"},
		{"null alone", "type: [number, 'null']", "type: 'null'", "line 38: minimum is for type integer, and the type is \"null\""},
		{"empty type list", "type: [number, 'null']", "type: []", "line 38: minimum is for type integer, and the type is \"\""},
		{
			name: "unknown type",
			from: "vary the delay., type: boolean",
			to:   "vary the delay., type: bool",
			want: "RELAY: retry: jitter: line 39: the type \"bool\" is none that requests have",
		},
		{"no type", "vary the delay., type: boolean", "vary the delay.", "RELAY: retry: jitter: line 39: the type \"\" is none"},
		{
			name: "length of an integer",
			from: "type: integer, minimum: 1, maximum: 10",
			to:   "type: integer, minLength: 1, maximum: 10",
			want: "RELAY: retry: attempts: line 37: minLength is for type string",
		},
		{
			name: "pattern of a boolean",
			from: "vary the delay., type: boolean",
			to:   "vary the delay., type: boolean, pattern: x",
			want: "RELAY: retry: jitter: line 39: pattern is for type string",
		},
		{"format of an integer", "type: integer, minimum: 1, maximum: 10", "type: integer, format: int32", "attempts: line 37: format is for type string"},
		{"enum of an integer", "type: integer, minimum: 1, maximum: 10", "type: integer, enum: [1, 2]", "attempts: line 37: enum is for type string"},
		{"const of an integer", "type: integer, minimum: 1, maximum: 10", "type: integer, const: 3", "attempts: line 37: const is for type string"},
		{"enum of a boolean", "vary the delay., type: boolean", "vary the delay., type: boolean, enum: [true]", "jitter: line 39: enum is for type string"},
		{
			name: "minimum with a fraction",
			from: "type: integer, minimum: 1, maximum: 10",
			to:   "type: integer, minimum: 1.5",
			want: "attempts: line 37: minimum: want a whole number in decimal, within 64 bits",
		},
		{"minimum in quotes", "type: integer, minimum: 1, maximum: 10", "type: integer, minimum: '1'", "attempts: line 37: minimum: want a whole number"},
		{"minimum in hexadecimal", "type: integer, minimum: 1, maximum: 10", "type: integer, minimum: 0x1", "attempts: line 37: minimum: want a whole number"},
		{
			name: "minimum over 64 bits",
			from: "type: integer, minimum: 1, maximum: 10",
			to:   "type: integer, maximum: 9223372036854775808",
			want: "attempts: line 37: maximum: want a whole number",
		},
		{
			name: "minimum over maximum",
			from: "type: integer, minimum: 1, maximum: 10",
			to:   "type: integer, minimum: 11, maximum: 10",
			want: "its example breaks /properties/retry/properties/attempts/minimum",
		},
		{"exclusiveMinimum", "type: integer, minimum: 1, maximum: 10", "type: integer, exclusiveMinimum: 1", "attempts: line 37: the keyword exclusiveMinimum"},
		{"multipleOf", "type: integer, minimum: 1, maximum: 10", "type: integer, multipleOf: 2", "attempts: line 37: the keyword multipleOf"},
		{
			name: "open object",
			from: "required: [attempts]",
			to:   "required: [attempts]\n          additionalProperties: true",
			want: "RELAY: retry: line 32: an object of a request lists its properties and has no others",
		},
		{
			name: "object with a schema for others",
			from: "required: [attempts]",
			to:   "required: [attempts]\n          additionalProperties: {type: string}",
			want: "RELAY: retry: line 32: an object of a request",
		},
		{
			name: "patternProperties",
			from: "required: [attempts]",
			to:   "required: [attempts]\n          patternProperties: {x: {type: string}}",
			want: "RELAY: retry: line 36: the keyword patternProperties",
		},
		{"minProperties", "required: [attempts]", "required: [attempts]\n          minProperties: 1", "RELAY: retry: line 36: the keyword minProperties"},
		{
			name: "dependentRequired",
			from: "required: [attempts]",
			to:   "required: [attempts]\n          dependentRequired: {delay: [jitter]}",
			want: "RELAY: retry: line 36: the keyword dependentRequired",
		},
		{"required without property", "required: [attempts]", "required: [attempt]", "RELAY: retry: line 35: attempt is required but is no property"},
		{"required responses only", "required: [attempts]", "required: [attempts, status]", "its example breaks /properties/retry/required"},
		{"minItems that is no number", "minItems: 1", "minItems: one", "RELAY: events: line 51: minItems: want a whole number"},
		{"minItems below zero", "minItems: 1", "minItems: -1", "RELAY: events: line 51: minItems: want a number from 0"},
		{"maxItems of an object", "required: [attempts]", "required: [attempts]\n          maxItems: 1", "RELAY: retry: line 36: maxItems is for type array"},
		{"uniqueItems that is no boolean", "uniqueItems: true", "uniqueItems: 1", "/properties/events/uniqueItems"},
		{"contains", "uniqueItems: true", "contains: {const: CREATED}", "RELAY: events: line 53: the keyword contains"},
		{"prefixItems", "uniqueItems: true", "prefixItems: [{type: string}]", "RELAY: events: line 53: the keyword prefixItems"},
		{
			name: "items as a list",
			from: "items: {title: Event, description: One kind of event., type: string, enum: [CREATED, UPDATED, CLOSED, DELETED]}",
			to:   "items: [{type: string}]",
			want: "RELAY: events: line 54: items",
		},
		{
			name: "items of a boolean",
			from: "items: {title: Event, description: One kind of event., type: string, enum: [CREATED, UPDATED, CLOSED, DELETED]}",
			to:   "items: true",
			want: "RELAY: events: line 54: items",
		},
		{"union without discriminator", "      discriminator: {propertyName: kind}\n", "", "target: line 70: each variant of oneOf"},
		{"union by another property", "discriminator: {propertyName: kind}", "discriminator: {propertyName: queue}", "target: line 70: each variant of oneOf"},
		{"union of a variant without const", "type: string, const: HOOK", "type: string", "target: line 70: each variant of oneOf"},
		{"union of a variant with an enum", "type: string, const: HOOK", "type: string, enum: [HOOK, WEBHOOK]", "target: line 70: each variant of oneOf"},
		{
			name: "union of the same const",
			from: "type: string, const: HOOK",
			to:   "type: string, const: QUEUE",
			want: "can't decide the keyword oneOf at /properties/rules/items/properties/target/oneOf",
		},
		{"union of a variant that does not require its tag", "required: [kind, token]", "required: [token]", "target: line 70: each variant of oneOf"},
		{"union of a string", "- $ref: '#/components/schemas/HookTarget'", "- {type: string}", "target: line 70: each variant of oneOf"},
		{
			name: "empty union",
			from: "        - $ref: '#/components/schemas/QueueTarget'\n        - $ref: '#/components/schemas/HookTarget'\n",
			to:   "        []\n",
			want: "/properties/rules/items/properties/target/oneOf",
		},
		{
			name: "union that is a mapping",
			from: "        - $ref: '#/components/schemas/QueueTarget'\n        - $ref: '#/components/schemas/HookTarget'\n",
			to:   "        {a: b}\n",
			want: "target: line 73: oneOf: line 73",
		},
		{
			name: "union with a type",
			from: "      description: Where events go.\n",
			to:   "      description: Where events go.\n      type: object\n",
			want: "target: line 72: a union has no type of its own",
		},
		{
			name: "union with null",
			from: "      description: Where events go.\n",
			to:   "      description: Where events go.\n      type: [object, 'null']\n",
			want: "target: line 72: a union has no type of its own",
		},
		{
			name: "reference to nothing",
			from: "target: {$ref: '#/components/schemas/Target'}",
			to:   "target: {$ref: '#/components/schemas/Targets'}",
			want: "target: line 68: #/components/schemas/Targets has no target",
		},
		{
			name: "reference with a title",
			from: "target: {$ref: '#/components/schemas/Target'}",
			to:   "target: {$ref: '#/components/schemas/Target', title: T, minLength: 3}",
			want: "target: line 68: a $ref has no other keywords next to it",
		},
		{"reference to a file", "target: {$ref: '#/components/schemas/Target'}", "target: {$ref: 'target.yaml'}", "target: line 68: target.yaml has no target"},
		{
			name: "reference in a circle",
			from: "- $ref: '#/components/schemas/HookTarget'",
			to:   "- $ref: '#/components/schemas/Target'",
			want: "target: line 73: oneOf: line 74: #/components/schemas/Target forms a loop",
		},
		{
			name: "reference to itself",
			from: "target: {$ref: '#/components/schemas/Target'}",
			to:   "target: {$ref: '#/components/schemas/Relay'}",
			want: "target: line 68: #/components/schemas/Relay forms a loop",
		},
		{
			name: "anyOf",
			from: "      oneOf:\n        - $ref: '#/components/schemas/QueueTarget'",
			to:   "      anyOf:\n        - $ref: '#/components/schemas/QueueTarget'",
			want: "target: line 73: the keyword anyOf",
		},
		{"allOf", "vary the delay., type: boolean", "vary the delay., allOf: [{type: boolean}]", "jitter: line 39: the keyword allOf"},
		{"not", "vary the delay., type: boolean", "vary the delay., type: boolean, not: {const: true}", "jitter: line 39: the keyword not"},
		{"pattern that Go does not have", "pattern: '^[a-z]+$'", "pattern: '^(?=a)$'", "/oneOf/0/properties/queue/pattern"},
		{"nullable", "vary the delay., type: boolean", "vary the delay., type: boolean, nullable: true", "jitter: line 39: the keyword nullable"},
		{"enum without values", "enum: [FIXED, LINEAR, EXPONENTIAL]", "enum: []", "strategy: line 44: enum: there are no values"},
		{"secret number", "type: integer, minimum: 1, maximum: 10", "type: integer, x-secret: last4", "attempts: line 37: x-secret is for type string"},
		{"secret object", "required: [attempts]", "required: [attempts]\n          x-secret: last4", "RELAY: retry: line 36: x-secret is for type string"},
		{"field twice", "required: [attempts]", "required: [attempts, attempts]", "/properties/retry/required"},
		{
			name: "template of a number",
			from: "type: integer, minimum: 1, maximum: 10",
			to:   "type: integer, x-template: {shape: object, maxBytes: 9}",
			want: "attempts: line 37: x-template is for type string",
		},
		{"default of null", "type: [number, 'null'], minimum: 0", "type: [number, 'null'], default: null", "delay: line 38: the default is not of type number"},
		{
			name: "pattern of an integer, for requests",
			from: "type: integer, minimum: 1, maximum: 10",
			to:   "type: integer, x-request: {pattern: x}",
			want: "attempts: line 37: pattern is for type string",
		},
		{
			name: "default of another type",
			from: "vary the delay., type: boolean",
			to:   "vary the delay., type: boolean, default: maybe",
			want: "jitter: line 39: the default is not of type boolean",
		},
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
