package cli_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// contents returns the files of a folder by relative path.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		found[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// No command writes through a link in a repository from another person: the target is neither changed nor created.
func TestLinksAreNotWrittenThrough(t *testing.T) {
	startAtlas(t)
	writeFile(t, "p.json", `{"type":"DATADOG","apiKey":"0123456789abcdef0123456789abcdef","region":"US"}`)
	must(t, 0, "apply", "--yes", "p.json")
	outside := t.TempDir()
	for _, name := range []string{"empty", "text"} {
		writeFile(t, filepath.Join(outside, name), map[string]string{"text": "precious"}[name])
	}
	want := contents(t, outside)
	for _, target := range []string{"text", "empty", "missing"} {
		for _, c := range []struct {
			command string // writes to f, or into d
			link    string
			code    int // 0: the link gives way to a file
		}{
			{"get --as-payload --force -o d", "d/datadog.json", 0},
			{"get --as-payload -o d", "d/datadog.json", 2},
			{"get DATADOG --as-payload --force -o f.json", "f.json", 0},
			{"get DATADOG --as-payload -o f.json", "f.json", 2},
			{"new DATADOG --force -o f.json", "f.json", 0},
			{"new DATADOG -o f.json", "f.json", 2},
			{"schema DATADOG -o f.json", "f.json", 0},
			{"spec -o f.yaml", "f.yaml", 0},
			{"spec --html d", "d/index.html", 2},
			{"schema --all -o d", "d/catalog.json", 2},
			{"schema --all -o d", "d/v2/DATADOG.json", 2},
		} {
			t.Chdir(t.TempDir())
			if err := os.MkdirAll(filepath.Dir(c.link), 0o755); err != nil {
				t.Fatal(err)
			}
			link(t, filepath.Join(outside, target), c.link)
			code, _, errOut := run(strings.Fields(c.command)...)
			info, err := os.Lstat(c.link)
			if err != nil {
				t.Fatal(err)
			}
			if code != c.code {
				t.Errorf("%s: exit code %d, want %d: %s", c.command, code, c.code, errOut)
			}
			if isReplaced := info.Mode().IsRegular(); isReplaced != (c.code == 0) {
				t.Errorf("%s: exit code %d, and the file is %v", c.command, code, info.Mode())
			}
			if diff := cmp.Diff(want, contents(t, outside)); diff != "" {
				t.Fatalf("%s writes elsewhere (-want +got)\n%s", c.command, diff)
			}
			if drafts, _ := filepath.Glob("d/.*"); len(drafts) > 0 {
				t.Errorf("%s leaves %v", c.command, drafts)
			}
		}
	}
}

func TestLinkedFoldersAreNotWrittenInto(t *testing.T) {
	t.Chdir(t.TempDir())
	outside := t.TempDir()
	if err := os.Mkdir("d", 0o755); err != nil {
		t.Fatal(err)
	}
	link(t, outside, "d/v2")
	code, _, errOut := run("schema", "--all", "-o", "d")
	if code != 3 {
		t.Errorf("exit code %d, want 3", code)
	}
	wantParts(t, "stderr", errOut, "leads out of the folder")
	if found := contents(t, outside); len(found) > 0 {
		t.Errorf("%d files are outside of the folder", len(found))
	}
	link(t, outside, "mine") // the folder that the user names may be a link
	if code, _, errOut := run("schema", "--all", "-o", "mine"); code != 0 || len(contents(t, outside)) == 0 {
		t.Errorf("exit code %d: %s", code, errOut)
	}
}

// A generated file may be a link, but only to generated code.
func TestGenerateOverwritesNoEmptyFileElsewhere(t *testing.T) {
	t.Chdir(t.TempDir())
	elsewhere := filepath.Join(t.TempDir(), "empty")
	writeFile(t, elsewhere, "")
	link(t, elsewhere, "x.go")
	if _, errOut := must(t, 2, "generate", "--package", "p", "-o", "x.go"); !strings.Contains(errOut, "is a link to a file without generated code") {
		t.Errorf("it says %s", errOut)
	}
}

func TestAddrFileReplacesALink(t *testing.T) {
	t.Chdir(t.TempDir())
	elsewhere := filepath.Join(t.TempDir(), "text")
	const old = "http://127.0.0.1:1\n"
	writeFile(t, elsewhere, old)
	link(t, elsewhere, "url")
	s := serve(t, "--no-auth", "--addr-file", "url")
	if data, err := os.ReadFile("url"); err != nil || string(data) != s.url+"\n" {
		t.Errorf("the address file contains %q, %v", data, err)
	}
	if data, err := os.ReadFile(elsewhere); err != nil || string(data) != old {
		t.Errorf("%q, %v", data, err)
	}
	s.addr = "url"
	s.signal(t, syscall.SIGTERM)
	s.wait(t)
}

// An overwritten file keeps its mode, and a failed write leaves no file behind.
func TestFilesAreWrittenWhole(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, "f.json", "{}") // 0600
	must(t, 0, "schema", "DATADOG", "-o", "f.json")
	info, err := os.Stat("f.json")
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the mode is %v, want 0600", info.Mode())
	}
	if info.Size() < 100 {
		t.Errorf("the file has %d bytes, want the schema", info.Size())
	}
	for name, code := range map[string]int{"none/f.json": 3, "f.json/g.json": 3, ".": 2} {
		if _, errOut := must(t, code, "schema", "DATADOG", "-o", name); !strings.HasPrefix(errOut, "atlasint: can't write "+name+": ") {
			t.Errorf("%s: %s", name, errOut)
		}
	}
	if left, err := os.ReadDir("."); err != nil || len(left) != 1 {
		t.Errorf("%v are left (%v)", left, err)
	}
}

func TestOutputRejectsPipes(t *testing.T) {
	t.Chdir(t.TempDir())
	pipe(t, "fifo")
	if _, errOut := must(t, 2, "schema", "DATADOG", "-o", "fifo"); !strings.Contains(errOut, "not a regular file") {
		t.Errorf("a FIFO: %s", errOut)
	}
	if left, err := os.ReadDir("."); err != nil || len(left) != 1 {
		t.Errorf("%v are left (%v)", left, err)
	}
}

func TestOutputToDevice(t *testing.T) {
	device(t, "/dev/null")
	must(t, 0, "schema", "DATADOG", "-o", "/dev/null")
	if info, err := os.Stat("/dev/null"); err != nil || info.Mode().IsRegular() {
		t.Fatalf("/dev/null is %v (%v)", info, err)
	}
}
