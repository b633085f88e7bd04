// Package openapi embeds the curated descriptions of the Atlas third-party integrations API, the one
// source that everything under gen/ is made from.
package openapi

import _ "embed"

var (
	//go:embed atlas-v1.yaml
	v1 []byte
	//go:embed atlas-v2.yaml
	v2 []byte
	//go:embed ledger.txt
	ledger []byte
)

// V1 returns the OpenAPI 3.1 document of generation v1.0 as YAML. The bytes are the caller's own.
func V1() []byte { return append([]byte(nil), v1...) }

// V2 returns the OpenAPI 3.1 document of generation v2 as YAML. The bytes are the caller's own.
func V2() []byte { return append([]byte(nil), v2...) }

// Ledger returns the list of what the documents say otherwise than their sources, and why; its head
// explains its form. The bytes are the caller's own.
func Ledger() []byte { return append([]byte(nil), ledger...) }
