package drift

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/internal/redact"
)

// none is the value of a statement that a document does not make.
const none = "none"

// yes and no are the values of the attribute exists.
const (
	exists  = "exists"
	yes, no = "yes", "no"
)

// comparison collects the differences of two trees.
type comparison struct {
	api   string
	found []Difference
}

func compare(api string, official, ours *reader) []Difference {
	c := &comparison{api: api}
	c.items(nil, official.operations, ours.operations)
	byView := make([][]Difference, len(official.views))
	for i, v := range official.views {
		one := &comparison{api: api}
		ourFact := ours.viewLike(v).types
		if official.flat {
			ourFact = ourFact.outlineLike(v.types)
		}
		one.items(nil, v.types, ourFact)
		byView[i] = one.found
	}
	c.found = append(c.found, merge(official.views, byView)...)
	for i := range c.found {
		c.found[i].Message = c.found[i].message()
	}
	return c.found
}

// viewLike returns our view for requests or responses that matches v, with the same version if our document has it.
func (r *reader) viewLike(v *view) *view {
	best := r.views[0]
	for _, ourFact := range r.views {
		if ourFact.request != v.request {
			continue
		}
		if best.request != v.request || slices.ContainsFunc(v.versions, func(s string) bool { return slices.Contains(ourFact.versions, s) }) {
			best = ourFact
		}
	}
	return best
}

// nameTypes adds the types from the path to the views whose union does not name its types.
func (r *reader) nameTypes() {
	for _, v := range r.views {
		for _, name := range slices.Sorted(maps.Keys(r.operations.parts)) {
			p := r.operations.parts[name].parts["parameter path integrationType"]
			if p != nil && v.types.sets["enum"] == nil {
				v.types.sets["enum"] = p.sets["enum"]
			}
		}
	}
}

// has reports whether the document has all operations of our document.
func (r *reader) has(ours *reader) bool {
	for name := range ours.operations.parts {
		if r.operations.parts[name] == nil {
			return false
		}
	}
	return true
}

// has reports whether one of the parts is of that kind.
func (it *item) has(kind string) bool {
	for _, part := range it.parts {
		if part.kind == kind {
			return true
		}
	}
	return false
}

// items compares two items with the same name, and then their parts. A missing item is one difference: its parts are
// not compared.
func (c *comparison) items(path []string, official, ours *item) {
	switch {
	case ours == nil:
		c.add(path, official, exists, Difference{Official: yes, Ours: no, Line: official.line})
		return
	case official == nil:
		c.add(path, ours, exists, Difference{Official: no, Ours: yes})
		return
	}
	for _, attribute := range keys(official.values, ours.values) {
		c.facts(path, attribute, official, ours)
	}
	for _, attribute := range keys(official.sets, ours.sets) {
		c.sets(path, attribute, official, ours)
	}
	for _, name := range keys(official.parts, ours.parts) {
		ourFact := ours.parts[name]
		if ourFact != nil && ourFact.kind == "media type" && ourFact.note == "" {
			ourFact.note = ours.note
		}
		c.items(append(slices.Clip(path), name), official.parts[name], ourFact)
	}
}

func keys[T any](a, b map[string]T) []string {
	both := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(both)
	return slices.Compact(both)
}

// flags are the attributes that are false if a document omits them.
var flags = []string{"allow-empty", "allow-reserved", "deprecated", "nullable", "read-only", "required", "unique-items", "write-only"}

func unsetValue(attribute string) string {
	switch {
	case slices.Contains(flags, attribute):
		return "false"
	case slices.Contains(slices.Collect(maps.Values(closing)), attribute):
		return "true"
	}
	return none
}

func (c *comparison) facts(path []string, attribute string, official, ours *item) {
	officialFact, found := official.values[attribute]
	if !found {
		officialFact = fact{unsetValue(attribute), official.line}
	}
	ourFact, found := ours.values[attribute]
	if !found {
		ourFact.text = unsetValue(attribute)
	}
	if officialFact.text != ourFact.text {
		c.add(path, ours, attribute, Difference{Official: officialFact.text, Ours: ourFact.text, Line: officialFact.line})
	}
}

// sets compares lists whose order means nothing, value by value.
func (c *comparison) sets(path []string, attribute string, official, ours *item) {
	officialFact, ourFact := official.sets[attribute], ours.sets[attribute]
	switch {
	case officialFact == nil && attribute == "roles": // the older documents name none
		return
	case officialFact == nil, ourFact == nil:
		c.add(path, ours, attribute, Difference{Official: joined(officialFact, ours.kind, attribute),
			Ours: joined(ourFact, ours.kind, attribute), Line: official.line, whole: true})
		return
	}
	for _, f := range missing(officialFact, ourFact) {
		c.add(path, ours, attribute, Difference{Official: f.text, Ours: none, Line: f.line})
	}
	for _, f := range missing(ourFact, officialFact) {
		c.add(path, ours, attribute, Difference{Official: none, Ours: f.text, Line: official.line})
	}
}

