package filestore

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
	"testing"
)

// allowance is the memory that the test may use beyond the address space that the runtime reserves, in bytes.
const allowance = 512 << 20

// limitMemory bounds the address space of the process.
func limitMemory(t *testing.T) {
	t.Helper()
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.ParseUint(string(bytes.Fields(data)[0]), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	size := pages*uint64(os.Getpagesize()) + allowance
	if err := syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: size, Max: size}); err != nil {
		t.Fatal(err)
	}
}
