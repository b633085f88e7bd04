package cli_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/redisstore"
	"github.com/atlasint/atlasint/internal/redistest"
)

// needRedis skips the test if Redis is not installed. "make stores" installs it.
func needRedis(t *testing.T) {
	t.Helper()
	if testing.Short() || !redistest.Installed() {
		t.Skip("neither redis-server nor valkey-server is installed")
	}
}

func startRedis(t *testing.T, args ...string) *redistest.Server {
	t.Helper()
	needRedis(t)
	return redistest.Start(t, args...)
}

func (p *producer) oauth(s *server, target, form string) (status int, response string, err error) {
	account := base64.StdEncoding.EncodeToString([]byte(fakeatlas.DefaultServiceAccount.ClientID + ":" + fakeatlas.DefaultServiceAccount.ClientSecret))
	return p.ask(http.MethodPost, s.url+"/api/oauth/"+target, form, "Authorization: Basic "+account, "Content-Type: application/x-www-form-urlencoded")
}

// token asks a server for an access token.
func (p *producer) token(t *testing.T, s *server) string {
	t.Helper()
	var response struct {
		Token string `json:"access_token"`
	}
	status, body, err := p.oauth(s, "token", "grant_type=client_credentials")
	if err != nil {
		t.Fatalf("%d %s: %v", status, body, err)
	}
	if err := json.Unmarshal([]byte(body), &response); err != nil || response.Token == "" {
		t.Fatalf("%d without a token in %s: %v", status, body, err)
	}
	return response.Token
}

func stateOfRedis(t *testing.T, redis *redistest.Server) store.State {
	t.Helper()
	s, err := redisstore.Open("redis://" + redis.Addr)
	return snapshotOf(t, s, err)
}

const slack = `{"type":"SLACK","apiToken":"xoxb-` + canary + `","channelName":"alerts","teamName":"databases"}`

// If a thousand clients create the same integration at two replicas, one succeeds. A token of one replica is valid at
// both until one of them revokes it.
func TestReplicasShareState(t *testing.T) {
	redis := startRedis(t)
	flags := []string{"--rate-limit", "0", "--store", "redis://" + redis.Addr}
	replicas := []*server{serve(t, flags...), serve(t, flags...)}
	p := newProducer()
	bearer := "Authorization: Bearer " + p.token(t, replicas[0])
	path := "/api/atlas/v1.0/groups/5d791c84ff7a2522cc4f9aa1/integrations/SLACK"
	p.createConcurrently(t, replicas, path, bearer, 1000)
	// Creates are concurrent only if their connections are open before they start.
	for n := range 5 * rounds(t) {
		p.createConcurrently(t, replicas, fmt.Sprintf("/api/atlas/v1.0/groups/%024x/integrations/SLACK", n), bearer, 64)
	}
	if status, response, err := p.oauth(replicas[1], "revoke", "token="+strings.TrimPrefix(bearer, "Authorization: Bearer ")); status != 200 {
		t.Errorf("%d %s, %v", status, response, err)
	}
	for _, replica := range replicas {
		if status, response, err := p.ask(http.MethodGet, replica.url+path, "", bearer); status != 401 {
			t.Errorf("after the revocation: %d %s, %v", status, response, err)
		}
	}
	checkRedisHidesCanary(t, redis)
}

// createConcurrently lets clients create the same integration at the same time, and checks that one succeeds and all
// others get 409. On a busy machine, Redis may not respond in time: then a client gets 500, whether or not it created
// the integration. Any other reason for a 500 fails the test.
func (p *producer) createConcurrently(t *testing.T, replicas []*server, path, bearer string, clients int) {
	t.Helper()
	var wg sync.WaitGroup
	var others atomic.Value
	start := make(chan struct{})
	statuses := map[int]*atomic.Int64{200: {}, 409: {}, 500: {}}
	for n := range clients {
		wg.Go(func() {
			<-start
			status, response, err := p.ask(http.MethodPost, replicas[n%len(replicas)].url+path, slack, bearer)
			if statuses[status] == nil {
				others.Store(fmt.Sprint(status, response, err))
				return
			}
			statuses[status].Add(1)
		})
	}
	close(start)
	wg.Wait()
	ok, conflicts, slow := int(statuses[200].Load()), int(statuses[409].Load()), int(statuses[500].Load())
	if ok > 1 {
		t.Errorf("%d clients got 200, want at most one", ok)
	}
	if ok == 0 && slow == 0 {
		t.Errorf("none of %d clients got 200 or 500", clients)
	}
	if got := ok + conflicts + slow; got != clients {
		t.Errorf("%d of %d clients got 200, 409 or 500, and others %v", got, clients, others.Load())
	}
	if got := failuresExceptTimeouts(replicas, slow); got != "" {
		t.Errorf("%d clients got 500: %s", slow, got)
	}
}

