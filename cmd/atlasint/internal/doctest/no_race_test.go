//go:build !race

package doctest_test

const raced = false
