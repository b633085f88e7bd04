//go:build unix

// Package install_test runs install.sh against a server in place of github.com.
package install_test

import (
	"archive/tar"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	version = "v0.1.0" // of install.sh
	commit  = "8d3dc2e1a5d1b3c0f6a7e4b9d2c1f0e3a4b5c6d7"
	other   = "0000c2e1a5d1b3c0f6a7e4b9d2c1f0e3a4b5c6d7"
	linux   = "/atlasint_0.1.0_linux_amd64.tar.gz"
	built   = "atlasint built" // the output of what the fake go installs
	atTag   = "_actions/atlasint/atlasint/" + version
)

// released is the output of the command in the release of version.
var released = "atlasint " + version + " " + commit + " go1.26.8 linux/amd64"

type row struct {
	at       string             // folder of the checkout; atTag if empty
	head     string             // .git/HEAD of the checkout
	args     string             // DIR if empty; fields replaces words
	env      string             // one variable
	uname    string             // system and machine
	without  string             // programs that are missing
	worktree bool               // .git is a file that names the folder with head
	change   func(*releaseSite) // of the released files
	code     int
	prints   string // part of the output
	want     string // output of the installed command; "" if none may be installed
}

func TestInstall(t *testing.T) {
	detached := row{at: "clone", head: commit + "\n", want: released}
	with := func(base row, change func(*row)) row { change(&base); return base }
	for name, row := range map[string]row{
		"the commit of the release":          detached,
		"another commit":                     {at: "clone", head: other, prints: "not the commit of v0.1.0", want: built},
		"a branch":                           {at: "clone", head: "ref: refs/heads/main\n", prints: "at a branch", want: built},
		"the part of a commit":               {at: "clone", head: commit[:12], prints: "at a branch", want: built},
		"no repository":                      {at: "clone", prints: "its commit is not known", want: built},
		"an action at the tag":               {want: released},
		"an action at the commit":            {at: "_actions/atlasint/atlasint/" + commit, want: released},
		"an action at another commit":        {at: "_actions/atlasint/atlasint/" + other, want: built},
		"an action at a branch":              {at: "_actions/atlasint/atlasint/main", want: built},
		"an action at a branch like the tag": {at: "_actions/atlasint/atlasint/release/" + version, want: built},
		"another version":                    {args: "DIR v0.2.0", want: strings.Replace(released, version, "v0.2.0", 1)},
		"another version without release": {
			args:   "DIR v0.3.0",
			prints: "install.sh: no released binary: curl could not download SHA256SUMS of v0.3.0",
			want:   built + " install github.com/atlasint/atlasint/cmd/atlasint@v0.3.0",
		},
		"no number of a version":   {args: "DIR main", want: built + " install github.com/atlasint/atlasint/cmd/atlasint@main"},
		"only a build":             {args: "--source DIR", want: built},
		"only a release":           {args: "--release DIR", want: released},
		"only a release, and none": {args: "--release DIR v0.3.0", code: 4, prints: "404"},

		"wrong checksum":          {change: damage, code: 3, prints: "wrong checksum"},
		"wrong checksum, release": {args: "--release DIR", change: damage, code: 3, prints: "wrong checksum"},
		"wrong checksum, no Go":   {change: damage, without: "go", code: 3, prints: "wrong checksum"},
		"wrong checksum, clone":   with(detached, func(r *row) { r.change, r.code, r.prints, r.want = damage, 3, "wrong checksum", "" }),
		"two checksums": {
			change: sums(func(s string) string { return s + strings.Repeat("0", 64) + " " + s[64:] }),
			code:   3,
			prints: "must have one line",
		},
		"a line twice": {change: sums(func(s string) string { return s + s }), code: 3, prints: "must have one line"},
		"no checksum": {
			change: sums(func(s string) string { return strings.ReplaceAll(s, s[:64], strings.Repeat("x", 64)) }),
			code:   3,
			prints: "has no SHA-256 of atlasint_0.1.0_linux_amd64.tar.gz",
		},
		"sums with CRLF":          {change: sums(func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }), want: released},
		"sums of binary files":    {change: sums(func(s string) string { return strings.ReplaceAll(s, "  ", " *") }), want: released},
		"sums in capitals":        {change: sums(func(s string) string { return strings.ToUpper(s[:64]) + s[64:] }), want: released},
		"a link in the archive":   {change: member(t, tar.Header{Typeflag: tar.TypeSymlink, Linkname: "/bin/sh"}), code: 3, prints: "is not a file"},
		"a link to another file":  {change: member(t, tar.Header{Typeflag: tar.TypeLink, Linkname: "SHA256SUMS"}), code: 3, prints: "is not a file"},
		"a folder in the archive": {change: member(t, tar.Header{Typeflag: tar.TypeDir, Mode: 0o755}), code: 3, prints: "is not a file"},
		"a setuid command":        {change: member(t, tar.Header{Mode: 0o6755}), want: released},
		"no release":              {change: func(s *releaseSite) { clear(s.files) }, prints: "404", want: built},
		"no release, no Go": {
			change:  func(s *releaseSite) { clear(s.files) },
			without: "go",
			code:    3,
			prints:  "cannot build atlasint: go is not on the PATH\ninstall.sh: hint: install Go",
		},
		"no archive": {
			change: func(s *releaseSite) { delete(s.files, version+linux) },
			prints: "could not download atlasint_0.1.0_linux_amd64.tar.gz",
			want:   built,
		},
		"no archive of this system":   {uname: "Linux riscv64", prints: "v0.1.0 has none for linux/riscv64", want: built},
		"unknown system, no Go":       {uname: "FreeBSD amd64", without: "go", code: 3, prints: "v0.1.0 has none for FreeBSD/amd64"},
		"a page in place of the sums": {change: sums(func(string) string { return "<html>\nlog in\n" }), want: built},
		"half of the archive":         {change: func(s *releaseSite) { s.cut = version + linux }, prints: "could not download atlasint", want: built},
		"a binary of another version": {
			change: func(s *releaseSite) { s.add(t, version, "atlasint v0.2.0 "+commit) },
			code:   3,
			prints: "another version: atlasint v0.2.0",
		},
		"a binary that does not run": {change: func(s *releaseSite) { s.add(t, version, "") }, prints: "does not run", want: built},
		"redirect":                   {change: func(s *releaseSite) { s.redirect = "https://github.com" }, want: released},
		"redirect to http":           {change: func(s *releaseSite) { s.redirect = s.plain }, prints: "could not download", want: built},

		"a worktree":         with(detached, func(r *row) { r.worktree = true }),
		"a worktree, branch": {at: "clone", worktree: true, head: "ref: refs/heads/main\n", prints: "at a branch", want: built},

		"no curl":       {without: "curl", prints: "not on the PATH: curl", want: built},
		"no awk":        {without: "awk", prints: "not on the PATH: awk", want: built},
		"no tar":        {without: "tar curl", prints: "not on the PATH: curl tar", want: built},
		"no mv":         {without: "mv uname", code: 3, prints: "cannot install atlasint: not on the PATH: mv uname"},
		"no git":        {at: "clone", without: "git", want: built},
		"no sha256sum":  {without: "sha256sum", want: released}, // but shasum
		"no checksums":  {without: "sha256sum shasum", prints: "not on the PATH: sha256sum", want: built},
		"macOS":         {uname: "Darwin arm64", want: released},
		"Linux, ARM":    {uname: "Linux aarch64", want: released},
		"Windows":       {uname: "MINGW64_NT-10.0-26100 x86_64", want: released},
		"no unzip":      {uname: "MSYS_NT-10.0 x86_64", without: "unzip", prints: "not on the PATH: unzip", want: built},
		"mirror":        {env: "ATLASINT_RELEASE_URL=https://github.com/mirror/", change: func(s *releaseSite) { s.base = "/mirror/" }, want: released},
		"mirror, http":  {env: "ATLASINT_RELEASE_URL=http://127.0.0.1:8080/x", code: 2, prints: "must begin with https://"},
		"mirror, login": {env: "ATLASINT_RELEASE_URL=https://user:s3cr3t@github.com", code: 2, prints: "other characters"},
		"mirror, query": {env: "ATLASINT_RELEASE_URL=https://github.com/?token=s3cr3t", code: 2, prints: "other characters"},

		"no folder":      {args: "--release", code: 2, prints: "usage: "},
		"two versions":   {args: "DIR v0.1.0 v0.2.0", code: 2, prints: "usage: "},
		"unknown flag":   {args: "--relase DIR", code: 2, prints: "usage: "},
		"command":        {args: "DIR v0$(touch${IFS}ran)", code: 2, prints: "other characters"},
		"other folder":   {args: "DIR v0/../../x", code: 2, prints: "other characters"},
		"flag":           {args: "DIR -x", code: 2, prints: "other characters"},
		"a file as DIR":  {args: "FILE", code: 3, prints: "cannot create the folder"},
		"relative DIR":   {args: "RELATIVE", env: "CDPATH=work", want: released},
		"git runs it":    {at: "clone", head: "ref: x", env: "GIT_DIR=/nowhere", want: built},
		"Go for another": {at: "clone", head: "ref: x", env: "GOOS=plan9", want: built},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row.check(t)
		})
	}
}

