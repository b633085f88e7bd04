//go:build ignore

// soak runs atlasint serve under a load of all kinds of requests, good and bad, and fails where an answer is
// not the one it must be, or where memory, goroutines or open files grow. Server hours pass by its clock: one
// in 60 steps a run. Run it from the module root: go run .ci/soak/main.go -requests 1000000. Linux only.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	clients = 16
	steps   = 60 // minutes of the server's clock
)

func main() {
	requests := flag.Int("requests", 10_000_000, "requests in all")
	seed := flag.Uint64("seed", 1, "of the choice of requests")
	flag.Parse()
	if err := soak(*requests, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
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
	defer s.stop()
	if err := s.injectFaults(); err != nil {
		return err
	}
	crew := make([]*client, clients)
	for i := range crew {
		crew[i] = newClient(s.url, seed, i)
	}
	begin := time.Now()
	quarters, err := work(s, crew, requests)
	if err != nil {
		return fmt.Errorf("seed %d: %w", seed, err)
	}
	report(crew, time.Since(begin))
	return judge(quarters, s.said())
}

// work makes the requests in steps, between which the server's clock moves on by a minute, and looks at the
// server after each quarter.
func work(s *server, crew []*client, requests int) ([]figures, error) {
	var quarters []figures
	fmt.Println("quarter  live heap MiB  RSS MiB  goroutines  open files")
	for step := range steps {
		if err := run(crew, requests/steps/clients+1); err != nil {
			return nil, err
		}
		if (step+1)%(steps/4) == 0 {
			f, err := s.look(crew)
			if err != nil {
				return nil, err
			}
			quarters = append(quarters, f)
			fmt.Printf("%7d  %13.0f  %7.1f  %10.0f  %10.0f\n", len(quarters), f.heap, f.rss, f.goroutines, f.files)
		}
		if err := s.control("PUT", "/clock", `{"advance":"1m"}`, 200); err != nil {
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

// server is the command as a process. Its runtime tells the live heap after each collection.
type server struct {
	cmd  *exec.Cmd
	url  string
	heap atomic.Int64 // MiB

	mu    sync.Mutex
	words []string // what it has said besides
}

func start(dir string) (*server, error) {
	bin, addr := filepath.Join(dir, "atlasint"), filepath.Join(dir, "url")
	if out, err := exec.Command("go", "build", "-o", bin, "./cmd/atlasint").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s%w", out, err)
	}
	s := &server{cmd: exec.Command(bin, "serve", "--quiet", "--rate-limit", "1000000000", "--addr", ":0", "--addr-file", addr)}
	s.cmd.Env = append(os.Environ(), "GODEBUG=gctrace=1")
	stderr, err := s.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go s.listen(stderr)
	for range 1000 {
		if data, err := os.ReadFile(addr); err == nil {
			s.url = strings.TrimSpace(string(data))
			return s, nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	s.stop()
	return nil, fmt.Errorf("the server did not answer: %s", s.said())
}

// listen reads "gc 7 @1.2s 3%: … ms cpu, 19->20->9 MB, …", whose third number is what lives on.
func (s *server) listen(stderr io.Reader) {
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		line := lines.Text()
		if !strings.HasPrefix(line, "gc ") {
			s.mu.Lock()
			s.words = append(s.words, line)
			s.mu.Unlock()
			continue
		}
		sizes, _, _ := strings.Cut(line, " MB")
		if n, err := strconv.ParseInt(sizes[strings.LastIndexAny(sizes, "> ")+1:], 10, 64); err == nil {
			s.heap.Store(n)
		}
	}
}

func (s *server) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.words, "\n")
}

func (s *server) stop() {
	s.cmd.Process.Kill()
	s.cmd.Wait()
}

func (s *server) control(method, path, body string, want int) error {
	_, err := s.ask(method, path, body, want)
	return err
}

func (s *server) ask(method, path, body string, want int) (string, error) {
	r, err := http.NewRequest(method, s.url+"/_atlasint"+path, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != want {
		err = fmt.Errorf("%s %s: status %d, want %d: %s", method, path, answer.StatusCode, want, data)
	}
	return string(data), err
}

// injectFaults makes those requests fail that ask for it.
func (s *server) injectFaults() error {
	for kind, fault := range map[string]string{
		"429": `"errorCode":"RATE_LIMITED","retryAfter":"1s"`, "503": `"status":503`, "drop": `"drop":true`, "truncate": `"truncate":true`,
	} {
		if err := s.control("POST", "/faults", `{"header":{"X-Soak":"`+kind+`"},`+fault+`}`, 201); err != nil {
			return err
		}
	}
	return nil
}

// figures are what a server holds.
type figures struct{ heap, rss, goroutines, files float64 }

// look waits until the server has noticed that its clients have hung up.
func (s *server) look(crew []*client) (f figures, err error) {
	for _, c := range crew {
		c.http.CloseIdleConnections()
	}
	for range 50 {
		text, err := s.ask("GET", "/metrics", "", 200)
		if err != nil {
			return f, err
		}
		now := figures{float64(s.heap.Load()), metric(text, "process_resident_memory_bytes") / (1 << 20),
			metric(text, "go_goroutines"), metric(text, "process_open_fds")}
		if now.goroutines == f.goroutines && now.files == f.files {
			return now, nil
		}
		f = now
		time.Sleep(100 * time.Millisecond)
	}
	return f, nil
}

func metric(text, name string) float64 {
	_, rest, _ := strings.Cut(text, "\n"+name+" ")
	value, _, _ := strings.Cut(rest, "\n")
	n, _ := strconv.ParseFloat(value, 64)
	return n
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

// judge compares the last quarter with the first, at whose end all that is bounded was full in a long run.
func judge(quarters []figures, said string) error {
	first, last := quarters[0], quarters[len(quarters)-1]
	switch {
	case said != "":
		return fmt.Errorf("the server complains:\n%s", said)
	case last.heap > first.heap*1.25+2:
		return fmt.Errorf("the live heap grows from %.0f to %.0f MiB", first.heap, last.heap)
	case last.rss > first.rss*1.25+8:
		return fmt.Errorf("the memory grows from %.1f to %.1f MiB", first.rss, last.rss)
	case last.goroutines > first.goroutines+4:
		return fmt.Errorf("there were %.0f goroutines, and are %.0f", first.goroutines, last.goroutines)
	case last.files > first.files+4:
		return fmt.Errorf("there were %.0f open files, and are %.0f", first.files, last.files)
	}
	return nil
}
