//go:build !unix

package validate

import (
	"io/fs"
	"os"
)

// input is an open file.
type input struct{ file *os.File }

func openInput(path string) (*input, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return &input{file}, nil
}

// stat distinguishes regular files, folders and everything else, and returns the size of the file in bytes.
func (in *input) stat() (mode fs.FileMode, size int64, err error) {
	info, err := in.file.Stat()
	if err != nil {
		return 0, 0, err
	}
	return info.Mode(), info.Size(), nil
}

// Read implements [io.Reader].
func (in *input) Read(p []byte) (int, error) { return in.file.Read(p) }

// Close ends the reading.
func (in *input) Close() { _ = in.file.Close() }
