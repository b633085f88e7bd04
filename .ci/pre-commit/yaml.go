//go:build ignore

// Yaml prints what a path leads to in a YAML file, the items of a list one a line.
//
//	go run .ci/pre-commit/yaml.go action.yml runs steps 0 run
package main

import (
	"fmt"
	"log"
	"os"
	"strconv"

	"go.yaml.in/yaml/v3"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) < 2 {
		log.Fatal("yaml: name a file and the way in it")
	}
	data, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var value any
	if err := yaml.Unmarshal(data, &value); err != nil {
		log.Fatalf("%s: %v", os.Args[1], err)
	}
	for _, key := range os.Args[2:] {
		if value = step(value, key); value == nil {
			log.Fatalf("%s: nothing at %q", os.Args[1], os.Args[2:])
		}
	}
	if list, ok := value.([]any); ok {
		for _, item := range list {
			fmt.Println(item)
		}
		return
	}
	fmt.Println(value)
}

func step(value any, key string) any {
	switch v := value.(type) {
	case map[string]any:
		return v[key]
	case []any:
		if i, err := strconv.Atoi(key); err == nil && i < len(v) {
			return v[i]
		}
	}
	return nil
}
