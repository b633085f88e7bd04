package validate

import (
	"fmt"
	"runtime"

	"github.com/atlasint/atlasint/gen/schemas"
)

// Option changes a default of [New].
type Option func(*Validator) error

// WithAPIVersion selects the API version, "v2" or "v1.0". The default is v2.
func WithAPIVersion(apiVersion string) Option {
	return func(v *Validator) error {
		if apiVersion != schemas.V1 && apiVersion != schemas.V2 {
			return fmt.Errorf("unknown API version %q: it is %s or %s", apiVersion, schemas.V2, schemas.V1)
		}
		v.apiVersion = apiVersion
		return nil
	}
}

// WithType requires that every payload is of this integration type, for example that of a request's path.
// By default a payload may be of any type.
func WithType(name string) Option {
	return func(v *Validator) error {
		v.want = name
		return nil
	}
}

// WithOperation sets the operation for which the payloads are sent. The default is [Create].
func WithOperation(op Operation) Option {
	return func(v *Validator) error {
		if op != Create && op != Update {
			return fmt.Errorf("unknown operation %q: it is %s or %s", op, Create, Update)
		}
		v.operation = op
		return nil
	}
}

// Limits that no input reaches, and to which other numbers can be added.
const (
	hugeSize     = 1 << 50
	hugeFindings = 1 << 30
)

// WithMaxSize sets the largest size of a payload in bytes. A larger one gets only the finding too-large. The default is
// [DefaultMaxSize].
func WithMaxSize(bytes int64) Option {
	return func(v *Validator) error {
		if bytes <= 0 {
			return fmt.Errorf("the maximal size must be positive, not %d", bytes)
		}
		v.maxSize = min(bytes, hugeSize)
		return nil
	}
}

// WithMaxFindings limits how many findings of one input are kept, the first ones by their place;
// [Validator.CheckFile] and [Validator.CheckReader] count all. The default is [DefaultMaxFindings].
func WithMaxFindings(n int) Option {
	return func(v *Validator) error {
		if n <= 0 {
			return fmt.Errorf("the maximal number of findings must be positive, not %d", n)
		}
		v.maxFindings = min(n, hugeFindings)
		return nil
	}
}

// WithExpansion replaces ${env:NAME} and ${file:PATH} in strings by their values before it validates them. It reads the
// environment of the process and every file that a payload names; relative paths start at the folder of the payload's
// file. By default references stay, and their values are not validated.
func WithExpansion() Option {
	return func(v *Validator) error {
		v.expands = true
		return nil
	}
}

// WithOneProject records the types of payloads for [OneProject], which reports payloads of the same type. By default
// payloads are independent.
func WithOneProject() Option {
	return func(v *Validator) error {
		v.oneProject = true
		return nil
	}
}

// WithDocuments returns the payloads of known types in [Result.Documents], so that you can send the bytes that were
// validated. By default a result has no documents.
func WithDocuments() Option {
	return func(v *Validator) error {
		v.documents = true
		return nil
	}
}

// WithLiterals treats ${env:NAME} and ${file:PATH} as literal text, as a server does. By default they are references,
// and their values are not validated.
func WithLiterals() Option {
	return func(v *Validator) error {
		v.literal = true
		return nil
	}
}

// WithGovernment validates payloads for Atlas for Government (cloud.mongodbgov.com), which does not offer all
// integrations: rule not-in-government. The default is the commercial Atlas.
func WithGovernment() Option {
	return func(v *Validator) error {
		v.government = true
		return nil
	}
}

// WithJobs sets the number of records of one input that are validated at a time, at most four for each CPU. The default
// is 1.
func WithJobs(n int) Option {
	return func(v *Validator) error {
		if n <= 0 {
			return fmt.Errorf("the number of jobs must be positive, not %d", n)
		}
		v.jobs = min(n, 4*runtime.GOMAXPROCS(0)) // more would only wait for each other
		return nil
	}
}

// WithSnippets adds the line of each finding to it. By default findings have no snippet.
func WithSnippets() Option {
	return func(v *Validator) error {
		v.snippets = true
		return nil
	}
}

// WithSeverity sets the severity of one rule; [Off] turns it off. All findings of the rule then have this severity,
// even if the rule has errors and warnings by default.
func WithSeverity(rule string, severity Severity) Option {
	return func(v *Validator) error {
		known, ok := findRule(rule)
		if !ok {
			return fmt.Errorf("unknown rule %q; %s", rule, suggestion(rule, ruleIDs()))
		}
		if known.Fixed && severity != known.Default {
			return fmt.Errorf("rule %s is always an %s: nothing can be judged past it", rule, known.Default)
		}
		if severity != Error && severity != Warning && severity != Off {
			return fmt.Errorf("unknown severity %q: it is %s, %s or %s", severity, Error, Warning, Off)
		}
		v.severity[rule] = severity
		return nil
	}
}
