//go:build unix

package fix

import (
	"io/fs"
	"os"
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

// chown gives a new file the owner and the group of another one. The error is nil if it already has them.
func chown(file *os.File, like fs.FileInfo) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	from, ok := info.Sys().(*syscall.Stat_t)
	to, also := like.Sys().(*syscall.Stat_t)
	if !ok || !also || from.Uid == to.Uid && from.Gid == to.Gid {
		return nil
	}
	return file.Chown(int(to.Uid), int(to.Gid))
}
