package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// arithmeticOf counts the exact arithmetic of one subschema as jsonschema/v5 does it: which numbers it reads, and how
// often.
type arithmeticOf struct {
	keywords map[string]any
	steps    *int
}

func (a arithmeticOf) Compile(_ jsonschema.CompilerContext, keywords map[string]any) (jsonschema.ExtSchema, error) {
	return arithmeticOf{keywords, a.steps}, nil
}

func (a arithmeticOf) Validate(_ jsonschema.ValidationContext, v any) error {
	*a.steps++
	if number, isNumber := v.(json.Number); isNumber {
		for _, keyword := range []string{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"} {
			if a.keywords[keyword] != nil {
				a.read(number)
			}
		}
		if by, ok := a.keywords["multipleOf"].(json.Number); ok {
			n, d := a.read(number), a.read(by)
			*a.steps += units(n + d)
		}
		if a.keywords["type"] == "integer" {
			a.read(number)
		}
	}
	if constant, ok := a.keywords["const"]; ok {
		a.equal(v, constant)
	}
	if list, ok := a.keywords["enum"].([]any); ok {
		for _, item := range list {
			if a.equal(v, item) {
				break
			}
		}
	}
	if list, ok := v.([]any); ok && a.keywords["uniqueItems"] == true {
		a.unique(list)
	}
	return nil
}

func (a arithmeticOf) unique(list []any) {
	for i := range list {
		if len(list) > 20 {
			a.equal(list[i], list[i]) // reads its numbers twice, for a hash and for one comparison
			continue
		}
		for j := range i {
			if a.equal(list[i], list[j]) {
				return
			}
		}
	}
}

// read counts reading a number. It returns the digits of the numerator and the denominator.
func (a arithmeticOf) read(number json.Number) int {
	r, ok := new(big.Rat).SetString(number.String())
	if !ok {
		panic(number)
	}
	n := len(r.Num().String()) + len(r.Denom().String()) - 1
	*a.steps += units(n)
	return n
}

// units is less than a step by a constant factor.
func units(digits int) int { return digits*digits>>22 + digits/512 }

