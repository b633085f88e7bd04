//go:build race

package doctest_test

// raced reports whether the race detector is on. It slows each started process down by a second, and can find no race
// between processes. So tests that only start processes are skipped.
const raced = true
