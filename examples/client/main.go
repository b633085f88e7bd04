//go:build ignore

// Main creates or updates the Datadog integration of a project.
package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"os"

	"github.com/atlasint/atlasint/client"
)

func main() {
	c, err := client.New(
		client.WithDigest(os.Getenv("MONGODB_ATLAS_PUBLIC_API_KEY"), os.Getenv("MONGODB_ATLAS_PRIVATE_API_KEY")),
		client.WithBaseURL(cmp.Or(os.Getenv("MONGODB_ATLAS_BASE_URL"), client.DefaultBaseURL)),
	)
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	payload, err := client.NewPayload(`{"type":"DATADOG","apiKey":"5f1d3b7a9c2e4806b1d7f3a95c0e2846","region":"EU"}`)
	if err != nil {
		log.Fatal(err)
	}
	in, done, err := c.Apply(context.Background(), os.Getenv("MONGODB_ATLAS_PROJECT_ID"), payload)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(done, in.Type)
}
