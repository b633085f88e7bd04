// Package storelimit has the limits that the stores of fakeatlas and the server share. The documentation of package
// store states them for stores of other modules.
package storelimit

const (
	// Deleted is the number of deleted projects that a store remembers.
	Deleted = 10_000
	// Tokens is the largest capacity of a token bucket. It keeps sums of tokens from overflowing, in Go and in Redis.
	Tokens = 1_000_000_000
)
