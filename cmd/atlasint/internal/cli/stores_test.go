package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/filestore"
)

// rounds returns how often the server is killed, which is more often in "make stores".
func rounds(t *testing.T) int {
	t.Helper()
	if testing.Short() {
		t.Skip("processes that are killed take their time")
	}
	n, err := strconv.Atoi(os.Getenv("ATLASINT_TEST_ROUNDS"))
	if err != nil {
		return 3
	}
	return n
}

// created is an integration that the producer requested: its project, and the routing key that identifies it.
type created struct{ project, mark string }

// producer creates integrations, each in a separate project, and records which were acknowledged.
type producer struct {
	client *http.Client
	last   atomic.Int64

	mu           sync.Mutex
	sent         map[created]bool
	acknowledged map[created]bool
}

func newProducer() *producer {
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	return &producer{client: &http.Client{Transport: transport}, sent: map[created]bool{}, acknowledged: map[created]bool{}}
}

// create creates an integration. It returns the status of the response, or an error if there was none.
func (p *producer) create(url string) (int, error) {
	n := p.last.Add(1)
	in := created{fmt.Sprintf("%024x", n), fmt.Sprintf("mark-%d", n)}
	p.mu.Lock()
	p.sent[in] = true
	p.mu.Unlock()
	status, _, err := p.ask(http.MethodPost, url+"/api/atlas/v1.0/groups/"+in.project+"/integrations/VICTOR_OPS",
		`{"type":"VICTOR_OPS","apiKey":"k-`+canary+`","routingKey":"`+in.mark+`"}`)
	if status == http.StatusOK {
		p.mu.Lock()
		p.acknowledged[in] = true
		p.mu.Unlock()
	}
	return status, err
}

func (p *producer) ask(method, url, body string, headers ...string) (status int, resp string, err error) {
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	for _, header := range append(headers, "Content-Type: application/json") {
		name, value, _ := strings.Cut(header, ": ")
		if r.Header.Get(name) == "" {
			r.Header.Set(name, value)
		}
	}
	response, err := p.client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	return response.StatusCode, string(data), err
}

// hammer creates integrations with several clients until one gets an error. It calls ready after n acknowledgements.
func (p *producer) hammer(url string, n int64, ready func()) {
	var wg sync.WaitGroup
	var done atomic.Int64
	for range 8 {
		wg.Go(func() {
			for {
				if _, err := p.create(url); err != nil {
					return
				}
				if done.Add(1) == n {
					ready()
				}
			}
		})
	}
	wg.Wait()
}

// check fails the test unless the state contains all acknowledged integrations, and no integration that the producer
// did not request.
func (p *producer) check(t *testing.T, state store.State) {
	t.Helper()
	found := 0
	for project, contents := range state {
		list := contents.Integrations
		for _, in := range list {
			mark, _ := in.Fields["routingKey"].(string)
			c := created{project, mark}
			if !p.sent[c] {
				t.Errorf("nothing requested %v in %s", in, project)
			}
			if len(list) != 1 {
				t.Errorf("%s has %d integrations, want one: %v", project, len(list), list)
			}
			if in.Type != "VICTOR_OPS" || len(in.ID) != 24 {
				t.Errorf("the integration has the type %s and the ID %q", in.Type, in.ID)
			}
			if p.acknowledged[c] {
				found++
			}
		}
	}
	if found != len(p.acknowledged) {
		t.Errorf("of %d acknowledged integrations %d are there", len(p.acknowledged), found)
	}
}

// However the server stops, the file contains all acknowledged changes.
func TestFileStoreSurvivesKills(t *testing.T) {
	p := newProducer()
	path := filepath.Join(t.TempDir(), "atlas.db")
	n := rounds(t)
	for range n {
		s := serve(t, "--no-auth", "--rate-limit", "0", "--store", "file:"+path)
		p.hammer(s.url, 1+rand.Int64N(150), func() { _ = s.cmd.Process.Kill() })
		s.wait(t)
		p.check(t, stateOf(t, path))
	}
	t.Logf("%d kills, %d integrations acknowledged of %d that were sent", n, len(p.acknowledged), len(p.sent))
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(data, []byte(canary)) {
		t.Error("the file has a secret")
	}
	if !bytes.Contains(data, []byte("mark-1")) {
		t.Error("the file has no integration")
	}
}

func stateOf(t *testing.T, path string) store.State {
	t.Helper()
	s, err := filestore.Open(path)
	return snapshotOf(t, s, err)
}

// snapshotOf returns everything in a store that was opened, and closes it.
func snapshotOf[S interface {
	store.Store
	io.Closer
}](t *testing.T, s S, err error) store.State {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	state, err := s.Snapshot(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// A second server with the same file prints that another process uses it, and the first one continues.
func TestServeFileInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "atlas.db")
	s := serve(t, "--no-auth", "--store", "file:"+path)
	if !strings.Contains(s.screen, "\nstore          "+path+"\n") {
		t.Errorf("it shows\n%s", s.screen)
	}
	code, out, errOut := run("serve", "--addr", "127.0.0.1:0", "--store", "file:"+path)
	want := "atlasint: " + path + " is in use by another process; stop the process, or name another file\n"
	wantOutcome(t, "the second server", outcome{3, "", want}, outcome{code, out, errOut})
	p := newProducer()
	if status, err := p.create(s.url); status != 200 {
		t.Errorf("the first returns %d, %v", status, err)
	}
	s.signal(t, os.Interrupt)
	if code := s.wait(t); code != 0 {
		t.Errorf("exit code %d: %s", code, s.stderr.String())
	}
	p.check(t, stateOf(t, path))
}

