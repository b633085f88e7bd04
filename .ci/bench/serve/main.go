// Serve measures atlasint serve as a process and compares it with a server that answers a fixed body: requests per
// second, time to the first answer, and memory. The soak measures growth. Run it from the module root: go run ./.ci/bench/serve. Linux only.
package main

import (
	"flag"
	"fmt"
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
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	rounds := flag.Int("n", 5, "rounds")
	conns := flag.Int("conns", 9_000, "idle connections")
	flag.Parse()
	if err := measure(*rounds, *conns); err != nil {
		log.Fatal(err)
	}
}

func measure(rounds, conns int) error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fake, err := start(dir, "./cmd/atlasint", "serve", "--quiet", "--rate-limit", "0", "--addr", ":0", "--addr-file")
	if err != nil {
		return err
	}
	defer fake.Stop()
	idle := fake.RSS()
	floor, err := start(dir, ".ci/bench/serve/floor.go")
	if err != nil {
		return err
	}
	defer floor.Stop()
	if fake.token, err = fake.Token(client); err != nil {
		return err
	}
	if err := rates(fake, floor, rounds); err != nil {
		return err
	}
	fmt.Printf("\nfirst response after %.0f ms (aim 100); idle %.1f MiB (aim 25)\n", fake.first.Seconds()*1000, idle)
	return crowd(fake, conns)
}

type server struct {
	*load.Server
	token string
	first time.Duration // from the start to the first answer
}

func start(dir, source string, args ...string) (*server, error) {
	bin, err := load.Build(dir, "server", source)
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	running, err := load.Start(exec.Command(bin, args...))
	if err != nil {
		return nil, err
	}
	res, err := http.Get(running.URL + path)
	if err != nil {
		running.Stop()
		return nil, err
	}
	res.Body.Close()
	return &server{Server: running, first: time.Since(begin)}, nil
}

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients, MaxConnsPerHost: clients}}

// rate sends n requests from all clients and returns requests per second.
func (s *server) rate(method, body string, want, n int) (float64, error) {
	r := load.Request{Method: method, Path: path, Body: body, Header: map[string]string{"Authorization": "Bearer " + s.token}}
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

func rates(fake, floor *server, rounds int) error {
	kinds := []struct {
		name, method, body string
		status             int
		aim                string
	}{{"GET", "GET", "", 200, "0.6"}, {"PUT", "PUT", valid, 200, "0.45"}, {"rejected PUT", "PUT", invalid, 400, "no less than PUT"}}
	if _, err := fake.rate("PUT", valid, 200, 1); err != nil {
		return err
	}
	ratios := map[string][]float64{}
	for range rounds + 1 { // the first warms up
		for _, k := range kinds {
			a, err := fake.rate(k.method, k.body, k.status, 10_000)
			if err != nil {
				return err
			}
			b, err := floor.rate(k.method, k.body, 200, 10_000)
			if err != nil {
				return err
			}
			ratios[k.name] = append(ratios[k.name], a/b)
		}
	}
	fmt.Println("requests a second, to a fixed body in the same round:")
	for _, k := range kinds {
		list := slices.Sorted(slices.Values(ratios[k.name][1:]))
		fmt.Printf("%-14s %.2f (%.2f..%.2f), aim %s\n", k.name, list[len(list)/2], list[0], list[len(list)-1], k.aim)
	}
	return nil
}

// crowd prints the rate and memory with many idle connections.
func crowd(fake *server, conns int) error {
	idle := 0
	for ; idle < conns; idle++ {
		c, err := net.Dial("tcp", strings.TrimPrefix(fake.URL, "http://"))
		if err != nil {
			break
		}
		defer c.Close()
	}
	rate, err := fake.rate("GET", "", 200, 5_000)
	fmt.Printf("%d idle connections: %.0f GET a second, %.1f MiB\n", idle, rate, fake.RSS())
	return err
}
