//go:build unix

package fix

import (
	"io/fs"
	"syscall"
)

// nonBlocking opens a pipe that has replaced a file without waiting for its writer.
const nonBlocking = syscall.O_NONBLOCK

// hardLinks returns the number of names of a file.
func hardLinks(info fs.FileInfo) uint64 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(stat.Nlink) //nolint:unconvert // its type depends on the system
	}
	return 1
}
