package metrics

import (
	"math"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

// The numbers of this process, read from another source than the metrics'.
func TestProcess(t *testing.T) {
	text, err := New(new(store.Memory)).Text(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sample := func(name string) float64 {
		_, rest, ok := strings.Cut(string(text), "\n"+name+" ")
		number, _, _ := strings.Cut(rest, "\n")
		value, err := strconv.ParseFloat(number, 64)
		if !ok || err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return value
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	now := float64(time.Now().Unix())
	for name, bounds := range map[string][2]float64{
		"process_start_time_seconds":    {now - 3600, now + 1},
		"process_resident_memory_bytes": {1 << 20, 4 << 30},
		"process_virtual_memory_bytes":  {1 << 20, math.MaxInt64}, // the race detector reserves many terabytes
		"process_num_threads":           {2, 1000},
		"process_open_fds":              {3, 1000},
		"process_max_fds":               {float64(limit.Cur), float64(limit.Cur)},
		"go_goroutines":                 {float64(runtime.NumGoroutine()), float64(runtime.NumGoroutine())},
	} {
		if got := sample(name); got < bounds[0] || got > bounds[1] {
			t.Errorf("%s is %v, want %v", name, got, bounds)
		}
	}
}
