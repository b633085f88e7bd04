package validate_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/validate"
)

// The zero Validator behaves like one that New returns without options.
func TestZeroValidator(t *testing.T) {
	validator, err := validate.New(validate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const payload = `{"type":"DATADOG","apikey":"x"}`
	results := func(v *validate.Validator) (all []any) {
		lines, err := v.CheckReader("f", strings.NewReader(payload), validate.Lines)
		folder, folderErr := v.CheckFile(os.DevNull, validate.One)
		return append(all, v.Check("f", []byte(payload)), lines, err, folder, folderErr)
	}
	if diff := cmp.Diff(results(validator), results(new(validate.Validator)), wholeResult); diff != "" {
		t.Error(diff)
	}
}

func TestConfiguredSeverity(t *testing.T) {
	payload := `{"type":"WEBHOOK","url":"http://localhost/x"}`
	for severity, want := range map[validate.Severity]int{validate.Error: 1, validate.Warning: 1, validate.Off: 0} {
		v, err := validate.New(validate.Options{Severities: map[string]validate.Severity{"url": severity}})
		if err != nil {
			t.Fatal(err)
		}
		got := v.Check("p", []byte(payload))
		if len(got) != want {
			t.Errorf("url as %s: findings %v, want %d", severity, got, want)
		}
		for _, f := range got {
			if f.Severity != severity {
				t.Errorf("url as %s: the severity is %s", severity, f.Severity)
			}
		}
	}
}

// Every rule that the index refers to exists, and every type's schema compiles and accepts its example.
func TestIndexOfSchemas(t *testing.T) {
	known := map[string]bool{}
	for _, r := range validate.Rules() {
		known[r.ID] = true
	}
	for _, typ := range schemas.Types {
		for _, caveat := range typ.Caveats {
			if !known[caveat.Value] {
				t.Errorf("%s %s: no rule %s", typ.APIVersion, typ.Name, caveat.Value)
			}
		}
		v, err := validate.New(validate.Options{APIVersion: typ.APIVersion})
		if err != nil {
			t.Fatal(err)
		}
		data := example(t, typ)
		for _, f := range v.Check("example", data) {
			if f.Severity == validate.Error {
				t.Errorf("%s %s: %s", typ.APIVersion, typ.Name, f)
			}
		}
	}
}

// Expand and Literals contradict each other: neither may win silently.
func TestExpandExcludesLiterals(t *testing.T) {
	_, err := validate.New(validate.Options{Expand: true, Literals: true})
	var wrong *validate.OptionError
	if !errors.As(err, &wrong) || wrong.Option != "Expand" {
		t.Fatalf("the error is %v", err)
	}
	const want = "the options Expand and Literals exclude each other; leave one of them out"
	if wrong.Error() != want {
		t.Errorf("%s, want %s", wrong, want)
	}
}
