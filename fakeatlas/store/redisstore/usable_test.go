package redisstore_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/redisstore"
	"github.com/atlasint/atlasint/internal/redistest"
)

// wantUnusable checks that every method of the store fails with this text and ErrUnusable.
func wantUnusable(t *testing.T, s *redisstore.Store, text string) {
	t.Helper()
	for name, err := range callAll(s) {
		wantFailure(t, err, text)
		if !errors.Is(err, redisstore.ErrUnusable) {
			t.Errorf("%s: no ErrUnusable", name)
		}
	}
}

func wantUsable(t *testing.T, s *redisstore.Store) {
	t.Helper()
	for name, err := range callAll(s) {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Inspect returns an error only if the store does not work until something is changed.
func TestInspect(t *testing.T) {
	mini := miniredis.RunT(t)
	mini.RequireUserAuth("fake", "canary")
	_, err := open(t, "redis://"+mini.Addr()).Inspect(t.Context())
	wantFailure(t, err, "does not accept the user or the password")
	s := open(t, "redis://fake:canary@"+mini.Addr())
	if err := mini.Set("atlasint:format", "5"); err != nil {
		t.Fatal(err)
	}
	_, err = s.Inspect(t.Context())
	wantFailure(t, err, "its data has format 5")
	mini.Close()
	warning, err := s.Inspect(t.Context())
	cause := "connection refused"
	if runtime.GOOS == "windows" { // where go-redis does not recognize closed connections before it uses them
		cause = "it closed the connection"
	}
	want := "Redis at " + s.Address() + ": " + cause + "; requests get 500 and health 503 until the store works again"
	if warning != want || err != nil {
		t.Errorf("without Redis: warning %q, error %v; want warning %q", warning, err, want)
	}
	if s.Check(t.Context()) == nil {
		t.Error("without Redis: no error of Check")
	}
}

// A Redis that can evict is not used, also if its settings change later.
func TestEviction(t *testing.T) {
	needRedis(t)
	const evicts = "it can evict stored data; set its maxmemory-policy to noeviction"
	redis := redistest.Start(t, "--maxmemory", "100mb", "--maxmemory-policy", "volatile-ttl")
	s := open(t, "redis://"+redis.Addr)
	wantUnusable(t, s, evicts)
	for _, tc := range []struct{ limit, policy, want string }{
		{"100mb", "noeviction", ""}, {"100mb", "allkeys-lru", evicts}, {"0", "allkeys-lru", ""}, {"1gb", "allkeys-random", evicts}, {"1gb", "noeviction", ""},
	} {
		redis.Do("CONFIG", "SET", "maxmemory", tc.limit, "maxmemory-policy", tc.policy)
		warning, err := s.Inspect(context.Background())
		if warning != "" {
			t.Errorf("%s %s: warning %s", tc.limit, tc.policy, warning)
		}
		if tc.want == "" {
			wantUsable(t, s)
		} else {
			wantFailure(t, err, tc.want)
			wantUnusable(t, s, tc.want)
		}
	}
}

// No write is acknowledged, and nothing is read, once the settings of a Redis in use let it evict.
func TestEvictionBetweenChecks(t *testing.T) {
	needRedis(t)
	ctx, redis := context.Background(), redistest.Start(t)
	s := open(t, "redis://"+redis.Addr)
	for name, use := range map[string]func() error{
		"create": func() error { return s.Create(ctx, project, store.Integration{Type: "SLACK"}) },
		"delete": func() error { return s.Delete(ctx, project, "SLACK") },
		"restore": func() error {
			return s.Restore(ctx, store.State{project: {Integrations: []store.Integration{{Type: "SLACK"}}}})
		},
		"get":  func() error { _, err := s.Get(ctx, project, "SLACK"); return err },
		"list": func() error { _, err := s.List(ctx, project); return err },
		"update": func() error {
			return s.Update(ctx, project, "SLACK", func(*store.Integration) (store.Integration, error) { return store.Integration{Type: "SLACK"}, nil })
		},
	} {
		redis.Do("CONFIG", "SET", "maxmemory", "100mb", "maxmemory-policy", "noeviction")
		wantUsable(t, s)
		redis.Do("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
		t.Run(name, func(t *testing.T) { wantFailure(t, use(), "it can evict stored data") })
		redis.Do("CONFIG", "SET", "maxmemory", "0") // evicts nothing, with any policy
		wantUsable(t, s)
		if err := use(); err != nil && !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrExists) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A Redis that is unusable after a restart is rejected, even if no command failed in between.
func TestUnusableAfterReconnect(t *testing.T) {
	needRedis(t)
	redis := redistest.Start(t)
	s := open(t, "redis://"+redis.Addr)
	wantUsable(t, s)
	redis.Do("CONFIG", "SET", "maxmemory", "100mb", "maxmemory-policy", "allkeys-lru")
	redis.Do("CLIENT", "KILL", "TYPE", "normal")
	_, err := s.AddText(context.Background(), "token", "x", "good", time.Hour)
	wantFailure(t, err, "it can evict stored data")
	wantUnusable(t, s, "it can evict stored data")
	redis.Do("CONFIG", "SET", "maxmemory-policy", "noeviction")
	wantUsable(t, s)
	redis.Do("SET", "atlasint:format", "5")
	redis.Do("CLIENT", "KILL", "TYPE", "normal")
	_, err = s.GetText(context.Background(), "token", "x") // connects again, after an inspection found no fault
	_, again := s.GetText(context.Background(), "token", "x")
	wantFailure(t, errors.Join(err, again), "its data has format 5")
}

// One node of a cluster that can evict is enough.
func TestEvictionInCluster(t *testing.T) {
	needRedis(t)
	nodes := redistest.StartCluster(t)
	s := open(t, "redis://"+nodes[0].Addr+"?cluster=true")
	wantUsable(t, s)
	nodes[2].Do("CONFIG", "SET", "maxmemory", "100mb", "maxmemory-policy", "allkeys-lfu")
	wantFailure(t, s.Check(context.Background()), "it can evict stored data")
	wantUnusable(t, s, "it can evict stored data")
}

// A Redis that does not let its settings be seen is used, with a warning.
func TestEvictionIsNotSeen(t *testing.T) {
	needRedis(t)
	redis := redistest.Start(t)
	redis.Do("ACL", "SETUSER", "fake", "on", ">canary", "~*", "+@all", "-config")
	warning, err := open(t, "redis://fake:canary@"+redis.Addr).Inspect(context.Background())
	if warning != "" || err != nil {
		t.Errorf("without CONFIG, which is not used: %q, %v", warning, err)
	}
	redis.Do("ACL", "SETUSER", "fake", "-info")
	s := open(t, "redis://fake:canary@"+redis.Addr)
	warning, err = s.Inspect(context.Background())
	if want := "it does not allow the command INFO, which shows evictions and restarts"; !strings.Contains(warning, want) || err != nil {
		t.Errorf("without INFO: %q, %v", warning, err)
	}
	wantUsable(t, s)
}

// A user with the right password and too few permissions can't use Redis, and the reason names the permission.
func TestUserLacksPermission(t *testing.T) {
	needRedis(t)
	redis := redistest.Start(t)
	s := open(t, "redis://fake:canary@"+redis.Addr)
	for _, tc := range []struct{ rules, want string }{
		{"~* +@all", ""},
		{"~atlasint:* -@all +@connection +@read +@write +@scripting +info +time", ""},
		{"~* +@all -eval -evalsha -script", "its user may not run the command EVALSHA; allow it in the ACL of the user"},
		{"~* +@all -scan", "its user may not run the command SCAN"},
		{"~* +@all -get", "its user may not run the command GET"},
		{"~* +@all -set", "its user may not use the keys with this prefix, or a command"},
		{"~* +@all -zrevrange", "its user may not use the keys with this prefix, or a command"}, // only in scripts
		{"~few:* +@all", "its user may not use the keys with this prefix"},
		{"~atlasint:* -@all +get +set +hget +hset +hgetall +ping +hello +select", "its user may not run the command"},
	} {
		redis.Do(append([]string{"ACL", "SETUSER", "fake", "reset", "on", ">canary"}, strings.Fields(tc.rules)...)...)
		redis.Do("CLIENT", "KILL", "TYPE", "normal")
		_, err := s.Inspect(t.Context())
		if tc.want == "" {
			if err != nil {
				t.Errorf("%s: %v", tc.rules, err)
			}
			wantUsable(t, s)
			continue
		}
		for _, err := range []error{err, s.Check(t.Context())} {
			wantFailure(t, err, tc.want)
			if wrongCredentials(err) || !errors.Is(err, redisstore.ErrUnusable) {
				t.Errorf("%s: %v", tc.rules, err)
			}
		}
	}
}

// Health runs each command that a script of the store runs.
func TestHealthRunsAllCommands(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	call := regexp.MustCompile(`redis\.call\('([A-Z]+)'`)
	runs := map[string]map[string]bool{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		runs[name] = map[string]bool{}
		for _, found := range call.FindAllStringSubmatch(string(text), -1) {
			runs[name][found[1]] = true
		}
	}
	for name, commands := range runs {
		for command := range commands {
			if !runs["usable.go"][command] {
				t.Errorf("%s of %s", command, name)
			}
		}
	}
}

// The names of an era are lost with the era, or not at all.
func TestErasEnd(t *testing.T) {
	needRedis(t)
	ctx := context.Background()
	redis := redistest.Start(t)
	s := open(t, "redis://"+redis.Addr)
	for name, lose := range map[string]func(){
		"flushed": func() { redis.Do("FLUSHALL") },
		"deleted": func() { redis.Do("DEL", "atlasint:nonce:era") },
		// It still has all acknowledged data, but the store can't rely on that.
		"restarted": func() {
			redis.Kill()
			redis.Restart()
			for s.Check(ctx) != nil { // for up to a second, the client may remember that no server responds
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			era := eraOf(t, s, name)
			if isFirst, err := s.UseOnce(ctx, "nonce", era, "x", time.Hour); err != nil || !isFirst {
				t.Fatal(isFirst, err)
			}
			lose()
			for _, used := range []string{"x", "y"} {
				if isFirst, err := s.UseOnce(ctx, "nonce", era, used, time.Hour); err != nil || isFirst {
					t.Errorf("%s of the lost era: %t, %v", used, isFirst, err)
				}
			}
			if next := eraOf(t, s, name+" again"); next == era {
				t.Error("the lost era continues")
			}
		})
	}
}

func eraOf(t *testing.T, s *redisstore.Store, proposal string) string {
	t.Helper()
	era, err := s.Era(context.Background(), "nonce", proposal)
	if err != nil {
		t.Fatal(err)
	}
	return era
}

// Names are forgotten once they may be.
func TestErasAreBounded(t *testing.T) {
	needRedis(t)
	redis := redistest.Start(t, "--appendfsync", "no")
	s := open(t, "redis://"+redis.Addr)
	era := eraOf(t, s, "1")
	for n := range 500 {
		if _, err := s.UseOnce(context.Background(), "nonce", era, fmt.Sprint(n), time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	if names := strings.TrimSpace(redis.Do("ZCARD", "atlasint:nonce:era")); len(names) > len("99") {
		t.Errorf("%s of 500 names are left", names)
	}
}

const projectKey = "atlasint:project:{" + project + "}"

// Data of any other format is not touched, whether it is written before or after this store.
func TestOtherFormats(t *testing.T) {
	const mismatch = "and this version of atlasint uses format 4; use the version that wrote it, or set another prefix"
	for _, tc := range []struct {
		name  string
		write func(mini *miniredis.Miniredis)
		want  string
	}{
		{"older", func(mini *miniredis.Miniredis) {
			mini.HSet(projectKey, "DATADOG", `{"type":"DATADOG","id":"1","fields":{}}`)
		}, "its keys with this prefix belong to an older atlasint or to another program"},
		{"newer", func(mini *miniredis.Miniredis) { _ = mini.Set("atlasint:format", "5") }, "its data has format 5, " + mismatch},
		{"unknown", func(mini *miniredis.Miniredis) { _ = mini.Set("atlasint:format", "canary") }, "its data has an unknown format, " + mismatch},
		{"newer projects", func(mini *miniredis.Miniredis) { mini.HSet(projectKey, "format", "5") }, "its data has format 5, " + mismatch},
	} {
		t.Run(tc.name, func(t *testing.T) {
			mini := miniredis.RunT(t)
			tc.write(mini)
			before := mini.Dump()
			wantUnusable(t, open(t, "redis://"+mini.Addr()), tc.want)
			if after := mini.Dump(); after != before {
				t.Errorf("changed to\n%s", after)
			}
			mini.FlushAll()
			s := open(t, "redis://"+mini.Addr())
			wantUsable(t, s)
			tc.write(mini) // by a server that came later
			for name, err := range map[string]error{
				"create":  s.Create(context.Background(), project, store.Integration{Type: "OPS_GENIE"}),
				"restore": s.Restore(context.Background(), store.State{}),
			} {
				if tc.name == "older" { // it has no format to write: only its record is wrong
					continue
				}
				t.Run(name, func(t *testing.T) { wantFailure(t, err, tc.want) })
			}
		})
	}
}

// After the data is lost, of two servers of different formats the first writes, and the other touches nothing.
func TestFormatsAfterFlush(t *testing.T) {
	mini := miniredis.RunT(t)
	s := open(t, "redis://"+mini.Addr())
	wantUsable(t, s)
	mini.FlushAll()
	if err := mini.Set("atlasint:format", "5"); err != nil {
		t.Fatal(err)
	}
	wantFailure(t, s.Create(context.Background(), project, store.Integration{Type: "DATADOG"}), "its data has format 5")
	wantFailure(t, s.Check(context.Background()), "its data has format 5")
	mini.FlushAll()
	wantUsable(t, s)
	mini.FlushAll()
	if err := s.Create(context.Background(), project, store.Integration{Type: "DATADOG"}); err != nil {
		t.Fatal(err)
	}
	if format, err := mini.Get("atlasint:format"); err != nil || format != "4" {
		t.Errorf("the format is %s, %v", format, err)
	}
}

// Every use of a record that this module did not write there returns an error.
func TestForeignRecords(t *testing.T) {
	ctx, mini := context.Background(), miniredis.RunT(t)
	s := open(t, "redis://"+mini.Addr())
	in := store.Integration{Type: "DATADOG", ID: "1", Fields: map[string]any{"region": "EU"}}
	if err := errors.Join(s.Create(ctx, project, in), s.Create(ctx, "111111111111111111111111", in)); err != nil {
		t.Fatal(err)
	}
	sound := mini.HGet(projectKey, "DATADOG")
	for name, foreign := range map[string]string{
		"text": "canary", "JSON": `{"type":"DATADOG","id":"1","fields":{}}`,
		"of another project": mini.HGet("atlasint:project:{111111111111111111111111}", "DATADOG"),
		"damaged":            strings.Replace(sound, "EU", "US", 1), "cut": sound[:len(sound)/2],
	} {
		mini.HSet(projectKey, "DATADOG", foreign)
		_, got := s.Get(ctx, project, "DATADOG")
		_, listed := s.List(ctx, project)
		_, snapped := s.Snapshot(ctx)
		updated := s.Update(ctx, project, "DATADOG", func(*store.Integration) (store.Integration, error) { return in, nil })
		for how, err := range map[string]error{"get": got, "list": listed, "snapshot": snapped, "update": updated} {
			t.Run(name+" "+how, func(t *testing.T) {
				wantFailure(t, err, "the record of DATADOG in project "+project+" is damaged or from another program: the checksum does not match; delete it")
			})
		}
	}
	mini.HSet(projectKey, "SLACK", sound) // as another type
	_, err := s.Get(ctx, project, "SLACK")
	wantFailure(t, err, "the record of SLACK")
	if list, err := s.List(ctx, "111111111111111111111111"); err != nil || len(list) != 1 {
		t.Errorf("another project: %v, %v", list, err)
	}
	if err := errors.Join(s.Delete(ctx, project, "SLACK"), s.Delete(ctx, project, "DATADOG"), s.Create(ctx, project, in)); err != nil {
		t.Error(err)
	}
}
