//go:build ignore

// Main validates payload files and prints their findings.
package main

import (
	"fmt"
	"log"
	"os"

	"github.com/atlasint/atlasint/validate"
)

func main() {
	v, err := validate.New(validate.Options{})
	if err != nil {
		log.Fatal(err)
	}
	failed := 0
	for _, path := range os.Args[1:] {
		result, err := v.CheckFile(path, validate.ByName)
		if err != nil {
			log.Fatal(err)
		}
		for _, finding := range result.Findings {
			fmt.Println(finding)
		}
		failed += result.Errors
	}
	if failed > 0 {
		os.Exit(1)
	}
}
