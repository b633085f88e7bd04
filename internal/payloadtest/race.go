//go:build race

package payloadtest

// Count is the number of payloads that a test checks. The race detector is slow, so it gets fewer.
const Count = 5_000
