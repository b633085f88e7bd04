package cli_test

import (
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/atlasint/atlasint/internal/redistest"
)

// wantRejected fails the test unless the server rejects changes, and its health and its log contain the reason.
func wantRejected(t *testing.T, s *server, p *producer, reason string) {
	t.Helper()
	if status, err := p.create(s.url); status != 500 {
		t.Errorf("the status is %d, %v", status, err)
	}
	want := `503{"error":"the store rejects writes","hint":"` + reason + `","code":"store-failed"}`
	if got := p.health(s); !strings.Contains(got, want) {
		t.Errorf("health is %s, want %s", got, want)
	}
	if want := `msg="the store failed" reason="` + reason + `"`; !s.stderr.contains(want) {
		t.Errorf("it logs %s, want %s", s.stderr.String(), want)
	}
}

// The server acknowledges no change after its file was deleted or replaced.
func TestServeFileIsReplaced(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows does not delete or replace a file in use")
	}
	for want, replace := range map[string]func(path string) error{
		"deleted":  os.Remove,
		"replaced": func(path string) error { return os.Rename(filepath.Join(filepath.Dir(path), "other"), path) },
	} {
		t.Run(want, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "atlas.db")
			writeFile(t, filepath.Join(filepath.Dir(path), "other"), "")
			s := serve(t, "--no-auth", "--store", "file:"+path)
			p := newProducer()
			if status, err := p.create(s.url); status != 200 {
				t.Fatalf("the status is %d, %v", status, err)
			}
			if err := replace(path); err != nil {
				t.Fatal(err)
			}
			wantRejected(t, s, p, path+" was "+want+" while the server was running; restart the server, or writes are lost")
			s.signal(t, syscall.SIGTERM)
			if code := s.wait(t); code != 0 {
				t.Errorf("exit code %d: %s", code, s.stderr.String())
			}
		})
	}
}

// A server does not start with a Redis that evicts keys, and stops using one that starts to evict.
func TestRedisEvicts(t *testing.T) {
	redis := startRedis(t, "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")
	reason := "Redis at " + redis.Addr + ": it can evict stored data; set its maxmemory-policy to noeviction"
	code, out, errOut := run("serve", "--addr", "127.0.0.1:0", "--store", "redis://"+redis.Addr)
	wantOutcome(t, "serve", outcome{3, "", "atlasint: " + reason + "\n"}, outcome{code, out, errOut})
	redis.Do("CONFIG", "SET", "maxmemory-policy", "noeviction")
	s, p := serve(t, "--no-auth", "--store", "redis://"+redis.Addr), newProducer()
	if status, err := p.create(s.url); status != 200 {
		t.Fatalf("the status is %d, %v", status, err)
	}
	redis.Do("CONFIG", "SET", "maxmemory-policy", "allkeys-random")
	if got := p.health(s); !strings.Contains(got, reason) {
		t.Errorf("health is %s", got)
	}
	wantRejected(t, s, p, reason)
	redis.Do("CONFIG", "SET", "maxmemory-policy", "noeviction")
	if status, err := p.create(s.url); status != 200 {
		t.Errorf("without eviction: %d, %v", status, err)
	}
	p.check(t, stateOfRedis(t, redis))
}

// A server that starts before Redis does not use it either if it evicts keys.
func TestRedisEvictsLater(t *testing.T) {
	redis := startRedis(t, "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")
	redis.Kill()
	s, p := serve(t, "--no-auth", "--store", "redis://"+redis.Addr), newProducer()
	redis.Restart()
	reason := "Redis at " + redis.Addr + ": it can evict stored data; set its maxmemory-policy to noeviction"
	await(t, func() bool { return strings.Contains(p.health(s), reason) })
	wantRejected(t, s, p, reason)
}

// A full Redis that evicts no keys rejects writes, and contains all acknowledged changes.
func TestRedisIsFull(t *testing.T) {
	redis := startRedis(t, "--maxmemory-policy", "noeviction", "--appendfsync", "no")
	s, p := serve(t, "--no-auth", "--rate-limit", "0", "--store", "redis://"+redis.Addr), newProducer()
	redis.Do("CONFIG", "SET", "maxmemory", strconv.Itoa(usedMemory(t, redis)+256<<10))
	status, err := 200, error(nil)
	for n := 0; status == 200; n++ {
		if status, err = p.create(s.url); err != nil || n > 50_000 {
			t.Fatalf("%d requests got a response, the last with %d, %v", n, status, err)
		}
	}
	redis.Do("CONFIG", "SET", "maxmemory", "1mb") // at its limit, a closed connection is space enough for a small write
	wantRejected(t, s, p, "Redis at "+redis.Addr+": it rejects writes: OOM")
	p.check(t, stateOfRedis(t, redis))
}

// usedMemory returns the bytes that Redis has allocated.
func usedMemory(t *testing.T, redis *redistest.Server) int {
	t.Helper()
	_, after, _ := strings.Cut(redis.Do("INFO", "memory"), "used_memory:")
	text, _, _ := strings.Cut(after, "\n")
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A server prints a warning if it can't read the settings of Redis.
func TestRedisHidesItsSettings(t *testing.T) {
	redis := startRedis(t)
	redis.Do("ACL", "SETUSER", "fake", "on", ">passwordPASSWORDpassword", "~*", "+@all", "-info", "-config")
	t.Setenv("ATLASINT_STORE", "redis://fake:passwordPASSWORDpassword@"+redis.Addr)
	s, p := serve(t, "--no-auth"), newProducer()
	if status, err := p.create(s.url); status != 200 {
		t.Errorf("the status is %d, %v", status, err)
	}
	s.signal(t, syscall.SIGTERM)
	s.wait(t)
	want := "atlasint: warning: Redis at " + redis.Addr + ": it does not allow the command INFO, which shows evictions and restarts; " +
		"allow INFO, or set maxmemory-policy to noeviction\n"
	if !strings.HasPrefix(s.stderr.String(), want) {
		t.Errorf("it says %s", s.stderr.String())
	}
}

// Servers with different formats don't share a Redis, in any order of starting.
func TestReplicasOfDifferentFormats(t *testing.T) {
	redis := startRedis(t)
	s, p := serve(t, "--no-auth", "--store", "redis://"+redis.Addr), newProducer()
	if status, err := p.create(s.url); status != 200 {
		t.Fatalf("the status is %d, %v", status, err)
	}
	if got := redis.Do("SET", "atlasint:format", "5"); got != "OK\n" {
		t.Fatal(got)
	}
	reason := "Redis at " + redis.Addr + ": its data has format 5, and this version of atlasint uses format 4; " +
		"use the version that wrote it, or set another prefix"
	code, _, errOut := run("serve", "--addr", "127.0.0.1:0", "--store", "redis://"+redis.Addr)
	if code != 3 || errOut != "atlasint: "+reason+"\n" {
		t.Errorf("exit code %d, stderr %q", code, errOut)
	}
	wantRejected(t, s, p, reason)
	if status, response, err := p.ask(http.MethodPost, s.url+"/_atlasint/reset", ""); status != 500 {
		t.Errorf("a reset: %d %s, %v", status, response, err)
	}
	if got := redis.Do("KEYS", "atlasint:project:*"); strings.Count(got, "atlasint") != 1 {
		t.Errorf("the projects are now %s", got)
	}
}
