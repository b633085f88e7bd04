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
	//go:embed companions.yaml
	companions []byte
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

// API has the files of one API version.
type API struct {
	Document []byte // the OpenAPI 3.1 document, as YAML
	Overlay  []byte // the OpenAPI Overlay that prepares the document for Go generators, as YAML
	Settings []byte // the configuration of oapi-codegen for gen/, with paths relative to the root of this module, as YAML
	Ledger   []byte // the differences between the documents and their sources, with reasons; the same for all versions
}

// V1 returns the files of API version v1.0.
func V1() API { return newAPI(v1, v1Overlay, v1Settings) }

// V2 returns the files of API version v2.
func V2() API { return newAPI(v2, v2Overlay, v2Settings) }

func newAPI(document, overlay, settings []byte) API {
	return API{bytes.Clone(document), bytes.Clone(overlay), bytes.Clone(settings), bytes.Clone(ledger)}
}

// Companions returns the OpenAPI 3.1 document of the endpoints of v2 that clients of integrations also call, as YAML.
func Companions() []byte { return bytes.Clone(companions) }
