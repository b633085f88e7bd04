package filestore_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/filestore"
)

// A write is an error once the path no longer names the file that the store has open, and so is the check.
func TestFileIsReplaced(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows does not let others delete or replace an open file")
	}
	for _, tc := range []struct {
		name    string
		replace func(t *testing.T, path string)
		want    string
	}{
		{"deleted", func(t *testing.T, path string) { must(t, os.Remove(path)) }, "was deleted while the server was running"},
		{"folder deleted", func(t *testing.T, path string) { must(t, os.RemoveAll(filepath.Dir(path))) }, "was deleted while the server was running"},
		{"renamed over", func(t *testing.T, path string) { must(t, os.Rename(other(t), path)) }, "was replaced while the server was running"},
		{"empty file", func(t *testing.T, path string) { must(t, os.Remove(path)); write(t, path, "") }, "was replaced while the server was running"},
		{"a copy over it", func(t *testing.T, path string) { write(t, path, read(t, other(t))) }, "was replaced while the server was running"},
		{"an older copy over it", func(t *testing.T, path string) { write(t, path, older) }, "was replaced while the server was running"},
		{"head overwritten", func(t *testing.T, path string) { overwrite(t, path, 2*os.Getpagesize()) }, "is damaged"},
		{"emptied", func(t *testing.T, path string) { must(t, os.Truncate(path, 0)) }, "is damaged"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "dir")
			must(t, os.Mkdir(dir, 0o700))
			path := filepath.Join(dir, "atlas.db")
			s := open(t, path)
			older = read(t, path)
			must(t, s.Create(context.Background(), project, integration("DATADOG")))
			tc.replace(t, path)
			for name, err := range writes(s) {
				t.Run(name, func(t *testing.T) { wantFailure(t, err, tc.want) })
			}
		})
	}
}

// overwrite changes the first bytes of a file in place.
func overwrite(t *testing.T, path string, size int) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	must(t, err)
	defer file.Close()
	_, err = file.Write(bytes.Repeat([]byte{0xff}, size))
	must(t, err)
}

// older is the file of a test before its first integration.
var older string

// writes are the errors of everything that writes.
func writes(s *filestore.Store) map[string]error {
	ctx := context.Background()
	_, textErr := s.AddText(ctx, "token", "x", "good", time.Hour)
	return map[string]error{
		"create": s.Create(ctx, project, integration("SLACK")),
		"update": s.Update(ctx, project, "DATADOG", func(*store.Integration) (store.Integration, error) { return integration("DATADOG"), nil }),
		"delete": s.Delete(ctx, project, "DATADOG"), "restore": s.Restore(ctx, store.State{}), "add text": textErr,
		"delete text": s.DeleteText(ctx, "token", "x"), "delete texts": s.DeleteTexts(ctx, "token"), "check": s.Check(ctx),
	}
}

// other is a store with other content.
func other(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "other.db")
	s := open(t, path)
	for _, typ := range []string{"A", "B", "C"} {
		must(t, s.Create(context.Background(), project, integration(typ)))
	}
	must(t, s.Close())
	return path
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	must(t, err)
	return string(data)
}

// A write fails if the file is deleted meanwhile.
func TestFileIsDeletedDuringAWrite(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows does not let others delete an open file")
	}
	path := filepath.Join(t.TempDir(), "atlas.db")
	s := open(t, path)
	err := s.Update(context.Background(), project, "SLACK", func(*store.Integration) (store.Integration, error) {
		return integration("SLACK"), os.Remove(path)
	})
	wantFailure(t, err, "was deleted while the server was running")
}

// The store uses a file again after it was moved away and back: no process wrote to it in between.
func TestFileComesBack(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows does not let others rename an open file")
	}
	path := filepath.Join(t.TempDir(), "atlas.db")
	s := open(t, path)
	must(t, os.Rename(path, path+".away"))
	wantFailure(t, s.Create(context.Background(), project, integration("SLACK")), "was deleted")
	must(t, os.Rename(path+".away", path))
	must(t, s.Check(context.Background()))
	must(t, s.Create(context.Background(), project, integration("SLACK")))
	must(t, s.Close())
	if list, err := open(t, path).List(context.Background(), project); err != nil || len(list) != 1 {
		t.Errorf("stored: %v, %v", list, err)
	}
}

// damage changes the text of a record in a file.
func damage(t *testing.T, path, old, changed string) {
	t.Helper()
	data := []byte(read(t, path))
	if !bytes.Contains(data, []byte(old)) {
		t.Fatalf("the file does not contain %s", old)
	}
	write(t, path, string(bytes.ReplaceAll(data, []byte(old), []byte(changed))))
}

// Every use of a record that was changed behind the store returns an error; the other records stay usable.
func TestDamagedRecord(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "atlas.db")
	const sound = "111111111111111111111111"
	s := open(t, path)
	in := integration("DATADOG")
	in.Fields["region"] = "RECORDED"
	must(t, errors.Join(s.Create(ctx, project, in), s.Create(ctx, sound, integration("SLACK"))))
	_, err := s.AddText(ctx, "token", "x", "NOTED", 0)
	must(t, errors.Join(err, s.Close()))
	damage(t, path, "RECORDED", "CHANGED_")
	damage(t, path, "NOTED", "OTHER")
	s = open(t, path)
	_, got := s.Get(ctx, project, "DATADOG")
	_, listed := s.List(ctx, project)
	_, snapped := s.Snapshot(ctx)
	updated := s.Update(ctx, project, "DATADOG", func(*store.Integration) (store.Integration, error) { return in, nil })
	for name, err := range map[string]error{"get": got, "list": listed, "snapshot": snapped, "update": updated} {
		t.Run(name, func(t *testing.T) {
			wantFailure(t, err, path+": the record of DATADOG in project "+project+" is damaged: the checksum does not match; delete it, or")
		})
	}
	_, textErr := s.GetText(ctx, "token", "x")
	wantFailure(t, textErr, "is damaged")
	_, textErr = s.AddText(ctx, "token", "x", "NEW", 0)
	wantFailure(t, textErr, "is damaged")
	if list, err := s.List(ctx, sound); err != nil || len(list) != 1 {
		t.Errorf("another project: %v, %v", list, err)
	}
	must(t, errors.Join(s.Check(ctx), s.DeleteTexts(ctx, "token"), s.Delete(ctx, project, "DATADOG"), s.Create(ctx, project, in)))
	if _, err := s.Snapshot(ctx); err != nil {
		t.Error(err)
	}
}
