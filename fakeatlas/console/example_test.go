package console_test

import (
	"log"
	"net/http"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/console"
)

func ExampleHandler() {
	server, err := fakeatlas.New()
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", console.Handler(server)))
}
