//go:build race

package payloadtest

// Count is the number of payloads for [Sample]. The race detector is slow, so it gets fewer.
const Count = 5_000
