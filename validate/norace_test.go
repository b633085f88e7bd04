//go:build !race

package validate

const payloadsOfOneRun = 100_000
