//go:build tools

// Package tools names the programs that the Makefile runs, for readers and software that look for them
// here. The tool lines of go.mod are what `go tool` obeys; internal/archtest holds both lists equal.
package tools

import (
	_ "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"
	_ "honnef.co/go/tools/cmd/staticcheck"
)
