package validate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/schema"
	"github.com/atlasint/atlasint/validate/internal/words"
)

type policyRule struct{}

func (policyRule) about() Rule {
	return Rule{
		ID: "policy", Default: Error,
		Summary:  `the payload breaks a JSON Schema of your own`,
		Evidence: `The schema of the finding, which you configured; the severity is the one configured with it`,
		Fails:    `with a schema that lists the regions of the EU: {"type": "DATADOG", "apiKey": "0123456789abcdef0123456789abcdef", "region": "US"}`,
		Passes:   `{"type": "DATADOG", "apiKey": "0123456789abcdef0123456789abcdef", "region": "EU"}`,
	}
}

// brokenPolicy is a policy that the payload fails. The error is set in place of failures that are too many.
type brokenPolicy struct {
	policy
	failures []schema.Failure
	err      error
}

// brokenPolicies returns the policies of the payload's type that it fails: of those for payloads as they are written,
// or of the others.
func (c *check) brokenPolicies(root *jsonpos.Value, asWritten bool) (broken []brokenPolicy) {
	for _, p := range c.v.policiesOf[c.typ.Name] {
		if p.compiled.AsWritten() != asWritten || !c.v.enabled(policyRule{}) || p.compiled.Accepts(root) {
			continue
		}
		failures, err := p.compiled.Validate(root)
		if !asWritten {
			failures = slices.DeleteFunc(failures, func(f schema.Failure) bool { return p.compiled.DependsOn(f, root, c.unknown) })
		}
		if err == nil && placeCount(failures) > schema.MaxFailures {
			err = schema.ErrLimit
		}
		broken = append(broken, brokenPolicy{p, failures, err})
	}
	return broken
}

// placeCount returns the number of places that the failures are about: each name of a field is one.
func placeCount(failures []schema.Failure) (n int) {
	for _, f := range failures {
		n += max(1, len(f.Names))
	}
	return n
}

// reportPolicies adds the findings of policies. References must have been replaced before, also for policies that
// validated the payload as it was written: texts of a schema may contain the value of a reference.
func (c *check) reportPolicies(list []brokenPolicy) {
	if len(list) == 0 {
		return
	}
	hider := redact.NewHider(secretTexts(c, c.root, c.typ.Payload, nil), atlas.IsField) // the names of the API are public
	c.names = hider
	for _, p := range list {
		policyRule{}.report(&policyReport{check: c, Hider: hider, policy: p.policy, reported: map[string]bool{}}, p)
	}
	c.names = nil
}

func (policyRule) report(r *policyReport, p brokenPolicy) {
	if p.err != nil {
		at := place(&r.root.Member("type").Value, "type")
		r.add(failure{}, at, "the payload is too complex for the schema",
			fmt.Sprintf("simplify the schema or the payload: validation takes more than %d steps, or fails in more than %d places", schema.MaxSteps, schema.MaxFailures))
		return
	}
	for _, f := range p.failures {
		r.explain(r.newFailure(f))
	}
}

// unknown reports whether the contents of a string are unknown: it has a reference that was not replaced.
func (c *check) unknown(v *jsonpos.Value) bool { return !c.expanded[v] && c.refers(v.Text) }

// policyReport makes findings of what a payload fails in one policy.
type policyReport struct {
	*check
	*redact.Hider
	policy   policy
	reported map[string]bool // places with their messages
}

// explain adds the findings of one failure. Several keywords of a subschema with a description of its own are one
// finding.
func (r *policyReport) explain(f failure) {
	message, next := r.message(f)
	for _, at := range r.places(f) {
		key := fmt.Sprint(at.path, message)
		if !r.reported[key] {
			r.reported[key] = true
			r.add(f, at, message, next)
		}
	}
}

func (r *policyReport) add(f failure, at span, message, next string) {
	update := r.policy.severity
	if r.isMissing(f) {
		update = none
	}
	subject := r.subject(at.path)
	if i := slices.IndexFunc(at.path, r.HidesName); i >= 0 {
		at.path = at.path[:i]
	}
	added := r.addBoth(r.policy.severity, update, policyRule{}, at, subject+": "+message, hint(next))
	if added == nil {
		return
	}
	pointer := f.Pointer
	if i := strings.LastIndex(pointer, jsonpos.Pointer(f.Keyword)); f.Keyword != "" && i >= 0 { // dependentRequired/NAME
		pointer = pointer[:i]
	}
	added.Policy = &Policy{
		Schema: r.policy.name, Pointer: r.Pointer(pointer),
		Title: r.Text(r.policy.compiled.Text("title")), Description: r.Text(r.policy.compiled.Text("description")),
	}
}

