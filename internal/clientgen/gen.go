//go:build ignore

// gen completes the code that oapi-codegen generates in gen/. Run it from the module root, once after oapi-codegen:
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
		if err := rewrite(file, func(source []byte) ([]byte, error) { return clientgen.Complete(source, mediaType) }); err != nil {
			fmt.Fprintf(os.Stderr, "clientgen: %s: %v\n", file, err)
			os.Exit(1)
		}
	}
	if err := rewrite("gen/companions/companions.gen.go", clientgen.DropPackageComment); err != nil {
		fmt.Fprintf(os.Stderr, "clientgen: companions: %v\n", err)
		os.Exit(1)
	}
}

// rewrite replaces a file by the result of change.
func rewrite(file string, change func(source []byte) ([]byte, error)) error {
	source, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if source, err = change(source); err != nil {
		return err
	}
	return os.WriteFile(file, source, 0o644)
}
