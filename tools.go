//go:build tools

// Package tools names the programs that the Makefile runs, for readers and software that look for them
// here. `go tool` uses the tool lines of go.mod; a test of internal/archtest compares both lists.
package tools

import (
	_ "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"
	_ "honnef.co/go/tools/cmd/staticcheck"
)
