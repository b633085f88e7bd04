//go:build race

package validate

// payloadsOfOneRun are fewer under the race detector: they are judged one after the other.
const payloadsOfOneRun = 5_000
