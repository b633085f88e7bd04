// Command atlasint checks payloads of MongoDB Atlas third-party integrations and fakes the API.
package main

import (
	"os"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/cli"
)

func main() { os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
