//go:build unix && !aix && !solaris

package filestore

import (
	"os"
	"syscall"
)

// release unlocks and closes a file. Otherwise the lock of bbolt would last as long as the memory map of the file.
func release(file *os.File) {
	_ = syscall.Flock(int(file.Fd()), syscall.LOCK_UN)
	_ = file.Close()
}
