package validation

import (
	"sync"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/fix"
	"github.com/atlasint/atlasint/validate"
)

// MaxListed is the number of findings that a run keeps and lists, the limit of GitHub for a SARIF file.
// --max-findings can't raise it.
const MaxListed = 25_000

// outcome is the result for one file, or the error of reading it.
type outcome struct {
	Result validate.Result
	Err    error
	Fix    fix.Outcome // the corrections, without a Result
}

// outcomes are the outcomes of a run in the order of its files. They keep the first findings in that order, up to a
// limit. Files may be added in any order. The counts of a result include dropped findings.
type outcomes struct {
	limit int

	mu   sync.Mutex
	list []outcome
	kept int // findings in the list
	last int // later files keep none
}

func newOutcomes(files, limit int) *outcomes {
	return &outcomes{limit: limit, list: make([]outcome, files), last: files - 1}
}

// add adds the outcome of a file. It is safe for concurrent use.
func (o *outcomes) add(i int, one outcome) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if i > o.last {
		one.Result.Findings = nil
	}
	o.list[i] = one
	o.kept += len(one.Result.Findings)
	o.dropLast()
}

// trim applies the limit again after results have changed.
func (o *outcomes) trim() {
	o.kept, o.last = 0, len(o.list)-1
	for i := range o.list {
		o.kept += len(o.list[i].Result.Findings)
	}
	o.dropLast()
}

// dropLast drops the last findings over the limit.
func (o *outcomes) dropLast() {
	for o.kept > o.limit {
		r := &o.list[o.last].Result
		left := len(r.Findings) - min(len(r.Findings), o.kept-o.limit)
		o.kept -= len(r.Findings) - left
		clear(r.Findings[left:]) // lets the garbage collector free their texts
		r.Findings = r.Findings[:left]
		if o.kept > o.limit {
			o.last--
		}
	}
}
