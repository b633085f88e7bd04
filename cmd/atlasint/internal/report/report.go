// Package report writes findings for people and for programs.
//
// A [Report] collects the results of the inputs, and [Find] returns a function that writes it in a format. The output is
// valid even without findings, is the same bytes for the same report, and contains no terminal control characters. Findings
// contain no secret, and a report contains nothing else of an input.
package report

import (
	"io"
	"maps"
	"slices"

	"github.com/atlasint/atlasint/validate"
)

// Stdin is the file name of standard input in findings. Formats that require a path omit it.
const Stdin = "<stdin>"

// Summary counts files, payloads and findings.
type Summary struct {
	Files    int `json:"files"`
	Payloads int `json:"payloads"`
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Omitted  int `json:"omitted"` // findings that are counted above and not listed
	Fixed    int `json:"fixed,omitempty"`
}

// File is the result of one input. Its counts may be higher than the number of listed findings.
type File struct {
	Name string
	validate.Result
}

// Failure is an input that could not be validated.
type Failure struct {
	File    string `json:"file"`
	Message string `json:"message"` // one line: what went wrong, and what to try next
}

// Report is the result of one run, in the order of the inputs. Set the options before you add the first input.
type Report struct {
	Version string // of the program, for formats that name it
	Quiet   bool   // list errors only; texts for people leave the summary out too
	Verbose bool   // texts for people name the inputs without findings too
	Color   bool   // texts for people are coloured
	Strict  bool   // warnings fail, where a format distinguishes failure from success
	Dir     string // formats for tools that expect paths in a repository make absolute paths below Dir relative to it
	Fixing  bool   // the inputs were corrected
	DryRun  bool   // with Fixing: the corrections were not written
	Limit   int    // findings that any report lists at most, if this one lists as many; else 0

	Summary  Summary
	Files    []File
	Fixes    []Fixes
	Failures []Failure
}

// Add appends the result of one input.
func (r *Report) Add(name string, result validate.Result) {
	if r.Quiet {
		result.Findings = slices.DeleteFunc(slices.Clone(result.Findings), isWarning)
	}
	r.Files = append(r.Files, File{name, result})
	r.Summary.Files++
	r.Summary.Payloads += result.Payloads
	r.Summary.Errors += result.Errors
	r.Summary.Warnings += result.Warnings
	r.Summary.Omitted += result.Omitted()
}

// Fail appends an input that could not be validated.
func (r *Report) Fail(name, message string) {
	r.Failures = append(r.Failures, Failure{name, message})
}

func isWarning(f validate.Finding) bool { return f.Severity != validate.Error }

// findings returns the findings of all inputs.
func (r *Report) findings() []validate.Finding {
	list := []validate.Finding{}
	for _, f := range r.Files {
		list = append(list, f.Findings...)
	}
	return list
}

// more returns the numbers of findings of an input beyond the limit. A quiet report omits all warnings, so it does not
// count them.
func (r *Report) more(f *File) (errors, warnings int) {
	errors, warnings = f.Errors, f.Warnings
	for _, finding := range f.Findings {
		if isWarning(finding) {
			warnings--
		} else {
			errors--
		}
	}
	if r.Quiet {
		warnings = 0
	}
	return errors, warnings
}

// Format writes a report.
type Format func(io.Writer, *Report) error

// Default is the name of the format for people, the only one that shows the snippets of findings.
const Default = "text"

// Annotations is the name of the format for GitHub Actions, the only one that writes commands of a CI system.
const Annotations = "github"

var formats = map[string]Format{
	Default:     Text,
	Annotations: GitHub,
	"gitlab":    GitLab,
	"json":      JSON,
	"junit":     JUnit,
	"sarif":     SARIF,
}

// Names returns the names of the formats, sorted.
func Names() []string { return slices.Sorted(maps.Keys(formats)) }

// Find returns the format with a name, and reports whether it exists.
func Find(name string) (Format, bool) {
	f, ok := formats[name]
	return f, ok
}
