package metrics

import (
	"maps"
	"slices"
	"strconv"
)

// text is metrics in the Prometheus text format, version 0.0.4.
// https://prometheus.io/docs/instrumenting/exposition_formats/
type text []byte

type (
	labels []label
	label  struct{ name, value string }
)

// family is a group of series that share a name. The text describes it before its first sample.
type family struct {
	text             *text
	name, kind, help string
	described        bool
}

func (t *text) family(name, kind, help string) *family {
	return &family{text: t, name: name, kind: kind, help: help}
}

// sample adds a sample of the series with a suffix of the family's name and with labels.
func (f *family) sample(suffix string, of labels, value float64) {
	b := *f.text
	if !f.described {
		b = append(b, "# HELP "+f.name+" "+f.help+"\n# TYPE "+f.name+" "+f.kind+"\n"...)
		f.described = true
	}
	b = append(b, f.name+suffix...)
	for i, l := range of {
		b = append(b, "{,"[min(i, 1)])
		b = append(b, l.name+"="...)
		b = strconv.AppendQuote(b, l.value) // the format's own escapes, for the printable values of this package
	}
	if len(of) > 0 {
		b = append(b, '}')
	}
	b = append(b, ' ')
	b = strconv.AppendFloat(b, value, 'f', -1, 64)
	*f.text = append(b, '\n')
}

// sortedKeys returns the keys of a map in order, so that equal metrics have equal texts.
func sortedKeys[K comparable, V any](of map[K]V, compare func(a, b K) int) []K {
	return slices.SortedFunc(maps.Keys(of), compare)
}
