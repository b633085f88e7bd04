package store

// MemoryLimit is the limit of a [Memory] in bytes.
const MemoryLimit = memoryLimit

// The limits of a snapshot.
const (
	MaxProjects = maxProjects
	MaxObjects  = maxObjects
)

// CheckSize returns an error for a snapshot with too many values.
func CheckSize(snapshot []byte) error { return checkSize(snapshot) }
