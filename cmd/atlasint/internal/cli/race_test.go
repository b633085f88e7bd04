//go:build race

package cli_test

// raced tells that the race detector watches. Processes that a test starts take a second each with it, and
// share no memory with anything: what only starts processes is left to the other run.
const raced = true
