//go:build ignore

// gen completes the clients in gen/atlasv1 and gen/atlasv2. Run it from the module root, once after oapi-codegen:
// go run internal/clientgen/gen.go.
package main

import (
	"fmt"
	"os"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/clientgen"
)

func main() {
	for file, mediaType := range map[string]string{
		"gen/atlasv1/atlasv1.gen.go": schemas.MediaTypeV1,
		"gen/atlasv2/atlasv2.gen.go": schemas.MediaTypeV2,
	} {
		if err := complete(file, mediaType); err != nil {
			fmt.Fprintf(os.Stderr, "clientgen: %s: %v\n", file, err)
			os.Exit(1)
		}
	}
}

func complete(file, mediaType string) error {
	source, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if source, err = clientgen.Complete(source, mediaType); err != nil {
		return err
	}
	return os.WriteFile(file, source, 0o644)
}
