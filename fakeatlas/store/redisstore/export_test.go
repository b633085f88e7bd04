package redisstore

import "time"

// OpenForTest is like [Open], with time limits that no busy machine reaches.
func OpenForTest(address string) (*Store, error) {
	return timeLimits{dial: time.Minute, command: time.Minute, sweep: 10 * time.Minute}.open(address)
}

// ErrUnusable is the error of a Redis that the store must not use.
var ErrUnusable = errUnusable

// FailureOf returns the failure of a store about an error of the node of a cluster.
func FailureOf(s *Store, node string, err error) error { return withNode(node, s.failure(err)) }

// Reason returns the description of an error in the log and in health.
func Reason(err error) string { return new(Store).reason(err) }
