package metrics

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

func TestMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := New(new(store.Memory))
		m.Observe(Request{Status: 503}, 0)
		time.Sleep(30 * time.Second)
		m.Observe(Request{Status: 401, Challenge: true}, 0)
		m.Observe(Request{Status: 200}, 0)
		m.Observe(Request{Status: 201}, 0)
		m.Observe(Request{}, 0)
		time.Sleep(29 * time.Second)
		var want Minute
		want.Statuses[5][0], want.Challenges[30], want.Statuses[2][30], want.Statuses[0][30] = 1, 1, 2, 1
		if diff := cmp.Diff(want, m.Minute()); diff != "" {
			t.Errorf("after 59 seconds (-want +got):\n%s", diff)
		}
		time.Sleep(time.Second)
		m.Observe(Request{Status: 404}, 0)
		want = Minute{}
		want.Challenges[29], want.Statuses[2][29], want.Statuses[0][29], want.Statuses[4][59] = 1, 2, 1, 1
		if diff := cmp.Diff(want, m.Minute()); diff != "" {
			t.Errorf("after a minute (-want +got):\n%s", diff)
		}
		time.Sleep(time.Hour)
		if diff := cmp.Diff(Minute{}, m.Minute()); diff != "" {
			t.Errorf("after an hour (-want +got):\n%s", diff)
		}
	})
}
