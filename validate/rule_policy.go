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

// policies validates the payload by the policies of its type: by those for payloads as they are written, or by the
// others.
func (c *check) policies(root *jsonpos.Value, asWritten bool) {
	for _, p := range c.v.policiesOf[c.typ.Name] {
		if p.compiled.AsWritten() == asWritten && c.v.enabled(policyRule{}) {
			policyRule{}.validate(c, p, root)
		}
	}
}

func (policyRule) validate(c *check, p policy, root *jsonpos.Value) {
	if p.compiled.Accepts(root) {
		return
	}
	failures, err := p.compiled.Validate(root)
	r := policyReport{check: c, policy: p, reported: map[string]bool{}}
	r.secrets = secretTexts(c, root, c.typ.Payload, nil)
	r.hidesAll = areMany(r.secrets)
	if err != nil {
		at := place(&root.Member("type").Value, "type")
		r.add(failure{}, at, "the payload is too complex for the schema",
			fmt.Sprintf("simplify the schema or the payload: validation takes more than %d steps, or fails in more than %d places", schema.MaxSteps, schema.MaxFailures))
		return
	}
	for _, f := range failures {
		if p.compiled.AsWritten() || !p.compiled.DependsOn(f, root, c.unknown) {
			r.explain(c.newFailure(f))
		}
	}
}

// unknown reports whether the contents of a string are unknown: it has a reference that was not replaced.
func (c *check) unknown(v *jsonpos.Value) bool { return !c.expanded[v] && c.refers(v.Text) }

// policyReport makes findings of what a payload fails in one policy.
type policyReport struct {
	*check
	policy   policy
	secrets  []string        // texts of the payload that must not be shown
	hidesAll bool            // there are too many to look for
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
	added := r.addBoth(r.policy.severity, update, policyRule{}, at, r.subject(at.path)+": "+message, hint(next))
	if added == nil {
		return
	}
	pointer := f.Pointer
	if i := strings.LastIndex(pointer, jsonpos.Pointer(f.Keyword)); f.Keyword != "" && i >= 0 { // dependentRequired/NAME
		pointer = pointer[:i]
	}
	pointer = redact.Pointer(pointer)
	if !r.hidesAll {
		pointer = redact.Secrets(pointer, r.secrets)
	}
	added.Policy = &Policy{
		Schema: r.policy.name, Pointer: pointer,
		Title: r.shown(r.policy.compiled.Text("title")), Description: r.shown(r.policy.compiled.Text("description")),
	}
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
	message = cmp.Or(r.shown(schema.Text(f.Schema, "description")), r.shown(schema.Text(f.Schema, "title")))
	if message == "" {
		message = r.words(f)
	}
	if len(f.Nearest) == 0 {
		return message, ""
	}
	near := r.newFailure(f.Nearest[0])
	nearest, _ := r.message(near)
	return message, "the nearest form: " + r.subject(r.places(near)[0].path) + ": " + nearest
}

// words describes the keyword of a failure.
func (r *policyReport) words(f failure) string {
	switch f.Keyword {
	case "required", "dependentRequired", "dependencies":
		return "the field is missing"
	case "additionalProperties", "unevaluatedProperties", "propertyNames", "":
		return "not allowed"
	case "enum", "const":
		return "want " + allowed(f)
	case "type":
		return "want " + f.kind() + ", got " + article(f.value.Kind)
	case "minLength":
		return "want at least " + quantity(f.keyword().Text, "character")
	case "maxLength":
		return "want at most " + quantity(f.keyword().Text, "character")
	case "pattern":
		return "want text of the form " + r.shown(f.keyword().Text)
	case "anyOf", "oneOf":
		if len(f.Nearest) == 0 {
			return "the value has more than one of the forms of which it may have one"
		}
		return "the value has none of the forms that the schema lists"
	}
	message, _ := schemaRest{}.messageAndHint(r.check, f)
	return r.shown(message)
}

// maxListed is how many values of an enum a message lists.
const maxListed = 10

// allowed lists the values of enum or const as far as they are short enough to be no secrets.
func allowed(f failure) string {
	values := []jsonpos.Value{*f.keyword()}
	if f.Keyword == "enum" {
		values = f.keyword().Elements
	}
	isLong := func(v jsonpos.Value) bool { return !redact.Readable(v.Text) }
	if len(values) == 1 && isLong(values[0]) {
		return "the value in the schema"
	}
	if len(values) > maxListed || slices.ContainsFunc(values, isLong) {
		return "one of the " + quantity(fmt.Sprint(len(values)), "value") + " in the schema"
	}
	return list(written(values), "or")
}

// maxText is how many characters of a schema's text are shown.
const maxText = 300

// The secrets that a text is compared with. A payload with more of them gets no text of a schema.
const (
	maxSecrets     = 256
	maxSecretBytes = 64 << 10
)

// areMany reports whether secrets exceed the limits.
func areMany(secrets []string) bool {
	total := 0
	for _, secret := range secrets {
		total += len(secret)
	}
	return len(secrets) > maxSecrets || total > maxSecretBytes
}

// shown returns a text of the schema on one line. It hides words that are long enough for a key, and what the text has
// in common with the secrets of the payload.
func (r *policyReport) shown(text string) string {
	switch {
	case text == "":
		return ""
	case r.hidesAll:
		return redact.Hidden
	case len(text) > 4*maxText:
		text = strings.ToValidUTF8(text[:4*maxText], "")
	}
	text = redact.Words(redact.Line(text), readableWord)
	if runes := []rune(text); len(runes) > maxText {
		text = string(runes[:maxText]) + "…"
	}
	return redact.Secrets(text, r.secrets)
}

// readableWord hides the parts of a word between dots, as host names have them, that are long enough for a key.
func readableWord(word string) string {
	labels := strings.Split(word, ".")
	for i, label := range labels {
		if !redact.Readable(label) {
			labels[i] = redact.Hidden
		}
	}
	return strings.Join(labels, ".")
}

// secretTexts appends the texts of a payload that must not be shown: those of secret and unknown fields, and what came
// of references.
func secretTexts(c *check, v *jsonpos.Value, field *atlas.Field, list []string) []string {
	switch v.Kind {
	case jsonpos.String:
		if c.expanded[v] || (field == nil || field.Secret != "") && !c.refers(v.Text) {
			return append(list, secretParts(v.Text)...)
		}
	case jsonpos.Object:
		for i := range v.Members {
			var of *atlas.Field
			if field != nil {
				of = variantOf(field, v).Lookup(v.Members[i].Name)
			}
			list = secretTexts(c, &v.Members[i].Value, of, list)
		}
	case jsonpos.Array:
		for i := range v.Elements {
			var of *atlas.Field
			if field != nil {
				of = field.Items
			}
			list = secretTexts(c, &v.Elements[i], of, list)
		}
	}
	return list
}

// secretParts returns a text, or the parts of a URL that may be secret: a policy about hosts may name the host.
func secretParts(text string) []string {
	_, rest, isURL := strings.Cut(text, "://")
	if !isURL {
		return []string{text}
	}
	host, path := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		host, path = rest[:i], rest[i:]
	}
	if user, _, has := strings.Cut(host, "@"); has {
		return []string{user, path}
	}
	return []string{path}
}
