//go:build ignore

// Main creates or updates the Datadog integration of a project.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/atlasint/atlasint/client"
)

func main() {
	c, err := client.New(client.Options{
		Credentials: client.APIKey(os.Getenv("MONGODB_ATLAS_PUBLIC_API_KEY"), os.Getenv("MONGODB_ATLAS_PRIVATE_API_KEY")),
		BaseURL:     os.Getenv("MONGODB_ATLAS_BASE_URL"), // the default is https://cloud.mongodb.com
	})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	payload, err := client.NewPayload(`{"type":"DATADOG","apiKey":"5f1d3b7a9c2e4806b1d7f3a95c0e2846","region":"EU"}`)
	if err != nil {
		log.Fatal(err)
	}
	in, created, err := c.Apply(context.Background(), os.Getenv("MONGODB_ATLAS_PROJECT_ID"), payload)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(in.Type, "created:", created)
}
