//go:build ignore

// Floor does only the necessary work of a checker of files: it opens, reads and closes every file below a folder, one
// after the other, into one buffer, without looking at the data. PATH may be a single file too.
//
//	floor PATH        with os.Open, as most programs do
//	floor -raw PATH   with the system's calls alone
package main

import (
	"flag"
	"io"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"syscall"
)

// raw is a file descriptor.
type raw int

func (r raw) Read(buffer []byte) (int, error) {
	n, err := syscall.Read(int(r), buffer)
	if n == 0 && err == nil {
		err = io.EOF
	}
	return n, err
}

func (r raw) Close() error { return syscall.Close(int(r)) }

func openRaw(name string) (io.ReadCloser, error) {
	fd, err := syscall.Open(name, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	return raw(fd), err
}

func main() {
	open := func(name string) (io.ReadCloser, error) { return os.Open(name) }
	flag.BoolFunc("raw", "make the system's calls without package os", func(string) error { open = openRaw; return nil })
	flag.Parse()
	buffer := make([]byte, 64<<10)
	err := filepath.WalkDir(flag.Arg(0), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		file, err := open(name)
		for err == nil {
			_, err = file.Read(buffer)
		}
		if err != io.EOF {
			return err
		}
		return file.Close()
	})
	if err != nil {
		log.Fatal("floor: ", err)
	}
}
