// Serve measures atlasint serve as a process and compares it with a server that responds with a fixed body: requests
// per second, time to the first response, and memory. The soak measures growth. Run it from the module root: go run
// ./.ci/bench/serve. Linux only.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/atlasint/atlasint/.ci/load"
)

const (
	clients = 16
	path    = "/api/atlas/v2/groups/5d791c84ff7a2522cc4f9aa1/integrations/OPS_GENIE"
	valid   = `{"type":"OPS_GENIE","apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64","region":"EU"}`
	invalid = `{"type":"OPS_GENIE","apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64","region":"UK"}`
	page    = `{"links":[],"results":[{"apiKey":"********************************2e64","id":"65f0c1d2e3a4b5c6d7e8f905","region":"EU","type":"OPS_GENIE"}],"totalCount":1}`
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	rounds := flag.Int("n", 5, "rounds")
	conns := flag.Int("conns", 9_000, "idle connections")
	flag.Parse()
	if flag.NArg() == 1 {
		log.Fatal(serveFloor(flag.Arg(0)))
	}
	if err := measure(*rounds, *conns); err != nil {
		log.Fatal(err)
	}
}

// serveFloor responds to each request with a fixed body. It writes its URL to a file.
func serveFloor(file string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(file, []byte("http://"+l.Addr().String()+"\n"), 0o600),
		http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, page)
		})))
}

func measure(rounds, conns int) error {
	fake, err := load.Serve(nil, "--rate-limit", "0")
	if err != nil {
		return err
	}
	defer fake.Stop()
	_, err = fake.Send(client, load.Request{Method: "GET", Path: path}, 401)
	first, idle := time.Since(fake.Began), fake.RSS()
	if err != nil {
		return err
	}
	floor, err := load.Start(exec.Command(os.Args[0]))
	if err != nil {
		return err
	}
	defer floor.Stop()
	bearer, err := fake.Bearer()
	if err != nil {
		return err
	}
	if err := rates(fake, floor, bearer, rounds); err != nil {
		return err
	}
	fmt.Printf("\nfirst response after %.0f ms (aim 100); idle %.1f MiB (aim 25)\n", first.Seconds()*1000, idle)
	return crowd(fake, bearer, conns)
}

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients, MaxConnsPerHost: clients}}

// rate sends n requests from all clients and returns requests per second.
func rate(s *load.Server, bearer, method, body string, want, n int) (float64, error) {
	r := load.Request{Method: method, Path: path, Body: body, Header: map[string]string{"Authorization": bearer}}
	var left atomic.Int64
	left.Store(int64(n))
	var group errgroup.Group
	begin := time.Now()
	for range clients {
		group.Go(func() error {
			for left.Add(-1) >= 0 {
				if _, err := s.Send(client, r, want); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := group.Wait()
	return float64(n) / time.Since(begin).Seconds(), err
}

// rates prints the rates of the fake to those of the floor.
func rates(fake, floor *load.Server, bearer string, rounds int) error {
	if _, err := rate(fake, bearer, "PUT", valid, 200, 1); err != nil {
		return err
	}
	kinds := []struct {
		name, method, body string
		status             int
		aim                string
		ratios             []float64
	}{{"GET", "GET", "", 200, "0.6", nil}, {"PUT", "PUT", valid, 200, "0.45", nil}, {"rejected PUT", "PUT", invalid, 400, "no less than PUT", nil}}
	for range rounds + 1 { // the first warms up
		for i, k := range kinds {
			a, failed := rate(fake, bearer, k.method, k.body, k.status, 10_000)
			b, err := rate(floor, bearer, k.method, k.body, 200, 10_000)
			if err := errors.Join(failed, err); err != nil {
				return err
			}
			kinds[i].ratios = append(k.ratios, a/b)
		}
	}
	fmt.Println("requests a second, to a fixed body in the same round:")
	for _, k := range kinds {
		list := slices.Sorted(slices.Values(k.ratios[1:]))
		fmt.Printf("%-14s %.2f (%.2f..%.2f), aim %s\n", k.name, list[len(list)/2], list[0], list[len(list)-1], k.aim)
	}
	return nil
}

// crowd prints the rate and memory with many idle connections.
func crowd(fake *load.Server, bearer string, conns int) error {
	idle := 0
	for ; idle < conns; idle++ {
		c, err := net.Dial("tcp", strings.TrimPrefix(fake.URL, "http://"))
		if err != nil {
			break
		}
		defer c.Close()
	}
	perSecond, err := rate(fake, bearer, "GET", "", 200, 5_000)
	fmt.Printf("%d idle connections: %.0f GET a second, %.1f MiB\n", idle, perSecond, fake.RSS())
	return err
}