// check installs, and compares the exit code, the output and the files in the folder.
func (r row) check(t *testing.T) {
	t.Helper()
	site := newSite(t)
	if r.change != nil {
		r.change(site)
	}
	machine := newMachine(t, site, r)
	code, out := machine.run(t, machine.fields(r.args)...)
	if code != r.code {
		t.Errorf("exit code %d, want %d\n%s", code, r.code, out)
	}
	if !strings.Contains(out, r.prints) {
		t.Errorf("the output has no %q\n%s", r.prints, out)
	}
	if strings.Contains(out, "s3cr3t") {
		t.Errorf("the output has the secret\n%s", out)
	}
	command := filepath.Join(machine.dir, "atlasint")
	if strings.HasPrefix(r.uname, "M") && r.want == released {
		command += ".exe"
	}
	var want []string
	if r.want != "" {
		want = []string{command}
	}
	if diff := cmp.Diff(want, machine.files(t)); diff != "" {
		t.Errorf("files (-want +got)\n%s\n%s", diff, out)
	}
	if r.want == "" {
		return
	}
	if info, err := os.Stat(command); err != nil || info.Mode() != info.Mode().Perm() {
		t.Errorf("the command is %v (%v), want a regular file without setuid", info.Mode(), err)
	}
	got, err := exec.Command(command, "version").Output()
	if err != nil || !strings.HasPrefix(string(got), r.want) {
		t.Errorf("the command prints %q (%v), want %q\n%s", got, err, r.want, out)
	}
}

