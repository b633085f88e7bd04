package dist

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var date = time.Date(2026, 11, 22, 18, 45, 58, 0, time.UTC)

func open(t *testing.T) *Release {
	t.Helper()
	t.Setenv("VERSION", "v1.2.3")
	t.Setenv("COMMIT", strings.Repeat("ab", 20))
	t.Setenv("SOURCE_DATE_EPOCH", "1795373158")
	r, err := Open(filepath.Join("..", "..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestOpen(t *testing.T) {
	r := open(t)
	if want := (source{"atlasint", "v1.2.3", strings.Repeat("ab", 20), date}); r.source != want {
		t.Errorf("got %v, want %v", r.source, want)
	}
	if len(r.targets) != 6 {
		t.Errorf("targets %v", r.targets)
	}
	name, err := r.source.fill(r.config.archive().Name, platform{"linux", "arm64"})
	if err != nil || name != "atlasint_1.2.3_linux_arm64" {
		t.Errorf("an archive is called %q, %v", name, err)
	}
	if got := r.config.archive().format("windows") + " " + r.config.archive().format("linux"); got != "zip tar.gz" {
		t.Errorf("formats %s", got)
	}
	if _, err := r.source.fill("{{ .Unheard }}", platform{}); err == nil {
		t.Error("a template may use what there is not")
	}
}

func TestOnly(t *testing.T) {
	r := open(t)
	if err := r.Only("windows/arm64,linux/amd64"); err != nil || len(r.targets) != 2 {
		t.Errorf("%v, %v", r.targets, err)
	}
	if err := r.Binary("x"); err == nil {
		t.Error("one file holds two binaries")
	}
	if err := r.Only("plan9/amd64"); err == nil || !strings.Contains(err.Error(), "no target plan9/amd64") {
		t.Errorf("got %v", err)
	}
}

func TestDocs(t *testing.T) {
	dir := t.TempDir()
	stale := filepath.Join(dir, "man", "atlasint-gone.1")
	if err := errors.Join(os.Mkdir(filepath.Dir(stale), 0o700), os.WriteFile(stale, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := open(t).Docs(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(stale); err == nil {
		t.Error("the page of a command that is gone stays")
	}
	for file, want := range map[string]string{
		"man/atlasint.1":            `"2026\-11\-22" "atlasint v1.2.3"`,
		"man/atlasint-validate.1":   ".SH OPTIONS",
		"completions/atlasint.bash": "__start_atlasint",
		"completions/_atlasint":     "#compdef atlasint",
		"completions/atlasint.fish": "complete -c atlasint",
		"completions/atlasint.ps1":  "Register-ArgumentCompleter",
	} {
		if data, err := os.ReadFile(filepath.Join(dir, file)); err != nil || !strings.Contains(string(data), want) {
			t.Errorf("%s has no %s (%v)", file, want, err)
		}
	}
}

// An archive contains the given files, with root as owner and one modification time. It is the same bytes each time.
func TestWriteArchive(t *testing.T) {
	files := []packed{{"LICENSE", 0o644, []byte("free")}, {"bin/tool", 0o755, bytes.Repeat([]byte("x"), 5000)}}
	for name, read := range map[string]func(*testing.T, []byte) []string{"a.tar.gz": readTarGz, "a.zip": readZip} {
		var archives [2][]byte
		for i := range archives {
			file := filepath.Join(t.TempDir(), name)
			if err := writeArchive(file, "a", files, date); err != nil {
				t.Fatal(err)
			}
			archives[i], _ = os.ReadFile(file)
		}
		if !bytes.Equal(archives[0], archives[1]) {
			t.Errorf("%s differs the second time", name)
		}
		want := []string{"a/LICENSE -rw-r--r-- 4 2026-11-22T18:45:58Z\n", "a/bin/tool -rwxr-xr-x 5000 2026-11-22T18:45:58Z\n"}
		if diff := cmp.Diff(want, read(t, archives[0])); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func readTarGz(t *testing.T, data []byte) (found []string) {
	t.Helper()
	unpacker, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if !unpacker.ModTime.IsZero() {
		t.Errorf("the time of the packing is in it: %v", unpacker.ModTime)
	}
	for r := tar.NewReader(unpacker); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil || h.Uid+h.Gid != 0 || h.Uname != "root" || h.Gname != "root" {
			t.Fatalf("%v, %v", h, err)
		}
		found = append(found, line(h.FileInfo(), h.Name, h.ModTime))
	}
}

func readZip(t *testing.T, data []byte) (found []string) {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.File {
		found = append(found, line(f.FileInfo(), f.Name, f.Modified))
	}
	return found
}

func line(info os.FileInfo, name string, at time.Time) string {
	return fmt.Sprintln(name, info.Mode(), info.Size(), at.UTC().Format(time.RFC3339))
}

func TestBOM(t *testing.T) {
	info := &debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Path: "example.org/tool"}, Deps: []*debug.Module{
		{Path: "example.org/a", Version: "v1.0.0+incompatible"},
		{Path: "example.org/b", Version: "v1.0.0", Replace: &debug.Module{Path: "example.org/c", Version: "v2.0.0"}},
	}}
	got := open(t).bom(info)
	want := []string{"pkg:golang/std@1.26.8", "pkg:golang/example.org/a@v1.0.0%2Bincompatible", "pkg:golang/example.org/c@v2.0.0"}
	if diff := cmp.Diff([]dependency{{"pkg:golang/example.org/tool@v1.2.3", want}}, got.Dependencies); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(got.Components) != 3 || got.Metadata.Timestamp != "2026-11-22T18:45:58Z" {
		t.Errorf("got %+v", got)
	}
}

func TestLicences(t *testing.T) {
	file := filepath.Join(t.TempDir(), "licences")
	if err := open(t).Licences(file); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\nGo, its runtime and standard library: LICENSE\n", "\ngithub.com/spf13/cobra v", "\ngithub.com/inconshreveable/mousetrap v"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("nothing of %q: %.300s", want, text)
		}
	}
	if strings.Contains(string(text), "github.com/atlasint/atlasint") {
		t.Error("our own licence is among those of others")
	}
	if err := (part{"x", t.TempDir()}).append(new(bytes.Buffer)); err == nil || err.Error() != "x has no file with its licence" {
		t.Errorf("without a licence: %v", err)
	}
}
