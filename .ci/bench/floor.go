//go:build ignore

// Floor does only the necessary work of a checker of files: it opens, reads and closes every file below a folder, one
// after the other, into one buffer, without looking at the data. PATH may be a single file too.
//
//	floor PATH        with os.Open, as most programs do
//	floor -raw PATH   with the system's calls alone
package main

import (
	"errors"
	"flag"
	"io"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"syscall"
)

var buffer = make([]byte, 64<<10)

func readFile(name string) error {
	file, err := os.Open(name)
	for err == nil {
		_, err = file.Read(buffer)
	}
	if err == io.EOF {
		err = file.Close()
	}
	return err
}

func readRaw(name string) error {
	file, err := syscall.Open(name, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	for n := 1; n > 0 && err == nil; {
		n, err = syscall.Read(file, buffer)
	}
	return errors.Join(err, syscall.Close(file))
}

func main() {
	raw := flag.Bool("raw", false, "make the system's calls without package os")
	flag.Parse()
	read := readFile
	if *raw {
		read = readRaw
	}
	err := filepath.WalkDir(flag.Arg(0), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return read(name)
	})
	if err != nil {
		log.Fatal("floor: ", err)
	}
}