// The hooks of pre-commit install once, and pass arguments and the exit code on.
func TestRun(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	machine := newMachine(t, site, row{at: "clone", head: commit})
	for range 2 {
		code, out := machine.run(t, "--run", "validate", "two words", "*")
		if want := "validate|two words|*|\n"; code != 1 || out != want {
			t.Errorf("exit code %d, output %q, want 1 and %q", code, out, want)
		}
	}
	if got := site.requests.Load(); got != 2 {
		t.Errorf("%d downloads, want 2", got)
	}
}

func TestRunFails(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	damage(site)
	machine := newMachine(t, site, row{at: "clone", head: commit})
	for range 2 {
		if code, out := machine.run(t, "--run", "validate"); code != 3 || !strings.Contains(out, "wrong checksum") {
			t.Errorf("exit code %d, want 3\n%s", code, out)
		}
	}
}

// Several hooks may install into one folder at once.
func TestInstallAtOnce(t *testing.T) {
	t.Parallel()
	machine := newMachine(t, newSite(t), row{})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if code, out := machine.run(t, machine.dir); code != 0 {
				t.Errorf("exit code %d\n%s", code, out)
			}
		})
	}
	all.Wait()
	if got := machine.files(t); !slices.Equal(got, []string{filepath.Join(machine.dir, "atlasint")}) {
		t.Errorf("files %q", got)
	}
}

// A signal to the script alone ends the programs that it runs, too.
func TestSignalEndsPrograms(t *testing.T) {
	for name, c := range map[string]struct {
		args  string
		alone bool // only the script receives the signal
		env   string
	}{
		"download":        {args: "DIR"},
		"download, alone": {args: "DIR", alone: true},
		"hook, alone":     {args: "--run validate", alone: true},
		"build, alone":    {args: "--source DIR", alone: true, env: "BLOCK=yes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := newSite(t)
			started := make(chan struct{})
			site.wait = started
			machine := newMachine(t, site, row{env: c.env})
			cmd := machine.process(t, machine.fields(c.args)...)
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			out := &notifier{text: "go started", seen: started}
			cmd.Stderr = out // Wait returns when the last process has closed it
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			select {
			case <-started:
			case err := <-ended:
				t.Fatalf("it ended before the signal: %v\n%s", err, out.String())
			}
			target := -cmd.Process.Pid
			if c.alone {
				target = cmd.Process.Pid
			}
			if err := syscall.Kill(target, syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			<-ended
			if code := cmd.ProcessState.ExitCode(); code != 143 {
				t.Errorf("exit code %d, want 143\n%s", code, out.String())
			}
			if got := machine.files(t); len(got) != 0 {
				t.Errorf("left files %q", got)
			}
		})
	}
}

