//go:build !race

package payloadtest

// Count is the number of payloads that a test checks.
const Count = 100_000
