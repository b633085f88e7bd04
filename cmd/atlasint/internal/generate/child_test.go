package generate

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/internal/gen/generator"
)

func TestExplainErrorsOfGenerator(t *testing.T) {
	const (
		old     = "oapi-codegen VERSION needs Go GO or later; install it, or set GOTOOLCHAIN=auto so that the go command downloads it: "
		missing = "can't download oapi-codegen VERSION, which is not in the module cache; check GOPROXY and the network: "
		other   = "oapi-codegen VERSION failed: "
	)
	tests := []struct{ name, stderr, want string }{
		{"silent", "", other + "exit status 1"},
		{"too old", "go: go.mod requires go >= 1.26.0 (running go 1.23.4; GOTOOLCHAIN=local)\n",
			old + "go: go.mod requires go >= 1.26.0 (running go 1.23.4; GOTOOLCHAIN=local)"},
		{"far too old", "go: errors parsing go.mod:\n/tmp/work/go.mod:3: invalid go version '1.26.0': must match format 1.23\n",
			old + "go: errors parsing go.mod"},
		{"no newer one", "go: download go1.26.0 for linux/amd64: toolchain not available\n",
			old + "go: download go1.26.0 for linux/amd64: toolchain not available"},
		{"offline", "example.org/x: module lookup disabled by GOPROXY=off\n", missing + "example.org/x: module lookup disabled by GOPROXY=off"},
		{"proxy with credentials",
			"go: downloading a\nexample.org/x: Get \"https://me:hunter2@proxy.example/x/@v/v1.zip?sig=hunter2\": dial tcp: no such host\n",
			missing + `example.org/x: Get "https://proxy.example/x/@v/v1.zip": dial tcp: no such host`},
		{"a path of ours", "error: /tmp/work/out.go in /tmp/work\n", other + "error: out.go in ."},
		{"many lines", strings.Repeat("x\n", 500), other + "x"},
		{"a long line", strings.Repeat("x", 5000), other + strings.Repeat("x", maxOutput) + "…"},
		{"a terminal's codes", "\x1b[31mred\n", other + "\ufffd[31mred"},
		{"warnings before", "WARNING: this and that\n\nerror loading\n", other + "error loading"},
	}
	fill := strings.NewReplacer("VERSION", generator.Version, "GO ", generator.GoVersion+" ")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			stderr := test.stderr
			if strings.Contains(stderr, "/tmp/work") { // addresses have slashes on all systems
				stderr = filepath.FromSlash(stderr)
			}
			got := explain(stderr, filepath.FromSlash("/tmp/work"), errors.New("exit status 1"))
			if diff := cmp.Diff(fill.Replace(test.want), filepath.ToSlash(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// The child is built from its own module and for this machine. The user's environment does not change that.
func TestEnvironmentOfGenerator(t *testing.T) {
	got := map[string]string{}
	for _, variable := range environment([]string{
		"GOFLAGS=-mod=vendor -tags=x -modcacherw", "GOOS=plan9", "GOARCH=mips", "GOWORK=/w", "CGO_ENABLED=1", "GOPROXY=p",
	}, "/tmp/work") {
		name, value, _ := strings.Cut(variable, "=")
		got[name] = value // the last one counts
	}
	want := map[string]string{
		"GOFLAGS": "-mod=readonly -modcacherw", "GOOS": runtime.GOOS, "GOARCH": runtime.GOARCH, "GOWORK": "off",
		"CGO_ENABLED": "0", "GOPROXY": "p", "GO111MODULE": "on", "GOTMPDIR": "/tmp/work",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A failure leaves no folder behind.
func TestRunCleansUp(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("TMP", temp)
	t.Setenv("PATH", "")
	_, err := job{Settings: []byte("a: 1")}.Run(context.Background())
	if err == nil || !strings.HasPrefix(err.Error(), "the go command, which builds and runs oapi-codegen, is not on PATH") {
		t.Errorf("without a go command: %v", err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) != 0 {
		t.Errorf("it left %v behind (%v)", left, err)
	}
}