// notifier closes a channel when a text was written.
type notifier struct {
	strings.Builder
	text string
	seen chan<- struct{}
}

func (n *notifier) Write(data []byte) (int, error) {
	size, err := n.Builder.Write(data)
	if n.seen != nil && strings.Contains(n.String(), n.text) {
		close(n.seen)
		n.seen = nil
	}
	return size, err
}

// A script from a pipe has no checkout, and runs no file of the working directory.
func TestScriptFromPipe(t *testing.T) {
	for name, c := range map[string]struct {
		args string
		code int
		want string // part of the output
	}{
		"no version": {"DIR", 2, "name a version: the script was not read from a checkout"},
		"a version":  {"DIR v0.1.0", 0, ""},
		"a build":    {"DIR v0.3.0", 0, "building atlasint with Go"},
		"hook":       {"--run validate", 3, "the script was not read from a checkout"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			machine := newMachine(t, newSite(t), row{})
			work := filepath.Dir(machine.dir)
			for _, name := range []string{"install.sh", "sh", ".git/HEAD"} {
				write(t, filepath.Join(work, name), "touch ran\n", 0o755)
			}
			script, err := os.Open(machine.script)
			if err != nil {
				t.Fatal(err)
			}
			defer script.Close()
			cmd := machine.process(t, machine.fields(c.args)...)
			cmd.Args = slices.Replace(cmd.Args, 1, 2, "-s", "--") // in place of the file
			cmd.Stdin = script
			text, _ := cmd.CombinedOutput()
			if code := cmd.ProcessState.ExitCode(); code != c.code || !strings.Contains(string(text), c.want) {
				t.Errorf("exit code %d, want %d and %q\n%s", code, c.code, c.want, text)
			}
			if _, err := os.Stat(filepath.Join(work, "ran")); err == nil {
				t.Error("a file of the working directory was run")
			}
			if installed := len(machine.files(t)) == 1; installed != (c.code == 0) {
				t.Errorf("files %q", machine.files(t))
			}
		})
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	machine := newMachine(t, newSite(t), row{without: "mv"})
	for _, flag := range []string{"--help", "-h"} {
		out, err := machine.process(t, flag).Output()
		if err != nil {
			t.Errorf("%s: %v", flag, err)
		}
		if want := "usage: install.sh "; !strings.HasPrefix(string(out), want) {
			t.Errorf("%s doesn't begin with %q\n%s", flag, want, out)
		}
		if want := "Exit codes: 2 "; !strings.Contains(string(out), want) {
			t.Errorf("%s doesn't print %q\n%s", flag, want, out)
		}
	}
}

// Go fails to build a checkout that git distrusts unless it ignores the repository.
func TestBuildOfAnotherUser(t *testing.T) {
	for _, c := range []struct{ different, want string }{{"0", "-buildvcs=auto"}, {"1", "-buildvcs=false"}} {
		machine := newMachine(t, newSite(t), row{at: "clone", env: "GIT_TEST_ASSUME_DIFFERENT_OWNER=" + c.different})
		git := exec.Command("sh", "-c", "git init -q . && git -c user.name=a -c user.email=a@example.com commit -q --allow-empty -m x")
		git.Dir = filepath.Dir(machine.script)
		if out, err := git.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if code, out := machine.run(t, "--source", machine.dir); code != 0 {
			t.Fatalf("exit code %d\n%s", code, out)
		}
		got, err := exec.Command(filepath.Join(machine.dir, "atlasint")).Output()
		if err != nil || !strings.Contains(string(got), c.want) {
			t.Errorf("built with %q (%v), want %s", got, err, c.want)
		}
	}
}

func damage(s *releaseSite) {
	for name := range s.files {
		if !strings.HasSuffix(name, "SHA256SUMS") {
			s.files[name] += "\n"
		}
	}
}

// sums returns a change of the file with the checksums of version.
func sums(change func(string) string) func(*releaseSite) {
	return func(s *releaseSite) {
		s.files[version+"/SHA256SUMS"] = change(s.files[version+"/SHA256SUMS"])
	}
}

// A machine has a checkout, a folder to install into, and few programs.
type machine struct {
	script, dir string
	env         []string
}

