package validate

import (
	"bytes"
	"fmt"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/words"
	"github.com/atlasint/atlasint/validate/internal/correction"
	"github.com/atlasint/atlasint/validate/internal/failure"
	"github.com/atlasint/atlasint/validate/internal/otherformat"
	"github.com/atlasint/atlasint/validate/internal/rename"
)

type nullRule struct{}

func (nullRule) about() Rule {
	return Rule{
		ID: "null", Default: Error,
		Summary:  `the value is null, and Atlas does not accept null; or, as a warning, YAML reads a text without quotes as null, such as #alerts`,
		Evidence: `The description lists few fields as nullable (official)`,
		Fails:    `{"type": "OPS_GENIE", "apiKey": "k-1", "region": null}`,
		Passes:   `{"type": "OPS_GENIE", "apiKey": "k-1"}`,
	}
}

func (nullRule) explains(f failure.Failure) bool {
	return f.Keyword == "type" && f.Value.Kind == jsonpos.Null
}

func (r nullRule) explain(c *check, f failure.Failure) {
	give := "give it " + words.WithArticle(f.Kind())
	next := hint(give)
	switch {
	case f.Field == nil:
	case f.Field.Required:
		next = hint("the field is required: " + give)
	case f.Field.Name != "":
		next = adviceFor(f.Field, give, "leave out the field")
	}
	if text := otherformat.NullHint(c.data, f.Value); text != "" && c.yaml {
		next = hint(text)
	}
	c.add(r, place(f.Value, f.Path...), c.subject(f.Path)+": null is not allowed", next)
}

// payload warns of a text that YAML reads as null, where Atlas accepts null.
func (r nullRule) payload(c *check, root *jsonpos.Value) {
	if !c.yaml {
		return
	}
	for i := range root.Members {
		m := &root.Members[i]
		f, text := c.typ.Payload.Lookup(m.Name), otherformat.NullHint(c.data, &m.Value)
		if text != "" && f != nil && f.Nullable {
			c.addAs(Warning, r, place(&m.Value, m.Name), c.subject([]string{m.Name})+": the value is null", hint(text))
		}
	}
}

type wrongTypeRule struct{}

func (wrongTypeRule) about() Rule {
	return Rule{
		ID: "wrong-type", Default: Error,
		Summary:  `the value is of the wrong JSON type`,
		Evidence: `Atlas returns 400 INVALID_JSON_ATTRIBUTE (official)`,
		Fails:    `{"type": "PROMETHEUS", "enabled": "true", "username": "u", "password": "p", "serviceDiscovery": "http"}`,
		Passes:   `{"type": "PROMETHEUS", "enabled": true, "username": "u", "password": "p", "serviceDiscovery": "http"}`,
	}
}

func (wrongTypeRule) explains(f failure.Failure) bool { return f.Keyword == "type" }

func (r wrongTypeRule) explain(c *check, f failure.Failure) {
	want, got := f.Kind(), f.Value.Kind.String()
	var next advice
	switch isString := f.Value.Kind == jsonpos.String; {
	case c.expanded[f.Value]: // its value is not shown, and it has no quotes that could be removed
		next.text = "a reference is always text; write the value itself"
	case isString && correction.IsLiteral(want, f.Value.Text) && !c.secret(f):
		next = advice{text: "remove the quotes", edits: correction.Unquote(f.Value)}
		if !c.hides(f.Value.Text) {
			got = fmt.Sprintf("string %q", f.Value.Text)
		}
	case want == "boolean":
		next.text = "write true or false"
	case want == "integer" && f.Value.Kind == jsonpos.Number:
		next.text = "write a whole number"
	case want == "array":
		next.text = "write a list, between [ and ]"
	case want == "object":
		next.text = "write an object, between { and }"
	case want == "string" && (f.Value.Kind == jsonpos.Number || f.Value.Kind == jsonpos.Bool):
		next.text = rename.QuoteHint(f.Field, c.written(f.Value))
	}
	c.add(r, place(f.Value, f.Path...), fmt.Sprintf("%s: want %s, got %s", c.subject(f.Path), want, got), next)
}

// written returns the text of a number or a boolean before it was read: YAML has several forms of the same number.
func (c *check) written(v *jsonpos.Value) string {
	if text := c.data[v.Start:v.End]; c.yaml && !bytes.HasPrefix(text, []byte("*")) {
		return string(text)
	}
	return v.Text
}
