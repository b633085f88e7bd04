package readfile

import "syscall"

// ofKernel reports whether an open file belongs to a file system of the kernel's own. Their type
// is that of regular files, but some have no end or wait for an event. None occupies a block of a disk.
func ofKernel(fd int) bool {
	var stat syscall.Statfs_t
	if syscall.Fstatfs(fd, &stat) != nil {
		return false
	}
	switch uint32(stat.Type) { // see statfs(2)
	case 0x9fa0, // proc
		0x62656572, // sysfs
		0x64626720, // debugfs
		0x74726163, // tracefs
		0x73636673, // securityfs
		0x63677270: // cgroup2
		return true
	}
	return false
}