// failuresExceptTimeouts returns a text unless the servers logged at least n failures of the store, all because Redis
// did not respond in time.
func failuresExceptTimeouts(replicas []*server, n int) string {
	timeouts := 0
	for _, replica := range replicas {
		for line := range strings.Lines(replica.stderr.String()) {
			switch {
			case !strings.Contains(line, `msg="the store failed"`):
			case strings.Contains(line, "it did not respond in time"):
				timeouts++
			default:
				return line
			}
		}
	}
	if timeouts < n {
		return fmt.Sprintf("the logs have %d timeouts", timeouts)
	}
	return ""
}

// checkRedisHidesCanary reads the append-only files of Redis, which contain every command that Redis received. It fails
// the test unless the secret is masked there.
func checkRedisHidesCanary(t *testing.T, redis *redistest.Server) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(redis.Dir, "appendonlydir", "*"))
	written := ""
	for _, file := range files {
		data, readErr := os.ReadFile(file)
		written, err = written+string(data), errors.Join(err, readErr)
	}
	if err != nil || !strings.Contains(written, "*****"+canary[len(canary)-4:]) {
		t.Errorf("Redis holds nothing: %v", err)
	}
	for i := 0; i+8 <= len(canary); i++ {
		if strings.Contains(written, canary[i:i+8]) {
			t.Fatalf("Redis holds %s", canary[i:i+8])
		}
	}
}

// If a replica is killed, clients lose only their current requests. The other replica serves them, and has all changes
// that either replica acknowledged.
func TestReplicaIsKilled(t *testing.T) {
	const clients = 16
	redis := startRedis(t)
	flags := []string{"--no-auth", "--rate-limit", "0", "--store", "redis://" + redis.Addr}
	victim, survivor := serve(t, flags...), serve(t, flags...)
	p := newProducer()
	var lost, refused, responses atomic.Int64
	var killed sync.Once
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for n := range 40 {
				switch status, err := p.create(victim.url); {
				case isDial(err): // a load balancer hides this from its clients
					refused.Add(1)
				case err != nil:
					lost.Add(1)
				case status != 200:
					t.Errorf("the replica returns %d before it is killed", status)
				}
				if status, err := p.create(survivor.url); status != 200 {
					t.Errorf("the other replica returns %d, %v", status, err)
				}
				if responses.Add(1); n == 20 {
					killed.Do(func() { _ = victim.cmd.Process.Kill() })
				}
			}
		})
	}
	wg.Wait()
	// One each that was in flight, and one at most on a connection whose end the client had not yet noticed.
	if lost.Load() > 2*clients || refused.Load() == 0 {
		t.Errorf("%d requests of %d clients were lost; %d came to the dead replica", lost.Load(), clients, refused.Load())
	}
	p.check(t, stateOfRedis(t, redis))
	t.Logf("%d in flight were lost, %d acknowledged", lost.Load(), len(p.acknowledged))
}

func isDial(err error) bool {
	var failed *net.OpError
	return errors.As(err, &failed) && failed.Op == "dial"
}

