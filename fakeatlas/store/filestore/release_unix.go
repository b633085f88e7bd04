//go:build unix && !aix && !solaris

package filestore

import (
	"os"
	"syscall"
)

// release closes a file and takes bbolt's lock off it, which would last as long as the map of the file.
func release(file *os.File) {
	_ = syscall.Flock(int(file.Fd()), syscall.LOCK_UN)
	_ = file.Close()
}
