package filestore

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

var (
	damagedFiles = flag.Uint64("damaged-files", 300, "how many damaged files TestDamageAnywhere opens")
	boundMemory  = flag.Bool("bound-memory", false, "for the process that opens them")
	damagedPath  = flag.String("damaged-path", "", "where that process writes them")
)

// A file that is damaged at any place causes a response, a [store.Failure], or an error for a missing or existing
// integration. A process of its own opens the files, so that one that takes too much memory ends it, and not the
// machine.
func TestDamageAnywhere(t *testing.T) {
	if *boundMemory {
		limitMemory(t)
		damageAnywhere(t)
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestDamageAnywhere$", "-bound-memory",
		fmt.Sprintf("-damaged-files=%d", *damagedFiles), "-damaged-path="+filepath.Join(t.TempDir(), "damaged"))
	if output, err := child.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output[:min(len(output), 4000)])
	}
}

func damageAnywhere(t *testing.T) {
	samples := []image{sample(t, 4096, 26, 4096), sample(t, minPageSize, 300, 64)}
	rejected, opened := 0, 0
	for seed := range *damagedFiles {
		i := damaged(samples[seed%2], rand.New(rand.NewPCG(seed, seed)))
		path := fmt.Sprint(*damagedPath, seed) // on Windows, a damaged file stays in use until the process ends
		if err := os.WriteFile(path, i.data, 0o600); err != nil {
			t.Fatal(err)
		}
		checkAgrees(t, seed, i, path)
		errs := use(path)
		if len(errs) == 1 {
			rejected++
		} else {
			opened++
		}
		for _, err := range errs {
			var worded *store.Failure
			if err != nil && !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrExists) && !errors.As(err, &worded) {
				t.Errorf("seed %d: %v", seed, err)
			}
		}
		_ = os.Remove(path)
	}
	if rejected < int(*damagedFiles/4) || opened < int(*damagedFiles/20) {
		t.Errorf("%d files rejected, %d opened: there is too little damage, or too much", rejected, opened)
	}
}

// damaged changes a few bytes of a file: anywhere, or in the first bytes of pages, where their structure is.
func damaged(sound image, random *rand.Rand) image {
	i := sound.clone()
	heads := random.IntN(2) == 0
	for range 1 + random.IntN(1+random.IntN(200)) {
		at := random.IntN(len(i.data))
		if heads {
			at = at/i.pageSize*i.pageSize + random.IntN(64)
		}
		i.data[at] = byte(random.Uint32()) >> random.IntN(8)
	}
	return i
}

// checkAgrees fails unless the check of bbolt accepts each file that ours accepts. It may hang on other files.
func checkAgrees(t *testing.T, seed uint64, i image, path string) {
	t.Helper()
	if i.check() != nil {
		return
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		return // without a sound meta page
	}
	defer db.Close()
	_ = db.View(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			t.Errorf("seed %d: bbolt finds %v", seed, err)
		}
		return nil
	})
}

func use(path string) []error {
	s, err := Open(path)
	if err != nil {
		return []error{err}
	}
	ctx := context.Background()
	in := store.Integration{Type: "NEW", ID: "65f0c1d2e3a4b5c6d7e8f900"}
	_, listed := s.List(ctx, sampleProject)
	_, got := s.Get(ctx, sampleProject, "TYPE0010")
	_, snapped := s.Snapshot(ctx)
	errs := []error{
		listed, got, snapped, s.Create(ctx, sampleProject, in), s.Delete(ctx, sampleProject, "TYPE0000"), s.Check(ctx), s.Restore(ctx, store.State{}),
	}
	return append(errs, s.Close())
}

// The files of this test are the same at each run, so that a seed names one.
func TestSample(t *testing.T) {
	for range 3 {
		if !slices.Equal(sample(t, minPageSize, 300, 64).data, sample(t, minPageSize, 300, 64).data) {
			t.Fatal("the sample differs")
		}
	}
}

// A bucket that is missing was not deleted by a store.
func TestMissingBucket(t *testing.T) {
	for _, change := range []struct{ old, new string }{{"integrations", "integrationz"}, {"notes", "notez"}} {
		i := sample(t, 4096, 3, 8)
		name := i.page(i.meta().root).data
		copy(name[strings.Index(string(name), change.old):], change.new)
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, i.data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "is damaged") {
			t.Errorf("%s: %v", change.old, err)
		}
	}
}
