package records

import (
	"strings"
	"testing"
)

// The batches of long lines, and of many short ones, are not kept for further lines.
func TestLargeBatchesAreNotKept(t *testing.T) {
	for name, input := range map[string]string{"long": strings.Repeat("x", 4*maxPooled), "many": strings.Repeat("1\n", batchBytes/2)} {
		t.Run(name, func(t *testing.T) {
			for range 3 {
				if err := read(strings.NewReader(input), 8*maxPooled, (*Batch).Release); err != nil {
					t.Fatal(err)
				}
				if b := batches.Get().(*Batch); cap(b.buf) > maxPooled || cap(b.Lines) > maxPooledLines {
					t.Errorf("a batch of %d bytes and %d lines is kept", cap(b.buf), cap(b.Lines))
				}
			}
		})
	}
}
