package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
)

// element is the rule of a schema for an element: its attributes and its children.
type element struct {
	required map[string]*regexp.Regexp // attributes, each with the pattern of its type; nil allows any text
	optional map[string]*regexp.Regexp
	children string // pattern of the names of the child elements, each followed by a blank
	text     bool   // the element may contain text
}

var (
	whole     = regexp.MustCompile(`^[+-]?[0-9]+$`)
	decimal   = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$`)
	nonEmpty  = regexp.MustCompile(`\S`)
	timestamp = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$`)
	surefire  = regexp.MustCompile(`^((([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?)$`)
)

// junitSchemas has the rules of the two schemas that Jenkins users validate reports with:
//   - "xunit" is src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd of
//     github.com/jenkinsci/xunit-plugin at commit 031e285ef3b6.
//   - "classic" is JUnit.xsd of github.com/windyroad/JUnit-Schema at commit 2378e66f1918, the schema of Ant's reports.
var junitSchemas = map[string]map[string]element{
	"xunit": {
		"testsuites": {
			optional: map[string]*regexp.Regexp{"name": nil, "time": surefire, "tests": nil, "failures": nil, "errors": nil},
			children: `(testsuite )*`,
		},
		"testsuite": {
			required: map[string]*regexp.Regexp{"name": nil, "tests": nil, "failures": nil, "errors": nil},
			optional: map[string]*regexp.Regexp{
				"group": nil, "time": surefire, "skipped": nil, "timestamp": nil, "hostname": nil, "id": nil,
				"package": nil, "file": nil, "log": nil, "url": nil,
			},
			children: `((testsuite|properties|testcase|system-out|system-err) )*`,
		},
		"testcase": {
			required: map[string]*regexp.Regexp{"name": nil},
			optional: map[string]*regexp.Regexp{"time": nil, "classname": nil, "group": nil},
			children: `((skipped|error|failure|rerunFailure|rerunError|flakyFailure|flakyError|system-out|system-err) )*`,
		},
		"failure":    {optional: map[string]*regexp.Regexp{"type": nil, "message": nil}, text: true},
		"error":      {optional: map[string]*regexp.Regexp{"type": nil, "message": nil}, text: true},
		"properties": {children: `(property )*`},
		"system-out": {text: true},
		"system-err": {text: true},
	},
	"classic": {
		"testsuites": {children: `(testsuite )*`},
		"testsuite": {
			required: map[string]*regexp.Regexp{
				"name": nonEmpty, "timestamp": timestamp, "hostname": nonEmpty, "tests": whole, "failures": whole,
				"errors": whole, "time": decimal, "package": nil, "id": whole,
			},
			optional: map[string]*regexp.Regexp{"skipped": whole},
			children: `properties (testcase )*system-out system-err `,
		},
		"testcase": {
			required: map[string]*regexp.Regexp{"name": nil, "classname": nil, "time": decimal},
			children: `((skipped|error|failure) )?`,
		},
		"failure":    {required: map[string]*regexp.Regexp{"type": nil}, optional: map[string]*regexp.Regexp{"message": nil}, text: true},
		"error":      {required: map[string]*regexp.Regexp{"type": nil}, optional: map[string]*regexp.Regexp{"message": nil}, text: true},
		"properties": {children: `(property )*`},
		"system-out": {text: true},
		"system-err": {text: true},
	},
}

// node is an element of a report.
type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []node     `xml:",any"`
	Text     string     `xml:",chardata"`
}

func checkJUnit(schema map[string]element, n node) error {
	name := n.XMLName.Local
	rule, ok := schema[name]
	if !ok {
		return fmt.Errorf("unknown element %s", name)
	}
	seen := map[string]bool{}
	for _, a := range n.Attrs {
		pattern, known := rule.required[a.Name.Local]
		if !known {
			pattern, known = rule.optional[a.Name.Local]
		}
		if !known {
			return fmt.Errorf("%s: unknown attribute %s=%q", name, a.Name.Local, a.Value)
		}
		if pattern != nil && !pattern.MatchString(a.Value) {
			return fmt.Errorf("%s: attribute %s=%q", name, a.Name.Local, a.Value)
		}
		seen[a.Name.Local] = true
	}
	for attribute := range rule.required {
		if !seen[attribute] {
			return fmt.Errorf("%s: no attribute %s", name, attribute)
		}
	}
	if !rule.text && strings.TrimSpace(n.Text) != "" {
		return fmt.Errorf("%s: text %q", name, n.Text)
	}
	return checkChildren(schema, n, rule)
}

