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
