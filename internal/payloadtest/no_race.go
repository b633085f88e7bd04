//go:build !race

package payloadtest

// Count is the number of payloads for [Sample].
const Count = 100_000
