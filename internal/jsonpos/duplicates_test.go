package jsonpos

import (
	"strconv"
	"testing"
)

// TestLargeObjectsUseAMap shows that the work for a name in a large object does not grow with the object: first finds
// the earlier member although it can't compare with it any more.
func TestLargeObjectsUseAMap(t *testing.T) {
	const n = fewMembers + 1
	members, seen := make([]Member, n), newSeen(n)
	for i := range members {
		members[i].Name = strconv.Itoa(i)
		if got := first(members, i, seen); got != i {
			t.Fatalf("the first member with the name of member %d is %d", i, got)
		}
	}
	clear(members)
	members[n-1].Name = "3"
	if got := first(members, n-1, seen); got != 3 {
		t.Errorf("the first member with the name is %d, want 3", got)
	}
}
