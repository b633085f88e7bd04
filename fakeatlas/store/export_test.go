package store

// MemoryLimit is the limit of a [Memory] in bytes.
const MemoryLimit = memoryLimit
