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

// WithType demands that every payload is of this integration type, such as that of a request's path.
// By default a payload's own type decides.
func WithType(name string) Option {
	return func(v *Validator) error {
		v.want = name
		return nil
	}
}

// WithOperation says what the payloads are for. The default is [Create].
func WithOperation(op Operation) Option {
	return func(v *Validator) error {
		if op != Create && op != Update {
			return fmt.Errorf("unknown operation %q: it is %s or %s", op, Create, Update)
		}
		v.operation = op
		return nil
	}
}

// Limits that no input reaches, and that can be added to.
const (
	hugeSize     = 1 << 50
	hugeFindings = 1 << 30
)

// WithMaxSize sets the size in bytes above which a payload is refused. The default is [DefaultMaxSize].
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

// WithExpansion replaces ${env:NAME} and ${file:PATH} in strings by what they stand for before it judges
// them; it reads the environment of the process and any file that a payload names, relative to the
// payload's folder. By default references are left alone, and what they stand for is not judged.
func WithExpansion() Option {
	return func(v *Validator) error {
		v.expands = true
		return nil
	}
}

// WithOneProject notes the types of payloads, so that [OneProject] can tell those that one project
// can't hold together. By default payloads have nothing to do with each other.
func WithOneProject() Option {
	return func(v *Validator) error {
		v.oneProject = true
		return nil
	}
}

// WithDocuments keeps the payloads of known types, so that what was judged is what is sent. By default
// nothing of a payload is kept.
func WithDocuments() Option {
	return func(v *Validator) error {
		v.documents = true
		return nil
	}
}

// WithLiterals takes ${env:NAME} and ${file:PATH} as they stand: as texts like any other, which is what a
// server makes of them. By default they are references, and what they stand for is not judged.
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

// WithJobs sets how many records of one input are judged at a time. The default is 1.
func WithJobs(n int) Option {
	return func(v *Validator) error {
		if n <= 0 {
			return fmt.Errorf("the number of jobs must be positive, not %d", n)
		}
		v.jobs = min(n, 4*runtime.GOMAXPROCS(0)) // more would only wait for each other
		return nil
	}
}

// WithSnippets gives each finding the line it stands on, for people. By default there is none.
func WithSnippets() Option {
	return func(v *Validator) error {
		v.snippets = true
		return nil
	}
}

// WithSeverity changes the severity of one rule; [Off] silences it. A rule that yields errors and
// warnings yields only the given severity from then on.
func WithSeverity(rule string, severity Severity) Option {
	return func(v *Validator) error {
		known, ok := findRule(rule)
		if !ok {
			return fmt.Errorf("unknown rule %q; %s", rule, didYouMean(rule, ruleIDs()))
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
