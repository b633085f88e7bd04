package redisstore_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/redisstore"
	"github.com/atlasint/atlasint/internal/redistest"
)

const hexName = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

var small = store.Bucket{Capacity: 3, Refill: 1, Interval: time.Minute}

// reset deletes all that a store contains, as the reset of a server does.
func reset(s store.SharedStore) error {
	ctx := context.Background()
	return errors.Join(s.DeleteTexts(ctx, "token"), s.DeleteTexts(ctx, "limit"), s.DeleteTexts(ctx, "nonce"),
		s.(store.Store).Restore(ctx, store.State{}))
}

// Keys of other programs stay as they are, even if their names and their types are those of keys of the store.
func TestForeignKeysStay(t *testing.T) {
	mini := miniredis.RunT(t)
	foreign := map[string]string{
		"atlasint:token:sess1": "data", "atlasint:token:" + hexName: "1767323045000 client", "atlasint:token:empty": "",
		"atlasint:limit:x": "y", "atlasint:limit:" + project: "3 1767323045000", "atlasint:limit:a:token:b": "data",
		"atlasint:nonce:x": "y",
	}
	for key, value := range foreign {
		if err := mini.Set(key, value); err != nil {
			t.Fatal(err)
		}
	}
	mini.HSet("atlasint:token:hash", "a", "b")
	_, _ = mini.ZAdd("atlasint:nonce:set", 1, "a")
	_, _ = mini.ZAdd("atlasint:nonce:era", 1, "a")
	before := mini.Dump()
	s, ctx := open(t, "redis://"+mini.Addr()), context.Background()
	for _, key := range []string{"sess1", hexName, "empty"} {
		_, err := s.GetText(ctx, "token", key)
		wantFailure(t, err, "belong to another program")
		_, err = s.AddText(ctx, "token", key, "text", time.Hour)
		wantFailure(t, err, "belong to another program")
		wantFailure(t, s.DeleteText(ctx, "token", key), "belong to another program")
	}
	_, err := s.Era(ctx, "nonce", "proposal")
	wantFailure(t, err, "belong to another program")
	if err := reset(s); err != nil {
		t.Error(err)
	}
	mini.Del("atlasint:format")
	if after := mini.Dump(); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}

// A reset deletes the keys of the store, and only those with its own prefix.
func TestResetDeletesOwnKeys(t *testing.T) {
	needRedis(t)
	redis := redistest.Start(t)
	ctx, s, next := context.Background(), open(t, "redis://"+redis.Addr), open(t, "redis://"+redis.Addr+"?prefix=atlasint-2")
	for _, s := range []store.SharedStore{s, next} {
		_, added := s.AddText(ctx, "token", hexName, "1 client", time.Hour)
		_, taken := s.Take(ctx, "limit", project, small, time.Now())
		_, began := s.Era(ctx, "nonce", "proposal")
		if err := errors.Join(added, taken, began, s.(store.Store).Create(ctx, project, store.Integration{Type: "DATADOG"})); err != nil {
			t.Fatal(err)
		}
	}
	if err := reset(s); err != nil {
		t.Fatal(err)
	}
	if keys := strings.Fields(redis.Do("KEYS", "atlasint:*")); len(keys) != 1 || keys[0] != "atlasint:format" {
		t.Errorf("after a reset: %q", keys)
	}
	if keys := strings.Fields(redis.Do("KEYS", "atlasint-2:*")); len(keys) != 5 {
		t.Errorf("of the other prefix: %q", keys)
	}
}

// Health reports data of another program in place of a key of the store, and does not change it.
func TestHealthFindsForeignKeys(t *testing.T) {
	for _, key := range []string{"nonce:era", "registry:{projects}", "deletions:{projects}", "checked"} {
		for name, write := range map[string]func(mini *miniredis.Miniredis, key string){
			"text": func(mini *miniredis.Miniredis, key string) { _ = mini.Set(key, "canary") },
			"list": func(mini *miniredis.Miniredis, key string) { _, _ = mini.Push(key, "canary") },
			"set":  func(mini *miniredis.Miniredis, key string) { _, _ = mini.ZAdd(key, 1, "canary") },
			"hash": func(mini *miniredis.Miniredis, key string) { mini.HSet(key, "canary", "1") },
		} {
			t.Run(key+" "+name, func(t *testing.T) {
				mini := miniredis.RunT(t)
				s := open(t, "redis://"+mini.Addr())
				wantUsable(t, s)
				mini.FlushAll()
				write(mini, "atlasint:"+key)
				before := mini.Dump()
				for range 2 {
					_, err := s.Inspect(context.Background())
					if wantFailure(t, err, "another program; set another prefix"); !errors.Is(err, redisstore.ErrUnusable) {
						t.Errorf("no ErrUnusable: %v", err)
					}
					s = open(t, "redis://"+mini.Addr())
				}
				_ = s.Restore(context.Background(), store.State{}) // it may fail
				mini.Del("atlasint:format")
				if key != "checked" {
					mini.Del("atlasint:checked")
				}
				if after := mini.Dump(); after != before {
					t.Errorf("before:\n%s\nafter:\n%s", before, after)
				}
			})
		}
	}
}
