package digest

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

func TestWindow(t *testing.T) {
	for _, c := range []struct {
		name   string
		counts []uint32
		want   []bool
	}{
		{"in order", []uint32{1, 2, 3, 3, 2, 1}, []bool{true, true, true, false, false, false}},
		{"out of order", []uint32{3, 1, 2, 1}, []bool{true, true, true, false}},
		{"the last of the window", []uint32{100, 37, 37, 36}, []bool{true, true, false, false}},
		{"a leap of 63", []uint32{1, 64, 1, 2}, []bool{true, true, false, true}},
		{"a leap of 64", []uint32{1, 65, 1, 2}, []bool{true, true, false, true}},
		{"a leap over all", []uint32{1, 1<<31 - 1, 1<<31 - 1, 1, 1<<31 - 64}, []bool{true, true, false, false, true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var w window
			for i, count := range c.counts {
				if got := w.accept(count); got != c.want[i] {
					t.Errorf("count %d, the %d. of them, is accepted: %t", count, i+1, got)
				}
			}
		})
	}
}

// A set that forgets nothing is the model of the window, for as long as counts are within it.
func TestWindowAgainstASet(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var w window
		seen, top := map[uint32]bool{}, uint32(0)
		for range 500 {
			count := max(1, top+uint32(random.IntN(80))-min(top, 70))
			got := w.accept(count)
			within := count > top || top-count < 64
			if want := within && !seen[count]; got != want {
				t.Fatalf("count %d after %d is accepted: %t, want %t", count, top, got, want)
			}
			seen[count] = seen[count] || got
			top = max(top, count)
		}
	}
}

func replayAt(ms int64) nonce { return nonce{issued: ms, serial: 1} }

func check(t *testing.T, r *replays, ms int64, count uint32, horizon int64, want bool) {
	t.Helper()
	if got := r.accept(replayAt(ms), count, horizon); got != want {
		t.Errorf("nonce of %d, count %d is accepted: %t", ms, count, got)
	}
	listed := 0
	for e := r.oldest; e != nil; e = e.next {
		listed++
	}
	if listed != len(r.known) || listed > r.limit {
		t.Errorf("%d nonces listed, %d known, limit %d", listed, len(r.known), r.limit)
	}
}

func TestEviction(t *testing.T) {
	r := newReplays(3, time.UnixMilli(0))
	for ms := range int64(4) {
		check(t, r, 10*ms+10, 1, 0, true) // the fourth drives out the first
	}
	check(t, r, 10, 2, 0, false)
	check(t, r, 5, 1, 0, false) // never seen, but it might have been
	check(t, r, 15, 1, 0, true) // drives out 20
	check(t, r, 20, 2, 0, false)
	check(t, r, 15, 2, 0, true)
	check(t, r, 18, 1, 0, false)
	check(t, r, 30, 2, 0, true)
}

// A nonce that is first used later was not always issued later.
func TestEvictionKeepsTheFloorUp(t *testing.T) {
	r := newReplays(1, time.UnixMilli(0))
	check(t, r, 30, 1, 0, true)
	check(t, r, 10, 1, 0, true) // drives out 30, and stays though below it
	check(t, r, 10, 2, 0, true)
	check(t, r, 40, 1, 0, true) // drives out 10
	check(t, r, 20, 1, 0, false)
	check(t, r, 30, 1, 0, false)
}

func TestExpiry(t *testing.T) {
	r := newReplays(10, time.UnixMilli(0))
	check(t, r, 10, 1, 0, true)
	check(t, r, 20, 1, 0, true)
	check(t, r, 30, 1, 20, true)
	if n := len(r.known); n != 2 {
		t.Errorf("%d nonces are left, want 2", n)
	}
	check(t, r, 10, 2, 0, false)
	check(t, r, 40, 1, 40, true)
	if n := len(r.known); n != 1 {
		t.Errorf("%d nonces are left, want 1", n)
	}
}

func TestEvictedNonceIsStale(t *testing.T) {
	v := newTestVerifier(t, Config{Nonces: 2})
	first := goodLogin(freshNonce(t, v))
	expect(t, first.to(v), OK)
	for range 100 { // the clock is stopped
		expect(t, goodLogin(freshNonce(t, v)).to(v), OK)
	}
	first.nc = "00000002"
	expect(t, first.to(v), Stale)
	if n := len(v.replays.known); n != 2 {
		t.Errorf("%d nonces remembered, want 2", n)
	}
}

// If many clients send one header at once, exactly one is accepted.
func TestOneHeaderAtOnce(t *testing.T) {
	v := newTestVerifier(t, Config{})
	a := goodLogin(freshNonce(t, v))
	verdicts := atOnce(64, func(int) Verdict { return a.to(v) })
	if verdicts[OK] != 1 || verdicts[Stale] != 63 {
		t.Errorf("verdicts are %v", verdicts)
	}
}

// 64 requests on one nonce may overtake each other in any order.
func TestManyCountsAtOnce(t *testing.T) {
	v := newTestVerifier(t, Config{})
	nonce := freshNonce(t, v)
	verdicts := atOnce(64, func(i int) Verdict {
		a := goodLogin(nonce)
		a.nc = "000000" + string("0123"[(i+1)/16%4]) + string("0123456789abcdef"[(i+1)%16])
		if i == 63 {
			a.nc = "00000040"
		}
		return a.to(v)
	})
	if verdicts[OK] != 64 {
		t.Errorf("verdicts are %v", verdicts)
	}
}

// Everything at once: challenges, fresh nonces beyond the limit, expiry under a moving clock.
func TestManyNoncesAtOnce(t *testing.T) {
	c := newClock()
	v := newTestVerifier(t, Config{Now: c.Now, Nonces: 16, Lifetime: time.Second})
	verdicts := atOnce(64, func(int) Verdict {
		for range 50 {
			a := goodLogin(freshNonce(t, v))
			if verdict := a.to(v); verdict == Rejected {
				return Rejected
			}
			if a.to(v) == OK {
				t.Error("a replay was accepted")
			}
			c.move(100 * time.Millisecond)
		}
		return OK
	})
	if verdicts[OK] != 64 || len(v.replays.known) > 16 {
		t.Errorf("verdicts are %v, %d nonces remembered", verdicts, len(v.replays.known))
	}
}

func atOnce(n int, f func(i int) Verdict) map[Verdict]int {
	var wg sync.WaitGroup
	verdicts := make([]Verdict, n)
	for i := range n {
		wg.Go(func() { verdicts[i] = f(i) })
	}
	wg.Wait()
	count := map[Verdict]int{}
	for _, verdict := range verdicts {
		count[verdict]++
	}
	return count
}
