//go:build unix

package readfile

import (
	"io"
	"io/fs"
	"syscall"
)

// handle is an open file. It calls the system directly: package os registers each file with the poller, which
// needs a third of the time of reading a payload, and waits for kernel files that have nothing to read yet.
type handle struct {
	fd   int
	path string
}

// open does not wait for the writer of a pipe.
func open(path string) (handle, error) {
	for {
		fd, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
		if err == nil {
			return handle{fd, path}, nil
		}
		if err != syscall.EINTR {
			return handle{}, &fs.PathError{Op: "open", Path: path, Err: err}
		}
	}
}

// stat returns the type of the file, without its permissions, and its size in bytes.
func (h handle) stat() (fs.FileMode, int64, error) {
	stat, err := h.fstat()
	if err != nil {
		return 0, 0, err
	}
	switch stat.Mode & syscall.S_IFMT {
	case syscall.S_IFREG:
		if stat.Blocks == 0 && ofKernel(h.fd) {
			return fs.ModeIrregular, 0, nil
		}
		return 0, stat.Size, nil
	case syscall.S_IFDIR:
		return fs.ModeDir, 0, nil
	default:
		return fs.ModeIrregular, 0, nil
	}
}

// access returns the permissions of the file, and the ID of the user who owns it.
func (h handle) access() (perm fs.FileMode, owner int, err error) {
	stat, err := h.fstat()
	return fs.FileMode(stat.Mode) & fs.ModePerm, int(stat.Uid), err
}

func (h handle) fstat() (stat syscall.Stat_t, err error) {
	for {
		if err = syscall.Fstat(h.fd, &stat); err == nil {
			return stat, nil
		}
		if err != syscall.EINTR {
			return stat, &fs.PathError{Op: "stat", Path: h.path, Err: err}
		}
	}
}

// Read implements [io.Reader].
func (h handle) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for {
		n, err := syscall.Read(h.fd, p)
		switch {
		case err == syscall.EINTR:
			continue
		case err != nil:
			return 0, &fs.PathError{Op: "read", Path: h.path, Err: err}
		case n == 0:
			return 0, io.EOF
		default:
			return n, nil
		}
	}
}

// Close releases the file.
func (h handle) Close() error { return syscall.Close(h.fd) }