func (a arithmeticOf) equal(x, y any) bool {
	switch x := x.(type) {
	case json.Number:
		if number, ok := y.(json.Number); ok {
			a.read(x)
			a.read(number)
			return x == number
		}
	case []any:
		list, ok := y.([]any)
		if !ok || len(list) != len(x) {
			return false
		}
		for i := range x {
			if !a.equal(x[i], list[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		object, ok := y.(map[string]any)
		if !ok || len(object) != len(x) {
			return false
		}
		for name := range x {
			if member, there := object[name]; !there || !a.equal(x[name], member) {
				return false
			}
		}
		return true
	}
	return false
}

// numberText writes a number of up to most digits, exponents written out.
func numberText(random *rand.Rand, most int) string {
	n := 1 + random.IntN(most)
	some := strings.Repeat(pick(random, []string{"7", "1", "9"}), n)
	switch random.IntN(6) {
	case 0:
		return "0." + some
	case 1:
		return fmt.Sprintf("3e-%d", min(n, 300))
	case 2:
		return fmt.Sprintf("%s1E+%d", pick(random, []string{"", "-"}), min(n, 300))
	case 3:
		return "0e" + fmt.Sprint(n)
	case 4:
		return "0." + strings.Repeat("0", min(n, 300)) + some
	}
	if n > 300 { // a number within the range of float64
		return some[:300] + "." + some
	}
	return some
}

func numbersText(random *rand.Rand, depth, most int) string {
	switch kind := random.IntN(4); {
	case depth == 0 || kind == 0:
		return numberText(random, most)
	case kind == 1:
		return fmt.Sprintf(`{"a":%s,"b":%s}`, numbersText(random, depth-1, most), numbersText(random, depth-1, most))
	}
	var list []string
	for range random.IntN(5) * (1 + random.IntN(6)) {
		list = append(list, numbersText(random, depth-1, most))
	}
	return "[" + strings.Join(list, ",") + "]"
}

func numbersSchema(random *rand.Rand, depth int) string {
	below := ""
	if depth > 0 {
		below = fmt.Sprintf(`,"items":%s,"properties":{"a":%s}`, numbersSchema(random, depth-1), numbersSchema(random, depth-1))
	}
	number := numberText(random, 400)
	return pick(random, []string{
		`{"minimum":` + number + below + `}`, `{"maximum":` + number + below + `}`, `{"exclusiveMinimum":` + number + below + `}`,
		`{"multipleOf":` + pick(random, []string{"1e-300", "0.3", "7"}) + below + `}`, `{"type":["integer","array","object"]` + below + `}`,
		`{"const":` + numbersText(random, 2, 100) + below + `}`, `{"uniqueItems":true` + below + `}`,
		`{"enum":[` + numbersText(random, 2, 100) + `,` + numbersText(random, 2, 100) + `,` + number + `]` + below + `}`,
	})
}

// The walker counts the exact arithmetic of jsonschema/v5 before it is done.
func TestArithmeticIsCountedBefore(t *testing.T) {
	random := rand.New(rand.NewPCG(17, 9))
	most := 0
	for range 150 {
		text := numbersSchema(random, 2)
		s := mustBound(t, text)
		steps := 0
		compiler := newCompiler()
		compiler.RegisterExtension("arithmetic", nil, arithmeticOf{nil, &steps})
		compiled, err := compileWith(compiler, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			v := parse(t, numbersText(random, 3, pick(random, []int{3, 300, 2500})))
			steps = 0
			_ = compiled.Validate(v.Any())
			w := walker{schema: s, steps: 1 << 40}
			w.apply(s.root, v, 0)
			if counted := 1<<40 - w.steps; counted < steps {
				t.Fatalf("%d steps, counted %d\n%s", steps, counted, text)
			}
			most = max(most, steps)
		}
	}
	if most < 1000 {
		t.Errorf("at most %d steps: the numbers are too short", most)
	}
}

// Small schemas and values that take jsonschema/v5 seconds to minutes exceed the limit; values like those of payloads
// don't.
func TestCostsAreLimited(t *testing.T) {
	repeat := func(n int, text string) string { return strings.TrimSuffix(strings.Repeat(text+",", n), ",") }
	long := "0." + strings.Repeat("7", 90_000)
	var integers, halves []string
	for i := range 12_000 {
		integers, halves = append(integers, fmt.Sprint(i)), append(halves, fmt.Sprintf("%d.5", i))
	}
	fractions := "[" + repeat(100, "0."+strings.Repeat("7", 9900)) + "]"
	brackets := "["
	for i := range 4000 {
		brackets += strings.NewReplacer("0", "[],", "1", "[[]],").Replace(fmt.Sprintf("[%012b],", i))
	}
	brackets = strings.ReplaceAll(brackets+"[]]", ",]", "]")
	deep := strings.Repeat(`{"a":`, 90) + "[" + repeat(3000, "1") + "]" + strings.Repeat(`}`, 90)
	objects := "[" + repeat(100, `{"a":1,"b":[1,2.5e3,-3]}`) + "]"
	for _, tc := range []struct {
		name, schema, value string
		want                error
	}{
		{"enum of integers", `{"enum":[` + strings.Join(integers[:400], ",") + `]}`, long, ErrLimit},
		{"enum of fractions", `{"items":{"enum":[` + strings.Join(halves[:1000], ",") + `]}}`, fractions, ErrLimit},
		{"long enum", `{"enum":[` + strings.Join(halves, ",") + `]}`, long, ErrLimit},
		{"const in arrays", `{"allOf":[` + repeat(400, `{"not":{"const":[[7]]}}`) + `]}`, "[[" + long + "]]", ErrLimit},
		{"const in objects", `{"allOf":[` + repeat(400, `{"not":{"const":{"a":{"b":7}}}}`) + `]}`, `{"a":{"b":` + long + `}}`, ErrLimit},
		{"multipleOf", `{"items":{"multipleOf":1e-300}}`, "[" + repeat(10, long) + "]", ErrLimit},
		{"minimum", `{"allOf":[` + repeat(20, `{"minimum":0.1}`) + `]}`, long, ErrLimit},
		{"exclusiveMaximum", `{"allOf":[` + repeat(20, `{"exclusiveMaximum":1e300}`) + `]}`, long, ErrLimit},
		{"integer", `{"allOf":[` + repeat(20, `{"type":["integer","number"]}`) + `]}`, long, ErrLimit},
		{"unique numbers", `{"uniqueItems":true}`, "[" + repeat(5, "0."+strings.Repeat("7", 50_000)) + "]", ErrLimit},
		{"unique numbers of a long array", `{"uniqueItems":true}`, "[" + repeat(25, "0."+strings.Repeat("7", 30_000)) + "]", ErrLimit},
		{"exponent of zero", `{"enum":[` + strings.Join(integers[1:400], ",") + `]}`, "0e99999", ErrLimit},
		{"arrays with one hash", `{"uniqueItems":true}`, brackets, ErrLimit},
		{"many properties", `{"items":{"properties":{` + repeat(1, `"a":{}`) + func() (text string) {
			for i := range 1990 {
				text += fmt.Sprintf(`,"p%d":{}`, i)
			}
			return text
		}() + `}}}`, "[" + repeat(50_000, "{}") + "]", ErrLimit},
		{"many required", `{"items":{"not":{"required":["` + strings.Join(integers, `","`) + `"]}}}`, "[" + repeat(1000, "{}") + "]", ErrLimit},
		{
			name: "long locations",
			schema: `{"not":{"$ref":"#/$defs/r"},"$defs":{"r":{` +
				`"patternProperties":{"^a{1}` + strings.Repeat("(a)?", 240) + `":{"$ref":"#/$defs/r"}},"items":false}}}`,
			value: deep,
			want:  ErrLimit,
		},
		{"expressions", `{"items":{"not":{"format":"regex"}}}`, "[" + repeat(20_000, `"(`+strings.Repeat(".{1000}", 9)+`"`) + "]", ErrLimit},
		{"wide ranges", `{"items":{"not":{"format":"regex"}}}`, "[" + repeat(100, `"((?i)`+strings.Repeat("[A-𞥂]", 9)+`"`) + "]", ErrLimit},
		{"an expression", `{"format":"regex"}`, `"^(a|b)[a-z]{1000}$"`, nil},
		{
			name: "objects",
			schema: `{"uniqueItems":false,"items":{"uniqueItems":true,"properties":{` +
				`"a":{"enum":[` + strings.Join(integers[:100], ",") + `]},"b":{"items":{"multipleOf":0.5}}}}}`,
			value: objects,
		},
		{"usual numbers", `{"items":{"type":"integer","minimum":0,"maximum":1000000}}`, "[" + strings.Join(integers, ",") + "]", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, v := mustBound(t, tc.schema), parse(t, tc.value)
			if _, err := s.Validate(v); !errors.Is(err, tc.want) {
				t.Errorf("%v, want %v", err, tc.want)
			}
		})
	}
}

// The regular expressions of a schema are limited in sum, before they are compiled.
func TestComplexityIsLimited(t *testing.T) {
	names := func(n int, text, value string) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf(`"%d%s":%s`, i, text, value))
		}
		return strings.Join(list, ",")
	}
	patterns := func(n int, text string) string {
		return `{"properties":{` + names(n, "", `{"pattern":"`+text+`"}`) + `}}`
	}
	counted := strings.Repeat(".{1000}", 9)
	for _, tc := range []struct {
		name, schema string
		complex      bool
	}{
		{"one", patterns(1, counted), false},
		{"pattern", patterns(1900, counted), true},
		{"patternProperties", `{"patternProperties":{` + names(1900, counted, "{}") + `}}`, true},
		{"in a list that $ref hides", `{` + draft7Line + `,"$ref":"#/definitions/a","definitions":{"a":` + patterns(1900, counted) + `}}`, true},
		{"classes of Unicode", patterns(100, strings.Repeat(`\\pL`, 100)), true},
		{"ranges without regard to case", patterns(100, `(?i)`+strings.Repeat(`[A-𞥂]`, 20)), true},
		{"ranges by escapes", patterns(100, `(?si:`+strings.Repeat(`[\\x{41}-\\x{1e942}]`, 20)+`)`), true},
		{"many usual ones", patterns(120, `^(?i)https://[a-z0-9-]+\\.example\\.com/`), false},
		{"some classes", patterns(10, `^[\\p{L}\\p{N} _-]{1,64}$`), false},
	} {
		_, err := CompileBounded([]byte(tc.schema))
		got := err != nil && strings.Contains(err.Error(), "too complex in sum")
		if got != tc.complex {
			t.Errorf("%s: too complex: %t, want %t: %v", tc.name, got, tc.complex, err)
		}
		if err != nil && !got {
			t.Errorf("%s: another error: %v", tc.name, err)
		}
	}
}

// Keywords of older drafts that jsonschema/v5 recognizes in all drafts don't panic.
func TestRegexProperties(t *testing.T) {
	for _, value := range []string{"7", "true"} {
		_, err := CompileBounded([]byte(`{"regexProperties":` + value + `}`))
		if want := "regexProperties is not supported"; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", value, err, want)
		}
	}
}

// A schema with the format regex decides as jsonschema/v5 does.
func TestFormatRegex(t *testing.T) {
	for _, value := range []string{`"a"`, `"("`, `"a{1001}"`, `"(?=a)"`, `7`, `"(a{1000}){1000}"`, `"\\p{Greek}"`, `"\\p{None}"`} {
		v := parse(t, value)
		failures, err := mustBound(t, `{"format":"regex"}`).Validate(v)
		if want := jsonschema.Formats["regex"](v.Any()); err != nil || (failures == nil) != want {
			t.Errorf("%s: %v %v, want %v", value, failures, err, want)
		}
	}
}
