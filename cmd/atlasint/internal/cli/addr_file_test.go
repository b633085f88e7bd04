package cli_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// serveOnce runs serve until it has written its address file.
func serveOnce(args ...string) (code int, stderr string) {
	code, _, stderr = run(append([]string{"serve", "--addr", "127.0.0.1:0", "--exit-with-stdin"}, args...)...)
	return code, stderr
}

// The file of --addr-file is removed at the end, so no other file may be replaced by it: neither one with other
// contents nor one of another flag, by any path or link, whether it exists or not.
func TestAddrFileReplacesOnlyBaseURLs(t *testing.T) {
	cert, key, _ := certificate(t)
	text := func(file string) string {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	for name, c := range map[string]struct{ args, says string }{
		"text": {
			"--addr-file notes.txt",
			"--addr-file notes.txt can't be replaced: it has other contents than a base URL; name another file, or delete it",
		},
		"link to a text":     {"--addr-file to-notes", "it has other contents than a base URL"},
		"URL with a path":    {"--addr-file page.txt", "it has other contents than a base URL"},
		"two URLs":           {"--addr-file urls.txt", "it has other contents than a base URL"},
		"password":           {"--addr-file password.txt", "it has other contents than a base URL"},
		"folder":             {"--addr-file d", "not a regular file"},
		"key":                {"--tls-cert cert.pem --tls-key key.pem --addr-file key.pem", "--addr-file key.pem is a file of --tls-key; name another file"},
		"link to a key":      {"--tls-cert cert.pem --tls-key key.pem --addr-file to-key", "a file of --tls-key"},
		"key by a link":      {"--tls-cert cert.pem --tls-key to-key --addr-file key.pem", "a file of --tls-key"},
		"certificate":        {"--tls-cert cert.pem --tls-key key.pem --addr-file ./d/../cert.pem", "a file of --tls-cert"},
		"store":              {"--store file:s.db --addr-file s.db", "a file of --store"},
		"store by a folder":  {"--store file:d/s.db --addr-file to-d/s.db", "a file of --store"},
		"credentials":        {"--credentials c.yaml --addr-file c.yaml", "a file of --credentials"},
		"recording":          {"--record r --addr-file r/url", "a file of --record"},
		"recording by links": {"--record d --addr-file to-d/url", "a file of --record"},
		"seed":               {"--seed-dir seeds --addr-file seeds/" + projectID + "/d.json", "a file of --seed-dir"},
		"new seed":           {"--seed-dir seeds --addr-file seeds/" + projectID + "/new.yaml", "a file of --seed-dir"},
		"stub":               {"--stub-dir stubs --addr-file stubs/s.json", "a file of --stub-dir"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			before := map[string]string{
				"notes.txt": "precious\n", "page.txt": "https://example.com/page\n", "urls.txt": "http://a\nhttp://b\n",
				"password.txt": "http://user:secret@a\n", "key.pem": text(key), "cert.pem": text(cert),
				"c.yaml":                         "apiKeys:\n- {publicKey: a, privateKey: b, role: GROUP_OWNER}\n",
				"seeds/" + projectID + "/d.json": `{"type": "DATADOG", "apiKey": "` + strings.Repeat("a", 32) + `", "region": "US"}`,
				"stubs/s.json":                   `{"path": "/x", "status": 204}`,
			}
			for file, text := range before {
				writeFile(t, file, text)
			}
			if err := os.Mkdir("d", 0o700); err != nil {
				t.Fatal(err)
			}
			link(t, "notes.txt", "to-notes")
			link(t, "key.pem", "to-key")
			link(t, "d", "to-d")
			code, errOut := serveOnce(strings.Fields(c.args)...)
			if code != 2 || !strings.Contains(errOut, c.says) {
				t.Errorf("exit code %d: %s", code, errOut)
			}
			if err := os.Remove("to-d"); err != nil { // which contents can't read
				t.Fatal(err)
			}
			before["to-notes"], before["to-key"] = before["notes.txt"], before["key.pem"]
			if diff := cmp.Diff(before, contents(t, ".")); diff != "" {
				t.Errorf("files changed (-before +after)\n%s", diff)
			}
		})
	}
}

// An address file of a server that was killed is replaced, as is an empty file, such as one of mktemp.
func TestAddrFileReplacesBaseURLs(t *testing.T) {
	t.Chdir(t.TempDir())
	files := map[string]string{
		"empty": "", "line": "http://127.0.0.1:8080\n", "no-newline": "https://[::1]:8443", "windows": "http://localhost:1\r\n",
	}
	for file, text := range files {
		writeFile(t, file, text)
	}
	link(t, "missing", "dangling")
	for _, file := range append(slices.Collect(maps.Keys(files)), "dangling", "new") {
		if code, errOut := serveOnce("--addr-file", file); code != 0 {
			t.Errorf("%s: exit code %d: %s", file, code, errOut)
		}
		if _, err := os.Lstat(file); !os.IsNotExist(err) {
			t.Errorf("%s is left (%v)", file, err)
		}
	}
}