// subject returns the name of a value in messages, like that of other rules, and hides more names.
func (r *policyReport) subject(path []string) string {
	return r.nameOf(path, func(token string) string {
		if r.HidesName(token) {
			return redact.Hidden
		}
		return redact.Path(token)
	})
}

// isMissing reports whether the failure is about fields that the payload lacks, which an update does not change.
func (r *policyReport) isMissing(f failure) bool {
	switch f.Keyword {
	case "required", "dependentRequired", "dependencies", "minProperties":
		return f.value == r.root
	case "anyOf", "oneOf":
		return len(f.Nearest) > 0 && !slices.ContainsFunc(f.Nearest, func(near schema.Failure) bool { return !r.isMissing(r.newFailure(near)) })
	}
	return false
}

// places returns the places of a failure: each name that is missing or not allowed has its own.
func (r *policyReport) places(f failure) []span {
	at := place(f.value, f.path...)
	switch f.Keyword {
	case "required", "dependentRequired", "dependencies":
		at.start, at.end = r.begin(f.value)
	case "anyOf", "oneOf", "not", "minProperties", "maxProperties", "const", "enum":
		if f.value.Kind == jsonpos.Object {
			at.start, at.end = r.begin(f.value)
		}
	case "uniqueItems":
		if i := repeated(f.value); i > 0 {
			return []span{place(&f.value.Elements[i], f.path...)}
		}
	}
	if len(f.Names) == 0 {
		return []span{at}
	}
	var places []span
	for _, name := range f.Names {
		one := span{start: at.start, end: at.end, path: append(slices.Clone(f.path), name)}
		if m := f.value.Member(name); m != nil {
			one.start, one.end = m.NameStart, m.NameEnd
		}
		places = append(places, one)
	}
	return places
}

// begin is the place of what an object as a whole fails: that of the type of a payload, else of its first byte.
func (r *policyReport) begin(v *jsonpos.Value) (start, end int) {
	if v == r.root {
		of := &r.root.Member("type").Value
		return of.Start, of.End
	}
	return v.Start, v.Start + 1
}

// message returns the description of the failing subschema, else its title, else the keyword in words; and what is
// wrong by the nearest branch of anyOf or oneOf.
func (r *policyReport) message(f failure) (message, next string) {
	message = cmp.Or(r.Text(schema.Text(f.Schema, "description")), r.Text(schema.Text(f.Schema, "title")))
	if message == "" {
		message = r.words(f)
	}
	if len(f.Nearest) == 0 {
		return message, ""
	}
	near := r.newFailure(f.Nearest[0])
	near.Names = near.Names[:min(1, len(near.Names))]
	nearest, _ := r.message(near)
	return message, "the nearest form: " + r.subject(r.places(near)[0].path) + ": " + nearest
}

// words describes the keyword of a failure.
func (r *policyReport) words(f failure) string {
	if f.Keyword != "" && f.keyword().Kind == jsonpos.Number && r.Hides(f.keyword().Text) {
		return "the value does not meet " + f.Keyword
	}
	switch f.Keyword {
	case "required", "dependentRequired", "dependencies":
		return "the field is missing"
	case "additionalProperties", "unevaluatedProperties", "propertyNames", "":
		return "not allowed"
	case "enum", "const":
		return "want " + r.allowed(f)
	case "type":
		return "want " + f.kind() + ", got " + words.Article(f.value.Kind)
	case "minLength":
		return "want at least " + words.Quantity(f.keyword().Text, "character")
	case "maxLength":
		return "want at most " + words.Quantity(f.keyword().Text, "character")
	case "pattern":
		return "want text of the form " + r.Text(f.keyword().Text)
	case "anyOf", "oneOf":
		if len(f.Nearest) == 0 {
			return "the value has more than one of the forms of which it may have one"
		}
		return "the value has none of the forms that the schema lists"
	}
	message, _ := schemaRest{}.messageAndHint(r.check, f)
	return r.Text(message)
}

// maxListed is how many values of an enum a message lists.
const maxListed = 10

// allowed lists the values of enum or const if they may be shown.
func (r *policyReport) allowed(f failure) string {
	values := []jsonpos.Value{*f.keyword()}
	if f.Keyword == "enum" {
		values = f.keyword().Elements
	}
	hides := func(v jsonpos.Value) bool {
		return v.Kind == jsonpos.Object || v.Kind == jsonpos.Array || r.Hides(v.Text)
	}
	if len(values) == 1 && hides(values[0]) {
		return "the value in the schema"
	}
	if len(values) > maxListed || slices.ContainsFunc(values, hides) {
		return "one of the " + words.Quantity(fmt.Sprint(len(values)), "value") + " in the schema"
	}
	return words.List(words.Values(values), "or")
}
