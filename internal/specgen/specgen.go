// Package specgen generates gen/schemas from the curated OpenAPI documents: for every integration type and
// API version one self-contained, closed JSON Schema 2020-12 for request bodies, and an index of types,
// fields and secrets as Go tables.
//
// The documents' component schemas are JSON Schema already, so they are copied and not translated. Only
// this is changed: the extensions (x-…) go to the index, the keywords of x-request replace those of its
// property, read-only properties are removed, and unknown properties are rejected.
package specgen

import (
	"encoding/json"
	"fmt"
	"sort"
)

// Document is one curated OpenAPI document.
type Document struct {
	APIVersion string // v1.0 or v2, as commands and folders spell it
	YAML       []byte
}

// Files are generated files by their slash-separated path below gen/schemas.
type Files map[string][]byte

// Paths returns the paths in order.
func (f Files) Paths() []string {
	paths := make([]string, 0, len(f))
	for p := range f {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	return paths
}

// Generate returns all files of gen/schemas. Its output depends on the documents alone. An error names
// the document, the place in it and the construct that a request schema can't contain.
func Generate(docs []Document) (Files, error) {
	files := Files{}
	var ix index
	for _, doc := range docs {
		types, err := readTypes(doc)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", doc.APIVersion, err)
		}
		for _, t := range types {
			files[doc.APIVersion+"/"+t.Name+".json"] = t.schema
		}
		mediaType, err := readMediaType(doc)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", doc.APIVersion, err)
		}
		ix.Versions = append(ix.Versions, version{Name: doc.APIVersion, MediaType: mediaType, Types: types})
		rejectedTypes, err := readRejectedTypes(doc)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", doc.APIVersion, err)
		}
		ix.RejectedTypes = append(ix.RejectedTypes, rejectedTypes...)
		codes, err := readErrorCodes(doc)
		if err != nil {
			return nil, fmt.Errorf("%s: x-error-codes: %w", doc.APIVersion, err)
		}
		ix.ErrorCodes = append(ix.ErrorCodes, codes...)
	}
	source, err := ix.source()
	if err != nil {
		return nil, err
	}
	files["schemas.gen.go"] = source
	return files, nil
}

// Index returns the types of one document as JSON that decodes into the types of gen/schemas, and the request
// schemas by type. Tests validate by documents that are not part of gen/ with it.
func Index(doc Document) (index []byte, requests map[string][]byte, err error) {
	types, err := readTypes(doc)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", doc.APIVersion, err)
	}
	requests = map[string][]byte{}
	for _, t := range types {
		requests[t.Name] = t.schema
	}
	index, err = json.Marshal(types)
	return index, requests, err
}