const seededProject = "000000000000000000000001"

// seedDir returns a folder with one seed.
func seedDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, seededProject, "a.json"), `{"type":"VICTOR_OPS","apiKey":"k-1","routingKey":"seed"}`)
	return dir
}

// A persistent store is seeded only once.
func TestServeSeedsOnce(t *testing.T) {
	p, seeds := newProducer(), seedDir(t)
	t.Setenv("ATLASINT_STORE", "file:"+filepath.Join(t.TempDir(), "atlas.db"))
	for _, change := range []string{"seed", "changed"} {
		s := serve(t, "--no-auth", "--seed-dir", seeds)
		url := s.url + "/api/atlas/v1.0/groups/" + seededProject + "/integrations/VICTOR_OPS"
		if _, resp, err := p.ask(http.MethodGet, url, ""); !strings.Contains(resp, `"routingKey":"`+change+`"`) {
			t.Errorf("stored: %s, %v", resp, err)
		}
		if status, resp, err := p.ask(http.MethodPut, url, `{"type":"VICTOR_OPS","routingKey":"changed"}`); status != 200 {
			t.Errorf("%d %s, %v", status, resp, err)
		}
		s.signal(t, os.Interrupt)
		s.wait(t)
	}
}

// health returns the response of the health route of the control API.
func (p *producer) health(s *server) string {
	status, resp, err := p.ask(http.MethodGet, s.url+"/_atlasint/health", "")
	return fmt.Sprint(status, resp, err)
}

// fillsUp checks that a server with a full disk reports why it can't write, and continues when it can.
func fillsUp(t *testing.T, s *server, path, why string, relieve func()) {
	t.Helper()
	p := newProducer()
	status, err := 200, error(nil)
	for n := 0; status == 200; n++ {
		if status, err = p.create(s.url); err != nil || n > 5000 {
			t.Fatalf("%d requests got a response, the last with %d, %v", n, status, err)
		}
	}
	if status != 500 {
		t.Errorf("the status is %d, want 500", status)
	}
	wantParts(t, "health", p.health(s), "503", why)
	relieve()
	for range 100 {
		if status, err := p.create(s.url); status != 200 {
			t.Fatalf("the status is %d, %v", status, err)
		}
	}
	if got := p.health(s); !strings.Contains(got, `{"status":"ok"}`) {
		t.Errorf("health is %s", got)
	}
	s.signal(t, syscall.SIGTERM)
	s.wait(t)
	if got := strings.Count(s.stderr.String(), `msg="the store failed" reason="can't write `+path+": "+why+`"`); got != 1 {
		t.Errorf("it logs that %d times: %s", got, s.stderr.String())
	}
	p.check(t, stateOf(t, path))
}

func TestServeFileTooLarge(t *testing.T) {
	prlimit, err := exec.LookPath("prlimit")
	if err != nil || testing.Short() {
		t.Skip("there is no prlimit to limit the size of files with")
	}
	path := filepath.Join(t.TempDir(), "atlas.db")
	s := serve(t, "--no-auth", "--rate-limit", "0", "--store", "file:"+path)
	limit := func(size string) {
		t.Helper()
		if out, err := exec.Command(prlimit, "--pid", strconv.Itoa(s.cmd.Process.Pid), "--fsize="+size+":").CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	limit("100000")
	fillsUp(t, s, path, "file too large", func() { limit("unlimited") })
}

// The test mounts a small disk, which requires root.
func TestServeDiskFull(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	disk := t.TempDir()
	mount := func(args ...string) error {
		out, err := exec.Command("mount", args...).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		return nil
	}
	if err := mount("-t", "tmpfs", "-o", "size=512k", "tmpfs", disk); err != nil {
		t.Skipf("no disk can be mounted: %v", err)
	}
	t.Cleanup(func() { _ = exec.Command("umount", disk).Run() })
	path, ballast := filepath.Join(disk, "atlas.db"), filepath.Join(disk, "ballast")
	writeFile(t, ballast, string(make([]byte, 256<<10)))
	s := serve(t, "--no-auth", "--rate-limit", "0", "--store", "file:"+path)
	fillsUp(t, s, path, "no space left on device", func() { _ = os.Remove(ballast) })
	if err := mount("-o", "remount,ro", disk); err != nil {
		t.Fatal(err)
	}
	code, _, errOut := run("serve", "--store", "file:"+path)
	if want := "atlasint: can't open " + path + ": read-only file system\n"; code != 3 || errOut != want {
		t.Errorf("exit code %d, stderr %q", code, errOut)
	}
}
