package fakeatlas_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	commentForm = regexp.MustCompile(`^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*)(?: (.*))?$`)
	sampleForm  = regexp.MustCompile(`^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\]|\\[\\n"])*",? ?)*\})? (\S+)$`)
	boundForm   = regexp.MustCompile(`,?le="([^"]*)"`)
	kindNames   = []string{"counter", "gauge", "histogram", "summary", "untyped"}
)

// exposition reads the Prometheus text format strictly and keeps the values that later lines must agree with.
type exposition struct {
	faults  []string
	kinds   map[string]string  // of described families
	helped  map[string]bool    // families with a HELP line
	left    map[string]bool    // families that other families follow
	current string             // family
	samples map[string]float64 // by name and labels
	buckets map[string]float64 // the highest bucket so far, by the series without its bound
}

func (e *exposition) report(format string, args ...any) {
	e.faults = append(e.faults, fmt.Sprintf(format, args...))
}

// expositionFaults returns how text violates the Prometheus text format 0.0.4.
func expositionFaults(text string) []string {
	e := &exposition{
		kinds: map[string]string{}, helped: map[string]bool{}, left: map[string]bool{}, samples: map[string]float64{},
		buckets: map[string]float64{},
	}
	if !strings.HasSuffix(text, "\n") {
		e.report("the last line has no end")
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if comment := commentForm.FindStringSubmatch(line); comment != nil {
			e.comment(comment[1], comment[2], comment[3])
		} else if sample := sampleForm.FindStringSubmatch(line); sample != nil {
			e.sample(sample[1], sample[2], sample[3])
		} else {
			e.report("neither a description nor a sample: %s", line)
		}
	}
	e.checkHistograms()
	return e.faults
}

func (e *exposition) enter(family string) {
	if family == e.current {
		return
	}
	e.left[e.current] = true
	if e.current = family; e.left[family] {
		e.report("the samples of %s are not together", family)
	}
}

func (e *exposition) comment(what, family, text string) {
	e.enter(family)
	switch {
	case what == "HELP" && e.helped[family], what == "TYPE" && e.kinds[family] != "":
		e.report("a second %s of %s", what, family)
	case what == "HELP":
		e.helped[family] = true
	case !slices.Contains(kindNames, text):
		e.report("%s has the unknown type %q", family, text)
	}
	if what == "TYPE" {
		e.kinds[family] = text
	}
}

func (e *exposition) sample(name, labels, text string) {
	family := e.familyOf(name)
	e.enter(family)
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		e.report("%s%s is no number: %s", name, labels, text)
	}
	if _, twice := e.samples[name+labels]; twice {
		e.report("%s%s is repeated", name, labels)
	}
	e.samples[name+labels] = value
	if bound := boundForm.FindStringSubmatch(labels); bound != nil && e.kinds[family] == "histogram" {
		series := family + "_count" + strings.TrimSuffix(boundForm.ReplaceAllString(labels, ""), "{}")
		if value < e.buckets[series] {
			e.report("the bucket %s of %s has fewer samples than the one before", bound[1], series)
		}
		e.buckets[series] = value
	}
}

// familyOf returns the name that the description of a sample's family has.
func (e *exposition) familyOf(name string) string {
	for _, suffix := range []string{"_bucket", "_sum", "_count"} {
		if base, ok := strings.CutSuffix(name, suffix); ok && (e.kinds[base] == "histogram" || e.kinds[base] == "summary") {
			return base
		}
	}
	return name
}

func (e *exposition) checkHistograms() {
	for series, highest := range e.buckets {
		if count, ok := e.samples[series]; !ok || count != highest {
			e.report("the last bucket of %s has %v samples, not %v", series, highest, count)
		}
	}
}

func TestExpositionFaults(t *testing.T) {
	for name, text := range map[string]string{
		"no end of line":        "a 1",
		"bad name":              "1a 1\n",
		"bad label":             "a{b=c} 1\n",
		"bad escape":            `a{b="\x00"} 1` + "\n",
		"bad value":             "a one\n",
		"bad type":              "# TYPE a number\na 1\n",
		"a description twice":   "# TYPE a gauge\n# TYPE a gauge\na 1\n",
		"a sample twice":        "a{b=\"c\"} 1\na{b=\"c\"} 2\n",
		"a family in two parts": "a{b=\"c\"} 1\nd 1\na{b=\"e\"} 2\n",
		"an empty line":         "a 1\n\nb 1\n",
		"falling buckets":       "# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n",
		"no count":              "# TYPE a histogram\na_bucket{b=\"c\",le=\"+Inf\"} 1\na_sum{b=\"c\"} 1\n",
	} {
		if len(expositionFaults(text)) == 0 {
			t.Errorf("%s: no fault found in %q", name, text)
		}
	}
	sound := "# HELP a Of a \\ kind.\n# TYPE a histogram\na_bucket{b=\"c\",le=\"1\"} 1\na_bucket{b=\"c\",le=\"+Inf\"} " +
		"2\na_sum{b=\"c\"} 2.5e-05\na_count{b=\"c\"} 2\nd NaN\n"
	if faults := expositionFaults(sound); faults != nil {
		t.Errorf("faults in sound text: %v", faults)
	}
}
