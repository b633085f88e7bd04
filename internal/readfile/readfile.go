// Package readfile reads untrusted files: in bounded memory, and without waiting for a pipe, a device or a
// kernel file that never responds.
package readfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// Stdin is the path that names standard input for commands, also if a file has this name. The functions of this package
// don't treat it in another way.
const Stdin = "-"

// MaxAddress is the size in bytes of the largest file with the base URL of a running fake.
const MaxAddress = 4 << 10

// ErrNotRegular is the error for pipes, sockets, devices and the files of the kernel, such as those in /proc.
var ErrNotRegular = errors.New("it is not a regular file")

// LimitError is the error for an input that is larger than its limit.
type LimitError struct {
	Limit int64 // bytes
}

// Error names the limit.
func (e *LimitError) Error() string { return fmt.Sprintf("it is larger than %d bytes", e.Limit) }

// slack is how many bytes a file may have that reports a smaller size. Some network file systems report none.
const slack = 1 << 20

// errGrows is the error of a file that has more bytes than its size, so that reading an endless file ends.
var errGrows = errors.New("it has more bytes than its size: it changed during the read, or it is not a file on a disk")

// File is an open regular file. It is not safe for concurrent use.
type File struct {
	in   handle
	size int64
	left int64 // bytes that may still be read
}

// Open opens a regular file for reading and never waits. For a folder the error is a [fs.PathError] with EISDIR,
// for anything else [ErrNotRegular].
func Open(path string) (*File, error) {
	in, err := open(path)
	if err != nil {
		return nil, openError(path, err)
	}
	mode, size, err := in.stat()
	switch {
	case err == nil && mode.IsDir():
		err = &fs.PathError{Op: "read", Path: path, Err: syscall.EISDIR}
	case err == nil && !mode.IsRegular():
		err = ErrNotRegular
	}
	if err != nil {
		_ = in.Close()
		return nil, err
	}
	return &File{in, size, max(size, slack)}, nil
}

// openError returns ErrNotRegular if the path is no regular file or folder, such as a socket; else err.
func openError(path string, err error) error {
	if info, statErr := os.Stat(path); statErr == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return ErrNotRegular
	}
	return err
}

// IsBrokenLink reports whether an error of a path that does not exist is about a symbolic link without its target.
func IsBrokenLink(err error) bool {
	var at *fs.PathError
	if !errors.Is(err, fs.ErrNotExist) || !errors.As(err, &at) {
		return false
	}
	info, err := os.Lstat(at.Path)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// Size returns the size in bytes at the time of opening, which is 0 where the file system reports none.
func (f *File) Size() int64 { return f.size }

// Access returns the permissions of the open file, and the ID of the user who owns it, or -1 on a system without such
// IDs.
func (f *File) Access() (perm fs.FileMode, owner int, err error) { return f.in.access() }

// Read implements [io.Reader]. It fails where a file has more bytes than its size at the time of opening.
func (f *File) Read(p []byte) (int, error) {
	n, err := f.in.Read(p)
	if f.left -= int64(n); f.left < 0 {
		return 0, errGrows
	}
	return n, err
}

// Close releases the file.
func (f *File) Close() error { return f.in.Close() }

// All returns everything up to the end of r, or a [*LimitError] if that is more than limit bytes.
func All(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		return nil, &LimitError{limit}
	}
	return data, err
}

// Regular returns the contents of a regular file: errors are those of [Open] and [All].
func Regular(path string, limit int64) ([]byte, error) {
	in, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return All(in, limit)
}

// Head returns the first bytes of a regular file, at most limit.
func Head(path string, limit int64) ([]byte, error) {
	in, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return io.ReadAll(io.LimitReader(in, limit))
}

// RegularOrPipe is Regular for a path that the user named, which may be a pipe, as <(command) is one. It waits
// for the pipe's writer.
func RegularOrPipe(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
		return Regular(path, limit)
	}
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return All(in, limit)
}
