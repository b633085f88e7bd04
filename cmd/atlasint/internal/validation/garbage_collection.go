package validation

import (
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/internal/atlas"
)

// tuneGC trades memory for time, for the whole process, which validates these files once. Little of a long input stays
// in memory: frequent collections keep the memory small for a tenth more time. Rare collections save a fifth of the CPU
// time for payloads of a bounded size, and add 10 MiB.
func (s *Settings) tuneGC(files []string) {
	switch {
	case s.Lines || slices.ContainsFunc(files, mayBeLong):
		debug.SetGCPercent(50)
	case s.MaxSize <= atlas.MaxPayload:
		debug.SetGCPercent(400)
	}
}

// mayBeLong reports whether an input may have many payloads: NDJSON, the documents of YAML, or standard input.
func mayBeLong(file string) bool { return !strings.EqualFold(filepath.Ext(file), ".json") }
