// Package openapi embeds the curated descriptions of the Atlas third-party integrations API, the only
// source of everything under gen/, and the settings of the code generators. The caller owns all returned
// bytes.
package openapi

import (
	"bytes"
	_ "embed"
)

var (
	//go:embed atlas-v1.yaml
	v1 []byte
	//go:embed atlas-v2.yaml
	v2 []byte
	//go:embed ledger.txt
	ledger []byte

	//go:embed atlas-v1.overlay.yaml
	v1Overlay []byte
	//go:embed atlas-v2.overlay.yaml
	v2Overlay []byte

	//go:embed codegen-v1.yaml
	v1Settings []byte
	//go:embed codegen-v2.yaml
	v2Settings []byte
)

// V1 returns the OpenAPI 3.1 document of API version v1.0 as YAML.
func V1() []byte { return bytes.Clone(v1) }

// V2 returns the OpenAPI 3.1 document of API version v2 as YAML.
func V2() []byte { return bytes.Clone(v2) }

// V1Overlay returns the OpenAPI Overlay that prepares the document of v1.0 for Go generators.
func V1Overlay() []byte { return bytes.Clone(v1Overlay) }

// V2Overlay returns the OpenAPI Overlay that prepares the document of v2 for Go generators.
func V2Overlay() []byte { return bytes.Clone(v2Overlay) }

// V1Settings returns the oapi-codegen configuration for gen/atlasv1. Its paths are relative to the
// root of this module.
func V1Settings() []byte { return bytes.Clone(v1Settings) }

// V2Settings returns the oapi-codegen configuration for gen/atlasv2. Its paths are relative to the
// root of this module.
func V2Settings() []byte { return bytes.Clone(v2Settings) }

// Ledger returns the list of the differences between the documents and their sources, with reasons. Its first
// lines explain its format.
func Ledger() []byte { return bytes.Clone(ledger) }
