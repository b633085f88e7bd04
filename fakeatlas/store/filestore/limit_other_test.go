//go:build !linux

package filestore

import "testing"

// limitMemory does nothing: the systems differ in what they limit.
func limitMemory(*testing.T) {}
