// Soak runs atlasint serve under a load of all kinds of requests, good and bad. It fails if a response is not the
// expected one, or if memory, goroutines or open files grow. Each run takes an hour of the server's clock, in steps of
// a minute. Run it from the module root: go run ./.ci/soak -requests 1000000. Linux only.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/atlasint/atlasint/.ci/load"
)

const (
	clients = 16
	steps   = 60 // minutes of the server's clock
)

func main() {
	requests := flag.Int("requests", 10_000_000, "number of requests")
	seed := flag.Uint64("seed", 1, "seed of the choice of requests")
	flag.Parse()
	if err := start(*requests, *seed); err != nil {
		fmt.Fprintf(os.Stderr, "soak: seed %d: %v\n", *seed, err)
		os.Exit(1)
	}
}

func start(requests int, seed uint64) error {
	var stderr bytes.Buffer
	running, err := load.Serve(&stderr, "--rate-limit", "1000000000")
	if err != nil {
		return err
	}
	s := server{running}
	err = errors.Join(s.injectFaults(), s.soak(requests, seed))
	s.Stop()
	if err == nil && stderr.Len() > 0 {
		err = fmt.Errorf("the server's standard error isn't empty:\n%s", &stderr)
	}
	return err
}

type server struct{ *load.Server }

// soak sends the requests in steps. After each step it advances the server's clock by a minute, and after each quarter
// it measures the server.
func (s server) soak(requests int, seed uint64) error {
	crew := make([]*client, clients)
	for i := range crew {
		crew[i] = newClient(s.Server, seed, i)
	}
	begin, each := time.Now(), requests/steps/clients+1
	var quarters [][]float64
	for step := range steps {
		var group errgroup.Group
		for _, c := range crew {
			group.Go(func() error { return c.work(each) })
		}
		if err := group.Wait(); err != nil {
			return err
		}
		if (step+1)%(steps/4) == 0 {
			figures, err := s.measure(crew)
			if err != nil {
				return err
			}
			quarters = append(quarters, figures)
		}
		if _, err := s.control("PUT", "/clock", `{"advance":"1m"}`, 200); err != nil {
			return err
		}
	}
	took := time.Since(begin)
	fmt.Printf("%d requests in %v, %.0f a second\n", each*clients*steps, took.Round(time.Second), float64(each*clients*steps)/took.Seconds())
	return growth(quarters)
}

func (s server) control(method, path, body string, want int) (string, error) {
	text, err := s.Send(http.DefaultClient, load.Request{Method: method, Path: "/_atlasint" + path, Body: body}, want)
	return string(text), err
}

// injectFaults makes requests with the header X-Soak fail.
func (s server) injectFaults() (err error) {
	for kind, fault := range map[string]string{
		"429": `"errorCode":"RATE_LIMITED","retryAfter":"1s"`, "503": `"status":503`, "drop": `"drop":true`, "truncate": `"truncate":true`,
	} {
		_, failed := s.control("POST", "/faults", `{"header":{"X-Soak":"`+kind+`"},`+fault+`}`, 201)
		err = errors.Join(err, failed)
	}
	return err
}

// limits are the figures of a server, their metrics and units, and how far the last may exceed the first: by a quarter,
// or not, and some. The heap at which the next collection begins is twice the live heap, and at least 4 MiB.
var limits = []struct {
	name, metric        string
	unit, factor, slack float64
}{
	{"MiB heap", "go_memstats_next_gc_bytes", 2 << 20, 1.25, 2}, {"MiB resident", "process_resident_memory_bytes", 1 << 20, 1.25, 8},
	{"goroutines", "go_goroutines", 1, 1, 4}, {"open files", "process_open_fds", 1, 1, 4},
}

// measure prints and returns the figures in the order of limits, once the server has noticed that its clients
// disconnected.
func (s server) measure(crew []*client) (figures []float64, err error) {
	for _, c := range crew {
		c.http.CloseIdleConnections()
	}
	for range 50 {
		text, err := s.control("GET", "/metrics", "", 200)
		if err != nil {
			return nil, err
		}
		before := figures
		figures = make([]float64, len(limits))
		for i, limit := range limits {
			_, rest, _ := strings.Cut(text, "\n"+limit.metric+" ")
			if _, err := fmt.Sscan(rest, &figures[i]); err != nil {
				return nil, fmt.Errorf("%s: %w", limit.metric, err)
			}
			figures[i] /= limit.unit
		}
		if before != nil && slices.Equal(before[2:], figures[2:]) {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	for i, f := range figures {
		fmt.Printf("%.1f %s  ", f, limits[i].name)
	}
	fmt.Println()
	return figures, nil
}

// growth compares the last quarter with the first. In a long run, all that is bounded is full after the first.
func growth(quarters [][]float64) error {
	first, last := quarters[0], quarters[len(quarters)-1]
	for i, limit := range limits {
		if last[i] > first[i]*limit.factor+limit.slack {
			return fmt.Errorf("%.1f %s at the end, %.1f after the first quarter", last[i], limit.name, first[i])
		}
	}
	return nil
}
