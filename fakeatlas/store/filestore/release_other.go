//go:build !unix || aix || solaris

package filestore

import "os"

// release closes a file. Where the system keeps bbolt's lock for the map of the file, it lasts until the process ends.
func release(file *os.File) { _ = file.Close() }
