package validate

import (
	"cmp"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/words"
)

// Options are the settings of a [Validator]. A field with its zero value has the default.
type Options struct {
	// APIVersion is the API version of the payloads, "v2" or "v1.0". The default is v2.
	APIVersion string
	// Type is the integration type of every payload: its name or title, in any case. By default a payload may be of any
	// type.
	Type string
	// Operation is the operation for which the payloads are sent. The default is [Create].
	Operation Operation

	// Severities are the severities of rules, by ID; [Off] turns a rule off. All findings of a rule then have this
	// severity, even if the rule has errors and warnings by default.
	Severities map[string]Severity
	// Government validates payloads for Atlas for Government (cloud.mongodbgov.com), which does not offer all
	// integrations: rule not-in-government. The default is the commercial Atlas.
	Government bool

	// Expand replaces ${env:NAME} and ${file:PATH} in strings by their values before it validates them. It reads the
	// environment of the process and every file that a payload names; relative paths start at the folder of the
	// payload's file. By default references stay, and their values are not validated.
	Expand bool
	// Literals treats ${env:NAME} and ${file:PATH} as literal text, as a server does. It excludes Expand.
	Literals bool

	// MaxSize is the largest size of a payload in bytes. A larger one gets only the finding too-large. The default is
	// 1 MiB; payloads of Atlas stay under 32 KiB.
	MaxSize int64
	// MaxFindings limits how many findings of one input are kept, the first ones by their place;
	// [Validator.CheckFile] and [Validator.CheckReader] count all. The default is 100.
	MaxFindings int
	// Jobs is the number of records of one input that are validated at a time, at most four for each CPU. The default
	// is 1.
	Jobs int

	// Snippets adds the line of each finding to it.
	Snippets bool
	// Documents returns the payloads of known types in [Result.Documents], so that you can send the bytes that were
	// validated.
	Documents bool
	// OneProject records the types of payloads for [Validator.OneProject], which reports payloads of the same type. By
	// default payloads are independent.
	OneProject bool
}

const defaultMaxFindings = 100

// Limits above all inputs. Sums with them do not overflow.
const (
	hugeSize     = 1 << 50
	hugeFindings = 1 << 30
)

// completed returns the options with their defaults, or an [*OptionError] for the first invalid one.
func (o Options) completed() (Options, error) {
	o.APIVersion = cmp.Or(o.APIVersion, schemas.V2)
	o.Type = atlas.TypeName(o.Type)
	o.Operation = cmp.Or(o.Operation, Create)
	o.MaxSize = cmp.Or(o.MaxSize, atlas.MaxPayload)
	o.MaxFindings = cmp.Or(o.MaxFindings, defaultMaxFindings)
	o.Jobs = cmp.Or(o.Jobs, 1)
	o.Severities = maps.Clone(o.Severities)
	if err := o.check(); err != nil {
		return Options{}, err
	}
	o.MaxSize, o.MaxFindings = min(o.MaxSize, hugeSize), min(o.MaxFindings, hugeFindings)
	o.Jobs = min(o.Jobs, 4*runtime.GOMAXPROCS(0)) // more jobs would wait for a CPU
	return o, nil
}

// OptionError is the error of [New] for an invalid option, and of [Validator.WithSchema] for an invalid argument.
type OptionError struct {
	// Option is the field of [Options] that is wrong, such as Severities; Expand if it is set together with Literals; or
	// WithSchema.
	Option string
	Reason string
	Hint   string // what to try next; may be empty
	// Suggestion is what the hint suggests, for programs that word hints for their own options: an API version that has
	// the type, or nothing.
	Suggestion Suggestion
}

// Error returns the reason and the hint on one line.
func (e *OptionError) Error() string {
	return strings.TrimSuffix(e.Reason+"; "+e.Hint, "; ")
}

func wrongOption(option, hint, format string, args ...any) error {
	return &OptionError{Option: option, Reason: fmt.Sprintf(format, args...), Hint: hint}
}

// check returns the error of the first invalid option except Type.
func (o Options) check() error {
	switch {
	case o.APIVersion != schemas.V1 && o.APIVersion != schemas.V2:
		return wrongOption("APIVersion", "use "+schemas.V2+" or "+schemas.V1, "unknown API version %q", o.APIVersion)
	case o.Operation != Create && o.Operation != Update:
		return wrongOption("Operation", fmt.Sprintf("use %s or %s", Create, Update), "unknown operation %q", o.Operation)
	case o.Expand && o.Literals:
		return wrongOption("Expand", "leave one of them out", "the options Expand and Literals exclude each other")
	case o.MaxSize < 0:
		return wrongOption("MaxSize", "", "the maximal size must be positive, not %d", o.MaxSize)
	case o.MaxFindings < 0:
		return wrongOption("MaxFindings", "", "the maximal number of findings must be positive, not %d", o.MaxFindings)
	case o.Jobs < 0:
		return wrongOption("Jobs", "", "the number of jobs must be positive, not %d", o.Jobs)
	}
	for _, rule := range slices.Sorted(maps.Keys(o.Severities)) {
		if err := checkSeverity(rule, o.Severities[rule]); err != nil {
			return err
		}
	}
	return nil
}

func checkSeverity(rule string, severity Severity) error {
	known, ok := findRule(rule)
	if !ok {
		return wrongOption("Severities", words.Suggestion(rule, ruleIDs()), "unknown rule %q", rule)
	}
	if known.FixedSeverity && severity != known.Default {
		return wrongOption("Severities", "", "rule %s is always an %s: its findings stop the validation", rule, known.Default)
	}
	if severity != Error && severity != Warning && severity != Off {
		return wrongOption("Severities", fmt.Sprintf("use %s, %s or %s", Error, Warning, Off), "unknown severity %q", severity)
	}
	return nil
}
