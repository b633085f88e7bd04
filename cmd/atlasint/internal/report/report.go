// Package report writes findings for people and for programs.
//
// A [Report] collects the results of the inputs, and [Find] returns a function that writes it in a format. The output
// is valid even without findings, is the same bytes for the same report, and contains no terminal control characters.
// Findings contain no secret, and a report contains nothing else of an input.
package report

import (
	"fmt"
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

	Baselined int `json:"baselined,omitempty"` // findings in the baseline, which are not counted above
	Expired   int `json:"expired,omitempty"`   // entries of the baseline without a finding
}

// File is the result of one input. Its counts may be higher than the number of listed findings.
type File struct {
	Name string
	validate.Result
	Fingerprints []string // of Result.Findings, in their order
	Truncated    bool     // the result had fewer findings than it counted: some fingerprints are unknown
}

// Failure is an input that could not be validated.
type Failure struct {
	File    string `json:"file"`
	Message string `json:"message"` // one line: what went wrong, and what to try next
}

// Report is the result of one run, in the order of the inputs. Set the options before you add the first input.
type Report struct {
	Version   string // of the program, for formats that name it
	Quiet     bool   // list errors only; texts for people leave the summary out too
	Verbose   bool   // texts for people name the inputs without findings too
	Color     bool   // texts for people are colored
	Strict    bool   // warnings fail, where a format distinguishes failure from success
	Dir       string // absolute paths below it are shown relative to it; "" shows them whole
	Locations bool   // tests of junit have the attributes file and line
	Fixing    bool   // the inputs were corrected
	DryRun    bool   // with Fixing: the corrections were not written
	Limit     int    // findings that any report lists at most, if this one lists as many; else 0

	Known    func(fingerprint string) bool // reports whether a finding is in the baseline; nil if none is
	KnownAs  func(name string) string      // returns the name of an input in the baseline; nil: that of the report
	PerInput int                           // findings listed of each input at most; 0 lists all of the result

	Summary  Summary
	Files    []File
	Fixes    []Fixes
	Failures []Failure

	seen, seenKnown fingerprints
}

// Add appends the result of one input. Every format shows the same name and the same fingerprints.
func (r *Report) Add(name string, result validate.Result) {
	f := File{Name: Name(r.Dir, name), Result: result, Truncated: result.Omitted() > 0}
	f.Findings = nil
	if r.seen == nil {
		r.seen, r.seenKnown = fingerprints{}, fingerprints{}
	}
	for _, finding := range result.Findings {
		finding.File = f.Name
		fingerprint := r.seen.of(finding)
		if r.isKnown(finding, fingerprint) {
			f.uncount(finding.Severity)
			r.Summary.Baselined++
			continue
		}
		if r.Quiet && isWarning(finding) || r.PerInput > 0 && len(f.Findings) == r.PerInput {
			continue
		}
		f.Findings, f.Fingerprints = append(f.Findings, finding), append(f.Fingerprints, fingerprint)
	}
	r.Files = append(r.Files, f)
	result = f.Result
	r.Summary.Files++
	r.Summary.Payloads += result.Payloads
	r.Summary.Errors += result.Errors
	r.Summary.Warnings += result.Warnings
	r.Summary.Omitted += result.Omitted()
}

// isKnown reports whether a finding of the report is in the baseline.
func (r *Report) isKnown(finding validate.Finding, fingerprint string) bool {
	if r.Known != nil && r.KnownAs != nil {
		finding.File = r.KnownAs(finding.File)
		fingerprint = r.seenKnown.of(finding)
	}
	return r.Known != nil && r.Known(fingerprint)
}

// uncount removes a finding from the counts.
func (f *File) uncount(severity validate.Severity) {
	if severity == validate.Error {
		f.Errors--
	} else {
		f.Warnings--
	}
}

// Reset removes the results of all inputs. It keeps the options and the failures.
func (r *Report) Reset() { r.Files, r.Summary, r.seen, r.seenKnown = nil, Summary{}, nil, nil }

// Fail appends an input that could not be validated.
func (r *Report) Fail(name, message string) {
	r.Failures = append(r.Failures, Failure{Name(r.Dir, name), message})
}

// baseline returns the number of known findings as text with a blank before it, or "" if there are none.
func (s Summary) baseline() string {
	if s.Baselined == 0 {
		return ""
	}
	return fmt.Sprintf(" (%d in the baseline)", s.Baselined)
}

func isWarning(f validate.Finding) bool { return f.Severity != validate.Error }

// Finding is a finding with its fingerprint.
type Finding struct {
	validate.Finding
	Fingerprint string `json:"fingerprint"`
}

// Findings returns the listed findings of all inputs. It is not nil.
func (r *Report) Findings() []Finding {
	list := []Finding{}
	for _, f := range r.Files {
		for i, finding := range f.Findings {
			list = append(list, Finding{finding, f.Fingerprints[i]})
		}
	}
	return list
}

// FindingsAs returns the listed findings under other names of their inputs, with the fingerprints of these names.
func (r *Report) FindingsAs(nameOf func(name string) string) []Finding {
	list, seen := r.Findings(), fingerprints{}
	for i, f := range list {
		f.File = nameOf(f.File)
		list[i] = Finding{f.Finding, seen.of(f.Finding)}
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

// Tests is the name of the format for lists of tests.
const Tests = "junit"

var formats = map[string]Format{
	Default:     Text,
	Annotations: writeGitHub,
	"gitlab":    writeGitLab,
	"json":      writeJSON,
	Tests:       writeJUnit,
	"markdown":  writeMarkdown,
	"sarif":     writeSARIF,
}

// Names returns the names of the formats, sorted.
func Names() []string { return slices.Sorted(maps.Keys(formats)) }

// Find returns the format with a name, and reports whether it exists.
func Find(name string) (Format, bool) {
	f, ok := formats[name]
	return f, ok
}
