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

func main() {
	log.SetFlags(0)
	raw := flag.Bool("raw", false, "make the system's calls without package os")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("floor: name one folder or file")
	}
	take := read
	if *raw {
		take = readRaw
	}
	buffer := make([]byte, 64<<10)
	err := filepath.WalkDir(flag.Arg(0), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return take(name, buffer)
	})
	if err != nil {
		log.Fatal("floor: ", err)
	}
}

func read(name string, buffer []byte) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	for {
		if _, err := file.Read(buffer); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func readRaw(name string, buffer []byte) error {
	fd, err := syscall.Open(name, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(fd)
	for {
		if n, err := syscall.Read(fd, buffer); n == 0 || err != nil {
			return err
		}
	}
}
