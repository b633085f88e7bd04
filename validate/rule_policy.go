package validate

import (
	"fmt"
	"slices"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/schema"
	"github.com/atlasint/atlasint/internal/snippet"
	"github.com/atlasint/atlasint/validate/internal/policy"
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

// brokenPolicy is a policy that the payload fails. The error replaces the failures if there are too many.
type brokenPolicy struct {
	schemaUse
	failures []schema.Failure
	err      error
}

// brokenPolicies returns the policies that the payload fails: of those that validate its original text, or of the
// others.
func (c *check) brokenPolicies(root *jsonpos.Value, asWritten bool) (broken []brokenPolicy) {
	for _, p := range c.v.policiesOf[c.typ.Name] {
		if p.compiled.AsWritten() != asWritten || !c.v.enabled(policyRule{}) || p.compiled.Accepts(root) {
			continue
		}
		failures, err := p.compiled.Validate(root)
		if !asWritten {
			failures = slices.DeleteFunc(failures, func(f schema.Failure) bool { return p.compiled.DependsOn(f, root, c.unknown) })
		}
		if err == nil && policy.PlaceCount(failures) > schema.MaxFailures {
			err = schema.ErrLimit
		}
		broken = append(broken, brokenPolicy{p, failures, err})
	}
	return broken
}

// reportPolicies adds the findings of policies. References must have been replaced before, also for policies that
// validated the payload as it was written: texts of a schema may contain the value of a reference.
func (c *check) reportPolicies(list []brokenPolicy) {
	if len(list) == 0 {
		return
	}
	secrets := snippet.Secrets{Expanded: c.expanded, Refers: c.refers}.Of(c.root, c.typ.Payload)
	c.names = redact.NewHider(secrets, atlas.IsField) // the names of the API are public
	for _, p := range list {
		policyRule{}.report(c, p)
	}
	c.names = nil
}

func (r policyRule) report(c *check, p brokenPolicy) {
	if p.err != nil {
		at := place(&c.root.Member("type").Value, "type")
		r.add(c, p, policy.Violation{
			Start: at.start, End: at.end, Path: at.path,
			Message: c.subject(at.path) + ": the payload is too complex for the schema",
			Hint: fmt.Sprintf("simplify the schema or the payload: validation takes more than %d steps, or fails in more than %d places",
				schema.MaxSteps, schema.MaxFailures),
		})
		return
	}
	payload := &policy.Payload{Root: c.root, Type: c.typ.Type, Hider: c.names, Shown: c.shown}
	for _, v := range payload.Violations(p.failures) {
		r.add(c, p, v)
	}
}

func (r policyRule) add(c *check, p brokenPolicy, v policy.Violation) {
	s := severities{p.severity, p.severity}
	if v.Missing {
		s.update = never
	}
	title := c.names.Text(p.compiled.Text("title"))
	if v.Hint == "" && !v.Described {
		v.Hint = policy.NextStep(title)
	}
	added := c.addWith(s, r, span{start: v.Start, end: v.End, path: v.Path}, v.Message, hint(v.Hint))
	if added == nil {
		return
	}
	added.Policy = &Policy{Schema: p.name, Pointer: v.Pointer, Title: title, Description: c.names.Text(p.compiled.Text("description"))}
}

// unknown reports whether the contents of a string are unknown: it has a reference that was not replaced.
func (c *check) unknown(v *jsonpos.Value) bool { return !c.expanded[v] && c.refers(v.Text) }