// joined returns a list as one value. An operation without servers or credentials has those of the API.
func joined(facts []fact, kind, attribute string) string {
	var texts []string
	for _, f := range facts {
		texts = append(texts, f.text)
	}
	slices.Sort(texts)
	if facts == nil && kind == "operation" && (attribute == "security" || attribute == "servers") {
		return "inherited"
	}
	if len(texts) == 0 {
		return none
	}
	return strings.Join(texts, ",")
}

// missing returns the facts of a that b lacks.
func missing(a, b []fact) []fact {
	known := texts(b)
	return slices.DeleteFunc(slices.Clone(a), func(f fact) bool { return known[f.text] })
}

func texts(facts []fact) map[string]bool {
	set := map[string]bool{}
	for _, f := range facts {
		set[f.text] = true
	}
	return set
}

func (c *comparison) add(path []string, it *item, attribute string, d Difference) {
	if len(path) == 0 {
		path = []string{"types"}
	}
	d.APIVersion, d.Attribute, d.Kind, d.path, d.note = c.api, attribute, it.kind, path, it.note
	d.Subject = subject(path)
	if it.secret { // a value given for a secret field may be one
		d.Official, d.Ours = hidden(attribute, d.Official), hidden(attribute, d.Ours)
	}
	d.Official, d.Ours = shown(d.Official), shown(d.Ours)
	c.found = append(c.found, d)
}

func hidden(attribute, value string) string {
	if value != none && (attribute == "default" || attribute == "enum") {
		return redact.Size(value)
	}
	return value
}

const maxShown = 100

// shown returns a text of a document shortened and safe to print.
func shown(s string) string {
	s = redact.Line(s)
	if runes := []rune(s); len(runes) > maxShown {
		return string(runes[:maxShown]) + "…"
	}
	return s
}

// subject returns the name of a subject. It separates operations from their parts by commas, and types from fields by
// dots.
func subject(path []string) string {
	var s strings.Builder
	comma := strings.Contains(path[0], " ") || path[0] == wholeAPI
	for i, name := range path {
		switch {
		case i > 0 && comma:
			s.WriteString(", ")
		case i > 0 && !strings.HasPrefix(name, "["):
			s.WriteString(".")
		}
		s.WriteString(shown(name))
	}
	return s.String()
}

// merge combines the differences that several views share, and sets In of those that not all views have.
func merge(views []*view, byView [][]Difference) []Difference {
	where := map[string][]*view{}
	var all []Difference
	for i, found := range byView {
		for _, d := range found {
			key := strings.Join([]string{d.Subject, d.Attribute, d.Official, d.Ours}, "\x00")
			if where[key] == nil {
				all = append(all, d)
			}
			where[key] = append(where[key], views[i])
		}
	}
	for i, d := range all {
		key := strings.Join([]string{d.Subject, d.Attribute, d.Official, d.Ours}, "\x00")
		all[i].In = place(views, where[key])
	}
	slices.SortStableFunc(all, func(a, b Difference) int { return slices.Compare(a.path, b.path) })
	return all
}

// place returns the names of the views that have a difference, or "" if all have it.
func place(all, some []*view) string {
	if len(all) == len(some) {
		return ""
	}
	var parts []string
	for _, request := range []bool{true, false} {
		of := func(list []*view) []*view {
			return slices.DeleteFunc(slices.Clone(list), func(v *view) bool { return v.request != request })
		}
		name := map[bool]string{true: "in requests", false: "in responses"}[request]
		switch ourFact, total := of(some), of(all); {
		case len(ourFact) == 0:
		case len(ourFact) == len(total):
			parts = append(parts, name)
		default:
			for _, v := range ourFact {
				parts = append(parts, fmt.Sprintf("%s of %s", name, shown(strings.Join(append(slices.Clone(v.versions), v.methods...), " "))))
			}
		}
	}
	return strings.Join(parts, " and ")
}

func (d Difference) message() string {
	in, line := "", ""
	if d.In != "" {
		in = " " + d.In
	}
	if d.Line > 0 {
		line = fmt.Sprintf(" (line %d)", d.Line)
	}
	return fmt.Sprintf("%s %s%s: %s%s", d.APIVersion, d.Subject, in, d.statement(), line)
}

// verbs are the verbs in messages about a value of a list, by attribute.
var verbs = map[string]string{
	"dependent-required": "requires", "enum": "allows", "roles": "names the role", "scopes": "names the scope",
	"security": "accepts the credentials", "servers": "names the server", "tags": "has the tag",
}

func (d Difference) statement() string {
	verb := verbs[d.Attribute]
	switch {
	case d.Attribute == exists && d.Ours == no:
		return fmt.Sprintf("the document has this %s, ours does not", d.Kind)
	case d.Attribute == exists:
		return fmt.Sprintf("ours has this %s, the document does not", d.Kind)
	case verb == "" || d.whole:
		return fmt.Sprintf("%s is %s in the document, %s in ours", d.Attribute, d.Official, d.Ours)
	case d.Ours == none:
		return fmt.Sprintf("the document %s %q, ours does not", verb, d.Official)
	}
	return fmt.Sprintf("ours %s %q, the document does not", verb, d.Ours)
}
