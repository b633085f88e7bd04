package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// The elements have what the schema of Jenkins' xUnit plugin (junit-10.xsd) and the classic schema of Ant's reports
// (JUnit.xsd of Windy Road) both allow, and all that one of them requires, in the order of the second one.
type junitReport struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

// junitSuite is the tests of an input. Jenkins prepends the package to the name unless it is empty.
type junitSuite struct {
	Name       string      `xml:"name,attr"`
	Package    string      `xml:"package,attr"`
	ID         int         `xml:"id,attr"` // from 0
	Timestamp  string      `xml:"timestamp,attr"`
	Host       string      `xml:"hostname,attr"`
	Tests      int         `xml:"tests,attr"`
	Failures   int         `xml:"failures,attr"`
	Errors     int         `xml:"errors,attr"`
	Skipped    int         `xml:"skipped,attr"`
	Time       int         `xml:"time,attr"`
	Properties struct{}    `xml:"properties"`
	Cases      []junitCase `xml:"testcase"`
	Out        string      `xml:"system-out"`
	Err        string      `xml:"system-err"`
}

// junitStart and junitHost are required. Fixed values keep reports with the same findings equal.
const (
	junitStart = "1970-01-01T00:00:00"
	junitHost  = "localhost"
)

// junitCase is a test. It has at most one failure, because Jenkins and GitLab ignore all others.
type junitCase struct {
	Class   string     `xml:"classname,attr"`
	Name    string     `xml:"name,attr"`
	Time    int        `xml:"time,attr"`
	File    string     `xml:"file,attr,omitempty"` // with Report.Locations only: no schema allows it
	Line    int        `xml:"line,attr,omitempty"` // as File
	Failure *junitText `xml:"failure"`
	Error   *junitText `xml:"error"`

	out string // for the system-out of the suite
}

type junitText struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes a suite for each input, with a test for each payload. Findings that fail the run fail the test, and
// all others are output of the suite. An input that could not be validated is a test with an error.
func writeJUnit(w io.Writer, r *Report) error {
	var all junitReport
	for i := range r.Files {
		all.add(r.Files[i].Name, r.cases(&r.Files[i]))
	}
	for _, f := range r.Failures {
		test := r.newCase(f.File, "")
		test.Error = &junitText{f.Message, "unreadable", f.Message}
		all.add(f.File, []junitCase{test})
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(redact.NewWriter(w, redact.EscapeXML))
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (j *junitReport) add(name string, cases []junitCase) {
	s := junitSuite{
		Name: redact.Path(name), ID: len(j.Suites), Timestamp: junitStart, Host: junitHost, Tests: len(cases), Cases: cases,
	}
	var out []string
	for i := range cases {
		if cases[i].Failure != nil {
			s.Failures++
		}
		if cases[i].Error != nil {
			s.Errors++
		}
		if cases[i].out != "" {
			out = append(out, cases[i].out)
		}
	}
	s.Out = strings.Join(out, "\n")
	j.Suites = append(j.Suites, s)
}

// newCase returns a test. Its name is complete, because GitLab lists only names and merges tests with equal names. All
// tests have the same class, because Jenkins splits classes at dots.
func (r *Report) newCase(file, part string) junitCase {
	test := junitCase{Class: "atlasint.validate", Name: redact.Path(file) + part}
	if r.Locations && file != Stdin {
		test.File = redact.Path(file)
	}
	return test
}

// cases returns the tests of an input, one for each payload. If findings are omitted, the payloads after the last
// listed one can have faults, so they share one test.
func (r *Report) cases(f *File) []junitCase {
	errors, warnings := r.more(f)
	known := f.Payloads
	if errors+warnings > 0 {
		known = 0
		if n := len(f.Findings); n > 0 {
			known = payloadOf(f.Findings[n-1])
		}
	}
	cases := make([]junitCase, 0, known+1)
	rest := f.Findings
	for payload := 1; payload <= known; payload++ {
		n := 0
		for n < len(rest) && payloadOf(rest[n]) <= payload {
			n++
		}
		part := ""
		if f.Payloads > 1 {
			part = fmt.Sprintf(" payload %d", payload)
		}
		cases = append(cases, r.withFindings(r.newCase(f.Name, part), rest[:n]))
		rest = rest[n:]
	}
	if errors+warnings > 0 {
		cases = append(cases, r.unlisted(f, errors))
	}
	return cases
}

// payloadOf returns the payload number of a finding, which is 1 in a file with a single payload.
func payloadOf(f validate.Finding) int { return max(1, f.Record) }

// withFindings adds findings to a test: errors fail it, all others are output.
func (r *Report) withFindings(test junitCase, findings []validate.Finding) junitCase {
	var failures, rest []string
	for _, f := range findings {
		if isWarning(f) && !r.Strict {
			rest = append(rest, f.String())
			continue
		}
		if failures = append(failures, f.String()); len(failures) == 1 {
			if r.Locations {
				test.Line = f.Line
			}
			test.Failure = &junitText{Message: f.Text(), Type: f.Rule}
		}
	}
	if test.Failure != nil {
		test.Failure.Text = strings.Join(failures, "\n")
	}
	if more := len(failures) - 1; more > 0 {
		test.Failure.Message += fmt.Sprintf(" (and %d more)", more)
	}
	test.out = strings.Join(rest, "\n")
	return test
}

// unlisted returns the test for the findings beyond the limit.
func (r *Report) unlisted(f *File, errors int) junitCase {
	test, note := r.newCase(f.Name, " past the limit of findings"), r.moreText(f)
	if errors > 0 || r.Strict {
		test.Failure = &junitText{note, "omitted", note}
	} else {
		test.out = note
	}
	return test
}
