//go:build ignore

// Floor answers each request with a fixed body. It writes its URL to the file that its argument names.
package main

import (
	"io"
	"log"
	"net"
	"net/http"
	"os"
)

const page = `{"links":[],"results":[{"apiKey":"********************************2e64","id":"65f0c1d2e3a4b5c6d7e8f905","region":"EU","type":"OPS_GENIE"}],"totalCount":1}`

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(os.Args[1], []byte("http://"+l.Addr().String()+"\n"), 0o600); err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, page)
	})))
}
