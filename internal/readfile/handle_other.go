//go:build !unix

package readfile

import (
	"io/fs"
	"os"
)

// handle is an open file.
type handle struct{ *os.File }

func open(path string) (handle, error) {
	file, err := os.Open(path)
	return handle{file}, err
}

// stat returns the type of the file and its size in bytes.
func (h handle) stat() (fs.FileMode, int64, error) {
	info, err := h.Stat()
	if err != nil {
		return 0, 0, err
	}
	return info.Mode().Type(), info.Size(), nil
}

// access returns the permissions of the file, and no owner: -1.
func (h handle) access() (perm fs.FileMode, owner int, err error) {
	info, err := h.Stat()
	if err != nil {
		return 0, -1, err
	}
	return info.Mode().Perm(), -1, nil
}
