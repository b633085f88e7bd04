package redisstore_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/redisstore"
	"github.com/atlasint/atlasint/fakeatlas/store/storetest"
)

const project = "32b6e34b3d91647abb20e7b8"

func open(t *testing.T, address string) *redisstore.Store {
	t.Helper()
	s, err := redisstore.OpenForTest(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// place gives each store of a test a prefix of its own, so that one Redis is many empty ones.
type place struct {
	t       *testing.T
	address string
	n       int
}

func (p *place) empty() *redisstore.Store {
	p.n++
	separator := "?"
	if strings.Contains(p.address, "?") {
		separator = "&"
	}
	return open(p.t, fmt.Sprintf("%s%sprefix=%s-%d", p.address, separator, strings.NewReplacer("/", "-", "_", "-").Replace(p.t.Name()), p.n))
}

func TestContract(t *testing.T) {
	t.Parallel()
	mini := miniredis.RunT(t)
	p := &place{t: t, address: "redis://" + mini.Addr()}
	storetest.TestStore(t, func() store.Store { return p.empty() }, func(d time.Duration) { mini.FastForward(2 * d) })
}

// A bucket is kept for longer than its clock needs to make it full, and a foreign key is not treated as a bucket.
func TestBucketKeys(t *testing.T) {
	mini := miniredis.RunT(t)
	s := (&place{t: t, address: "redis://" + mini.Addr()}).empty()
	b := store.Bucket{Capacity: 1200, Refill: 500, Interval: time.Minute}
	take := func() (store.TakeResult, error) {
		return s.Take(context.Background(), "limit", "x", b, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	}
	if taken, err := take(); err != nil || taken.Left != 1199 {
		t.Fatal(taken, err)
	}
	keys := mini.Keys()
	if len(keys) != 1 || mini.TTL(keys[0]) != time.Hour+3*time.Minute {
		t.Errorf("%v, for %v", keys, mini.TTL(keys[0]))
	}
	if err := mini.Set(keys[0], "7"); err != nil {
		t.Fatal(err)
	}
	if _, err := take(); err == nil || !strings.Contains(err.Error(), "belong to another program") {
		t.Errorf("a counter of another kind: %v", err)
	}
}

func TestAddresses(t *testing.T) {
	for _, tc := range []struct{ address, want string }{
		{"redis://:canary@/0", "has no host"},
		{"redis://canary@host", "has a user without a password; set REDIS_PASSWORD"}, // not the default user
		{"rediss://canary:@host/0", "has a user without a password"},
		{"redis://user:canary@host:x/0", "is malformed"},
		{"redis://user:canary@h1:1,h2:2/0", "has several hosts"},
		{"redis://user:can%zzary@host/0", "is malformed"},
		{"redis:canary", "is malformed"},
		{"http://:canary@host", "has the wrong scheme"},
		{"redis://:canary@host/canary", "the database in the address"},
		{"redis://:canary@host/-1", "the database in the address"},
		{"redis://:canary@host/1?cluster=true", "has only database 0"},
		{"redis://:canary@host/?prefix={canary}", "the prefix in the address"},
		{"redis://:canary@host/?prefix=", "the prefix in the address"},
		{"redis://:canary@host/?prefix=team:limit", "the prefix in the address"}, // which the prefix team could have as keys
		{"redis://:canary@host/?addr=redis://:canary@host", "addr in the address"},
		{"redis://:canary@host/?addr=canary@host:1", "addr in the address"},
		{"redis://:canary@host/?cluster=canary", "must be true or false"},
		{"redis://:canary@host/?password=canary", "unknown parameter"},
		{"redis://:canary@host/?%zz=canary", "are malformed"},
	} {
		_, err := redisstore.Open(tc.address)
		wantFailure(t, err, tc.want)
	}
	for address, want := range map[string]string{
		"redis://user:canary@host": "host:6379", "rediss://[::1]:7000/0?prefix=a.b_c_d-e": "[::1]:7000", "redis://[::1]": "[::1]:6379",
		"redis://:canary@h1:1/?addr=h2:2&addr=h3": "h1:1",
	} {
		if got := open(t, address).Address(); got != want {
			t.Errorf("%s is at %s, want %s", address, got, want)
		}
	}
}

func wantFailure(t *testing.T, err error, text string) {
	t.Helper()
	var failure *store.Failure
	if !errors.As(err, &failure) || !strings.Contains(failure.Text, text) || strings.Contains(failure.Text, "\n") {
		t.Errorf("got %v, want a line with %q", err, text)
	}
	for _, said := range []string{fmt.Sprint(err), fmt.Sprintf("%+v", err)} {
		if strings.Contains(said, "canary") {
			t.Errorf("it contains the password: %s", said)
		}
	}
}

func wrongCredentials(err error) bool {
	var failure *store.Failure
	return errors.As(err, &failure) && failure.WrongCredentials
}

func TestPasswords(t *testing.T) {
	mini := miniredis.RunT(t)
	mini.RequireUserAuth("fake", "canary")
	if err := open(t, "redis://fake:canary@"+mini.Addr()).Check(context.Background()); err != nil {
		t.Error(err)
	}
	for _, user := range []string{"", "fake:canary2@", "canary:canary@"} {
		err := open(t, "redis://"+user+mini.Addr()).Check(context.Background())
		wantFailure(t, err, "does not accept the user or the password")
		if !wrongCredentials(err) {
			t.Errorf("%s: the credentials are not reported as wrong", user)
		}
	}
}

// A response in plain text means that the server has no TLS.
func TestNoTLS(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write([]byte("-ERR Protocol error\r\n"))
		}
	}()
	err = open(t, "rediss://:canary@"+listener.Addr().String()).Check(context.Background())
	wantFailure(t, err, "it does not support TLS; use redis:// instead of rediss://")
}

// callAll calls every method once, and returns the errors.
func callAll(s *redisstore.Store) map[string]error {
	ctx := context.Background()
	in := store.Integration{Type: "DATADOG", ID: "65f0c1d2e3a4b5c6d7e8f900"}
	errs := map[string]error{
		"check":        s.Check(ctx),
		"create":       s.Create(ctx, project, in),
		"update":       s.Update(ctx, project, "SLACK", func(*store.Integration) (store.Integration, error) { return in, nil }),
		"delete":       s.Delete(ctx, project, "DATADOG"),
		"restore":      s.Restore(ctx, store.State{project: {Integrations: []store.Integration{in}}}),
		"delete text":  s.DeleteText(ctx, "token", "x"),
		"delete texts": s.DeleteTexts(ctx, "token"),
	}
	errs["update project"] = setProject(s, project, "a")
	errs["delete project"] = s.DeleteProject(ctx, fmt.Sprintf("%024x", time.Now().UnixNano()))
	_, errs["project"] = s.Project(ctx, project)
	_, errs["projects"] = s.Projects(ctx)
	_, errs["named"] = s.ProjectsByName(ctx, "a")
	_, errs["list"] = s.List(ctx, project)
	_, errs["get"] = s.Get(ctx, project, "DATADOG")
	_, errs["snapshot"] = s.Snapshot(ctx)
	_, errs["add text"] = s.AddText(ctx, "token", "x", "good", time.Hour)
	_, errs["get text"] = s.GetText(ctx, "token", "x")
	return errs
}

// Any failure of Redis causes a [store.Failure] that names its cause, until Redis works again.
func TestFailures(t *testing.T) {
	mini := miniredis.RunT(t)
	addr := mini.Addr()
	s := open(t, "redis://:canary@"+addr)
	mini.RequireAuth("canary")
	for name, err := range callAll(s) {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	mini.SetError("OOM command not allowed, canary")
	for _, err := range callAll(s) {
		wantFailure(t, err, "it rejects writes: OOM")
	}
	mini.SetError("MOVED 1 127.0.0.1:1")
	wantFailure(t, s.Check(context.Background()), "add ?cluster=true")
	mini.SetError("")
	mini.Close()
	for _, err := range callAll(s) {
		wantFailure(t, err, "Redis at "+addr+": ")
	}
	if err := mini.Restart(); err != nil {
		t.Fatal(err)
	}
	// For up to a second, the client may remember that no server responds.
	for end := time.Now().Add(time.Minute); s.Check(context.Background()) != nil; {
		if time.Now().After(end) {
			t.Fatal("it does not work again")
		}
	}
}

func TestCloseTwice(t *testing.T) {
	addr := miniredis.RunT(t).Addr()
	for _, cluster := range []string{"", "?cluster=true"} {
		s := open(t, "redis://"+addr+cluster)
		for range 2 {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
		wantFailure(t, s.Check(context.Background()), "the store is closed")
	}
}

// A server that accepts connections and never responds costs no more than the timeout of a command.
func TestSilence(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	for _, scheme := range []string{"redis", "rediss"} {
		s, err := redisstore.Open(scheme + "://" + listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		err = s.Create(context.Background(), project, store.Integration{Type: "DATADOG"})
		wantFailure(t, err, "it did not respond in time")
	}
}

// The store reports data of other programs under its keys, and does not change it.
func TestForeignKeys(t *testing.T) {
	mini := miniredis.RunT(t)
	if err := mini.Set("atlasint:project:{"+project+"}", "canary"); err != nil {
		t.Fatal(err)
	}
	s := open(t, "redis://"+mini.Addr())
	wantFailure(t, s.Create(context.Background(), project, store.Integration{Type: "DATADOG"}), "set another prefix")
	mini.Del("atlasint:project:{" + project + "}")
	mini.HSet("atlasint:project:{"+project+"}", "DATADOG", "canary")
	_, err := s.List(context.Background(), project)
	wantFailure(t, err, "set another prefix")
}

// An update fails if another client changes the integration before each try.
func TestUpdateFailsAfterConflicts(t *testing.T) {
	t.Parallel()
	mini := miniredis.RunT(t)
	s, other := open(t, "redis://"+mini.Addr()), open(t, "redis://"+mini.Addr())
	tries := 0
	err := s.Update(context.Background(), project, "DATADOG", func(*store.Integration) (store.Integration, error) {
		tries++
		faster := store.Integration{Type: "DATADOG", ID: fmt.Sprint(tries)}
		return store.Integration{Type: "DATADOG", ID: "mine"}, other.Update(context.Background(), project, "DATADOG",
			func(*store.Integration) (store.Integration, error) {
				return faster, nil
			})
	})
	wantFailure(t, err, "too many clients")
	if tries < 10 {
		t.Errorf("%d tries", tries)
	}
}
