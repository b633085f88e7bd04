package validate

import (
	"strings"
	"testing"
)

// The buffer of a large payload is not kept for the next one.
func TestLargeBuffersAreNotKept(t *testing.T) {
	v, err := New(Options{MaxSize: 4 << 20})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := v.CheckReader("large", strings.NewReader(strings.Repeat(" ", 4<<20)), One); err != nil {
			t.Fatal(err)
		}
		if b := buffers.Get().(*[]byte); cap(*b) > maxPooled {
			t.Errorf("a buffer of %d bytes is kept, want at most %d", cap(*b), maxPooled)
		}
	}
}
