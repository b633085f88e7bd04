//go:build unix

package savefile

import (
	"io/fs"
	"os"
	"syscall"
)

// KeepOwner gives a new file the owner and the group of another one. The error is nil if it already has them.
func KeepOwner(file *os.File, like fs.FileInfo) error {
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
