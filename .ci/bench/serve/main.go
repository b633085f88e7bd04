//go:build ignore

// serve measures atlasint serve as a process, beside a server that answers a fixed body: requests a second,
// the time to the first answer, and memory. Run it from the module root: go run .ci/bench/serve/main.go.
// Linux only: it reads /proc.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	clients = 16
	path    = "/api/atlas/v2/groups/5d791c84ff7a2522cc4f9aa1/integrations/OPS_GENIE"
	good    = `{"type":"OPS_GENIE","apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64","region":"EU"}`
	bad     = `{"type":"OPS_GENIE","apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64","region":"UK"}`
	page    = `{"links":[],"results":[{"apiKey":"********************************2e64","id":"65f0c1d2e3a4b5c6d7e8f905","region":"EU","type":"OPS_GENIE"}],"totalCount":1}`
)

func main() {
	floor := flag.String("floor", "", "serve a fixed body at this address instead of measuring")
	rounds := flag.Int("n", 5, "rounds")
	requests := flag.Int("requests", 200_000, "requests for the growth of memory")
	conns := flag.Int("conns", 9_000, "idle connections")
	flag.Parse()
	var err error
	if *floor != "" {
		err = serveFloor(*floor)
	} else {
		err = measure(*rounds, *requests, *conns)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// serveFloor reads each body and answers what never changes.
func serveFloor(addrFile string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if err := os.WriteFile(addrFile, []byte("http://"+l.Addr().String()+"\n"), 0o600); err != nil {
		return err
	}
	return http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, page)
	}))
}

type server struct {
	cmd   *exec.Cmd
	url   string
	token string
	first time.Duration // from the start to the first answer
}

func start(name string, args ...string) (*server, error) {
	addrFile := filepath.Join(os.TempDir(), fmt.Sprintf("bench-%d-%d.url", os.Getpid(), time.Now().UnixNano()))
	defer os.Remove(addrFile)
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, "ADDRFILE", addrFile)
	}
	s := &server{cmd: exec.Command(name, args...)}
	begin := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	for time.Since(begin) < 10*time.Second {
		if data, err := os.ReadFile(addrFile); err == nil && bytes.HasPrefix(data, []byte("http")) {
			s.url = strings.TrimSpace(string(data))
			if r, err := http.Get(s.url + path); err == nil {
				r.Body.Close()
				s.first = time.Since(begin)
				return s, nil
			}
		}
		time.Sleep(200 * time.Microsecond)
	}
	s.stop()
	return nil, fmt.Errorf("%s did not answer", name)
}

func (s *server) stop() {
	s.cmd.Process.Kill()
	s.cmd.Wait()
}

// authorize gets a token of the documented service account.
func (s *server) authorize() error {
	r, err := http.NewRequest("POST", s.url+"/api/oauth/token", strings.NewReader(url.Values{"grant_type": {"client_credentials"}}.Encode()))
	if err != nil {
		return err
	}
	r.SetBasicAuth("mdb_sa_id_00000000000000000000fake", "mdb_sa_sk_fake_fake_fake_fake_fake_fake_fake")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var t struct {
		Token string `json:"access_token"`
	}
	err = json.NewDecoder(answer.Body).Decode(&t)
	s.token = t.Token
	return err
}

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients, MaxConnsPerHost: clients}}

func (s *server) ask(method, body string, want int) error {
	r, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Accept", "application/vnd.atlas.2023-01-01+json")
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+s.token)
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	io.Copy(io.Discard, answer.Body)
	if answer.StatusCode != want {
		return fmt.Errorf("%s: status %d, want %d", method, answer.StatusCode, want)
	}
	return nil
}

// rate makes n requests over all clients and returns requests a second.
func (s *server) rate(method, body string, want, n int) (float64, error) {
	var left atomic.Int64
	left.Store(int64(n))
	var failed atomic.Value
	var wg sync.WaitGroup
	begin := time.Now()
	for range clients {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				if err := s.ask(method, body, want); err != nil {
					failed.Store(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if err, ok := failed.Load().(error); ok {
		return 0, err
	}
	return float64(n) / time.Since(begin).Seconds(), nil
}

// rss is the resident memory in MiB.
func (s *server) rss() float64 {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, _ := strconv.Atoi(strings.Fields(rest)[0])
			return float64(kib) / 1024
		}
	}
	return 0
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

func measure(rounds, requests, conns int) error {
	bin, dir := filepath.Join(os.TempDir(), fmt.Sprintf("bench-%d", os.Getpid())), ""
	defer os.RemoveAll(bin)
	for _, build := range [][]string{{bin + "/atlasint", "./cmd/atlasint"}, {bin + "/floor", ".ci/bench/serve/main.go"}} {
		if out, err := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", build[0], build[1]).CombinedOutput(); err != nil {
			return fmt.Errorf("%s%s%w", dir, out, err)
		}
	}
	fake, err := start(bin+"/atlasint", "serve", "--quiet", "--rate-limit", "0", "--addr", ":0", "--addr-file", "ADDRFILE")
	if err != nil {
		return err
	}
	defer fake.stop()
	idle := fake.rss()
	floor, err := start(bin+"/floor", "-floor", "ADDRFILE")
	if err != nil {
		return err
	}
	defer floor.stop()
	if err := fake.authorize(); err != nil {
		return err
	}
	if err := rates(fake, floor, rounds); err != nil {
		return err
	}
	fmt.Printf("\nfirst answer after %.0f ms (aim 100); idle %.1f MiB (aim 25)\n", fake.first.Seconds()*1000, idle)
	return growth(fake, requests, conns)
}

func rates(fake, floor *server, rounds int) error {
	kinds := []struct {
		name, method, body string
		status             int
		aim                string
	}{{"GET", "GET", "", 200, "0.6"}, {"PUT", "PUT", good, 200, "0.35"}, {"rejected PUT", "PUT", bad, 400, "no less than PUT"}}
	if err := fake.ask("PUT", good, 200); err != nil {
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
		list := ratios[k.name][1:]
		fmt.Printf("%-14s %.2f (%.2f..%.2f), aim %s\n", k.name, median(list), slices.Min(list), slices.Max(list), k.aim)
	}
	return nil
}

// growth tells the memory after each quarter of the requests, and serves while many connections idle.
func growth(fake *server, requests, conns int) error {
	fmt.Printf("MiB after each quarter of %d requests:", requests)
	for range 4 {
		if _, err := fake.rate("PUT", good, 200, requests/4); err != nil {
			return err
		}
		fmt.Printf(" %.1f", fake.rss())
	}
	fmt.Println()
	addr := strings.TrimPrefix(fake.url, "http://")
	var open []net.Conn
	defer func() {
		for _, c := range open {
			c.Close()
		}
	}()
	for len(open) < conns {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			break
		}
		open = append(open, c)
	}
	rate, err := fake.rate("GET", "", 200, 5_000)
	fmt.Printf("%d idle connections: %.0f GET a second, %.1f MiB\n", len(open), rate, fake.rss())
	return err
}
