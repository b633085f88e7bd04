// Command gate serves the integrations of one Atlas project, for reading. It requires no key.
package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/icholy/digest"

	"example.com/gate/gate"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8081", "address to listen on")
	baseURL := flag.String("base-url", "https://cloud.mongodb.com", "where Atlas is")
	project := flag.String("project", os.Getenv("MONGODB_ATLAS_PROJECT_ID"), "the project's id")
	flag.Parse()
	if err := run(*addr, *baseURL, *project); err != nil {
		log.Fatal("gate: ", err)
	}
}

func run(addr, baseURL, project string) error {
	key := &digest.Transport{
		Username: os.Getenv("MONGODB_ATLAS_PUBLIC_API_KEY"),
		Password: os.Getenv("MONGODB_ATLAS_PRIVATE_API_KEY"),
	}
	if project == "" || key.Username == "" || key.Password == "" {
		return errors.New("set MONGODB_ATLAS_PROJECT_ID, MONGODB_ATLAS_PUBLIC_API_KEY and MONGODB_ATLAS_PRIVATE_API_KEY")
	}
	handler, err := gate.New(baseURL, project, &http.Client{Transport: key, Timeout: 30 * time.Second})
	if err != nil {
		return err
	}
	server := &http.Server{Addr: addr, Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, func() { _ = server.Close() })
	log.Printf("reading is free at http://%s", addr)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
