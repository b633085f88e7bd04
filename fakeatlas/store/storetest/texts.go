package storetest

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

// shortLife is the life of the texts and counters that end.
const shortLife = 50 * time.Millisecond

// testTexts tests the contract of [store.TextStore], and also that of [store.SharedStore] if the store is one. After
// wait returns, more than the time must have passed for the store.
func testTexts(t tb, empty func() store.TextStore, wait func(time.Duration)) {
	t.Helper()
	for _, check := range []func(*textChecker){(*textChecker).texts, (*textChecker).kinds, (*textChecker).lives, (*textChecker).first} {
		check(&textChecker{t, context.Background(), empty(), wait})
	}
	if _, ok := empty().(store.SharedStore); !ok {
		return
	}
	for _, check := range []func(*textChecker){(*textChecker).eras,
		(*textChecker).firstTogether} {
		check(&textChecker{t, context.Background(), empty(), wait})
	}
}

type textChecker struct {
	t    tb
	ctx  context.Context
	s    store.TextStore
	wait func(time.Duration)
}

func (c *textChecker) add(kind, name, text, want string, life time.Duration) {
	c.t.Helper()
	got, err := c.s.AddText(c.ctx, kind, name, text, life)
	if err != nil || got != want {
		c.t.Errorf("text %s %s: %q, %v, want %q", kind, name, got, err, want)
	}
}

// wants checks the stored text of a name; a want of "" means that there is none.
func (c *textChecker) wants(kind, name, want string) {
	c.t.Helper()
	got, err := c.s.GetText(c.ctx, kind, name)
	if want == "" && !isNone(err) || want != "" && (err != nil || got != want) {
		c.t.Errorf("stored text %s %s: %q, %v, want %q", kind, name, got, err, want)
	}
}

func isNone(err error) bool { return reflect.DeepEqual(err, store.ErrNotFound) }

func (c *textChecker) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Errorf("%v", err)
	}
}

func (c *textChecker) texts() {
	c.wants("a", "x", "")
	c.add("a", "x", "1 \x00 ü", "1 \x00 ü", 0)
	c.add("a", "x", "2", "1 \x00 ü", 0)
	c.add("a", "xx", "3", "3", time.Hour)
	c.wants("a", "x", "1 \x00 ü")
	c.must(c.s.DeleteText(c.ctx, "a", "x"))
	c.must(c.s.DeleteText(c.ctx, "a", "x"))
	c.wants("a", "x", "")
	c.wants("a", "xx", "3")
	c.add("a", "x", "2", "2", 0)
}

func (c *textChecker) kinds() {
	c.add("a", "x", "1", "1", 0)
	c.add("a", "y", "2", "2", 0)
	c.add("ab", "x", "3", "3", 0)
	c.must(c.s.DeleteTexts(c.ctx, "a"))
	c.must(c.s.DeleteTexts(c.ctx, "none"))
	c.wants("a", "x", "")
	c.wants("a", "y", "")
	c.wants("ab", "x", "3")
}

func (c *textChecker) lives() {
	c.add("a", "ends", "1", "1", shortLife)
	c.add("a", "lasts", "1", "1", time.Hour)
	c.add("a", "stays", "1", "1", 0)
	c.wait(shortLife)
	c.wants("a", "ends", "")
	c.add("a", "ends", "2", "2", time.Hour)
	c.wants("a", "ends", "2")
	c.wants("a", "lasts", "1")
	c.wants("a", "stays", "1")
}

// first checks that concurrent clients all get the same text.
func (c *textChecker) first() {
	texts := together(func(n int) string {
		text, err := c.s.AddText(c.ctx, "a", "x", fmt.Sprint(n), time.Hour)
		c.must(err)
		return text
	})
	if len(slices.Compact(texts)) != 1 {
		c.t.Errorf("texts at the same time: %v", texts)
	}
}

func together[T any](client func(n int) T) []T {
	var wg sync.WaitGroup
	results := make([]T, clients)
	for n := range clients {
		wg.Go(func() { results[n] = client(n) })
	}
	wg.Wait()
	return results
}

func (c *textChecker) era(kind, proposal, want string) {
	c.t.Helper()
	if got, err := c.s.(store.SharedStore).Era(c.ctx, kind, proposal); err != nil || got != want {
		c.t.Errorf("era of %s: %q, %v, want %q", kind, got, err, want)
	}
}

func (c *textChecker) use(kind, era, name string, want bool) {
	c.t.Helper()
	if got, err := c.s.(store.SharedStore).UseOnce(c.ctx, kind, era, name, time.Hour); err != nil || got != want {
		c.t.Errorf("first use of %s %s in era %s: %t, %v, want %t", kind, name, era, got, err, want)
	}
}

func (c *textChecker) eras() {
	c.use("a", "", "x", false)
	c.era("a", "1 \x00 ü", "1 \x00 ü")
	c.era("a", "2", "1 \x00 ü")
	c.era("ab", "3", "3")
	c.use("a", "1 \x00 ü", "x", true)
	c.use("a", "1 \x00 ü", "x", false)
	c.use("a", "1 \x00 ü", "xx", true)
	c.use("a", "2", "y", false)
	c.use("a", "1 \x00 ü", "y", true)
	c.use("ab", "3", "x", true)
	c.must(c.s.DeleteTexts(c.ctx, "a"))
	c.use("a", "1 \x00 ü", "x", false)
	c.use("a", "1 \x00 ü", "z", false)
	c.era("a", "4", "4")
	c.use("a", "1 \x00 ü", "z", false)
	c.use("a", "4", "x", true)
	c.use("ab", "3", "x", false)
}

// firstTogether checks that concurrent clients get the same era, and that one of them is the first in it.
func (c *textChecker) firstTogether() {
	shared := c.s.(store.SharedStore)
	first := together(func(n int) string {
		era, err := shared.Era(c.ctx, "a", fmt.Sprint(n))
		c.must(err)
		isFirst, err := shared.UseOnce(c.ctx, "a", era, "x", time.Hour)
		c.must(err)
		return fmt.Sprint(era, " ", isFirst)
	})
	slices.Sort(first)
	last := len(first) - 1
	if len(slices.Compact(slices.Clone(first))) != 2 || first[0] != first[last-1] || !strings.HasSuffix(first[last], "true") {
		c.t.Errorf("first uses at the same time: %v", first)
	}
}