func checkChildren(schema map[string]element, n node, rule element) error {
	names := ""
	for _, child := range n.Children {
		names += child.XMLName.Local + " "
	}
	if !regexp.MustCompile(`^(` + rule.children + `)$`).MatchString(names) {
		return fmt.Errorf("%s: children %s", n.XMLName.Local, names)
	}
	for _, child := range n.Children {
		if err := checkJUnit(schema, child); err != nil {
			return err
		}
	}
	return nil
}

func readJUnit(data []byte) (n node, err error) {
	dec := xml.NewDecoder(bytes.NewReader(data))
	if err = dec.Decode(&n); err == nil {
		if _, end := dec.Token(); !errors.Is(end, io.EOF) && end != nil {
			err = end
		}
	}
	return n, err
}

func TestJUnitMatchesBothSchemas(t *testing.T) {
	for what, r := range map[string]*report.Report{
		"empty": {}, "hostile": hostileText(), "quiet": hostileText(quiet), "strict": hostileText(strict),
	} {
		n, err := readJUnit(write(t, "junit", r))
		if err != nil {
			t.Fatal(err)
		}
		for name, schema := range junitSchemas {
			if err := checkJUnit(schema, n); err != nil {
				t.Errorf("%s, %s: %v", what, name, err)
			}
		}
	}
}

// The guard above rejects the attributes file and line, a missing attribute, output of a test, and another order.
func TestJUnitGuardSeesFaults(t *testing.T) {
	good := string(write(t, "junit", hostileText()))
	for _, c := range []struct{ old, new, schemas string }{
		{` classname="atlasint.validate"`, ` classname="atlasint.validate" file="a.json"`, "classic xunit"},
		{` classname="atlasint.validate"`, ` classname="atlasint.validate" line="1"`, "classic xunit"},
		{` classname="atlasint.validate"`, ``, "classic"},
		{` time="0"`, ``, "classic"},
		{` time="0"`, ` time="x"`, "classic xunit"},
		{` timestamp="1970-01-01T00:00:00"`, ` timestamp="1970-01-01T00:00:00Z"`, "classic"},
		{` hostname="localhost"`, ``, "classic"},
		{` package=""`, ``, "classic"},
		{` type="enum"`, ``, "classic"},
		{` tests="1"`, ``, "classic xunit"},
		{`<properties></properties>`, ``, "classic"},
		{`<properties></properties>`, `<system-out></system-out>`, "classic"},
		{`</testcase>`, `<system-out>x</system-out></testcase>`, "classic"},
		{`<testsuites>`, `<testsuites name="atlasint">`, "classic"},
		{`<testsuites>`, `<testsuites skipped="0">`, "classic xunit"},
		{`<testsuites>`, `<testsuites>text`, "classic xunit"},
	} {
		n, err := readJUnit([]byte(strings.ReplaceAll(good, c.old, c.new)))
		if err != nil || !strings.Contains(good, c.old) {
			t.Fatalf("nothing spoilt by %q: %v", c.new, err)
		}
		for name, schema := range junitSchemas {
			if err := checkJUnit(schema, n); (err != nil) != strings.Contains(c.schemas, name) {
				t.Errorf("%s: %q for %q: %v", name, c.new, c.old, err)
			}
		}
	}
}

// Locations adds the attributes of a test, which no schema allows and GitLab reads.
func TestJUnitLocations(t *testing.T) {
	r := hostileText(func(r *report.Report) { r.Locations = true })
	all := readSuites(t, r)
	if c := all.Suites[1].Cases[0]; c.File != awkward || c.Line != 4 {
		t.Errorf("file %q, line %d", c.File, c.Line)
	}
	if c := all.Suites[0].Cases[0]; c.File != "payloads/good.json" || c.Line != 0 {
		t.Errorf("without a finding: file %q, line %d", c.File, c.Line)
	}
	for _, s := range all.Suites {
		for _, c := range s.Cases {
			if stdin := s.Name == report.Stdin; stdin != (c.File == "") {
				t.Errorf("%s: file %q", c.Name, c.File)
			}
		}
	}
}