// Servers start before Redis and continue after it stops. In the meantime they report the fault, without the password.
func TestServeReconnectsToRedis(t *testing.T) {
	const password = "passwordPASSWORDpassword"
	redis := startRedis(t, "--requirepass", password)
	redis.Kill()
	t.Setenv("ATLASINT_STORE", "redis://"+redis.Addr)
	t.Setenv("REDIS_PASSWORD", password)
	s := serve(t, "--no-auth", "--rate-limit", "0")
	p := newProducer()
	for range 2 {
		status, response, err := p.ask(http.MethodPost, s.url+"/api/atlas/v1.0/groups/5d791c84ff7a2522cc4f9aa1/integrations/SLACK", slack)
		want := `{"detail":"Unexpected error.","error":500,"errorCode":"UNEXPECTED_ERROR","parameters":[],"reason":"Internal Server Error"}`
		if status != 500 || response != want {
			t.Errorf("%d %s, %v", status, response, err)
		}
		if got := p.health(s); !strings.Contains(got, `503{"error":"the store rejects writes","hint":"Redis at `+redis.Addr+`: connection refused","code":"store-failed"}`) {
			t.Errorf("health is %s", got)
		}
		redis.Restart()
		must(t, 0, "ping", s.url, "--wait", "1m")
		for range 50 {
			if status, err := p.create(s.url); status != 200 {
				t.Errorf("the status is %d, %v", status, err)
			}
		}
		redis.Kill()
		await(t, func() bool { return strings.Contains(p.health(s), "connection refused") })
	}
	s.signal(t, syscall.SIGTERM)
	s.wait(t)
	said := s.screen + s.stderr.String()
	warning := "atlasint: warning: Redis at " + redis.Addr + ": connection refused; requests get 500 and health 503 until the store works again\n"
	if !strings.HasPrefix(s.stderr.String(), warning) || strings.Count(said, `msg="the store failed" reason="Redis at `+redis.Addr+`: `) != 2 {
		t.Errorf("it says\n%s", said)
	}
	if strings.Contains(said, password) || strings.Contains(said, canary[:8]) {
		t.Errorf("it tells a secret:\n%s", said)
	}
}

// The server does not wait for a Redis that accepts requests and does not respond.
func TestServeWithUnresponsiveRedis(t *testing.T) {
	redis := startRedis(t)
	s := serve(t, "--rate-limit", "0", "--store", "redis://"+redis.Addr)
	p := newProducer()
	bearer := "Authorization: Bearer " + p.token(t, s)
	path := s.url + "/api/atlas/v1.0/groups/5d791c84ff7a2522cc4f9aa1/integrations/SLACK"
	if got := redis.Do("CLIENT", "PAUSE", "5000", "ALL"); got != "OK\n" {
		t.Fatal(got)
	}
	var wg sync.WaitGroup
	for range 100 { // more than there are connections
		wg.Go(func() {
			if status, response, err := p.ask(http.MethodPost, path, slack, bearer); status != 500 {
				t.Errorf("%d %s, %v", status, response, err)
			}
		})
	}
	wg.Wait()
	must(t, 0, "ping", s.url, "--wait", "1m")
	if status, response, err := p.ask(http.MethodPost, path, slack, bearer); status != 200 {
		t.Errorf("%d %s, %v", status, response, err)
	}
	s.signal(t, syscall.SIGTERM)
	s.wait(t)
	if log := s.stderr.String(); strings.Count(log, `msg="the store failed" reason="Redis at `+redis.Addr+`: it did not respond in time"`) != 100 {
		t.Errorf("it logs\n%s", log)
	}
}

// With seeds, the server fails at start if Redis is not available.
func TestSeedsRequireRedis(t *testing.T) {
	const addr = "127.0.0.1:1" // a free port might get another server meanwhile
	code, _, errOut := run("serve", "--addr", "127.0.0.1:0", "--store", "redis://"+addr, "--seed-dir", seedDir(t))
	lines := strings.Split(strings.TrimSpace(errOut), "\n")
	if code != 3 || !strings.Contains(lines[len(lines)-1], "Redis at "+addr+": connection refused") {
		t.Errorf("exit code %d, stderr %q", code, errOut)
	}
}

func TestRedisRejectsThePassword(t *testing.T) {
	redis := startRedis(t, "--requirepass", "right")
	t.Setenv("REDIS_PASSWORD", "passwordPASSWORDpassword")
	code, _, errOut := run("serve", "--addr", "127.0.0.1:0", "--store", "redis://"+redis.Addr)
	want := "atlasint: Redis at " + redis.Addr + ": it does not accept the user or the password; set REDIS_PASSWORD, or ATLASINT_STORE\n"
	if code != 3 || errOut != want {
		t.Errorf("exit code %d, stderr %q", code, errOut)
	}
}

// await asks until done returns true, and fails the test after a minute. It is for the states of Redis, which has no
// event for them.
func await(t *testing.T, done func() bool) {
	t.Helper()
	tooLong := time.After(time.Minute)
	for !done() {
		select {
		case <-tooLong:
			t.Fatal("what the test waits for has not happened within a minute")
		case <-time.After(5 * time.Millisecond):
		}
	}
}
