//go:build ignore

// gen makes dist/, or parts of it; run it from the module root: go run cmd/atlasint/internal/dist/gen.go.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/dist"
)

func main() {
	docs := flag.String("docs", "", "only write completions, manual pages and third-party licences, into this folder")
	sbom := flag.String("sbom", "", "only write the list of modules of this binary, to -output")
	binary := flag.String("binary", "", "only build the command to this file, for this machine or for one target")
	output := flag.String("output", "", "the file of -sbom")
	targets := flag.String("targets", "", "build only these targets, such as linux/amd64,windows/arm64")
	flag.Parse()
	if err := run(*docs, *sbom, *binary, *output, *targets); err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}

func run(docs, sbom, binary, output, targets string) error {
	release, err := dist.Open(".")
	if err != nil {
		return err
	}
	if err := release.Only(targets); err != nil {
		return err
	}
	switch {
	case docs != "":
		return release.Docs(docs)
	case sbom != "":
		return release.SBOM(sbom, output)
	case binary != "":
		return release.Binary(binary)
	}
	return release.Make("dist")
}
