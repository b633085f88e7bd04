//go:build !linux

package filestore

import "testing"

// limitMemory does nothing: the limits of the systems differ.
func limitMemory(*testing.T) {}
