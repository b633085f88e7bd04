package validation

import (
	"math/rand"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/validate"
)

// The files of a run may finish in any order. The findings that are kept are the first ones in the order of the files,
// all are counted, and the number kept never exceeds the limit.
func TestOutcomesAreBounded(t *testing.T) {
	for seed := range int64(200) {
		random := rand.New(rand.NewSource(seed))
		files, limit := 1+random.Intn(20), random.Intn(40)
		found := make([][]validate.Finding, files)
		var all []string
		for i := range found {
			for j := range random.Intn(12) {
				found[i] = append(found[i], validate.Finding{File: strings.Repeat("f", i), Line: j})
				all = append(all, found[i][j].String())
			}
		}
		run := newOutcomes(files, limit)
		for _, i := range random.Perm(files) {
			run.add(i, outcome{Result: validate.Result{Errors: len(found[i]), Findings: append([]validate.Finding(nil), found[i]...)}})
			if n := len(listed(run)); n > limit || n != run.kept {
				t.Fatalf("seed %d: %d findings are kept, counted %d, limit %d", seed, n, run.kept, limit)
			}
		}
		want := all[:min(limit, len(all))]
		if got := listed(run); strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Fatalf("seed %d: kept %q, want %q", seed, got, want)
		}
		counted := 0
		for _, o := range run.list {
			counted += o.Result.Errors
		}
		if counted != len(all) {
			t.Fatalf("seed %d: %d are counted, want %d", seed, counted, len(all))
		}
	}
}

func listed(run *outcomes) (list []string) {
	for _, o := range run.list {
		for _, f := range o.Result.Findings {
			list = append(list, f.String())
		}
	}
	return list
}
