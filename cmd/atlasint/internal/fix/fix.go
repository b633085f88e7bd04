// Package fix writes the corrections that findings propose into payload files. A [Fixer] corrects files and standard
// input. All other bytes stay. The diff of a dry run shows no value of a secret.
package fix

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// maxRounds is how often a text is corrected and validated again. A correction can show further faults: once the type
// is right, those of its fields. A text with more findings than the validator lists needs further rounds.
const maxRounds = 100

// maxFixed is the number of corrected findings that are kept of a text, so that a long one needs little memory.
const maxFixed = 1000

// Correction is a corrected text.
type Correction struct {
	Data   []byte
	Fixes  int                // the number of corrected findings
	Fixed  []validate.Finding // the first 1,000 of them, in the order of correction; the hint is the correction
	Result validate.Result    // of Data
}

// Check validates a text.
type Check func(data []byte) (validate.Result, error)

// correct makes the corrections that the findings of a text propose, until none is left. It does not change data. The
// error is that of check.
func correct(data []byte, check Check) (*Correction, error) {
	c := &Correction{Data: data}
	for range maxRounds {
		var err error
		if c.Result, err = check(c.Data); err != nil {
			return nil, err
		}
		fixed, edits := proposals(c.Data, c.Result.Findings)
		if len(edits) == 0 {
			break
		}
		c.Data = edited(c.Data, edits)
		c.Fixes += len(fixed)
		c.Fixed = append(c.Fixed, fixed[:min(len(fixed), maxFixed-len(c.Fixed))]...)
	}
	return c, nil
}

// proposals returns the findings of data that propose edits, and these edits in the order of the text. If edits of two
// findings overlap, the second finding is left for the next round.
func proposals(data []byte, findings []validate.Finding) (fixed []validate.Finding, edits []validate.Edit) {
	lines := jsonpos.NewLines(data)
	taken := func(e validate.Edit) bool {
		i, _ := slices.BinarySearchFunc(edits, e.Start, func(other validate.Edit, start int) int { return cmp.Compare(other.End, start+1) })
		return i < len(edits) && edits[i].Start < e.End
	}
	for _, f := range findings {
		if len(f.Edits) == 0 || slices.ContainsFunc(f.Edits, taken) {
			continue
		}
		fixed = append(fixed, withCorrection(data, lines, f))
		for _, e := range f.Edits {
			i, _ := slices.BinarySearchFunc(edits, e.Start, func(other validate.Edit, start int) int { return cmp.Compare(other.Start, start) })
			edits = slices.Insert(edits, i, e)
		}
	}
	return fixed, edits
}

// edited returns data with the edits.
func edited(data []byte, edits []validate.Edit) []byte {
	text, done := make([]byte, 0, len(data)+16*len(edits)), 0
	for _, e := range edits {
		text = append(append(text, data[done:e.Start]...), e.Text...)
		done = e.End
	}
	return append(text, data[done:]...)
}

// typeMissing is the rule of a payload without a type. Its finding is at the start of the payload, and its correction
// renames a field in it.
const typeMissing = "type-missing"

// withCorrection returns a finding of data with the correction as its hint, at the place of the correction.
func withCorrection(data []byte, lines *jsonpos.Lines, f validate.Finding) validate.Finding {
	f.Suggestion, f.Snippet = validate.Suggestion{}, nil
	e := f.Edits[0]
	switch {
	case e.Text == "":
		f.Hint = "white space removed"
	case f.Rule == typeMissing:
		f.Line, f.Column = lines.Position(e.Start)
		f.EndLine, f.EndColumn = lines.Position(e.End)
		f.Hint = fmt.Sprintf("renamed %s to %s", redact.Value(string(data[e.Start+1:e.End-1])), e.Text)
	default:
		f.Hint = "replaced with " + e.Text
	}
	return f
}
