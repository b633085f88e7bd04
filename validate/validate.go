// Package validate validates request bodies of the Atlas third-party integrations API before you send
// them. [New] returns a validator, whose methods differ in input and results:
//
//   - [Validator.CheckFile] and [Validator.CheckReader] read payloads in any layout. They return a [Result]: the
//     findings with their positions, the counts and, with Documents in the [Options], the parsed payloads.
//   - [Validator.Check] returns the findings of one payload in memory.
//   - [Validator.CheckPayload] also returns that payload parsed, so that you need not parse it again.
//
// Atlas accepts a payload without findings of severity [Error], according to the API's documentation, its
// recorded responses and its users' reports. Findings are values; an error means that the validator failed, for
// example to read a file. No message, hint or snippet contains the value of a secret field. A [Document] does.
//
// Exported names, rule IDs and the JSON of a [Finding] follow semantic versioning: before v1.0.0, only a minor version
// changes them. Any version may change the texts of findings, add rules and find more faults.
package validate

import (
	"sync"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate/internal/records"
	"github.com/atlasint/atlasint/validate/internal/types"
)

// Operation is the operation for which a payload is sent.
type Operation string

// The operations. An update changes an existing integration, so three rules differ from those of a creation. The
// password of PROMETHEUS may be missing, because no response shows it. Any other missing required field is a warning,
// because the sources disagree on it. Services that Atlas no longer creates cause no warning.
const (
	Create Operation = "create"
	Update Operation = "update"
)

// Validator validates payloads of one API version. It is safe for concurrent use. Create it with [New]. The zero
// Validator works like one without options.
type Validator struct {
	options    Options
	policies   []schemaUse
	policiesOf map[string][]schemaUse // by type
	types      *types.Set
}

// New returns a validator, or an [*OptionError].
func New(options Options) (*Validator, error) {
	options, err := options.completed()
	if err != nil {
		return nil, err
	}
	v := &Validator{options: options, types: types.Of(options.APIVersion)}
	if typ := options.Type; typ != "" && v.types.ByName[typ] == nil {
		unknown := v.types.Unknown(typ, redact.Value(typ))
		suggestion := Suggestion{APIVersion: unknown.APIVersion}
		return nil, &OptionError{Option: "Type", Reason: unknown.Message, Hint: unknown.Hint, Suggestion: suggestion}
	}
	return v, nil
}

// defaultValidator is the validator without options.
var defaultValidator = sync.OnceValue(func() *Validator {
	v, _ := New(Options{}) // only options can fail
	return v
})

// orDefault returns v, or the default validator if v is the zero value.
func (v *Validator) orDefault() *Validator {
	if v.types == nil {
		return defaultValidator()
	}
	return v
}

// Check validates one payload. The findings have name as their file and are sorted by place; a valid payload has none.
// They do not refer to data.
func (v *Validator) Check(name string, data []byte) []Finding {
	return v.orDefault().checkRecord(name, data, records.At{}).result(1).Findings
}

// CheckPayload is like [Validator.Check], and also returns the parsed payload. The document is nil if data is larger
// than the limit or not one JSON object; with other findings CheckPayload returns it, so check the findings before you
// use it. It does not refer to data.
func (v *Validator) CheckPayload(name string, data []byte) (*Document, []Finding) {
	c := v.orDefault().checkRecord(name, data, records.At{})
	return c.document(), c.result(1).Findings
}

// checkRecord validates data, which is one payload.
func (v *Validator) checkRecord(name string, data []byte, at records.At) *check {
	c := v.newCheck(name, data, at)
	c.checkData()
	return c
}

// checkData validates the input as one payload.
func (c *check) checkData() {
	if int64(len(c.data)) > c.v.options.MaxSize {
		tooLargeRule{}.report(c)
	} else {
		c.checkDocument(c.parse(c.data))
	}
}

// checkDocument validates a document as one payload, unless it is nil.
func (c *check) checkDocument(doc *jsonpos.Document) {
	if doc != nil {
		duplicateKeyRule{}.report(c, doc.Duplicates)
		c.checkPayload(&doc.Root)
	}
}

// checkArray validates every element of a JSON array as one payload.
func (v *Validator) checkArray(name string, data []byte) Result {
	c, payloads := v.newCheck(name, data, records.At{}), 1
	if int64(len(data)) > v.options.MaxSize {
		tooLargeRule{}.report(c)
	} else if doc := c.parse(data); doc != nil && doc.Root.Kind != jsonpos.Array {
		notAnObjectRule{}.reportOne(c, &doc.Root)
	} else if doc != nil {
		payloads = len(doc.Root.Elements)
		c.checkElements(doc)
	}
	return c.result(payloads)
}

func (c *check) checkElements(doc *jsonpos.Document) {
	twice := doc.Duplicates
	for i := range doc.Root.Elements {
		root := &doc.Root.Elements[i]
		c.next(i+1, root)
		inside := 0
		for inside < len(twice) && twice[inside].NameStart < root.End {
			inside++
		}
		duplicateKeyRule{}.report(c, twice[:inside])
		twice = twice[inside:]
		c.checkPayload(root)
	}
}
