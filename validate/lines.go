package validate

import (
	"fmt"
	"io"
	"sync/atomic"

	"github.com/atlasint/atlasint/validate/internal/records"
)

// job is a batch for a worker, and its result.
type job struct {
	*records.Batch
	done chan Result
}

// checkLines validates several records at a time and keeps their order. It has at most a few batches of the input in
// memory.
func (v *Validator) checkLines(name string, r io.Reader) (Result, error) {
	var full atomic.Bool // the findings of further batches are not kept
	todo := make(chan job)
	inOrder := make(chan job, v.options.Jobs)
	for range v.options.Jobs {
		go func() {
			for b := range todo {
				b.done <- v.checkBatch(name, b.Batch, &full)
			}
		}()
	}
	failed := make(chan error, 1)
	go func() {
		failed <- records.Read(r, v.options.MaxSize, func(b *records.Batch) {
			j := job{b, make(chan Result, 1)}
			inOrder <- j
			todo <- j
		})
		close(todo)
		close(inOrder)
	}()
	var all Result
	types := typedFindings{limit: v.options.MaxFindings, seen: map[string]bool{}}
	for b := range inOrder {
		one := <-b.done
		b.Release()
		all.Payloads += one.Payloads
		all.Errors += one.Errors
		all.Warnings += one.Warnings
		types.add(one.types)
		all.Documents = append(all.Documents, one.Documents...)
		all.Findings = append(all.Findings, one.Findings[:min(len(one.Findings), v.options.MaxFindings-len(all.Findings))]...)
		full.Store(len(all.Findings) >= v.options.MaxFindings)
	}
	all.types, all.repeated = types.list, types.repeated
	if err := <-failed; err != nil {
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
		c.single()
		c.addTo(&result)
	}
	return result
}
