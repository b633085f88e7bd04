//go:build unix && !linux

package readfile

// ofKernel reports whether an open file is one of the kernel's; only Linux has such files.
func ofKernel(int) bool { return false }
