//go:build ignore

// Empty does nothing. Its time is that of starting a Go program.
package main

func main() {}
