package validation

import (
	"sync"

	"github.com/atlasint/atlasint/validate"
)

// MaxListed is how many findings a run keeps in memory and lists, as many as GitHub takes in a SARIF file.
// --max-findings can't raise it.
const MaxListed = 25_000

// Outcome is what came of one file.
type Outcome struct {
	Result validate.Result
	Err    error
}

// outcomes are those of a run, in the order of its files. They keep the first findings in that order up to a
// limit, whatever order the files are finished in. The counts of a result include the findings that were dropped.
type outcomes struct {
	limit int

	mu   sync.Mutex
	list []Outcome
	kept int // findings in the list
	last int // the files after it keep none
}

func newOutcomes(files, limit int) *outcomes {
	return &outcomes{limit: limit, list: make([]Outcome, files), last: files - 1}
}

// put adds the outcome of a file. It is safe for concurrent use.
func (o *outcomes) add(i int, one Outcome) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if i > o.last {
		one.Result.Findings = nil
	}
	o.list[i] = one
	o.kept += len(one.Result.Findings)
	o.dropLast()
}

// trim applies the limit to results that have changed.
func (o *outcomes) trim() {
	o.kept, o.last = 0, len(o.list)-1
	for i := range o.list {
		o.kept += len(o.list[i].Result.Findings)
	}
	o.dropLast()
}

// cut drops the last findings until the limit holds.
func (o *outcomes) dropLast() {
	for o.kept > o.limit {
		r := &o.list[o.last].Result
		left := len(r.Findings) - min(len(r.Findings), o.kept-o.limit)
		o.kept -= len(r.Findings) - left
		clear(r.Findings[left:]) // so that their texts can be collected
		r.Findings = r.Findings[:left]
		if o.kept > o.limit {
			o.last--
		}
	}
}