func newMachine(t *testing.T, site *releaseSite, r row) *machine {
	t.Helper()
	base := filepath.Join(t.TempDir(), "two words")
	if r.at == "" {
		r.at = atTag
	}
	if r.uname == "" {
		r.uname = "Linux x86_64"
	}
	m := &machine{script: filepath.Join(base, r.at, "install.sh"), dir: filepath.Join(base, "DIR")}
	script, err := os.ReadFile("../../install.sh")
	if err != nil {
		t.Fatal(err)
	}
	write(t, m.script, string(script), 0o755)
	write(t, filepath.Join(base, "FILE"), "", 0o600)
	write(t, filepath.Join(base, "work", "DIR", "empty"), "", 0o600)
	git := filepath.Join(filepath.Dir(m.script), ".git")
	if r.worktree {
		write(t, git, "gitdir: ../repository/.git/worktrees/one\n", 0o600)
		git = filepath.Join(git, "../../repository/.git/worktrees/one")
	}
	if r.head != "" {
		write(t, filepath.Join(git, "HEAD"), r.head, 0o600)
	}
	programs, without := filepath.Join(base, "programs"), strings.Fields(r.without)
	link(t, programs, without)
	system, machine, _ := strings.Cut(r.uname, " ")
	scripts := map[string]string{"curl": site.curl(t), "uname": fmt.Sprintf("#!/bin/sh\n[ $1 = -m ] && echo %s || echo %s\n", machine, system)}
	for name, text := range scripts {
		if !slices.Contains(without, name) {
			write(t, filepath.Join(programs, name), text, 0o755)
		}
	}
	m.env = []string{"PATH=" + programs, "HOME=" + base, "CURL_HOME=" + site.curlHome, r.env}
	return m
}

// fakeGo installs a command, if no variable is left that keeps the real one from that. A setting of go env -w counts
// where its variable is empty.
const fakeGo = `#!/bin/sh
case $* in
"env GOHOSTOS") echo hostos && exit ;;
"env GOHOSTARCH") echo hostarch && exit ;;
esac
got="${GIT_DIR-} ${GOOS:-plan9}/${GOARCH:-arm} ${GO111MODULE:-off} ${GOWORK:-/go.work} ${GOFLAGS:--mod=vendor}"
case $got in
" hostos/hostarch on off -mod=readonly "*) ;;
*) echo "go fails with $got" >&2 && exit 1 ;;
esac
[ -z "${BLOCK-}" ] || { echo go started >&2 && exec sleep 600; }
mkdir -p "$GOBIN" && printf '#!/bin/sh\necho atlasint built %s %s\n' "$*" "$GOFLAGS" > "$GOBIN/atlasint" && chmod +x "$GOBIN/atlasint"
`

// link links the programs that install.sh may use into a folder.
func link(t *testing.T, folder string, without []string) {
	t.Helper()
	for _, name := range []string{"awk", "chmod", "git", "gzip", "mkdir", "mktemp", "mv", "rm", "sh", "sha256sum", "sleep", "tar", "unzip"} {
		if slices.Contains(without, name) {
			continue
		}
		path, err := exec.LookPath(name)
		if err != nil {
			t.Skipf("%s is missing", name)
		}
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	sha256sum, _ := exec.LookPath("sha256sum")
	for name, text := range map[string]string{"go": fakeGo, "shasum": "#!/bin/sh\n[ \"$*\" = '-a 256' ] && exec " + sha256sum + "\n"} {
		if !slices.Contains(without, name) {
			write(t, filepath.Join(folder, name), text, 0o755)
		}
	}
}

// fields splits arguments and replaces DIR, RELATIVE and FILE by paths.
func (m *machine) fields(args string) (fields []string) {
	if args == "" {
		return []string{m.dir}
	}
	paths := map[string]string{"DIR": m.dir, "RELATIVE": filepath.Base(m.dir), "FILE": filepath.Join(filepath.Dir(m.dir), "FILE")}
	for _, field := range strings.Fields(args) {
		if path, ok := paths[field]; ok {
			field = path
		}
		fields = append(fields, field)
	}
	return fields
}

// files returns the files in the folder to install into.
func (m *machine) files(t *testing.T) (files []string) {
	t.Helper()
	err := filepath.WalkDir(m.dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && path != m.dir {
			files = append(files, path)
		}
		return err
	})
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return files
}

func (m *machine) process(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh")
	}
	cmd := exec.Command(sh, append([]string{m.script}, args...)...)
	cmd.Dir, cmd.Env = filepath.Dir(m.dir), m.env
	return cmd
}

func (m *machine) run(t *testing.T, args ...string) (code int, out string) {
	t.Helper()
	cmd := m.process(t, args...)
	text, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(text)
}

func write(t *testing.T, file, text string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}
