package validate

import (
	"fmt"
	"io"
	"sync/atomic"

	"github.com/atlasint/atlasint/validate/internal/records"
)

// checkLines validates several records at a time and keeps their order.
func (v *Validator) checkLines(name string, r io.Reader) (all Result, err error) {
	var full atomic.Bool // the findings of further batches are not kept
	types := typedFindings{limit: v.options.MaxFindings, seen: map[string]bool{}}
	check := func(b *records.Batch) Result { return v.checkBatch(name, b, &full) }
	err = records.Work(r, v.options.MaxSize, v.options.Jobs, check, func(one Result) {
		all.Payloads += one.Payloads
		all.Errors += one.Errors
		all.Warnings += one.Warnings
		types.add(one.types)
		all.Documents = append(all.Documents, one.Documents...)
		all.Findings = append(all.Findings, one.Findings[:min(len(one.Findings), v.options.MaxFindings-len(all.Findings))]...)
		full.Store(len(all.Findings) >= v.options.MaxFindings)
	})
	all.types, all.repeated = types.list, types.repeated
	if err != nil {
		return all, fmt.Errorf("line %w", err)
	}
	return all, nil
}

// checkBatch counts all findings of a batch. It builds only those that can be within the limit, because a message costs
// several times as much as the search for the fault.
func (v *Validator) checkBatch(name string, b *records.Batch, full *atomic.Bool) Result {
	result := Result{Payloads: len(b.Lines)}
	for _, l := range b.Lines {
		c := v.newCheck(name, l.Data, l.At)
		c.countOnly = len(result.Findings) >= v.options.MaxFindings || full.Load()
		c.checkData()
		c.addTo(&result)
	}
	return result
}
