package filestore_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/filestore"
	"github.com/atlasint/atlasint/fakeatlas/store/storetest"
)

func open(t *testing.T, path string) *filestore.Store {
	t.Helper()
	s, err := filestore.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func fresh(t *testing.T) *filestore.Store { return open(t, filepath.Join(t.TempDir(), "atlas.db")) }

func TestContract(t *testing.T) {
	var passed atomic.Int64
	empty := func() store.Store {
		s := fresh(t)
		s.SetClock(func() time.Time { return time.Now().Add(time.Duration(passed.Load())) })
		return s
	}
	storetest.TestStore(t, empty, func(d time.Duration) { passed.Add(int64(2 * d)) })
}

const project = "32b6e34b3d91647abb20e7b8"

func integration(typ string) store.Integration {
	return store.Integration{Type: typ, ID: "65f0c1d2e3a4b5c6d7e8f900", Fields: map[string]any{"region": "US"}}
}

func TestWhatIsWrittenStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "atlas.db")
	s := open(t, path)
	if err := s.Create(context.Background(), project, integration("DATADOG")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddText(context.Background(), "token", "x", "good", time.Hour); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	if in, err := s.Get(context.Background(), project, "DATADOG"); err != nil || in.Fields["region"] != "US" {
		t.Errorf("got %v, %v", in, err)
	}
	if text, err := s.GetText(context.Background(), "token", "x"); err != nil || text != "good" {
		t.Errorf("stored %q, %v", text, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("the file is %v, %v", info.Mode(), err)
	}
}

// A closed store returns an error, and does not panic.
func TestClosed(t *testing.T) {
	s := fresh(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{s.Create(context.Background(), project, integration("DATADOG")), s.Check(context.Background())} {
		wantFailure(t, err, "is closed")
	}
	if _, err := s.List(context.Background(), project); err == nil {
		t.Error("it lists")
	}
}

func wantFailure(t *testing.T, err error, text string) {
	t.Helper()
	var failure *store.Failure
	if !errors.As(err, &failure) || !strings.Contains(failure.Text, text) || strings.Contains(failure.Text, "\n") {
		t.Errorf("got %v, want a line with %q", err, text)
	}
}

// bolt writes a database of another program.
func bolt(t *testing.T, path string, write func(*bbolt.Tx) error) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Update(write); err != nil {
		t.Fatal(err)
	}
}

func ofFormat(format string) func(t *testing.T, path string) {
	return func(t *testing.T, path string) {
		t.Helper()
		bolt(t, path, func(tx *bbolt.Tx) error {
			b, err := tx.CreateBucket([]byte("atlasint"))
			return errors.Join(err, b.Put([]byte("format"), []byte(format)))
		})
	}
}

// A file that is not of this package is rejected and not changed.
func TestOtherFiles(t *testing.T) {
	sound := filepath.Join(t.TempDir(), "sound")
	filled(t, sound)
	whole, err := os.ReadFile(sound)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		make func(t *testing.T, path string)
		want string
	}{
		{"text", func(t *testing.T, path string) { write(t, path, strings.Repeat("no database ", 4000)) }, "is not a store of atlasint"},
		{"short text", func(t *testing.T, path string) { write(t, path, "{}") }, "is not a store of atlasint"},
		{"another's", func(t *testing.T, path string) {
			bolt(t, path, func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("users")); return err })
		}, "is not a store of atlasint"},
		{"older", ofFormat("1"), "has format 1, and this version of atlasint uses format 4; use the version that wrote it, or name another file"},
		{"newer", ofFormat("5"), "has format 5, and this version of atlasint uses format 4"},
		{"unknown", ofFormat("canary"), "has an unknown format, and this version of atlasint uses format 4"},
		{"text of a page", func(t *testing.T, path string) { write(t, path, strings.Repeat("x", 5000)) }, "is not a store of atlasint"},
		{"cut short", func(t *testing.T, path string) { filled(t, path); truncate(t, path, 2) }, "is damaged"},
		{"cut to its head", func(t *testing.T, path string) { filled(t, path); truncate(t, path, 16) }, "is damaged"},
		{"zeroes", func(t *testing.T, path string) { write(t, path, strings.Repeat("\x00", 1<<16)) }, "is not a store of atlasint"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file")
			tc.make(t, path)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			_, err = filestore.Open(path)
			wantFailure(t, err, tc.want)
			if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
				t.Error("the file has changed")
			}
			// Open must not leave a lock on a file that it rejects: a sound copy in its place can be opened.
			write(t, path, string(whole))
			open(t, path)
		})
	}
}

func write(t *testing.T, path, data string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

// filled is a store of some pages.
func filled(t *testing.T, path string) {
	t.Helper()
	s := open(t, path)
	in := integration("DATADOG")
	in.Fields["text"] = strings.Repeat("x", 1<<12)
	for _, typ := range strings.Split("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "") {
		in.Type = typ
		if err := s.Create(context.Background(), project, in); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func truncate(t *testing.T, path string, parts int64) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, info.Size()/parts); err != nil {
		t.Fatal(err)
	}
}

func TestNoFiles(t *testing.T) {
	dir := t.TempDir()
	_, err := filestore.Open(dir)
	wantFailure(t, err, "is not a regular file")
	_, err = filestore.Open(filepath.Join(dir, "none", "atlas.db"))
	wantFailure(t, err, "can't open "+filepath.Join(dir, "none", "atlas.db")+": ")
	_, err = filestore.Open(os.DevNull)
	wantFailure(t, err, "is not a regular file")
}

// The file belongs to one store at a time.
func TestOneAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "atlas.db")
	s := open(t, path)
	_, err := filestore.Open(path)
	wantFailure(t, err, "is in use by another process")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, path)
}

// Damage to a file in use is reported as an error, and blocks no call.
func TestDamageInUse(t *testing.T) {
	dir, err := os.MkdirTemp("", "damage-in-use")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) }) // on Windows, the file stays in use until the process ends
	path := filepath.Join(dir, "atlas.db")
	filled(t, path)
	s := open(t, path)
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, _ := file.Stat()
	if _, err := file.WriteAt([]byte(strings.Repeat("\xff", int(info.Size())-4*os.Getpagesize())), int64(4*os.Getpagesize())); err != nil {
		t.Fatal(err)
	}
	_, err = s.List(context.Background(), project)
	wantFailure(t, err, "is damaged")
	for range 3 {
		wantFailure(t, s.Create(context.Background(), project, integration("NEW")), "is damaged")
	}
}

func TestReadOnlyFile(t *testing.T) {
	if os.Geteuid() <= 0 {
		t.Skip("nothing is locked for root, or by a mode on Windows")
	}
	path := filepath.Join(t.TempDir(), "atlas.db")
	filled(t, path)
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	_, err := filestore.Open(path)
	wantFailure(t, err, "can't open "+path+": permission denied")
}
