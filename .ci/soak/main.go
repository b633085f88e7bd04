// Soak runs atlasint serve under a load of all kinds of requests, good and bad. It fails if an answer is not the
// expected one, or if memory, goroutines or open files grow. Each run takes an hour of the server's clock, in steps of
// a minute. Run it from the module root: go run ./.ci/soak -requests 1000000. Linux only.
package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

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
	if err := soak(*requests, *seed); err != nil {
		fmt.Fprintf(os.Stderr, "soak: seed %d: %v\n", *seed, err)
		os.Exit(1)
	}
}

func soak(requests int, seed uint64) error {
	dir, err := os.MkdirTemp("", "soak")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s, err := start(dir)
	if err != nil {
		return err
	}
	defer s.Stop()
	if err := s.injectFaults(); err != nil {
		return err
	}
	crew := make([]*client, clients)
	for i := range crew {
		crew[i] = newClient(s.Server, seed, i)
	}
	begin := time.Now()
	quarters, err := s.work(crew, requests)
	if err != nil {
		return err
	}
	report(crew, time.Since(begin))
	if lines := s.lines(false); len(lines) > 0 {
		return fmt.Errorf("the server's standard error isn't empty:\n%s", strings.Join(lines, ""))
	}
	return growth(quarters)
}

// server writes its standard error to a file, with a line for each garbage collection.
type server struct {
	*load.Server
	stderr string
}

func start(dir string) (server, error) {
	bin, err := load.Build(dir, "atlasint", "./cmd/atlasint")
	if err != nil {
		return server{}, err
	}
	stderr, err := os.Create(filepath.Join(dir, "stderr"))
	if err != nil {
		return server{}, err
	}
	defer stderr.Close()
	cmd := exec.Command(bin, "serve", "--quiet", "--rate-limit", "1000000000", "--addr", ":0", "--addr-file")
	cmd.Env = append(os.Environ(), "GODEBUG=gctrace=1")
	cmd.Stderr = stderr
	running, err := load.Start(cmd)
	return server{running, stderr.Name()}, err
}

// lines returns the garbage collections of the standard error, or everything else.
func (s server) lines(collections bool) (found []string) {
	text, _ := os.ReadFile(s.stderr)
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "gc ") == collections {
			found = append(found, line)
		}
	}
	return found
}

// heap returns the live heap in MiB: the third size in "gc 7 @1.2s 3%: … ms cpu, 19->20->9 MB, …".
func (s server) heap() (mib float64) {
	for _, line := range s.lines(true) {
		sizes, _, _ := strings.Cut(line, " MB")
		fmt.Sscan(sizes[strings.LastIndexAny(sizes, "> ")+1:], &mib)
	}
	return mib
}

func (s server) control(method, path, body string, want int) (string, error) {
	text, err := s.Send(http.DefaultClient, load.Request{Method: method, Path: "/_atlasint" + path, Body: body}, want)
	return string(text), err
}

// injectFaults makes requests with the header X-Soak fail.
func (s server) injectFaults() error {
	for kind, fault := range map[string]string{
		"429": `"errorCode":"RATE_LIMITED","retryAfter":"1s"`, "503": `"status":503`, "drop": `"drop":true`, "truncate": `"truncate":true`,
	} {
		if _, err := s.control("POST", "/faults", `{"header":{"X-Soak":"`+kind+`"},`+fault+`}`, 201); err != nil {
			return err
		}
	}
	return nil
}

// work sends the requests in steps. After each step it advances the server's clock by a minute, and after each
// quarter it measures the server.
func (s server) work(crew []*client, requests int) (quarters [][]float64, err error) {
	fmt.Println("quarter  live heap MiB  RSS MiB  goroutines  open files")
	for step := range steps {
		if err := run(crew, requests/steps/clients+1); err != nil {
			return nil, err
		}
		if (step+1)%(steps/4) == 0 {
			f, err := s.measure(crew)
			if err != nil {
				return nil, err
			}
			quarters = append(quarters, f)
			fmt.Printf("%7d  %13.0f  %7.1f  %10.0f  %10.0f\n", len(quarters), f[0], f[1], f[2], f[3])
		}
		if _, err := s.control("PUT", "/clock", `{"advance":"1m"}`, 200); err != nil {
			return nil, err
		}
	}
	return quarters, nil
}

func run(crew []*client, each int) error {
	var wg sync.WaitGroup
	errs := make(chan error, len(crew))
	for _, c := range crew {
		wg.Go(func() { errs <- c.work(each) })
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// limits are the figures of a server and how far the last may exceed the first: by a quarter, or not, and some.
var limits = []struct {
	name          string
	factor, slack float64
}{{"live heap in MiB", 1.25, 2}, {"RSS in MiB", 1.25, 8}, {"goroutines", 1, 4}, {"open files", 1, 4}}

// measure returns the figures in the order of limits, once the server has noticed that its clients disconnected.
func (s server) measure(crew []*client) (figures []float64, err error) {
	for _, c := range crew {
		c.http.CloseIdleConnections()
	}
	for range 50 {
		text, err := s.control("GET", "/metrics", "", 200)
		if err != nil {
			return nil, err
		}
		now := []float64{s.heap(), s.RSS(), metric(text, "go_goroutines"), metric(text, "process_open_fds")}
		if figures != nil && slices.Equal(now[2:], figures[2:]) {
			return now, nil
		}
		figures = now
		time.Sleep(100 * time.Millisecond)
	}
	return figures, nil
}

func metric(text, name string) (value float64) {
	_, rest, _ := strings.Cut(text, "\n"+name+" ")
	fmt.Sscan(rest, &value)
	return value
}

func report(crew []*client, took time.Duration) {
	counts, total := map[string]int{}, 0
	for _, c := range crew {
		for kind, n := range c.counts {
			counts[kind] += n
			total += n
		}
	}
	rate := float64(total) / took.Seconds()
	fmt.Printf("%d requests in %v, %.0f a second; 10 million take %v\n", total, took.Round(time.Second), rate,
		time.Duration(1e7/rate*float64(time.Second)).Round(time.Minute))
	for _, k := range append(kinds, kind{name: "challenge"}, kind{name: "sign in"}) {
		fmt.Printf("%8d %s\n", counts[k.name], k.name)
	}
}

// growth compares the last quarter with the first. In a long run, all that is bounded is full after the first.
func growth(quarters [][]float64) error {
	first, last := quarters[0], quarters[len(quarters)-1]
	for i, limit := range limits {
		if last[i] > first[i]*limit.factor+limit.slack {
			return fmt.Errorf("%s: %.1f after the first quarter, %.1f at the end", limit.name, first[i], last[i])
		}
	}
	return nil
}
